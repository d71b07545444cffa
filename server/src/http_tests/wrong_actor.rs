//! Every server function, asked by the wrong person over HTTP: signed out, a customer of this community, the manager of
//! another one, and that manager in their own community with this one's ids.
//!
//! [`server_functions`] is the table; a function that is registered and not in it fails the test.

use std::collections::BTreeSet;

use app::{
    attention, community, connect, customer_portal, payment_method, permissions, platform, posts, session,
    subscription_catalog, subscription_planning,
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use leptos::server_fn::ServerFn;
use model::{id::PrivilegeId, planning::TierDraft, post::PostDraft};

use super::site::Site;

/// Who may call a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    /// Anybody, also signed out.
    Everybody,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever holds a built-in privilege.
    Manager,
    /// Whoever runs the platform.
    PlatformAdmin,
}

struct Function {
    path: &'static str,
    form: String,
    may: For,
    /// The form names things by this community's ids.
    names_ids: bool,
}

/// Ids of things in the community `club`.
struct Ids {
    plan: String,
    tier: String,
    privilege: String,
    role: String,
    user: String,
    grant: String,
    post: String,
}

macro_rules! table {
    ($($function:path, $may:ident, $form:expr;)*) => {
        vec![$({
            let form: String = $form.into();
            Function { path: <$function as ServerFn>::PATH, may: For::$may, names_ids: form.contains('-'), form }
        }),*]
    };
}

fn server_functions(ids: &Ids) -> Vec<Function> {
    let Ids {
        plan,
        tier,
        privilege,
        role,
        user,
        grant,
        post,
    } = ids;
    let draft = "tier[label]=Gold&tier[monthly]=5";
    let text = "draft[title]=A&draft[body]=B";
    table! {
        session::calls::WhoAmI, Everybody, "";
        session::calls::RequestCode, Everybody, "email=x";
        session::calls::LoadCodeSent, Everybody, "attempt=x";
        session::calls::SignInWithCode, Everybody, "attempt=x&code=1";
        session::calls::OwnerOfLink, Everybody, "token=x";
        session::calls::SignInWithLink, Everybody, "token=x";
        session::calls::SignOut, Everybody, "";
        session::calls::SignOutEverywhere, SignedIn, "";
        community::calls::LoadHome, Everybody, "";
        community::calls::CreateCommunity, SignedIn, "name=A&slug=a&currency=eur";
        community::calls::Community, Everybody, "";
        community::calls::Join, SignedIn, "";
        community::calls::Settings, Manager, "";
        community::calls::ChangeSettings, Manager, "shown=0&name=A&currency=eur&grace_days=7";
        connect::calls::LoadConnect, Manager, "";
        connect::calls::StartOnboarding, Manager, "";
        connect::calls::ConnectExisting, Manager, "";
        connect::calls::StartOnboardingInTab, Manager, "";
        connect::calls::ConnectExistingInTab, Manager, "";
        connect::calls::RefreshAccount, Manager, "";
        connect::calls::PauseShop, Manager, "";
        connect::calls::ResumeShop, Manager, "";
        connect::calls::DisconnectAccount, Manager, "";
        connect::calls::LoadPortalConfig, Manager, "";
        connect::calls::ChangePortalConfig, Manager, "headline=A&shown=x";
        subscription_planning::calls::Planning, Manager, "";
        subscription_planning::calls::CreatePlan, Manager, format!("plan_label=A&{draft}");
        subscription_planning::calls::RenamePlan, Manager, format!("plan={plan}&shown=0&plan_label=A");
        subscription_planning::calls::ArchivePlan, Manager, format!("plan={plan}");
        subscription_planning::calls::RestorePlan, Manager, format!("plan={plan}");
        subscription_planning::calls::AddTier, Manager, format!("plan={plan}&{draft}");
        subscription_planning::calls::EditTier, Manager, format!("tier_id={tier}&shown=0&{draft}");
        subscription_planning::calls::DeactivateTier, Manager, format!("tier_id={tier}");
        subscription_planning::calls::ReactivateTier, Manager, format!("tier_id={tier}");
        subscription_planning::calls::OfferOnCurrentAccount, Manager, format!("tier_id={tier}");
        subscription_planning::calls::SetTierPrivileges, Manager, format!("tier_id={tier}&shown=0&privileges[]={privilege}");
        permissions::calls::Permissions, Manager, "";
        permissions::calls::CreatePrivilege, Manager, "privilege_label=A";
        permissions::calls::RenamePrivilege, Manager, format!("privilege={privilege}&shown=0&privilege_label=A");
        permissions::calls::DeletePrivilege, Manager, format!("privilege={privilege}");
        permissions::calls::CreateRole, Manager, "role_label=A";
        permissions::calls::RenameRole, Manager, format!("role={role}&shown=0&role_label=A");
        permissions::calls::DeleteRole, Manager, format!("role={role}");
        permissions::calls::SetRolePrivileges, Manager, format!("role={role}&shown=0&privileges[]={privilege}");
        permissions::calls::Members, Manager, "";
        permissions::calls::GiveRole, Manager, format!("user={user}&role={role}");
        permissions::calls::TakeBack, Manager, format!("grant={grant}");
        posts::calls::Posts, Everybody, "";
        posts::calls::Post, Everybody, format!("post={post}");
        posts::calls::PostsToManage, Manager, "";
        posts::calls::LoadPostSource, Manager, format!("post={post}");
        posts::calls::WritePost, Manager, text;
        posts::calls::EditPost, Manager, format!("post={post}&shown=0&{text}");
        posts::calls::DeletePost, Manager, format!("post={post}");
        subscription_catalog::calls::Catalog, Everybody, "";
        subscription_catalog::calls::Subscribe, SignedIn, format!("tier={tier}&interval=month");
        subscription_catalog::calls::PreviewSwitch, SignedIn, format!("tier={tier}&interval=month");
        // Signed out, it leads to sign-in; the browser tests follow it.
        subscription_catalog::calls::SubscribeInTab, Everybody, format!("tier={tier}&interval=month");
        subscription_catalog::calls::ConfirmSwitch, SignedIn, format!("tier={tier}&interval=month&due_now=1&priced_at=1");
        subscription_catalog::calls::CancelSubscription, SignedIn, format!("plan={plan}");
        subscription_catalog::calls::RenewSubscription, SignedIn, format!("plan={plan}");
        subscription_catalog::calls::DropPendingChange, SignedIn, format!("plan={plan}");
        subscription_catalog::calls::PayOpenInvoice, SignedIn, format!("plan={plan}");
        subscription_catalog::calls::PayOpenInvoiceInTab, SignedIn, format!("plan={plan}");
        subscription_catalog::calls::LoadPurchaseState, SignedIn, format!("plan={plan}");
        subscription_catalog::calls::Membership, SignedIn, "";
        customer_portal::calls::LoadPortalState, SignedIn, "";
        customer_portal::calls::OpenPortal, SignedIn, "";
        customer_portal::calls::OpenPortalInTab, SignedIn, "";
        payment_method::calls::UpdatePaymentMethod, SignedIn, "";
        payment_method::calls::UpdatePaymentMethodInTab, SignedIn, "";
        payment_method::calls::LoadCardState, SignedIn, "";
        payment_method::calls::DisconnectPaymentMethod, SignedIn, "";
        attention::calls::LoadAttention, Manager, "";
        attention::calls::DismissAttention, Manager, format!("notice={post}");
        attention::calls::EndRole, Manager, format!("notice={post}");
        platform::calls::LoadPlatform, PlatformAdmin, "";
        platform::calls::RetryJob, PlatformAdmin, format!("job={post}");
    }
}

impl Site {
    async fn ask(&self, function: &Function, community: &str, token: Option<&str>) -> StatusCode {
        let mut request = Request::post(function.path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .header(header::ORIGIN, "http://127.0.0.1:3000");
        if let Some(token) = token {
            request = request.header(header::COOKIE, format!("session={token}"));
        }
        let body = Body::from(format!("community={community}&{}", function.form));
        self.answer(request.body(body).expect("a request")).await.status()
    }

    /// The community `club` with one of everything, and its owner's token.
    async fn club(&self) -> Ids {
        let (owner, _) = self.person("owner@club.example").await;
        self.store
            .communities()
            .create(&owner, "Club", "club", "eur")
            .await
            .expect("a community");
        let visitor = self.store.visitor(&owner, "club").await.expect("a visitor");
        let (clerk, merchant) = (
            visitor.clerk().expect("a clerk"),
            visitor.merchant().expect("a merchant"),
        );
        let manager = visitor.permission_manager().expect("a manager");
        self.store
            .connect()
            .start_onboarding(&merchant, "")
            .await
            .expect("an account");
        let tier = TierDraft {
            label: "Gold".into(),
            monthly: "5".into(),
            ..TierDraft::default()
        };
        self.store
            .planning()
            .create_plan(&clerk, "Support", &tier)
            .await
            .expect("a plan");
        let permissions = self.store.permissions();
        permissions
            .create_privilege(&manager, "watch")
            .await
            .expect("a privilege");
        permissions.create_role(&manager, "Friends").await.expect("a role");
        let draft = PostDraft {
            title: "A".into(),
            body: "B".into(),
            ..PostDraft::default()
        };
        self.store.posts().write(&clerk, &draft).await.expect("a post");
        let plans = self.store.planning().view(&clerk).await.expect("plans").plans;
        let view = permissions.view(&manager).await.expect("permissions");
        let role = view.roles.iter().find(|role| role.label == "Friends").expect("it").id;
        let privilege: PrivilegeId = view.privileges.iter().find(|one| one.label == "watch").expect("it").id;
        let user = owner.signed_in().expect("the owner").user;
        let giver = visitor.freebie_giver().expect("a giver");
        permissions.give_role(&giver, user, role, "").await.expect("given");
        let members = permissions
            .members(&visitor.member_viewer().expect("a viewer"), 0)
            .await
            .expect("members");
        let gift = members.members[0]
            .grants
            .iter()
            .find(|grant| grant.role == role)
            .expect("the gift")
            .id;
        Ids {
            plan: plans[0].id.to_string(),
            tier: plans[0].tiers[0].id.to_string(),
            privilege: privilege.to_string(),
            role: role.to_string(),
            user: user.to_string(),
            grant: gift.to_string(),
            post: self.store.posts().list(&visitor).await.expect("posts")[0]
                .id
                .to_string(),
        }
    }
}

#[tokio::test]
async fn every_server_function_refuses_the_wrong_actor() {
    let site = Site::new().await;
    let ids = site.club().await;
    let (_, customer) = site.person("customer@club.example").await;
    let (other, other_token) = site.person("owner@other.example").await;
    site.store
        .communities()
        .create(&other, "Other", "other", "eur")
        .await
        .expect("a community");
    let functions = server_functions(&ids);
    let listed: BTreeSet<&str> = functions.iter().map(|function| function.path).collect();
    let registered: BTreeSet<&str> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path)
        .collect();
    assert_eq!(
        registered.difference(&listed).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "not in the table"
    );
    for function in &functions {
        let signed_out = site.ask(function, "club", None).await;
        if function.may != For::Everybody {
            assert_eq!(signed_out, StatusCode::UNAUTHORIZED, "{} signed out", function.path);
        }
        if function.may == For::PlatformAdmin {
            for (who, token) in [("a customer", &customer), ("a community's manager", &other_token)] {
                let status = site.ask(function, "club", Some(token)).await;
                assert_eq!(status, StatusCode::NOT_FOUND, "{} as {who}", function.path);
            }
        }
        if function.may == For::Manager {
            for (who, token) in [("a customer", &customer), ("another community's manager", &other_token)] {
                let status = site.ask(function, "club", Some(token)).await;
                assert_eq!(status, StatusCode::FORBIDDEN, "{} as {who}", function.path);
            }
            if function.names_ids {
                let status = site.ask(function, "other", Some(&other_token)).await;
                let nothing_there = [StatusCode::NOT_FOUND, StatusCode::UNPROCESSABLE_ENTITY];
                assert!(
                    nothing_there.contains(&status),
                    "{} with foreign ids: {status}",
                    function.path
                );
            }
        }
    }
    // Nothing of it happened.
    assert_eq!(
        site.club_is_unchanged().await,
        ("Support".to_owned(), "Gold".to_owned())
    );
    site.stripe.stop().await;
}

impl Site {
    async fn club_is_unchanged(&self) -> (String, String) {
        let (owner, _) = self.person("owner@club.example").await;
        let clerk = self
            .store
            .visitor(&owner, "club")
            .await
            .expect("a visitor")
            .clerk()
            .expect("a clerk");
        let plans = self.store.planning().view(&clerk).await.expect("plans").plans;
        (plans[0].label.clone(), plans[0].tiers[0].label.clone())
    }
}
