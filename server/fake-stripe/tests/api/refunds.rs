//! Refunds: whole, in parts, and too much.

use crate::support::{Stripe, id};

#[tokio::test]
async fn a_payment_is_refunded_in_parts_but_not_beyond_what_is_left() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    stripe.subscribe(&customer, &price).await;
    let charge = stripe.get("/v1/charges", &[("customer", &customer)]).await["data"][0].clone();
    let intent = charge["payment_intent"].as_str().unwrap().to_owned();
    let refund = |amount: &'static str| [("payment_intent", intent.clone()), ("amount", amount.to_owned())];
    let refused = |amount: &'static str| {
        let form = refund(amount);
        let stripe = &stripe;
        async move {
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            stripe.refused("POST", "/v1/refunds", &form).await
        }
    };
    assert_eq!(
        refused("1001").await.message(),
        "Refund amount ($10.01) is greater than charge amount ($10.00)"
    );
    assert_eq!(refused("0").await.code(), "parameter_invalid_integer");
    let form = [
        ("payment_intent", intent.as_str()),
        ("amount", "400"),
        ("reason", "duplicate"),
    ];
    let first = stripe.post("/v1/refunds", &form).await;
    assert_eq!(
        (first["status"].as_str(), first["charge"].as_str()),
        (Some("succeeded"), charge["id"].as_str())
    );
    assert_eq!(
        refused("601").await.message(),
        "Refund amount ($6.01) is greater than unrefunded amount on charge ($6.00)"
    );
    let part = stripe.get(&format!("/v1/charges/{}", id(&charge)), &[]).await;
    assert_eq!(
        (part["amount_refunded"].as_i64(), part["refunded"].as_bool()),
        (Some(400), Some(false))
    );
    stripe.post("/v1/refunds", &[("payment_intent", &intent)]).await;
    let whole = stripe.get(&format!("/v1/charges/{}", id(&charge)), &[]).await;
    assert_eq!(
        (whole["amount_refunded"].as_i64(), whole["refunded"].as_bool()),
        (Some(1000), Some(true))
    );
    assert_eq!(refused("1").await.code(), "charge_already_refunded");
    let types = stripe.event_types().await;
    let of_refunds: Vec<&str> = types
        .iter()
        .map(String::as_str)
        .filter(|kind| kind.contains("refund"))
        .collect();
    assert_eq!(
        of_refunds,
        ["refund.created", "charge.refunded", "refund.created", "charge.refunded"]
    );
    assert_eq!(
        stripe.get("/v1/refunds", &[("charge", &id(&charge))]).await["data"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn what_was_not_paid_is_not_refunded() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_chargeCustomerFail").await;
    let form = [("customer", customer.as_str()), ("items[0][price]", price.as_str())];
    stripe.post("/v1/subscriptions", &form).await;
    let charge = stripe.get("/v1/charges", &[("customer", &customer)]).await["data"][0].clone();
    assert_eq!(charge["status"], "failed");
    stripe.refused("POST", "/v1/refunds", &[("charge", &id(&charge))]).await;
    let intent = charge["payment_intent"].as_str().unwrap();
    let refused = stripe
        .refused("POST", "/v1/refunds", &[("payment_intent", intent)])
        .await;
    assert!(
        refused
            .message()
            .contains("does not have a successful charge to refund")
    );
    assert_eq!(
        stripe.refused("POST", "/v1/refunds", &[]).await.code(),
        "parameter_missing"
    );
}
