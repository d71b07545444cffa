//! Members, gifts.

use model::permissions::RoleKind;

use crate::world::World;

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
