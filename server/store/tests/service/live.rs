//! Who is told that something changed, and what is found out without being told.

use chrono::Duration;
use model::interval::Interval::Month;
use store::actor::{Session, Visitor};

use crate::world::World;

/// Whether this visitor's page was told of anything that `what` did.
async fn hears(world: &World, visitor: &Visitor, what: impl Future<Output = ()>) -> bool {
    let mut changes = world.store.live().listen();
    what.await;
    std::iter::from_fn(|| changes.try_recv().ok()).any(|change| visitor.concerns(change))
}

#[tokio::test]
async fn whoever_manages_hears_what_happens_to_customers_and_other_customers_do_not() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let manager = world.visit(&owner, "club").await;
    let bob = world.person("bob@example.org").await;
    let bob = world.visit(&bob, "club").await;
    let anybody = world.visit(&Session::default(), "club").await;
    let ada = world.person("ada@example.org").await;
    // Pays once, and never again.
    let url = world.checkout(&ada, "club", "Gold", Month).await;
    world.pay(&url, "4000000000000341").await;
    assert!(
        hears(&world, &manager, world.settle()).await,
        "she joined and holds a role"
    );
    let month = world.pass(Duration::days(31) + Duration::hours(2));
    assert!(hears(&world, &manager, month).await, "her payment failed");
    assert_eq!(world.holds(&ada, "club").await, ["Gold"], "in grace");
    let mut changes = world.store.live().listen();
    world.pass(Duration::days(7)).await;
    world.store.look_ahead().await.expect("looked");
    let told: Vec<_> = std::iter::from_fn(|| changes.try_recv().ok()).collect();
    assert!(world.holds(&ada, "club").await.is_empty(), "grace is over");
    let ada = world.visit(&ada, "club").await;
    for (visitor, hears) in [(&manager, true), (&ada, true), (&bob, false), (&anybody, false)] {
        assert_eq!(told.iter().any(|change| visitor.concerns(*change)), hears);
    }
    world.finish().await;
}

#[tokio::test]
async fn everybody_hears_of_roles_and_privileges() {
    let world = World::new().await;
    let owner = world.community("club").await;
    let visitor = world.visit(&owner, "club").await;
    let manager = visitor.permission_manager().expect("a manager");
    let permissions = world.store.permissions();
    let anybody = world.visit(&Session::default(), "club").await;
    let made = async { permissions.create_role(&manager, "Friends").await.expect("a role") };
    assert!(hears(&world, &anybody, made).await);
    let made = async { permissions.create_privilege(&manager, "watch").await.expect("one") };
    assert!(hears(&world, &anybody, made).await);
    let view = permissions.view(&manager).await.expect("permissions");
    let friends = view.roles.iter().find(|role| role.label == "Friends").expect("it");
    let watch = view.privileges.iter().find(|one| one.label == "watch").expect("it");
    let renamed = async {
        let renamed = permissions
            .rename_role(&manager, friends.id, &friends.shown, "Crew")
            .await;
        renamed.expect("renamed");
    };
    assert!(hears(&world, &anybody, renamed).await);
    let deleted = async { permissions.delete_role(&manager, friends.id).await.expect("deleted") };
    assert!(hears(&world, &anybody, deleted).await);
    let deleted = async { permissions.delete_privilege(&manager, watch.id).await.expect("deleted") };
    assert!(hears(&world, &anybody, deleted).await);
    world.finish().await;
}

#[tokio::test]
async fn the_end_of_a_gift_is_found_out_when_its_time_has_come_and_changes_elsewhere_by_managers() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let ada = world.person("ada@example.org").await;
    let here = world.visit(&ada, "club").await;
    let manager = world.visit(&owner, "club").await;
    let mark = async |visitor: &Visitor| world.store.mark(visitor).await.expect("a mark");

    let (before, managers) = (mark(&here).await, mark(&manager).await);
    let customer = here.customer().expect("a customer");
    world.store.communities().join(&customer).await.expect("joined");
    assert_ne!(mark(&manager).await, managers, "a new member");
    assert_eq!(mark(&here).await, before, "still holds no role");

    let (_, gold) = world.tier("club", "Gold").await;
    let clerk = manager.clerk().expect("a clerk");
    let role = world.tier_view(&clerk, gold).await.role;
    let giver = manager.freebie_giver().expect("a giver");
    let user = ada.signed_in().expect("ada").user;
    let permissions = world.store.permissions();
    permissions.give_role(&giver, user, role, "3").await.expect("given");
    let with_gift = mark(&here).await;
    assert_ne!(with_gift, before);
    world.clock.advance(Duration::days(2));
    assert_eq!(mark(&here).await, with_gift);
    world.clock.advance(Duration::days(1));
    assert_eq!(mark(&here).await, before, "it is over, and nobody told");
    world.finish().await;
}

#[tokio::test]
async fn who_becomes_a_manager_hears_what_managers_hear() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    let ada = world.person("ada@example.org").await;
    let bob = world.person("bob@example.org").await;
    let cleo = world.person("cleo@example.org").await;
    for one in [&ada, &bob, &cleo] {
        let customer = world.visit(one, "club").await.customer().expect("a customer");
        world.store.communities().join(&customer).await.expect("joined");
    }
    let visitor = world.visit(&owner, "club").await;
    let manager = visitor.permission_manager().expect("a manager");
    let giver = visitor.freebie_giver().expect("a giver");
    let permissions = world.store.permissions();
    permissions.create_role(&manager, "Staff").await.expect("a role");
    let view = permissions.view(&manager).await.expect("permissions");
    let staff = view.roles.iter().find(|role| role.label == "Staff").expect("it");
    let members = view
        .privileges
        .iter()
        .find(|one| one.label == "view members")
        .expect("it");
    permissions
        .set_role_privileges(&manager, staff.id, &staff.privileges_shown, &[members.id])
        .await
        .expect("set");
    let listening = world.visit(&ada, "club").await;
    let give = async |to: &Session| {
        let user = to.signed_in().expect("a person").user;
        permissions.give_role(&giver, user, staff.id, "").await.expect("given");
    };
    assert!(!hears(&world, &listening, give(&bob)).await);
    assert!(hears(&world, &listening, give(&ada)).await);
    let listening = world.visit(&ada, "club").await;
    assert!(hears(&world, &listening, give(&cleo)).await);
    world.finish().await;
}
