//! Paying, voiding and finalising invoices.

use serde_json::json;

use crate::support::{HOUR, Stripe, id, period_end};

#[tokio::test]
async fn an_incomplete_subscription_becomes_active_when_its_invoice_is_paid() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_chargeCustomerFail").await;
    let form = [
        ("customer", customer.as_str()),
        ("items[0][price]", price.as_str()),
        ("expand[]", "latest_invoice.payments"),
    ];
    let subscription = stripe.post("/v1/subscriptions", &form).await;
    assert_eq!(subscription["status"], "incomplete");
    let invoice = id(&subscription["latest_invoice"]);
    let good = stripe.give_card(&customer, "pm_card_mastercard").await;
    let paid = stripe
        .post(&format!("/v1/invoices/{invoice}/pay"), &[("payment_method", &good)])
        .await;
    assert_eq!(
        (paid["status"].as_str(), paid["attempt_count"].as_i64()),
        (Some("paid"), Some(1))
    );
    assert_eq!(stripe.subscription(&id(&subscription)).await["status"], "active");
    assert_eq!(
        stripe
            .refused("POST", &format!("/v1/invoices/{invoice}/pay"), &[])
            .await
            .code(),
        "invoice_already_paid"
    );
    assert_eq!(
        stripe
            .refused("POST", &format!("/v1/invoices/{invoice}/void"), &[])
            .await
            .status,
        400
    );
    let payments = stripe.get("/v1/invoice_payments", &[("invoice", &invoice)]).await;
    assert_eq!(
        (
            payments["data"][0]["status"].as_str(),
            payments["data"][0]["amount_paid"].as_i64()
        ),
        (Some("paid"), Some(1000))
    );
}

#[tokio::test]
async fn default_incomplete_waits_for_its_payment_intent() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let form = [
        ("customer", customer.as_str()),
        ("items[0][price]", price.as_str()),
        ("payment_behavior", "default_incomplete"),
        ("payment_settings[save_default_payment_method]", "on_subscription"),
        ("expand[]", "latest_invoice.payments"),
    ];
    let subscription = stripe.post("/v1/subscriptions", &form).await;
    assert_eq!(
        (
            subscription["status"].as_str(),
            subscription["latest_invoice"]["attempt_count"].as_i64()
        ),
        (Some("incomplete"), Some(0))
    );
    let intent = subscription["latest_invoice"]["payments"]["data"][0]["payment"]["payment_intent"]
        .as_str()
        .unwrap()
        .to_owned();
    let method = stripe.give_card(&customer, "pm_card_mastercard").await;
    let confirmed = stripe
        .post(
            &format!("/v1/payment_intents/{intent}/confirm"),
            &[("payment_method", &method)],
        )
        .await;
    assert_eq!(confirmed["status"], "succeeded");
    let active = stripe.subscription(&id(&subscription)).await;
    assert_eq!(
        (active["status"].as_str(), active["default_payment_method"].as_str()),
        (Some("active"), Some(method.as_str()))
    );
}

#[tokio::test]
async fn a_bank_that_wants_confirmation_gets_it_on_the_invoices_page() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_authenticationRequired").await;
    let subscription = stripe
        .post(
            "/v1/subscriptions",
            &[("customer", &customer), ("items[0][price]", &price)],
        )
        .await;
    assert_eq!(subscription["status"], "incomplete");
    let invoice = subscription["latest_invoice"].as_str().unwrap().to_owned();
    let refused = stripe
        .refused("POST", &format!("/v1/invoices/{invoice}/pay"), &[])
        .await;
    assert_eq!(
        (refused.status, refused.code()),
        (402, "invoice_payment_intent_requires_action")
    );
    let path = format!("/_fake/invoices/{invoice}/pay");
    assert_eq!(
        stripe.control(&path, json!({"card": "4000002760003184"})).await["outcome"],
        "needs_confirmation"
    );
    assert_eq!(
        stripe
            .control(&path, json!({"card": "4000002760003184", "confirmed": true}))
            .await["outcome"],
        "done"
    );
    assert_eq!(stripe.subscription(&id(&subscription)).await["status"], "active");
    assert!(
        stripe
            .event_types()
            .await
            .contains(&"invoice.payment_action_required".to_owned())
    );
}

#[tokio::test]
async fn a_draft_is_finalised_without_collection_and_then_voided() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &price).await;
    stripe.set_time(period_end(&subscription)).await;
    let draft = id(&stripe.subscription(&id(&subscription)).await["latest_invoice"]);
    assert_eq!(
        stripe
            .refused("POST", &format!("/v1/invoices/{draft}/void"), &[])
            .await
            .status,
        400
    );
    let open = stripe
        .post(&format!("/v1/invoices/{draft}/finalize"), &[("auto_advance", "false")])
        .await;
    assert_eq!(
        (open["status"].as_str(), open["auto_advance"].as_bool()),
        (Some("open"), Some(false))
    );
    stripe.advance(2 * HOUR).await;
    assert_eq!(
        stripe.get(&format!("/v1/invoices/{draft}"), &[]).await["status"],
        "open"
    );
    let void = stripe.post(&format!("/v1/invoices/{draft}/void"), &[]).await;
    assert_eq!(
        (
            void["status"].as_str(),
            void["status_transitions"]["voided_at"].is_null()
        ),
        (Some("void"), false)
    );
}

#[tokio::test]
async fn there_is_nothing_to_preview_for_what_ends() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = id(&stripe.subscribe(&customer, &price).await);
    let next = stripe
        .post("/v1/invoices/create_preview", &[("subscription", &subscription)])
        .await;
    assert_eq!(
        (next["total"].as_i64(), next["billing_reason"].as_str()),
        (Some(1000), Some("upcoming"))
    );
    let form = [
        ("customer", customer.as_str()),
        ("subscription_details[items][0][price]", price.as_str()),
    ];
    assert_eq!(
        stripe.post("/v1/invoices/create_preview", &form).await["amount_due"],
        1000
    );
    stripe
        .post(
            &format!("/v1/subscriptions/{subscription}"),
            &[("cancel_at_period_end", "true")],
        )
        .await;
    let none = stripe
        .refused(
            "POST",
            "/v1/invoices/create_preview",
            &[("subscription", &subscription)],
        )
        .await;
    assert_eq!((none.status, none.code()), (404, "invoice_upcoming_none"));
}

#[tokio::test]
async fn a_voided_invoice_gives_back_what_it_took_of_the_balance() {
    for (balance, due) in [(-500, 2500), (40, 3040)] {
        let stripe = Stripe::connected().await;
        let price = stripe.price("Gold", 3000, "month").await;
        let customer = stripe.customer("pm_card_chargeCustomerFail").await;
        let path = format!("/v1/customers/{customer}");
        stripe.post(&path, &[("balance", &balance.to_string())]).await;
        let form = [
            ("customer", customer.as_str()),
            ("items[0][price]", price.as_str()),
            ("expand[]", "latest_invoice"),
        ];
        let invoice = stripe.post("/v1/subscriptions", &form).await["latest_invoice"].clone();
        assert_eq!(invoice["amount_due"], due);
        assert_eq!(stripe.get(&path, &[]).await["balance"], 0);
        stripe.post(&format!("/v1/invoices/{}/void", id(&invoice)), &[]).await;
        assert_eq!(stripe.get(&path, &[]).await["balance"], balance);
    }
}
