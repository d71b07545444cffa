//! Plans, tiers, prices.

use model::interval::Interval::Month;

use crate::world::{World, draft};

#[tokio::test]
async fn each_tier_is_exactly_one_product_with_its_prices() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Bronze", "5", "50"), ("Gold", "15", "")]).await;
    let account = world.account(&owner, "club").await;
    let products = world.stripe(&account, "products").await;
    assert_eq!(products["data"].as_array().map(Vec::len), Some(2));
    let prices = world.stripe(&account, "prices?active=true").await;
    assert_eq!(prices["data"].as_array().map(Vec::len), Some(3));
    world.finish().await;
}

#[tokio::test]
async fn a_changed_price_is_a_new_one_and_subscribers_keep_theirs() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let ada = world.person("ada@example.org").await;
    world.buy(&ada, "club", "Gold", Month).await;
    let (_, tier) = world.tier("club", "Gold").await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    world.store.planning().edit_tier(&clerk, tier, &draft("Gold", "18", "")).await.expect("changed");
    world.settle().await;
    let catalog = world.catalog(&ada, "club").await;
    assert_eq!(catalog.plans[0].tiers[0].prices[0].amount.to_string(), "€18.00");
    let (amount, _) = catalog.plans[0].yours.as_ref().and_then(|yours| yours.price).expect("a price");
    assert_eq!(amount.to_string(), "€15.00");
    assert_eq!(world.holds(&ada, "club").await, ["Gold"]);
    let account = world.account(&owner, "club").await;
    assert_eq!(world.stripe(&account, "prices?active=true").await["data"].as_array().map(Vec::len), Some(1));
    world.finish().await;
}

#[tokio::test]
async fn an_unchanged_tier_makes_nothing_new_at_stripe() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "150")]).await;
    let (_, tier) = world.tier("club", "Gold").await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    world.store.planning().edit_tier(&clerk, tier, &draft("Gold", "15.00", "150")).await.expect("unchanged");
    let account = world.account(&owner, "club").await;
    assert_eq!(world.stripe(&account, "prices").await["data"].as_array().map(Vec::len), Some(2));
    world.finish().await;
}

#[tokio::test]
async fn an_archived_plan_is_not_sold_and_can_be_restored() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let (plan, tier) = world.tier("club", "Gold").await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    world.store.planning().archive_plan(&clerk, plan, true).await.expect("archived");
    assert!(world.catalog(&owner, "club").await.plans.is_empty());
    let customer = world.visit(&owner, "club").await.customer().expect("a customer");
    let refused = world.store.shopping().subscribe(&customer, tier, Month, "").await.expect_err("refused");
    assert_eq!(refused.to_string(), "This plan is not sold any more.");
    world.store.planning().archive_plan(&clerk, plan, false).await.expect("restored");
    assert_eq!(world.catalog(&owner, "club").await.plans.len(), 1);
    world.finish().await;
}

#[tokio::test]
async fn at_most_twelve_tiers_and_twenty_plans() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Tier", "5", "")]).await;
    let (plan, _) = world.tier("club", "Tier").await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let planning = world.store.planning();
    for number in 1..12 {
        planning.add_tier(&clerk, plan, &draft(&format!("Tier {number}"), "5", "")).await.expect("a tier");
    }
    let refused = planning.add_tier(&clerk, plan, &draft("One more", "5", "")).await.expect_err("refused");
    assert_eq!(refused.to_string(), "A plan can have at most 12 tiers.");
    for number in 1..20 {
        planning.create_plan(&clerk, &format!("Plan {number}"), &draft("Tier", "5", "")).await.expect("a plan");
    }
    let refused = planning.create_plan(&clerk, "One more", &draft("Tier", "5", "")).await.expect_err("refused");
    assert_eq!(refused.to_string(), "A community can have at most 20 plans.");
    world.finish().await;
}
