//! Ending subscriptions.

use serde_json::json;

use crate::support::{DAY, HOUR, START, Stripe, id, period_end};

#[tokio::test]
async fn a_cancellation_at_period_end_can_be_taken_back_and_otherwise_ends_it_there() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &price).await;
    let path = format!("/v1/subscriptions/{}", id(&subscription));
    let ending = stripe.post(&path, &[("cancel_at_period_end", "true")]).await;
    assert_eq!(
        (ending["cancel_at_period_end"].as_bool(), ending["cancel_at"].as_i64()),
        (Some(true), Some(period_end(&subscription)))
    );
    assert_eq!(ending["canceled_at"], START);
    let kept = stripe.post(&path, &[("cancel_at_period_end", "false")]).await;
    assert_eq!(
        (kept["cancel_at"].is_null(), kept["canceled_at"].is_null()),
        (true, true)
    );
    stripe.post(&path, &[("cancel_at_period_end", "true")]).await;
    stripe.set_time(period_end(&subscription)).await;
    let ended = stripe.subscription(&id(&subscription)).await;
    assert_eq!(
        (ended["status"].as_str(), ended["ended_at"].as_i64()),
        (Some("canceled"), Some(period_end(&subscription)))
    );
    assert_eq!(
        stripe.get("/v1/invoices", &[]).await["data"].as_array().unwrap().len(),
        1,
        "no renewal"
    );
    assert_eq!(
        stripe.event_types().await.last().unwrap(),
        "customer.subscription.deleted"
    );
    assert_eq!(stripe.refused("DELETE", &path, &[]).await.status, 404);
    assert_eq!(
        stripe
            .refused("POST", &path, &[("cancel_at_period_end", "false")])
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn a_date_ends_it_in_the_middle_of_a_period() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &price).await;
    let path = format!("/v1/subscriptions/{}", id(&subscription));
    let when = (START + 5 * DAY).to_string();
    let ending = stripe.post(&path, &[("cancel_at", &when)]).await;
    assert_eq!(
        (ending["cancel_at"].as_i64(), ending["cancel_at_period_end"].as_bool()),
        (Some(START + 5 * DAY), Some(false))
    );
    let cleared = stripe.post(&path, &[("cancel_at", "")]).await;
    assert!(cleared["cancel_at"].is_null());
    stripe.post(&path, &[("cancel_at", &when)]).await;
    stripe.advance(5 * DAY).await;
    assert_eq!(stripe.subscription(&id(&subscription)).await["status"], "canceled");
}

#[tokio::test]
async fn cancelling_now_can_credit_the_unused_time() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = id(&stripe.subscribe(&customer, &price).await);
    stripe.advance(7 * DAY).await;
    let ended = stripe
        .delete(
            &format!("/v1/subscriptions/{subscription}"),
            &[("prorate", "true"), ("invoice_now", "true")],
        )
        .await;
    assert_eq!(ended["status"], "canceled");
    assert_eq!(
        stripe.get(&format!("/v1/customers/{customer}"), &[]).await["balance"],
        -750
    );
}

#[tokio::test]
async fn an_unpaid_invoice_outlives_its_subscription_until_it_is_voided() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &price).await;
    stripe.give_card(&customer, "pm_card_chargeCustomerFail").await;
    stripe.set_time(period_end(&subscription) + HOUR).await;
    let ended = stripe
        .delete(
            &format!("/v1/subscriptions/{}", id(&subscription)),
            &[("expand[]", "latest_invoice")],
        )
        .await;
    assert_eq!(
        (
            ended["latest_invoice"]["status"].as_str(),
            ended["latest_invoice"]["auto_advance"].as_bool()
        ),
        (Some("open"), Some(false))
    );
    let invoice = id(&ended["latest_invoice"]);
    stripe.advance(20 * DAY).await;
    assert_eq!(
        stripe.get(&format!("/v1/invoices/{invoice}"), &[]).await["attempt_count"],
        1
    );
    assert_eq!(
        stripe.post(&format!("/v1/invoices/{invoice}/void"), &[]).await["status"],
        "void"
    );
}

#[tokio::test]
async fn cancelled_while_incomplete_it_is_incomplete_expired() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_chargeCustomerFail").await;
    let subscription = id(&stripe
        .post(
            "/v1/subscriptions",
            &[("customer", &customer), ("items[0][price]", &price)],
        )
        .await);
    let ended = stripe.delete(&format!("/v1/subscriptions/{subscription}"), &[]).await;
    assert_eq!(ended["status"], "incomplete_expired");
    let invoice = ended["latest_invoice"].as_str().unwrap();
    assert_eq!(
        stripe.post(&format!("/v1/invoices/{invoice}/void"), &[]).await["status"],
        "void"
    );
}

#[tokio::test]
async fn a_deleted_customer_takes_the_subscriptions_along() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = id(&stripe.subscribe(&customer, &price).await);
    assert_eq!(
        stripe.delete(&format!("/v1/customers/{customer}"), &[]).await["deleted"],
        true
    );
    assert_eq!(
        stripe.get(&format!("/v1/customers/{customer}"), &[]).await["deleted"],
        true
    );
    assert_eq!(stripe.subscription(&subscription).await["status"], "canceled");
    assert_eq!(stripe.get("/v1/customers", &[]).await["data"], json!([]));
    assert_eq!(
        stripe
            .refused("POST", &format!("/v1/customers/{customer}"), &[("name", "x")])
            .await
            .status,
        404
    );
}
