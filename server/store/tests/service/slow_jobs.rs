//! A job that takes long keeps no other one waiting.

use model::interval::Interval::Month;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn what_arrives_while_a_slow_job_is_worked_is_worked_beside_it() {
    let world = World::new().await;
    for club in ["slow", "quick"] {
        let owner = world.shop(club).await;
        world.plan(&owner, club, "Support", &[("Gold", "15", "")]).await;
    }
    let (ada, bob) = (
        world.person("ada@example.org").await,
        world.person("bob@example.org").await,
    );
    world.buy(&ada, "slow", "Gold", Month).await;
    let owner = world.person("owner@slow.example").await;
    let account = world.account(&owner, "slow").await;
    let subscription = world.stripe(&account, "subscriptions").await["data"][0].clone();
    let other = world.checkout(&bob, "quick", "Gold", Month).await;
    world.settle().await;
    let fault = json!({ "kind": "slow", "delay_ms": 4000, "method": "GET", "path_prefix": "/v1/subscriptions/" });
    world.control("faults", fault).await;
    world
        .arrives(&account, "customer.subscription.updated", subscription)
        .await;
    let (store, slow) = (world.store.clone(), world.jobs().await);
    assert_eq!(slow.len(), 1, "{slow:?}");
    let working = tokio::spawn(async move { store.work_jobs().await });
    // Until it is the fault's turn.
    while world.ask("faults").await["data"] != json!([]) {}
    world.pay(&other, "4242424242424242").await;
    world.control("outbox/flush", json!({})).await;
    while world.holds(&bob, "quick").await.is_empty() {}
    let subject = |job: &String| {
        let job: serde_json::Value = serde_json::from_str(job).expect("json");
        job["subject"].clone()
    };
    let waiting: Vec<_> = world.jobs().await.iter().map(subject).collect();
    assert!(waiting.contains(&subject(&slow[0])), "the slow one is not done");
    working.await.expect("no panic").expect("worked");
    world.finish().await;
}
