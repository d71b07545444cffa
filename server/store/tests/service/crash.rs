//! Between the webhook's 200 and its work, a process can vanish.

use model::interval::Interval::Month;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn events_stored_before_a_crash_are_worked_by_the_next_process_once() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let ada = world.person("ada@example.org").await;
    let url = world.checkout(&ada, "club", "Gold", Month).await;
    world.pay(&url, "4242424242424242").await;
    world.control("outbox/flush", json!({})).await;
    assert_ne!(world.store.queue_state().await.expect("the queue").waiting, 0);
    assert!(world.holds(&ada, "club").await.is_empty(), "stored, not worked");
    let next = world.second_process().await;
    let (a, b) = tokio::join!(next.work_jobs(), world.store.work_jobs());
    assert!(a.expect("worked") + b.expect("worked") > 0);
    assert_eq!(world.holds(&ada, "club").await, ["Gold"]);
    next.database().clone().close().await;
    world.finish().await;
}
