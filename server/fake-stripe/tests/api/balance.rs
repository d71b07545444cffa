//! The balance: what was paid, less what went back and what the platform keeps.

use serde_json::{Value, json};

use crate::support::{Stripe, id};

/// The available amount in dollars.
async fn dollars(stripe: &Stripe) -> i64 {
    let balance = stripe.get("/v1/balance", &[]).await;
    assert_eq!(balance["object"], "balance");
    let available = balance["available"].as_array().unwrap();
    let dollars = available.iter().find(|amount| amount["currency"] == "usd").unwrap();
    assert_eq!(dollars["source_types"]["card"], dollars["amount"]);
    dollars["amount"].as_i64().unwrap()
}

#[tokio::test]
async fn the_balance_is_what_was_paid_less_what_went_back() {
    let mut stripe = Stripe::connected().await;
    let account = stripe.account.clone();
    assert_eq!(
        stripe.get("/v1/balance", &[]).await,
        json!({
            "object": "balance", "livemode": false,
            "available": [{"amount": 0, "currency": "usd", "source_types": {"card": 0}}],
            "pending": [{"amount": 0, "currency": "usd", "source_types": {"card": 0}}],
        })
    );
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let form = [
        ("customer", customer.as_str()),
        ("items[0][price]", price.as_str()),
        ("application_fee_percent", "10"),
    ];
    stripe.post("/v1/subscriptions", &form).await;
    assert_eq!(dollars(&stripe).await, 900);
    // A declined payment moves nothing.
    let poor = stripe.customer("pm_card_chargeCustomerFail").await;
    stripe
        .refused(
            "POST",
            "/v1/subscriptions",
            &[
                ("customer", &poor),
                ("items[0][price]", &price),
                ("payment_behavior", "error_if_incomplete"),
            ],
        )
        .await;
    let charges = stripe.get("/v1/charges", &[("customer", &customer)]).await;
    let charge = id(&charges["data"][0]);
    stripe
        .post("/v1/refunds", &[("charge", &charge), ("amount", "400")])
        .await;
    assert_eq!(dollars(&stripe).await, 500);
    let form = [
        ("charge", charge.as_str()),
        ("amount", "250"),
        ("refund_application_fee", "true"),
    ];
    stripe.post("/v1/refunds", &form).await;
    assert_eq!(dollars(&stripe).await, 275, "a quarter of the fee came back");
    stripe.account = None;
    assert_eq!(dollars(&stripe).await, 75);
    stripe.account = account;
    let form = [("charge", charge.as_str()), ("refund_application_fee", "true")];
    stripe.post("/v1/refunds", &form).await;
    assert_eq!(
        dollars(&stripe).await,
        -40,
        "the fee of the first refund stays with the platform"
    );
    stripe.account = None;
    assert_eq!(dollars(&stripe).await, 40);
}

#[tokio::test]
async fn a_dispute_takes_the_money_until_it_is_won() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    stripe.subscribe(&customer, &price).await;
    let charge = id(&stripe.get("/v1/charges", &[]).await["data"][0]);
    let dispute = stripe
        .control(&format!("/_fake/charges/{charge}/dispute"), json!({"amount": 600}))
        .await;
    assert_eq!(dollars(&stripe).await, 400);
    stripe
        .control(&format!("/_fake/disputes/{}", id(&dispute)), json!({"outcome": "won"}))
        .await;
    assert_eq!(dollars(&stripe).await, 1000);
}

#[tokio::test]
async fn each_currency_is_counted_by_itself() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let product = stripe.get(&format!("/v1/prices/{price}"), &[]).await["product"].clone();
    let form = [
        ("product", product.as_str().unwrap()),
        ("currency", "eur"),
        ("unit_amount", "700"),
        ("recurring[interval]", "month"),
    ];
    let euros = id(&stripe.post("/v1/prices", &form).await);
    for price in [&price, &euros] {
        let customer = stripe.customer("pm_card_visa").await;
        stripe.subscribe(&customer, price).await;
    }
    let balance = stripe.get("/v1/balance", &[]).await;
    let amounts: Vec<(&Value, &Value)> = balance["available"]
        .as_array()
        .unwrap()
        .iter()
        .map(|amount| (&amount["currency"], &amount["amount"]))
        .collect();
    assert_eq!(amounts, [(&json!("eur"), &json!(700)), (&json!("usd"), &json!(1000))]);
}
