//! The shop window.

use model::{
    account::AccountStatus,
    catalog::{ShopState, TierAction},
    interval::Interval::Month,
    portal::PortalState,
};
use serde_json::Value;
use store::actor::Session;

use crate::world::World;

fn lists(requests: &Value) -> usize {
    let requests = requests["data"].as_array().expect("requests");
    requests
        .iter()
        .filter(|request| {
            request["path"]
                .as_str()
                .is_some_and(|path| path.starts_with("/v1/prices"))
        })
        .count()
}

#[tokio::test]
async fn it_asks_stripe_once_and_not_at_all_for_a_repeated_view() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world
        .plan(
            &owner,
            "club",
            "Support",
            &[("Bronze", "5", "50"), ("Silver", "9", ""), ("Gold", "15", "")],
        )
        .await;
    world.settle().await;
    let before = lists(&world.ask("requests").await);
    let nobody = Session::default();
    let look = || world.catalog(&nobody, "club");
    tokio::join!(look(), look(), look(), look());
    for _ in 0..5 {
        look().await;
    }
    assert_eq!(lists(&world.ask("requests").await) - before, 1);
    world.finish().await;
}

#[tokio::test]
async fn a_visitor_sees_prices_and_is_led_to_sign_in() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "150")]).await;
    let catalog = world.catalog(&Session::default(), "club").await;
    assert_eq!(catalog.shop, ShopState::Open);
    let prices = &catalog.plans[0].tiers[0].prices;
    assert_eq!(
        prices.iter().map(|price| price.amount.to_string()).collect::<Vec<_>>(),
        ["€15.00", "€150.00"]
    );
    assert!(prices.iter().all(|price| price.action == TierAction::SignIn));
    world.finish().await;
}

#[tokio::test]
async fn a_paused_shop_sells_nothing_new() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let merchant = world.visit(&owner, "club").await.merchant().expect("a merchant");
    world.store.connect().pause_shop(&merchant).await.expect("paused");
    let ada = world.person("ada@example.org").await;
    assert_eq!(world.catalog(&ada, "club").await.shop, ShopState::Paused);
    let (_, tier) = world.tier("club", "Gold").await;
    let customer = world.visit(&ada, "club").await.customer().expect("a customer");
    let refused = world
        .store
        .shopping()
        .subscribe(&customer, tier, Month, "")
        .await
        .expect_err("refused");
    assert_eq!(refused.to_string(), "This store takes no new sales at the moment.");
    world.store.connect().resume_shop(&merchant).await.expect("resumed");
    assert_eq!(world.catalog(&ada, "club").await.shop, ShopState::Open);
    world.finish().await;
}

#[tokio::test]
async fn a_price_switched_off_at_stripe_is_not_offered() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let view = world.store.connect().view(&clerk).await.expect("a view");
    assert_eq!(view.status, AccountStatus::Ready { due_soon: None });
    let (_, tier) = world.tier("club", "Gold").await;
    world
        .store
        .planning()
        .activate_tier(&clerk, tier, false)
        .await
        .expect("deactivated");
    assert!(world.catalog(&owner, "club").await.plans.is_empty());
    world.finish().await;
}

#[tokio::test]
async fn a_member_page_speaks_of_billing_and_memberships_once_there_are_some() {
    let world = World::new().await;
    let owner = world.community("club").await;
    let customer = world.visit(&owner, "club").await.customer().expect("a customer");
    let portal = world.store.portal().state(&customer).await.expect("a state");
    assert_eq!(portal, PortalState::NoAccount);
    let page = world.store.shopping().membership(&customer).await.expect("a page");
    assert!(!page.sells);
    let owner = world.shop("shop").await;
    world.plan(&owner, "shop", "Support", &[("Gold", "15", "")]).await;
    let customer = world.visit(&owner, "shop").await.customer().expect("a customer");
    let portal = world.store.portal().state(&customer).await.expect("a state");
    assert_eq!(portal, PortalState::NoCustomer);
    let page = world.store.shopping().membership(&customer).await.expect("a page");
    assert!(page.sells);
    world.finish().await;
}
