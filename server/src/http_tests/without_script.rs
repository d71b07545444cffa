//! Changing a membership without JavaScript: forms alone, as a browser sends them.

use app::subscription_catalog::calls::{ConfirmSwitch, SubscribeInTab};
use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use leptos::server_fn::ServerFn;
use model::{id::TierId, planning::TierDraft};
use store::actor::Session;

use super::site::Site;

const HERE: &str = "http://127.0.0.1:3000";

/// A community that sells Silver for 5.00 and Gold for 12.00 a month.
struct Club {
    site: Site,
    plan: String,
    silver: TierId,
    gold: TierId,
}

impl Club {
    async fn open() -> Self {
        let site = Site::new().await;
        let (owner, _) = site.person("owner@club.example").await;
        let store = &site.store;
        store
            .communities()
            .create(&owner, "Club", "club", "eur")
            .await
            .expect("a community");
        let visitor = store.visitor(&owner, "club").await.expect("a visitor");
        let (clerk, merchant) = (
            visitor.clerk().expect("a clerk"),
            visitor.merchant().expect("a merchant"),
        );
        store
            .connect()
            .start_onboarding(&merchant, "")
            .await
            .expect("an account");
        let account = store.connect().view(&clerk).await.expect("a view").snapshot;
        let account = account.expect("an account").account;
        at_stripe(&site, &format!("accounts/{account}/complete_onboarding"), "{}").await;
        store.connect().refresh(&clerk).await.expect("a reading");
        let draft = |label: &str, monthly: &str| TierDraft {
            label: label.into(),
            monthly: monthly.into(),
            ..TierDraft::default()
        };
        let planning = store.planning();
        planning
            .create_plan(&clerk, "Support", &draft("Silver", "5"))
            .await
            .expect("a plan");
        let plan = planning.view(&clerk).await.expect("plans").plans[0].id;
        planning
            .add_tier(&clerk, plan, &draft("Gold", "12"))
            .await
            .expect("a tier");
        let plans = planning.view(&clerk).await.expect("plans").plans;
        let tier = |label: &str| {
            let mut tiers = plans[0].tiers.iter();
            tiers.find(|tier| tier.label == label).expect("a tier").id
        };
        let (plan, silver, gold) = (plan.to_string(), tier("Silver"), tier("Gold"));
        Self {
            site,
            plan,
            silver,
            gold,
        }
    }

    async fn get(&self, path: &str, token: &str) -> (StatusCode, String) {
        let request = Request::get(path)
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, format!("session={token}"))
            .body(Body::empty())
            .expect("a request");
        let response = self.site.answer(request).await;
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        (status, String::from_utf8(body.to_vec()).expect("a text"))
    }

    /// Sends a form that stands in the page `from`; where it leads.
    async fn send(&self, to: &str, form: String, from: &str, token: &str) -> String {
        let request = Request::post(to)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "text/html")
            .header(header::ORIGIN, HERE)
            .header(header::REFERER, format!("{HERE}{from}"))
            .header(header::COOKIE, format!("session={token}"))
            .body(Body::from(form))
            .expect("a request");
        let response = self.site.answer(request).await;
        let location = response.headers().get(header::LOCATION).expect("it leads on");
        let location = location.to_str().expect("a text");
        location.strip_prefix(HERE).unwrap_or(location).to_owned()
    }

    /// Presses the button of a tier in the catalog.
    async fn wants(&self, tier: TierId, token: &str) -> String {
        let form = format!("community=club&tier={tier}&interval=month");
        self.send(SubscribeInTab::PATH, form, "/c/club", token).await
    }

    /// Ada, who holds Silver.
    async fn ada(&self) -> (Session, String) {
        let (ada, token) = self.site.person("ada@example.org").await;
        let checkout = self.wants(self.silver, &token).await;
        let session = checkout.split(['/', '?', '#']).find(|part| part.starts_with("cs_"));
        let session = session.expect("a session");
        let card = r#"{"card":"4242424242424242"}"#;
        at_stripe(&self.site, &format!("checkout/{session}/complete"), card).await;
        let (status, _) = self.get(&format!("/c/club/bought?plan={}", self.plan), &token).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        (ada, token)
    }

    async fn holds(&self, session: &Session) -> Vec<String> {
        let visitor = self.site.store.visitor(session, "club").await.expect("a visitor");
        let customer = visitor.customer().expect("a customer");
        let membership = self.site.store.shopping().membership(&customer).await;
        let held = membership.expect("a membership").subscriptions.into_iter();
        held.map(|held| held.tier_label).collect()
    }
}

/// Does something at the fake Stripe.
async fn at_stripe(site: &Site, path: &str, body: &'static str) {
    let url = format!("{}/_fake/{path}", site.stripe.api_base());
    let request = site.stripe.app().client().post(url);
    let answer = request
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await
        .expect("an answer");
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
}

/// What a hidden field of the page's form says.
fn field<'a>(page: &'a str, name: &str) -> &'a str {
    let (_, after) = page.split_once(&format!("name=\"{name}\" value=\"")).expect("a field");
    after.split('"').next().expect("a value")
}

#[tokio::test]
async fn an_upgrade_is_shown_with_what_it_costs_and_done_by_a_form() {
    let club = Club::open().await;
    let (ada, token) = club.ada().await;
    let question = club.wants(club.gold, &token).await;
    assert_eq!(
        question,
        format!("/c/club/membership?form=switch&id={}-month", club.gold)
    );
    let (status, page) = club.get(&question, &token).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Upgrade to Gold?"), "{page}");
    assert!(page.contains("is charged now to Visa ending in 4242"), "{page}");
    let form = |due_now: &str| {
        let at = field(&page, "priced_at");
        format!(
            "community=club&tier={}&interval=month&due_now={due_now}&priced_at={at}",
            club.gold
        )
    };
    let again = club.send(ConfirmSwitch::PATH, form("1"), &question, &token).await;
    assert!(again.starts_with(&question), "{again}");
    let (_, asked) = club.get(&again, &token).await;
    assert!(asked.contains("What is charged changed since you looked."), "{asked}");
    assert!(asked.contains("is charged now to Visa ending in 4242"), "{asked}");
    assert_eq!(club.holds(&ada).await, ["Silver"]);
    let done = form(field(&page, "due_now"));
    let done = club.send(ConfirmSwitch::PATH, done, &question, &token).await;
    assert_eq!(done, format!("/c/club/membership?__done={}", ConfirmSwitch::PATH));
    let (_, page) = club.get(&done, &token).await;
    assert!(page.contains("It is done."), "{page}");
    assert!(!page.contains("Upgrade to Gold?"), "{page}");
    assert_eq!(club.holds(&ada).await, ["Gold"]);
    club.site.stripe.stop().await;
}

#[tokio::test]
async fn nobody_else_is_shown_it() {
    let club = Club::open().await;
    let (_, token) = club.ada().await;
    let question = club.wants(club.gold, &token).await;
    let (_, other) = club.site.person("bob@example.org").await;
    let (status, page) = club.get(&question, &other).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        page.contains("You have no membership of this plan that could be changed."),
        "{page}"
    );
    assert!(!page.contains("is charged now"), "{page}");
    let (_, page) = club.get(&question, "").await;
    assert!(page.contains("Sign in to see your membership"), "{page}");
    assert!(!page.contains("is charged now"), "{page}");
    let form = format!(
        "community=club&tier={}&interval=month&due_now=700&priced_at=1",
        club.gold
    );
    let refused = club.send(ConfirmSwitch::PATH, form, &question, &other).await;
    assert!(refused.contains("__err="), "{refused}");
    club.site.stripe.stop().await;
}
