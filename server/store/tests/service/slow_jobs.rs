//! A job that takes long keeps no other one waiting.

use model::interval::Interval::Month;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn what_arrives_while_a_slow_job_is_worked_is_worked_beside_it() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let (ada, bob) = (
        world.person("ada@example.org").await,
        world.person("bob@example.org").await,
    );
    let url = world.checkout(&ada, "club", "Gold", Month).await;
    let other = world.checkout(&bob, "club", "Gold", Month).await;
    // The first reading of a subscription is not answered before this test is over.
    let fault = json!({ "kind": "slow", "delay_ms": 4000, "method": "GET", "path_prefix": "/v1/subscriptions/" });
    world.control("faults", fault).await;
    world.pay(&url, "4242424242424242").await;
    world.control("outbox/flush", json!({})).await;
    let store = world.store.clone();
    let working = tokio::spawn(async move { store.work_jobs().await });
    let is_asked = async || {
        let asked = world.ask("requests").await["data"].clone();
        let reads = |request: &serde_json::Value| {
            let path = request["path"].as_str().unwrap_or_default();
            request["method"] == "GET" && path.starts_with("/v1/subscriptions/")
        };
        asked.as_array().expect("a list").iter().any(reads)
    };
    while !is_asked().await || world.holds(&ada, "club").await.is_empty() {}
    assert!(!working.is_finished(), "one of her events is not answered yet");
    world.pay(&other, "4242424242424242").await;
    world.control("outbox/flush", json!({})).await;
    while world.holds(&bob, "club").await.is_empty() {}
    assert!(!working.is_finished(), "the slow one is not done");
    working.await.expect("no panic").expect("worked");
    world.finish().await;
}
