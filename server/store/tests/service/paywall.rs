//! A post behind a privilege opens to who bought a tier whose role carries it.

use chrono::Duration;
use model::{
    id::PrivilegeId,
    interval::Interval::Month,
    post::{PostBody, PostDraft},
};
use store::actor::Session;

use crate::world::World;

#[tokio::test]
async fn a_post_shows_its_lock_and_opens_with_the_role() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world
        .plan(&owner, "club", "Support", &[("Bronze", "5", ""), ("Gold", "15", "")])
        .await;
    let visitor = world.visit(&owner, "club").await;
    let manager = visitor.permission_manager().expect("a manager");
    world
        .store
        .permissions()
        .create_privilege(&manager, "watch videos")
        .await
        .expect("a privilege");
    let view = world.store.permissions().view(&manager).await.expect("permissions");
    let watch: PrivilegeId = view
        .privileges
        .iter()
        .find(|privilege| privilege.label == "watch videos")
        .expect("it")
        .id;
    let (_, gold) = world.tier("club", "Gold").await;
    let clerk = visitor.clerk().expect("a clerk");
    let shown = world.tier_view(&clerk, gold).await.privileges_shown;
    world
        .store
        .planning()
        .set_tier_privileges(&clerk, gold, &shown, &[watch])
        .await
        .expect("set");
    let draft = PostDraft {
        title: "The video".to_owned(),
        teaser: "What it is about".to_owned(),
        body: "The **whole** <script>alert(1)</script> thing".to_owned(),
        privilege: watch.to_string(),
    };
    world.store.posts().write(&clerk, &draft).await.expect("written");
    let anyone = world.visit(&Session::default(), "club").await;
    let listed = world.store.posts().list(&anyone).await.expect("posts");
    assert!(listed[0].locked);
    let read = world.store.posts().read(&anyone, listed[0].id).await.expect("a post");
    let PostBody::Locked { privilege, tiers, .. } = read.body else {
        panic!("it is open")
    };
    assert_eq!(privilege, "watch videos");
    assert_eq!(
        tiers.iter().map(|tier| tier.tier_label.as_str()).collect::<Vec<_>>(),
        ["Gold"]
    );
    let ada = world.person("ada@example.org").await;
    world.buy(&ada, "club", "Bronze", Month).await;
    let bronze = world.visit(&ada, "club").await;
    assert!(matches!(
        world
            .store
            .posts()
            .read(&bronze, listed[0].id)
            .await
            .expect("a post")
            .body,
        PostBody::Locked { .. }
    ));
    let bob = world.person("bob@example.org").await;
    world.buy(&bob, "club", "Gold", Month).await;
    let bob = world.visit(&bob, "club").await;
    let PostBody::Open { html } = world.store.posts().read(&bob, listed[0].id).await.expect("a post").body else {
        panic!("it is locked")
    };
    assert!(
        html.contains("<strong>whole</strong>") && !html.contains("<script"),
        "{html}"
    );
    world.finish().await;
}

#[tokio::test]
async fn who_has_just_paid_is_not_locked_out_while_our_clock_is_a_little_behind_stripes() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let visitor = world.visit(&owner, "club").await;
    let manager = visitor.permission_manager().expect("a manager");
    let permissions = world.store.permissions();
    permissions
        .create_privilege(&manager, "watch")
        .await
        .expect("a privilege");
    let view = permissions.view(&manager).await.expect("permissions");
    let watch = view.privileges.iter().find(|one| one.label == "watch").expect("it").id;
    let (_, gold) = world.tier("club", "Gold").await;
    let clerk = visitor.clerk().expect("a clerk");
    let shown = world.tier_view(&clerk, gold).await.privileges_shown;
    world
        .store
        .planning()
        .set_tier_privileges(&clerk, gold, &shown, &[watch])
        .await
        .expect("set");
    let draft = PostDraft {
        title: "The video".to_owned(),
        body: "Whole".to_owned(),
        privilege: watch.to_string(),
        ..PostDraft::default()
    };
    world.store.posts().write(&clerk, &draft).await.expect("written");
    let ada = world.person("ada@example.org").await;
    let is_open = async || {
        let ada = world.visit(&ada, "club").await;
        !world.store.posts().list(&ada).await.expect("posts")[0].locked
    };
    world.clock.advance(Duration::seconds(-40));
    world.buy(&ada, "club", "Gold", Month).await;
    assert!(is_open().await, "the window begins in 40 seconds by our clock");
    world.clock.advance(Duration::seconds(-60));
    assert!(!is_open().await, "that is no clock that is a little behind");
    world.clock.advance(Duration::seconds(100));
    world.finish().await;
}
