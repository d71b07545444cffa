//! A job that takes long keeps no other one waiting, and is worked by nobody else meanwhile.

use chrono::Duration;
use model::interval::Interval::Month;
use serde_json::{Value, json};
use store::Store;
use tokio::task::JoinHandle;

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
        let job: Value = serde_json::from_str(job).expect("json");
        job["subject"].clone()
    };
    let waiting: Vec<_> = world.jobs().await.iter().map(subject).collect();
    assert!(waiting.contains(&subject(&slow[0])), "the slow one is not done");
    working.await.expect("no panic").expect("worked");
    world.finish().await;
}

/// An event whose job is worked now, for some seconds.
async fn slow_job(world: &World) -> JoinHandle<u64> {
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let ada = world.person("ada@example.org").await;
    world.buy(&ada, "club", "Gold", Month).await;
    let account = world.account(&owner, "club").await;
    let subscription = world.stripe(&account, "subscriptions").await["data"][0].clone();
    let fault = json!({ "kind": "slow", "delay_ms": 4000, "method": "GET", "path_prefix": "/v1/subscriptions/" });
    world.control("faults", fault).await;
    world
        .arrives(&account, "customer.subscription.updated", subscription)
        .await;
    let working = works(&world.store);
    // Until it is the fault's turn.
    while world.ask("faults").await["data"] != json!([]) {}
    working
}

fn works(store: &Store) -> JoinHandle<u64> {
    let store = store.clone();
    tokio::spawn(async move { store.work_jobs().await.expect("the queue") })
}

/// Until when the only job there is is claimed, as the database writes it; nothing when it is done.
async fn claimed_until(world: &World) -> Option<Value> {
    let jobs = world.jobs().await;
    assert!(jobs.len() <= 1, "{jobs:?}");
    let job: Value = serde_json::from_str(jobs.first()?).expect("json");
    assert_eq!(job["attempts"], 1, "worked once");
    Some(job["claimed_until"].clone())
}

#[tokio::test]
async fn a_job_that_takes_longer_than_a_claim_lasts_is_not_worked_again_by_another_process() {
    let world = World::new().await;
    let working = slow_job(&world).await;
    let second = world.second_process().await;
    let mut before = claimed_until(&world).await.expect("under way");
    // A claim lasts for two minutes.
    for _ in 0..4 {
        world.clock.advance(Duration::minutes(1));
        loop {
            let now = claimed_until(&world).await.expect("done before its claim was renewed");
            if now != before {
                before = now;
                break;
            }
        }
        assert_eq!(second.work_jobs().await.expect("the queue"), 0, "it is claimed");
    }
    assert!(claimed_until(&world).await.is_some(), "still under way");
    assert_eq!(working.await.expect("no panic"), 1);
    assert_eq!(claimed_until(&world).await, None);
    second.database().clone().close().await;
    world.finish().await;
}

#[tokio::test]
async fn a_quiet_moment_comes_after_what_is_under_way_and_lets_nothing_begin() {
    let world = World::new().await;
    let working = slow_job(&world).await;
    assert_eq!(world.store.due_jobs().await.expect("the queue"), 1);
    let quiet = world.store.quiet().await.expect("a quiet moment");
    assert_eq!(claimed_until(&world).await, None, "it was done first");
    assert_eq!(working.await.expect("no panic"), 1);
    // Nobody is connected to it: that is found out when it is worked.
    let event = json!({ "id": "sub_other", "object": "subscription" });
    world
        .arrives("acct_other", "customer.subscription.updated", event)
        .await;
    let working = works(&world.store);
    for _ in 0..20 {
        assert_eq!(world.jobs().await.len(), 1);
        tokio::task::yield_now().await;
    }
    drop(quiet);
    assert_eq!(working.await.expect("no panic"), 1);
    world.finish().await;
}
