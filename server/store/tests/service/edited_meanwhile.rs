//! Two who edit the same thing: the later save does not silently overwrite the earlier one. Having seen it, it may.

use model::{Problem, fingerprint::Fingerprint, permissions::PermissionsView, post::PostDraft};

use crate::world::{World, draft};

/// What is there by now, as the refusal tells.
fn refused(answer: store::Result<()>) -> Fingerprint {
    match answer.expect_err("refused").problem() {
        Some(Problem::EditedMeanwhile { now }) => now,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_tiers_name_description_and_prices() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let (_, gold) = world.tier("club", "Gold").await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let planning = world.store.planning();
    let is_now = async || {
        let view = world.tier_view(&clerk, gold).await;
        (view.label, view.prices[0].amount.minor)
    };
    let shown = world.tier_view(&clerk, gold).await.shown;
    let theirs = draft("Gold", "18", "");
    planning
        .edit_tier(&clerk, gold, &shown, &theirs)
        .await
        .expect("the first");
    let now = refused(
        planning
            .edit_tier(&clerk, gold, &shown, &draft("Golden", "15", ""))
            .await
            .map(drop),
    );
    assert_eq!(is_now().await, ("Gold".to_owned(), 1800), "the new price stays");
    // A form that was sent twice overwrites nothing.
    planning
        .edit_tier(&clerk, gold, &shown, &theirs)
        .await
        .expect("it is so already");
    let mine = draft("Golden", "18", "");
    planning
        .edit_tier(&clerk, gold, &now, &mine)
        .await
        .expect("having seen it");
    assert_eq!(is_now().await, ("Golden".to_owned(), 1800));
    world.finish().await;
}

#[tokio::test]
async fn the_names_of_a_plan_a_role_and_a_privilege() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let (plan, _) = world.tier("club", "Gold").await;
    let visitor = world.visit(&owner, "club").await;
    let (clerk, manager) = (
        visitor.clerk().expect("a clerk"),
        visitor.permission_manager().expect("a manager"),
    );
    let (planning, permissions) = (world.store.planning(), world.store.permissions());
    permissions.create_role(&manager, "Friends").await.expect("a role");
    permissions.create_privilege(&manager, "watch").await.expect("one");
    let PermissionsView { roles, privileges } = permissions.view(&manager).await.expect("permissions");
    let friends = roles.iter().find(|role| role.label == "Friends").expect("it");
    let watch = privileges.iter().find(|one| one.label == "watch").expect("it");
    let shown = world.plan_view(&clerk, plan).await.shown;

    let rename = async |shown: &Fingerprint, name: &str| planning.rename_plan(&clerk, plan, shown, name).await;
    rename(&shown, "Patrons").await.expect("the first");
    let now = refused(rename(&shown, "Fans").await);
    rename(&now, "Fans").await.expect("having seen it");

    let rename =
        async |shown: &Fingerprint, name: &str| permissions.rename_role(&manager, friends.id, shown, name).await;
    rename(&friends.shown, "Crew").await.expect("the first");
    let now = refused(rename(&friends.shown, "Staff").await);
    rename(&now, "Staff").await.expect("having seen it");

    let rename =
        async |shown: &Fingerprint, name: &str| permissions.rename_privilege(&manager, watch.id, shown, name).await;
    rename(&watch.shown, "look").await.expect("the first");
    let now = refused(rename(&watch.shown, "see").await);
    rename(&now, "see").await.expect("having seen it");
    world.finish().await;
}

#[tokio::test]
async fn what_a_role_carries() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let (_, gold) = world.tier("club", "Gold").await;
    let visitor = world.visit(&owner, "club").await;
    let (clerk, manager) = (
        visitor.clerk().expect("a clerk"),
        visitor.permission_manager().expect("a manager"),
    );
    let (planning, permissions) = (world.store.planning(), world.store.permissions());
    for label in ["read", "watch"] {
        permissions.create_privilege(&manager, label).await.expect(label);
    }
    let view = permissions.view(&manager).await.expect("permissions");
    let privilege = |label: &str| view.privileges.iter().find(|one| one.label == label).expect(label).id;
    let (read, watch, members) = (privilege("read"), privilege("watch"), privilege("view members"));

    // The clerk on the page of plans, and a manager on the page of roles.
    let tier = world.tier_view(&clerk, gold).await;
    let role = world.role_view(&manager, tier.role).await;
    permissions
        .set_role_privileges(&manager, tier.role, &role.privileges_shown, &[watch])
        .await
        .expect("the first");
    let set = async |shown: &Fingerprint| planning.set_tier_privileges(&clerk, gold, shown, &[read]).await;
    let now = refused(set(&tier.privileges_shown).await);
    assert_eq!(world.tier_view(&clerk, gold).await.privileges, [watch]);
    set(&now).await.expect("having seen it");
    assert_eq!(world.tier_view(&clerk, gold).await.privileges, [read]);
    let again = permissions
        .set_role_privileges(&manager, tier.role, &role.privileges_shown, &[read, watch])
        .await;
    refused(again);

    // A built-in privilege is not on the clerk's list, and no reason to refuse them.
    let shown = world.tier_view(&clerk, gold).await.privileges_shown;
    let role = world.role_view(&manager, tier.role).await;
    permissions
        .set_role_privileges(&manager, tier.role, &role.privileges_shown, &[read, members])
        .await
        .expect("set");
    planning
        .set_tier_privileges(&clerk, gold, &shown, &[watch])
        .await
        .expect("nothing that they saw has changed");
    let carried = world.role_view(&manager, tier.role).await.privileges;
    assert_eq!(carried.len(), 2);
    assert!(carried.contains(&members) && carried.contains(&watch));
    world.finish().await;
}

#[tokio::test]
async fn a_communitys_settings() {
    let world = World::new().await;
    let owner = world.community("club").await;
    let communities = world.store.communities();
    // Each save is a request of its own.
    let save = async |shown: &Fingerprint, name: &str, days: &str| {
        let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
        communities.change_settings(&clerk, shown, name, "", "eur", days).await
    };
    let settings = async || {
        let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
        communities.settings(&clerk).await.expect("the settings")
    };
    let shown = settings().await.shown;
    let saved = save(&shown, "Club", "10").await.expect("the first");
    assert_eq!(saved, settings().await.shown);
    let now = refused(save(&shown, "The club", "7").await.map(drop));
    assert_eq!(
        (settings().await.name.as_str(), settings().await.grace_days),
        ("Club", 10)
    );
    assert_eq!(
        now,
        settings().await.shown,
        "what the page shows is what the refusal tells"
    );
    save(&now, "The club", "10").await.expect("having seen it");
    assert_eq!(settings().await.name, "The club");
    world.finish().await;
}

#[tokio::test]
async fn a_post() {
    let world = World::new().await;
    let owner = world.community("club").await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let posts = world.store.posts();
    let draft = |title: &str, body: &str| PostDraft {
        title: title.to_owned(),
        body: body.to_owned(),
        ..PostDraft::default()
    };
    posts.write(&clerk, &draft("Hello", "One")).await.expect("written");
    let id = posts.manage(&clerk).await.expect("posts").posts[0].id;
    let source = async || posts.source(&clerk, id).await.expect("the post");
    let shown = source().await.shown;
    posts
        .edit(&clerk, id, &shown, &draft("Hello", "Two"))
        .await
        .expect("the first");
    let now = refused(posts.edit(&clerk, id, &shown, &draft("Hello again", "One")).await);
    assert_eq!(
        (source().await.title.as_str(), source().await.body.as_str()),
        ("Hello", "Two")
    );
    // Somebody was faster once more: what they wrote is not seen yet either.
    posts
        .edit(&clerk, id, &now, &draft("Hello", "Three"))
        .await
        .expect("the next");
    let now = refused(posts.edit(&clerk, id, &now, &draft("Hello again", "One")).await);
    posts
        .edit(&clerk, id, &now, &draft("Hello again", "One"))
        .await
        .expect("having seen it");
    assert_eq!(source().await.title, "Hello again");
    world.finish().await;
}
