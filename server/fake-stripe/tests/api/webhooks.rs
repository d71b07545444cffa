//! Delivery of events: signatures, order, retries, holding, duplicating, dropping.

use fake_stripe::{Clock, Options};
use serde_json::{Value, json};

use crate::{
    receiver::{Receiver, SECRET},
    support::{START, Stripe, id},
};

async fn start() -> (Stripe, Receiver) {
    let receiver = Receiver::default();
    let url = receiver.listen().await;
    let options = Options {
        webhook_url: Some(url),
        webhook_secret: SECRET.into(),
        clock: Clock::Fixed(START),
        ..Options::default()
    };
    (Stripe::with(options).await, receiver)
}

#[tokio::test]
async fn events_come_signed_in_order_and_with_their_account() {
    let (mut stripe, receiver) = start().await;
    let account = stripe.connect().await;
    let product = id(&stripe.post("/v1/products", &[("name", "Gold")]).await);
    stripe
        .post(&format!("/v1/products/{product}"), &[("name", "Silver")])
        .await;
    receiver.until(3).await;
    assert_eq!(
        receiver.types(),
        ["account.updated", "product.created", "product.updated"]
    );
    let got = receiver.got.lock().unwrap().clone();
    let (time, event) = &got[2];
    assert_eq!(time, &START.to_string());
    assert_eq!(
        (event["account"].as_str(), event["api_version"].as_str()),
        (Some(account.as_str()), Some("2026-09-30.endive"))
    );
    assert_eq!(event["data"]["previous_attributes"]["name"], "Gold");
    assert_eq!(event["data"]["object"]["name"], "Silver");
    assert_eq!(event["livemode"], false);
}

#[tokio::test]
async fn a_refused_event_is_sent_again() {
    let (mut stripe, receiver) = start().await;
    *receiver.refuse_next.lock().unwrap() = 2;
    stripe.connect().await;
    receiver.until(1).await;
    assert_eq!(receiver.types(), ["account.updated"]);
}

#[tokio::test]
async fn held_events_leave_on_flush_duplicated_when_wanted() {
    let (mut stripe, receiver) = start().await;
    stripe
        .control("/_fake/outbox", json!({"mode": "hold", "duplicate": 1}))
        .await;
    stripe.connect().await;
    stripe.post("/v1/customers", &[]).await;
    assert!(receiver.types().is_empty());
    assert_eq!(
        stripe.control_get("/_fake/outbox").await["pending"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let missed = stripe.get("/v1/events", &[("delivery_success", "false")]).await;
    assert_eq!(missed["data"].as_array().unwrap().len(), 2);
    assert_eq!(
        stripe.control("/_fake/outbox/flush", json!({})).await,
        json!({"delivered": 2, "failed": 0})
    );
    assert_eq!(
        receiver.types(),
        [
            "account.updated",
            "account.updated",
            "customer.created",
            "customer.created"
        ]
    );
    assert_eq!(
        stripe.get("/v1/events", &[("delivery_success", "true")]).await["data"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn dropped_events_are_found_by_asking() {
    let (mut stripe, receiver) = start().await;
    stripe.control("/_fake/outbox", json!({"mode": "drop"})).await;
    stripe.connect().await;
    stripe.post("/v1/customers", &[]).await;
    stripe.control("/_fake/outbox", json!({"mode": "deliver"})).await;
    assert_eq!(
        stripe.control("/_fake/outbox/flush", json!({})).await,
        json!({"delivered": 0, "failed": 0})
    );
    assert!(receiver.types().is_empty());
    let missed = stripe
        .get("/v1/events", &[("delivery_success", "false"), ("type", "customer.*")])
        .await;
    assert_eq!(missed["data"][0]["type"], "customer.created");
    assert_eq!(missed["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn shuffled_events_come_all_but_not_in_order() {
    let (mut stripe, receiver) = start().await;
    stripe.connect().await;
    receiver.until(1).await;
    stripe
        .control("/_fake/outbox", json!({"mode": "hold", "shuffle": true}))
        .await;
    let mut names = Vec::new();
    for number in 0..12 {
        names.push(id(&stripe
            .post("/v1/customers", &[("name", &number.to_string())])
            .await));
    }
    assert_eq!(stripe.control("/_fake/outbox/flush", json!({})).await["delivered"], 12);
    let mut came: Vec<String> = receiver.got.lock().unwrap()[1..]
        .iter()
        .map(|(_, event)| id(&event["data"]["object"]))
        .collect();
    assert_ne!(came, names);
    came.sort();
    names.sort();
    assert_eq!(came, names);
}

fn ids(events: &Value) -> Vec<String> {
    events["data"].as_array().unwrap().iter().map(id).collect()
}

#[tokio::test]
async fn chosen_events_are_delivered_in_the_wanted_order_and_as_often_as_named() {
    let (mut stripe, receiver) = start().await;
    stripe.control("/_fake/outbox", json!({"mode": "drop"})).await;
    let account = stripe.connect().await;
    let customer = id(&stripe.post("/v1/customers", &[]).await);
    stripe.account = None;
    let product = id(&stripe.post("/v1/products", &[("name", "Gold")]).await);
    let all = stripe.control_get("/_fake/events").await;
    let shown: Vec<(&str, &Value, &str, bool)> = all["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| {
            (
                event["type"].as_str().unwrap(),
                &event["account"],
                event["data"]["object"]["id"].as_str().unwrap(),
                event["delivered"].as_bool().unwrap(),
            )
        })
        .collect();
    let own = json!(account);
    assert_eq!(
        shown,
        [
            ("account.updated", &own, account.as_str(), false),
            ("customer.created", &own, customer.as_str(), false),
            ("product.created", &Value::Null, product.as_str(), false),
        ]
    );
    let events = ids(&all);
    let wanted = json!({"events": [events[2], events[1], events[1]]});
    assert_eq!(
        stripe.control("/_fake/outbox/deliver", wanted).await,
        json!({"delivered": 3, "failed": 0})
    );
    assert_eq!(
        receiver.types(),
        ["product.created", "customer.created", "customer.created"]
    );
    let delivered: Vec<Value> = stripe.control_get("/_fake/events").await["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["delivered"].clone())
        .collect();
    assert_eq!(delivered, [false, true, true]);
}

#[tokio::test]
async fn a_chosen_event_that_is_refused_counts_as_failed() {
    let (mut stripe, receiver) = start().await;
    stripe.control("/_fake/outbox", json!({"mode": "hold"})).await;
    stripe.connect().await;
    let events = ids(&stripe.control_get("/_fake/events").await);
    *receiver.refuse_next.lock().unwrap() = 1;
    assert_eq!(
        stripe
            .control("/_fake/outbox/deliver", json!({"events": [events[0], events[0]]}))
            .await,
        json!({"delivered": 1, "failed": 1})
    );
    assert_eq!(stripe.control_get("/_fake/outbox").await["pending"], json!([]));
}
