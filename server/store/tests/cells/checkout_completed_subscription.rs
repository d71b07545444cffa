//! Section 3: Checkout completed in subscription mode, for a subscription N on a plan that may have had S.

use model::{attention::AttentionKind, subscription::SubscriptionStatus as Status};
use serde_json::Value;

use crate::situation::{FAILS_LATER, GOOD, Situation, waits};

/// A Checkout for Gold that did not go through us (another device, the dashboard), paid.
async fn completes(situation: &Situation) -> Value {
    let customer = if situation.subscription.is_empty() {
        situation.stripe_customer().await
    } else {
        situation.at_stripe().await["customer"]
            .as_str()
            .expect("a customer")
            .to_owned()
    };
    // Stripe's times are in seconds, and the later one stays.
    situation.world.pass(chrono::Duration::seconds(2)).await;
    let price = situation.price("Gold").await;
    let marks: Vec<(String, String)> = situation
        .marks("Gold")
        .await
        .into_iter()
        .map(|(key, value)| (format!("subscription_data[{}", key.replacen('[', "][", 1)), value))
        .collect();
    let mut form = vec![
        ("mode", "subscription"),
        ("customer", customer.as_str()),
        ("line_items[0][price]", price.as_str()),
        ("line_items[0][quantity]", "1"),
        ("success_url", "https://example.org/"),
    ];
    form.extend(marks.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    let session = situation
        .world
        .stripe_post(&situation.account, "checkout/sessions", &form)
        .await;
    let url = session["url"].as_str().expect("an address").to_owned();
    let paid = situation.world.pay(&url, GOOD).await;
    assert_eq!(paid["outcome"], "done", "{paid:#}");
    situation.world.settle().await;
    paid["session"].clone()
}

#[tokio::test]
async fn none() {
    let situation = Situation::none().await;
    completes(&situation).await;
    assert_eq!(situation.holds().await, ["Gold"]);
    situation.finish().await;
}

macro_rules! recorded {
    ($($name:ident: $status:ident;)*) => {$(
        #[tokio::test]
        async fn $name() {
            let situation = Situation::of(Status::$status).await;
            let before = situation.status().await;
            completes(&situation).await;
            assert_eq!(situation.holds().await, ["Gold"]);
            assert_eq!(situation.status().await, before);
            assert!(situation.attention().await.is_empty());
            situation.finish().await;
        }
    )*};
}

recorded! {
    incomplete_expired: IncompleteExpired;
    canceled: Canceled;
}

macro_rules! gives_way {
    ($($name:ident: $status:ident becomes $after:literal;)*) => {$(
        #[tokio::test]
        async fn $name() {
            let situation = Situation::of(Status::$status).await;
            completes(&situation).await;
            assert_eq!(situation.holds().await, ["Gold"]);
            assert_eq!(situation.status().await, $after);
            assert_eq!(situation.open_invoices().await, 0);
            assert!(situation.attention().await.is_empty(), "nothing was paid twice");
            situation.finish().await;
        }
    )*};
}

gives_way! {
    incomplete: Incomplete becomes "incomplete_expired";
    unpaid: Unpaid becomes "canceled";
}

macro_rules! ends_credited_and_told {
    ($($name:ident: $status:ident, credited $credited:literal;)*) => {$(
        #[tokio::test]
        async fn $name() {
            let situation = Situation::of(Status::$status).await;
            completes(&situation).await;
            assert_eq!(situation.holds().await, ["Gold"]);
            assert_eq!(situation.status().await, "canceled");
            assert_eq!(situation.open_invoices().await, 0);
            let customer = situation.at_stripe().await["customer"].as_str().expect("it").to_owned();
            let customer = situation.world.stripe(&situation.account, &format!("customers/{customer}")).await;
            let credit = -customer["balance"].as_i64().expect("a balance");
            assert_eq!(credit > 0, $credited, "{credit}");
            assert_eq!(situation.attention().await, [AttentionKind::PaidTwice]);
            let told = |to: &str| situation.letters(to).iter().any(|subject| subject.contains("two"));
            assert!(told("ada@example.org"), "the customer is told");
            assert!(told("owner@club.example"), "the merchant is told");
            situation.finish().await;
        }
    )*};
}

ends_credited_and_told! {
    trialing: Trialing, credited false;
    active: Active, credited true;
    // What was never paid for is voided, not credited.
    past_due: PastDue, credited false;
    // The pause itself has credited it.
    paused: Paused, credited true;
}

#[tokio::test]
async fn the_later_one_stays_whatever_order_the_events_come_in() {
    let situation = Situation::of(Status::Active).await;
    situation
        .world
        .control("outbox", serde_json::json!({ "mode": "hold", "shuffle": true }))
        .await;
    completes(&situation).await;
    assert_eq!(situation.status().await, "canceled");
    assert_eq!(situation.holds().await, ["Gold"]);
    situation.finish().await;
}

#[tokio::test]
async fn one_whose_end_was_given_up_ends_when_it_is_read_again() {
    let situation = Situation::of(Status::Active).await;
    let fault = serde_json::json!({
        "kind": "status", "status": 503, "times": 0, "method": "DELETE", "path_prefix": "/v1/subscriptions/",
    });
    situation.world.control("faults", fault).await;
    completes(&situation).await;
    assert_eq!(situation.status().await, "active", "it could not be ended");
    // Stripe is out of reach for more than a day.
    for _ in 0..40 {
        situation.world.pass(chrono::Duration::hours(1)).await;
    }
    let queue = situation.world.store.queue_state().await.expect("the queue");
    assert_eq!(queue.needs_attention, 1);
    situation.world.behave().await;
    situation.world.pass(chrono::Duration::minutes(5)).await;
    situation.world.store.reconcile(true).await.expect("reconciled");
    situation.world.settle().await;
    assert_eq!(situation.status().await, "canceled");
    situation.finish().await;
}

#[tokio::test]
async fn one_with_an_upgrade_that_waits_is_credited_all_the_same() {
    let mut situation = Situation::none().await;
    situation.buys_with(FAILS_LATER).await;
    let up = situation.preview("Gold").await;
    waits(situation.confirm(&up).await);
    completes(&situation).await;
    assert_eq!(situation.status().await, "canceled");
    let customer = situation.at_stripe().await["customer"].as_str().expect("it").to_owned();
    let customer = situation
        .world
        .stripe(&situation.account, &format!("customers/{customer}"))
        .await;
    assert!(
        customer["balance"].as_i64().expect("a balance") < 0,
        "what was paid is credited"
    );
    situation.finish().await;
}
