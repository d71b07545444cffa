//! What no event told: found and repaired by a reconciliation.

use model::{account::AccountStatus, interval::Interval::Month};
use serde_json::json;

use crate::{member::Member, world::World};

#[tokio::test]
async fn a_subscription_that_no_event_told_of_is_found_explained_and_repaired() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let ada = world.person("ada@example.org").await;
    world.control("outbox", json!({ "mode": "drop" })).await;
    let url = world.checkout(&ada, "club", "Gold", Month).await;
    world.pay(&url, "4242424242424242").await;
    let found = world.store.reconcile(false).await.expect("compared");
    assert!(found.iter().any(|one| one.subject.starts_with("sub_")), "{found:#?}");
    assert!(found.iter().any(|one| one.subject.starts_with("cs_")), "{found:#?}");
    assert!(world.holds(&ada, "club").await.is_empty(), "comparing changes nothing");
    world.store.reconcile(true).await.expect("repaired");
    assert_eq!(world.holds(&ada, "club").await, ["Gold"]);
    let again = world.store.reconcile(false).await.expect("compared");
    assert!(again.is_empty(), "{again:#?}");
    world.finish().await;
}

#[tokio::test]
async fn a_price_that_was_changed_in_the_dashboard_is_found_though_nothing_else_of_it_changed() {
    let member = Member::of_bronze().await;
    let world = &member.world;
    let account = member.account().await;
    world.control("outbox", json!({ "mode": "drop" })).await;
    let prices = world.stripe(&account, "prices?limit=100").await;
    let gold = prices["data"]
        .as_array()
        .expect("prices")
        .iter()
        .find(|price| price["unit_amount"] == 1900 && price["recurring"]["interval"] == "month");
    let gold = gold.expect("Gold")["id"].as_str().expect("an id").to_owned();
    let subscription = member.newest("subscriptions").await;
    let form = [
        (
            "items[0][id]",
            subscription["items"]["data"][0]["id"].as_str().expect("an id"),
        ),
        ("items[0][price]", &gold),
        ("proration_behavior", "none"),
    ];
    let path = format!("subscriptions/{}", subscription["id"].as_str().expect("an id"));
    world.stripe_post(&account, &path, &form).await;
    let found = world.store.reconcile(false).await.expect("compared");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].explanation.contains("the price is"), "{found:#?}");
    assert_eq!(member.holds().await, ["Bronze"]);
    world.store.reconcile(true).await.expect("repaired");
    assert_eq!(member.holds().await, ["Gold"]);
    let again = world.store.reconcile(false).await.expect("compared");
    assert!(again.is_empty(), "{again:#?}");
    member.world.finish().await;
}

#[tokio::test]
async fn an_account_out_of_reach_is_one_finding_and_none_once_it_is_known() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    let account = world.account(&owner, "club").await;
    world.control("outbox", json!({ "mode": "drop" })).await;
    world
        .control(&format!("accounts/{account}"), json!({ "outcome": "revoked" }))
        .await;
    let found = world.store.reconcile(true).await.expect("compared");
    assert_eq!(found.len(), 1, "{found:#?}");
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let view = world.store.connect().view(&clerk).await.expect("a view");
    assert_eq!(view.status, AccountStatus::Disconnected);
    let again = world.store.reconcile(false).await.expect("compared");
    assert!(again.is_empty(), "{again:#?}");
    world.finish().await;
}
