//! What is typed wrong is refused, naming the field and what is allowed.

use model::{Problem, fingerprint::Fingerprint, planning::TierDraft};

use crate::world::{World, draft};

fn field(error: &store::Error) -> Option<String> {
    error.problem().as_ref().and_then(Problem::field).map(str::to_owned)
}

#[tokio::test]
async fn slugs_are_checked_and_taken_ones_told() {
    let world = World::new().await;
    let owner = world.community("club").await;
    let communities = world.store.communities();
    for (slug, currency, wrong) in [
        ("club", "eur", "slug"),
        ("admin", "eur", "slug"),
        ("A", "eur", "slug"),
        ("-abc", "eur", "slug"),
        ("abc-", "eur", "slug"),
        ("a--b", "eur", "slug"),
        ("fine-one", "xxx", "currency"),
    ] {
        let refused = communities
            .create(&owner, "Club", slug, currency)
            .await
            .expect_err(slug);
        assert_eq!(field(&refused).as_deref(), Some(wrong), "{refused}");
    }
    let taken = communities
        .create(&owner, "Club", "club", "eur")
        .await
        .expect_err("taken");
    assert_eq!(taken.to_string(), "Address “club” is taken. Choose another one.");
    let nameless = communities
        .create(&owner, " ", "club-two", "eur")
        .await
        .expect_err("nameless");
    assert_eq!(field(&nameless).as_deref(), Some("name"));
    world.finish().await;
}

#[tokio::test]
async fn every_wrong_field_of_a_plan_is_told_at_once() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let refused = world
        .store
        .planning()
        .create_plan(&clerk, " ", &draft("", "5,999", "x"))
        .await
        .expect_err("refused");
    let problem = refused.problem().expect("a problem");
    let fields: Vec<&str> = problem.fields().map(|(field, _)| field).collect();
    assert_eq!(fields, ["plan_label", "tier_label", "monthly", "yearly"]);
    world.finish().await;
}

#[tokio::test]
async fn tiers_need_a_label_and_a_real_price() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let cases: [(TierDraft, &str); 6] = [
        (draft("", "5", ""), "tier_label"),
        (draft("Gold", "", ""), "monthly"),
        (draft("Gold", "NaN", ""), "monthly"),
        (draft("Gold", "1e3", ""), "monthly"),
        (draft("Gold", "5", "-50"), "yearly"),
        (draft("Gold", "5.001", ""), "monthly"),
    ];
    for (draft, wrong) in cases {
        let refused = world
            .store
            .planning()
            .create_plan(&clerk, "Support", &draft)
            .await
            .expect_err(wrong);
        assert_eq!(field(&refused).as_deref(), Some(wrong), "{refused}");
    }
    assert!(
        world
            .store
            .planning()
            .view(&clerk)
            .await
            .expect("plans")
            .plans
            .is_empty()
    );
    world.finish().await;
}

#[tokio::test]
async fn another_communitys_things_do_not_exist() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let (plan, tier) = world.tier("club", "Gold").await;
    let other = world.shop("other").await;
    let visitor = world.visit(&other, "other").await;
    let (clerk, customer) = (
        visitor.clerk().expect("a clerk"),
        visitor.customer().expect("a customer"),
    );
    let planning = world.store.planning();
    let nothing = Fingerprint(String::new());
    for refused in [
        planning.rename_plan(&clerk, plan, &nothing, "Mine").await,
        planning.archive_plan(&clerk, plan, true).await,
        planning.add_tier(&clerk, plan, &draft("Mine", "5", "")).await,
        planning
            .edit_tier(&clerk, tier, &nothing, &draft("Mine", "5", ""))
            .await
            .map(drop),
        planning.activate_tier(&clerk, tier, false).await,
        planning.set_tier_privileges(&clerk, tier, &nothing, &[]).await,
    ] {
        let refused = refused.expect_err("another community's");
        assert!(matches!(refused.problem(), Some(Problem::NotFound { .. })), "{refused}");
    }
    let refused = world
        .store
        .shopping()
        .subscribe(&customer, tier, model::interval::Interval::Month, "")
        .await;
    assert!(matches!(
        refused.expect_err("another's").problem(),
        Some(Problem::NotFound { .. })
    ));
    assert_eq!(world.catalog(&owner, "club").await.plans[0].label, "Support");
    world.finish().await;
}
