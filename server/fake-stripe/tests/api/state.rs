//! Going back to a state, and going on elsewhere from it.

use serde_json::{Value, json};

use crate::support::{DAY, Stripe, id};

/// The same things done from the same state: a renewal whose card fails, and a purchase under a key.
async fn go_on(stripe: &Stripe, customer: &str, price: &str) -> Vec<Value> {
    let key = [("idempotency-key", "k2")];
    let form = [("customer", customer), ("items[0][price]", price)];
    let bought = stripe.send("POST", "/v1/subscriptions", &form, &key).await;
    assert_eq!(bought.status, 200, "{:#}", bought.body);
    stripe.advance(32 * DAY).await;
    let mut seen = vec![bought.body];
    for list in ["/v1/subscriptions", "/v1/invoices", "/v1/events"] {
        seen.push(stripe.get(list, &[("limit", "100")]).await);
    }
    seen.push(stripe.control_get("/_fake/state").await);
    seen
}

#[tokio::test]
async fn a_state_put_back_goes_on_exactly_as_it_did_before() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    stripe.subscribe(&customer, &price).await;
    let other = stripe.price("Silver", 500, "month").await;
    let key = [("idempotency-key", "k1")];
    let made = stripe.send("POST", "/v1/customers", &[("name", "a")], &key).await;
    stripe
        .control("/_fake/faults", json!({"kind": "status", "path_prefix": "/v1/refunds"}))
        .await;
    let before = stripe.control_get("/_fake/state").await;
    let first = go_on(&stripe, &customer, &other).await;
    let after = stripe.control_put("/_fake/state", &before).await;
    assert_eq!(after["now"], before["now"]);
    assert_eq!(stripe.control_get("/_fake/state").await, before);
    assert_eq!(go_on(&stripe, &customer, &other).await, first);
    stripe.control_put("/_fake/state", &before).await;
    let again = stripe.send("POST", "/v1/customers", &[("name", "a")], &key).await;
    assert_eq!((again.replayed, again.body), (true, made.body));
    assert_eq!(stripe.control_get("/_fake/faults").await["data"][0]["kind"], "status");
}

#[tokio::test]
async fn another_process_goes_on_from_a_state_with_its_own_addresses() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let invoice = stripe.subscribe(&customer, &price).await["latest_invoice"].clone();
    let invoice = format!("/v1/invoices/{}", invoice.as_str().unwrap());
    let url = stripe.get(&invoice, &[]).await["hosted_invoice_url"].clone();
    let state = stripe.control_get("/_fake/state").await;
    let mut elsewhere = Stripe::start().await;
    elsewhere.control_put("/_fake/state", &state).await;
    elsewhere.account.clone_from(&stripe.account);
    let moved = elsewhere.get(&invoice, &[]).await["hosted_invoice_url"].clone();
    assert_ne!(moved, url);
    assert_eq!(elsewhere.page(moved.as_str().unwrap()).await, 200);
}

#[tokio::test]
async fn what_is_no_state_is_refused_and_changes_nothing() {
    let stripe = Stripe::connected().await;
    let customer = id(&stripe.post("/v1/customers", &[]).await);
    let refused = stripe.put("/_fake/state", "{\"records\": []}").await;
    assert_eq!(refused, 400);
    stripe.get(&format!("/v1/customers/{customer}"), &[]).await;
}
