//! Who may be what: the values that every service asks for.

use model::{Problem, permissions::RoleKind, post::PostDraft};
use store::actor::{Session, Visitor};

use crate::world::World;

fn refusals(visitor: &Visitor) -> Vec<Problem> {
    [
        visitor.clerk().err(),
        visitor.merchant().err(),
        visitor.permission_manager().err(),
        visitor.member_viewer().err(),
        visitor.freebie_giver().err(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[tokio::test]
async fn the_owner_may_everything_and_nobody_else_anything() {
    let world = World::new().await;
    let owner = world.community("club").await;
    let other = world.community("other").await;
    let ada = world.person("ada@example.org").await;
    assert!(refusals(&world.visit(&owner, "club").await).is_empty());
    let signed_out = refusals(&world.visit(&Session::default(), "club").await);
    assert_eq!(signed_out, vec![Problem::SignInNeeded; 5]);
    for stranger in [&ada, &other] {
        let refused = refusals(&world.visit(stranger, "club").await);
        assert_eq!(refused.len(), 5);
        assert!(
            refused
                .iter()
                .all(|problem| matches!(problem, Problem::NotAllowed { .. })),
            "{refused:?}"
        );
    }
    world.finish().await;
}

#[tokio::test]
async fn a_role_with_a_built_in_privilege_makes_a_clerk() {
    let world = World::new().await;
    let owner = world.community("club").await;
    let ada = world.person("ada@example.org").await;
    world
        .store
        .communities()
        .join(&world.visit(&ada, "club").await.customer().expect("a customer"))
        .await
        .expect("joined");
    let visitor = world.visit(&owner, "club").await;
    let manager = visitor.permission_manager().expect("a manager");
    let permissions = world.store.permissions();
    permissions.create_role(&manager, "Staff").await.expect("a role");
    let view = permissions.view(&manager).await.expect("permissions");
    let staff = view.roles.iter().find(|role| role.label == "Staff").expect("staff");
    let manage = view
        .privileges
        .iter()
        .find(|privilege| privilege.label == "manage store")
        .expect("it")
        .id;
    permissions
        .set_role_privileges(&manager, staff.id, &staff.privileges_shown, &[manage])
        .await
        .expect("set");
    let member = permissions
        .members(&visitor.member_viewer().expect("a viewer"), 0)
        .await
        .expect("members");
    let user = member
        .members
        .iter()
        .find(|member| member.email == "ada@example.org")
        .expect("ada")
        .user;
    permissions
        .give_role(&visitor.freebie_giver().expect("a giver"), user, staff.id, "")
        .await
        .expect("given");
    let home = world.store.communities().home(&ada).await.expect("a home page");
    assert!(home.yours[0].manages, "the way to the manage area is shown");
    let ada = world.visit(&ada, "club").await;
    assert!(ada.clerk().is_ok());
    assert!(ada.merchant().is_err());
    world.finish().await;
}

#[tokio::test]
async fn a_member_without_a_built_in_privilege_manages_nothing() {
    let world = World::new().await;
    world.community("club").await;
    let ada = world.person("ada@example.org").await;
    let customer = world.visit(&ada, "club").await.customer().expect("a customer");
    world.store.communities().join(&customer).await.expect("joined");
    let home = world.store.communities().home(&ada).await.expect("a home page");
    assert!(!home.yours[0].manages);
    world.finish().await;
}

#[tokio::test]
async fn no_two_roles_and_no_two_privileges_are_called_the_same() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let manager = world
        .visit(&owner, "club")
        .await
        .permission_manager()
        .expect("a manager");
    let permissions = world.store.permissions();
    permissions.create_role(&manager, "Friends").await.expect("a role");
    permissions
        .create_privilege(&manager, "Watch videos")
        .await
        .expect("a privilege");
    for name in ["friends", " Member ", "OWNER", "gold"] {
        let error = permissions.create_role(&manager, name).await.expect_err(name);
        assert_eq!(
            error.problem().as_ref().and_then(Problem::field),
            Some("role_label"),
            "{error}"
        );
    }
    for name in ["watch VIDEOS", "Manage Store"] {
        let error = permissions.create_privilege(&manager, name).await.expect_err(name);
        assert_eq!(
            error.problem().as_ref().and_then(Problem::field),
            Some("privilege_label"),
            "{error}"
        );
    }
    let view = permissions.view(&manager).await.expect("permissions");
    let friends = view.roles.iter().find(|role| role.label == "Friends").expect("it");
    let watch = view
        .privileges
        .iter()
        .find(|one| one.label == "Watch videos")
        .expect("it");
    permissions
        .rename_role(&manager, friends.id, &friends.shown, "FRIENDS")
        .await
        .expect("its own name");
    permissions
        .rename_privilege(&manager, watch.id, &watch.shown, "watch videos")
        .await
        .expect("its own name");
    let view = permissions.view(&manager).await.expect("permissions");
    let friends = view.roles.iter().find(|role| role.label == "FRIENDS").expect("it");
    let taken = permissions
        .rename_role(&manager, friends.id, &friends.shown, "Visitor")
        .await;
    assert!(matches!(
        taken.map_err(|error| error.problem()),
        Err(Some(Problem::Invalid { .. }))
    ));
    let watch = view
        .privileges
        .iter()
        .find(|one| one.label == "watch videos")
        .expect("it");
    let taken = permissions
        .rename_privilege(&manager, watch.id, &watch.shown, "VIEW members")
        .await;
    assert!(matches!(
        taken.map_err(|error| error.problem()),
        Err(Some(Problem::Invalid { .. }))
    ));
    world.finish().await;
}

#[tokio::test]
async fn roles_of_tiers_are_told_apart_by_their_plan_where_roles_are_given() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    for plan in ["Support", "Patrons"] {
        world.plan(&owner, "club", plan, &[("Silver", "5", "")]).await;
    }
    let visitor = world.visit(&owner, "club").await;
    let members = world
        .store
        .permissions()
        .members(&visitor.member_viewer().expect("a viewer"), 0)
        .await;
    let giveable = members.expect("members").giveable;
    let mut labels: Vec<&str> = giveable.iter().map(|role| role.label.as_str()).collect();
    labels.sort_unstable();
    assert_eq!(labels, ["Silver (Patrons)", "Silver (Support)"]);
    world.finish().await;
}

#[tokio::test]
async fn what_is_used_by_nothing_can_be_deleted_and_what_is_used_says_by_what() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let visitor = world.visit(&owner, "club").await;
    let manager = visitor.permission_manager().expect("a manager");
    let clerk = visitor.clerk().expect("a clerk");
    let giver = visitor.freebie_giver().expect("a giver");
    let permissions = world.store.permissions();
    permissions.create_role(&manager, "Friends").await.expect("a role");
    permissions
        .create_privilege(&manager, "watch")
        .await
        .expect("a privilege");
    let view = permissions.view(&manager).await.expect("permissions");
    let friends = view.roles.iter().find(|role| role.label == "Friends").expect("it").id;
    let watch = view.privileges.iter().find(|one| one.label == "watch").expect("it").id;
    let owner_id = owner.signed_in().expect("the owner").user;

    let shown = world.role_view(&manager, friends).await.privileges_shown;
    permissions
        .set_role_privileges(&manager, friends, &shown, &[watch])
        .await
        .expect("set");
    permissions
        .give_role(&giver, owner_id, friends, "")
        .await
        .expect("given");
    let draft = PostDraft {
        title: "A".into(),
        body: "B".into(),
        privilege: watch.to_string(),
        ..PostDraft::default()
    };
    world.store.posts().write(&clerk, &draft).await.expect("a post");
    let why = |answer: Result<(), store::Error>| answer.expect_err("refused").to_string();
    assert_eq!(
        why(permissions.delete_role(&manager, friends).await),
        "Somebody was given this role. Take it back from everybody first."
    );
    assert_eq!(
        why(permissions.delete_privilege(&manager, watch).await),
        "A post asks for this privilege. Let it ask for another one first, or delete it."
    );
    let post = world.store.posts().list(&visitor).await.expect("posts")[0].id;
    world.store.posts().delete(&clerk, post).await.expect("deleted");
    assert_eq!(
        why(permissions.delete_privilege(&manager, watch).await),
        "A role carries this privilege. Take it out of every role first."
    );
    let members = permissions
        .members(&visitor.member_viewer().expect("a viewer"), 0)
        .await
        .expect("members");
    let gift = members.members[0]
        .grants
        .iter()
        .find(|grant| grant.role == friends)
        .expect("the gift")
        .id;
    permissions.take_back(&giver, gift).await.expect("taken back");
    permissions.delete_role(&manager, friends).await.expect("deleted");
    permissions.delete_privilege(&manager, watch).await.expect("deleted");

    let view = permissions.view(&manager).await.expect("permissions");
    assert!(view.roles.iter().all(|role| role.label != "Friends"));
    assert!(view.privileges.iter().all(|one| one.label != "watch"));
    let built_in = "Built-in roles and privileges cannot be changed here.";
    for role in view.roles.iter().filter(|role| role.kind != RoleKind::Custom) {
        assert_eq!(
            why(permissions.delete_role(&manager, role.id).await),
            built_in,
            "{}",
            role.label
        );
    }
    for privilege in &view.privileges {
        assert_eq!(
            why(permissions.delete_privilege(&manager, privilege.id).await),
            built_in
        );
    }
    world.finish().await;
}

#[tokio::test]
async fn nobody_hands_out_a_built_in_privilege_that_they_lack() {
    let world = World::new().await;
    let owner = world.community("club").await;
    let (ada, bob) = (
        world.person("ada@example.org").await,
        world.person("bob@example.org").await,
    );
    for one in [&ada, &bob] {
        let customer = world.visit(one, "club").await.customer().expect("a customer");
        world.store.communities().join(&customer).await.expect("joined");
    }
    let permissions = world.store.permissions();
    let visitor = world.visit(&owner, "club").await;
    let manager = visitor.permission_manager().expect("a manager");
    let giver = visitor.freebie_giver().expect("a giver");
    for role in ["Staff", "Treasurer"] {
        permissions.create_role(&manager, role).await.expect("a role");
    }
    let view = permissions.view(&manager).await.expect("permissions");
    let role = |label: &str| view.roles.iter().find(|role| role.label == label).expect(label).id;
    let privilege = |label: &str| view.privileges.iter().find(|one| one.label == label).expect(label).id;
    let stripe = privilege("control stripe account");
    let staff = [
        privilege("manage permissions"),
        privilege("give away freebies"),
        privilege("view members"),
    ];
    let shown = async |label: &str| world.role_view(&manager, role(label)).await.privileges_shown;
    permissions
        .set_role_privileges(&manager, role("Staff"), &shown("Staff").await, &staff)
        .await
        .expect("set");
    permissions
        .set_role_privileges(&manager, role("Treasurer"), &shown("Treasurer").await, &[stripe])
        .await
        .expect("set");
    let id = |session: &Session| session.signed_in().expect("a person").user;
    permissions
        .give_role(&giver, id(&ada), role("Staff"), "")
        .await
        .expect("given");
    permissions
        .give_role(&giver, id(&bob), role("Treasurer"), "")
        .await
        .expect("given");

    let ada_here = world.visit(&ada, "club").await;
    let (hers, giver) = (
        ada_here.permission_manager().expect("a manager"),
        ada_here.freebie_giver().expect("a giver"),
    );
    let lacks = |outcome: store::Result<()>| {
        let problem = outcome.expect_err("refused").problem();
        let privilege = "control stripe account".to_owned();
        assert_eq!(problem, Some(Problem::NotAllowed { privilege }));
    };
    let seen = permissions.view(&hers).await.expect("permissions").privileges;
    let named: Vec<&str> = seen
        .iter()
        .filter(|one| one.yours)
        .map(|one| one.label.as_str())
        .collect();
    assert_eq!(named.len(), staff.len());
    assert!(!named.contains(&"control stripe account"), "{named:?}");
    let with_stripe = [&staff[..], &[stripe]].concat();
    lacks(
        permissions
            .set_role_privileges(&hers, role("Staff"), &shown("Staff").await, &with_stripe)
            .await,
    );
    lacks(permissions.give_role(&giver, id(&ada), role("Treasurer"), "").await);
    let members = permissions
        .members(&ada_here.member_viewer().expect("a viewer"), 0)
        .await
        .expect("members");
    assert!(
        members.giveable.iter().all(|role| role.label != "Treasurer"),
        "what would be refused is not offered"
    );
    assert!(members.giveable.iter().any(|role| role.label == "Staff"));
    let bobs = members
        .members
        .iter()
        .find(|member| member.user == id(&bob))
        .and_then(|member| member.grants.first())
        .expect("bob's grant")
        .id;
    lacks(permissions.take_back(&giver, bobs).await);
    let view_members = privilege("view members");
    lacks(
        permissions
            .set_role_privileges(&hers, role("Treasurer"), &shown("Treasurer").await, &[view_members])
            .await,
    );
    // What she holds is hers to hand out.
    permissions
        .set_role_privileges(
            &hers,
            role("Treasurer"),
            &shown("Treasurer").await,
            &[view_members, stripe],
        )
        .await
        .expect("set");
    let bob = world.visit(&bob, "club").await;
    assert!(bob.merchant().is_ok() && bob.member_viewer().is_ok());
    world.finish().await;
}

#[tokio::test]
async fn ones_own_communities_are_there_however_many_others_there_are() {
    let world = World::new().await;
    let ada = world.community("adas").await;
    for person in 0..11 {
        let other = world.person(&format!("{person}@example.org")).await;
        for number in 0..10 {
            let slug = format!("other-{person}-{number}");
            let made = world.store.communities().create(&other, "Another", &slug, "eur").await;
            made.expect("a community");
        }
        let refused = world
            .store
            .communities()
            .create(&other, "Another", "one-too-many", "eur")
            .await;
        let problem = refused.expect_err("refused").problem().expect("a sentence");
        assert_eq!(problem.field(), Some("name"), "{problem}");
    }
    let home = world.store.communities().home(&ada).await.expect("a home page");
    assert_eq!(home.yours.len(), 1);
    assert_eq!(home.others.len(), 100);
    world.finish().await;
}
