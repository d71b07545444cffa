//! Members, gifts.

use model::permissions::RoleKind;

use crate::{member::Member, world::World};

#[tokio::test]
async fn a_gift_gives_the_role_until_it_is_taken_back() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let ada = world.person("ada@example.org").await;
    world
        .store
        .communities()
        .join(&world.visit(&ada, "club").await.customer().expect("a customer"))
        .await
        .expect("joined");
    world
        .store
        .communities()
        .join(&world.visit(&ada, "club").await.customer().expect("a customer"))
        .await
        .expect("again");
    let visitor = world.visit(&owner, "club").await;
    let (viewer, giver) = (
        visitor.member_viewer().expect("a viewer"),
        visitor.freebie_giver().expect("a giver"),
    );
    let permissions = world.store.permissions();
    let view = permissions.members(&viewer, 0).await.expect("members");
    assert_eq!(view.total, 2);
    let gold = view
        .giveable
        .iter()
        .find(|role| role.kind == RoleKind::Tier)
        .expect("a role")
        .id;
    let member = view
        .members
        .iter()
        .find(|member| member.email == "ada@example.org")
        .expect("ada")
        .user;
    permissions.give_role(&giver, member, gold, "30").await.expect("given");
    let twice = permissions
        .give_role(&giver, member, gold, "")
        .await
        .expect_err("twice");
    assert_eq!(
        twice.to_string(),
        "Role “Gold” is given to them already, until 9 April 2026. Take it back first to give it anew."
    );
    let held = || async {
        let view = permissions.members(&viewer, 0).await.expect("members");
        view.members.into_iter().find(|m| m.user == member).expect("ada").grants
    };
    assert_eq!(held().await.len(), 1);
    permissions
        .take_back(&giver, held().await[0].id)
        .await
        .expect("taken back");
    assert!(held().await.is_empty());
    permissions
        .give_role(&giver, member, gold, "")
        .await
        .expect("given anew");
    permissions
        .take_back(&giver, held().await[0].id)
        .await
        .expect("taken back");
    let owners = view
        .members
        .iter()
        .find(|member| member.email.starts_with("owner"))
        .expect("the owner");
    let refused = permissions
        .take_back(&giver, owners.grants[0].id)
        .await
        .expect_err("the owner's role stays");
    assert_eq!(refused.to_string(), "This gift does not exist (any more).");
    world.finish().await;
}

#[tokio::test]
async fn a_renewing_members_role_is_shown_to_the_end_of_what_is_paid() {
    let member = Member::of("Silver", &[("Silver", "14", "")]).await;
    let world = &member.world;
    let owner = world.person("owner@club.example").await;
    let viewer = world.visit(&owner, "club").await.member_viewer().expect("a viewer");
    let view = world.store.permissions().members(&viewer, 0).await.expect("members");
    let grants = view.members.into_iter().find(|one| one.email == "ada@example.org");
    let shown = grants.expect("ada").grants[0].ends_at.expect("an end");
    let membership = world.store.shopping().membership(&member.customer().await).await;
    let subscription = membership.expect("a membership").subscriptions.remove(0);
    assert_eq!(shown, subscription.period_end);
    assert!(subscription.role_until > Some(shown), "the renewal has a day more");
    member.world.finish().await;
}
