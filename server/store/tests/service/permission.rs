//! Who may be what: the values that every service asks for.

use model::Problem;
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
        assert!(refused.iter().all(|problem| matches!(problem, Problem::NotAllowed { .. })), "{refused:?}");
    }
    world.finish().await;
}

#[tokio::test]
async fn a_role_with_a_built_in_privilege_makes_a_clerk() {
    let world = World::new().await;
    let owner = world.community("club").await;
    let ada = world.person("ada@example.org").await;
    world.store.communities().join(&world.visit(&ada, "club").await.customer().expect("a customer")).await.expect("joined");
    let visitor = world.visit(&owner, "club").await;
    let manager = visitor.permission_manager().expect("a manager");
    let permissions = world.store.permissions();
    permissions.create_role(&manager, "Staff").await.expect("a role");
    let view = permissions.view(&manager).await.expect("permissions");
    let staff = view.roles.iter().find(|role| role.label == "Staff").expect("staff").id;
    let manage = view.privileges.iter().find(|privilege| privilege.label == "manage store").expect("it").id;
    permissions.set_role_privileges(&manager, staff, &[manage]).await.expect("set");
    let member = permissions.members(&visitor.member_viewer().expect("a viewer"), 0).await.expect("members");
    let user = member.members.iter().find(|member| member.email == "ada@example.org").expect("ada").user;
    permissions.give_role(&visitor.freebie_giver().expect("a giver"), user, staff, "").await.expect("given");
    let ada = world.visit(&ada, "club").await;
    assert!(ada.clerk().is_ok());
    assert!(ada.merchant().is_err());
    world.finish().await;
}
