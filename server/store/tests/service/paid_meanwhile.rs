//! What was to end because it was not paid, and is paid by then.

use chrono::Duration;
use serde_json::json;

use crate::member::Member;

#[tokio::test]
async fn what_is_paid_before_its_end_arrives_at_stripe_goes_on() {
    let member = Member::of_with_card("Gold", &[("Gold", "15", "")], "4000000000000341").await;
    let world = &member.world;
    world.pass(Duration::days(31) + Duration::hours(2)).await;
    assert_eq!(member.newest("subscriptions").await["status"], "past_due");
    let outage = json!({
        "kind": "status", "status": 500, "method": "DELETE", "path_prefix": "/v1/subscriptions", "times": 0
    });
    world.control("faults", outage).await;
    let (plan, _) = world.tier("club", "Gold").await;
    let cancelled = world.store.shopping().cancel(&member.customer().await, plan).await;
    assert!(cancelled.is_err(), "Stripe did not answer");
    world.behave().await;
    let invoice = member.newest("invoices?status=open").await;
    let id = invoice["id"].as_str().expect("an open invoice");
    world
        .control(&format!("invoices/{id}/pay"), json!({ "card": "4242424242424242" }))
        .await;
    world.pass(Duration::minutes(10)).await;
    assert_eq!(member.newest("subscriptions").await["status"], "active");
    assert_eq!(member.holds().await, ["Gold"]);
    member.world.finish().await;
}
