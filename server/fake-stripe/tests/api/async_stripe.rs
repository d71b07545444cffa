//! async-stripe reads an answer whole or not at all: every object that the store reads must have all that it wants.

use serde_json::{Value, json};

use crate::support::{HOUR, Stripe, id, period_end};

fn reads<T: miniserde::Deserialize>(object: &Value, name: &str) {
    let text = object.to_string();
    assert!(
        miniserde::json::from_str::<T>(&text).is_ok(),
        "async-stripe cannot read this {name}: {object:#}"
    );
}

#[tokio::test]
async fn async_stripe_reads_every_object_of_a_purchase() {
    let stripe = Stripe::connected().await;
    let account = stripe.account.clone().unwrap();
    reads::<stripe_shared::Account>(&stripe.get(&format!("/v1/accounts/{account}"), &[]).await, "account");
    let price = stripe.price("Gold", 1000, "month").await;
    let found = stripe
        .get(&format!("/v1/prices/{price}"), &[("expand[]", "product")])
        .await;
    reads::<stripe_shared::Price>(&found, "price");
    reads::<stripe_shared::Product>(&found["product"], "product");
    let form = [
        ("mode", "subscription"),
        ("line_items[0][price]", price.as_str()),
        ("line_items[0][quantity]", "1"),
        ("success_url", "http://127.0.0.1/s"),
    ];
    let session = stripe.post("/v1/checkout/sessions", &form).await;
    reads::<stripe_shared::CheckoutSession>(&session, "open session");
    stripe
        .control(
            &format!("/_fake/checkout/{}/complete", id(&session)),
            json!({"card": "4242424242424242"}),
        )
        .await;
    let query = [
        ("expand[]", "subscription.latest_invoice.payments"),
        ("expand[]", "customer"),
        ("expand[]", "line_items"),
        ("expand[]", "subscription.default_payment_method"),
    ];
    let session = stripe
        .get(&format!("/v1/checkout/sessions/{}", id(&session)), &query)
        .await;
    let subscription = &session["subscription"];
    reads::<stripe_shared::SubscriptionItem>(&subscription["items"]["data"][0], "item");
    reads::<stripe_shared::InvoiceLineItem>(&subscription["latest_invoice"]["lines"]["data"][0], "line");
    reads::<stripe_shared::Invoice>(&subscription["latest_invoice"], "invoice");
    reads::<stripe_shared::PaymentMethod>(&subscription["default_payment_method"], "payment method");
    reads::<stripe_shared::Subscription>(subscription, "subscription");
    reads::<stripe_shared::Customer>(&session["customer"], "customer");
    reads::<stripe_shared::CheckoutSession>(&session, "completed session");
    let intent = session["subscription"]["latest_invoice"]["payments"]["data"][0]["payment"]["payment_intent"]
        .as_str()
        .unwrap();
    reads::<stripe_shared::PaymentIntent>(
        &stripe.get(&format!("/v1/payment_intents/{intent}"), &[]).await,
        "payment intent",
    );
    let schedule = stripe
        .post(
            "/v1/subscription_schedules",
            &[("from_subscription", &id(subscription))],
        )
        .await;
    reads::<stripe_shared::SubscriptionSchedule>(&schedule, "schedule");
    let listed = stripe.get("/v1/subscriptions", &[]).await;
    reads::<stripe_types::List<stripe_shared::Subscription>>(&listed, "list of subscriptions");
}

#[tokio::test]
async fn async_stripe_reads_links_portal_and_previews() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &price).await;
    let configuration = stripe
        .post(
            "/v1/billing_portal/configurations",
            &[("features[invoice_history][enabled]", "true")],
        )
        .await;
    reads::<stripe_billing::BillingPortalConfiguration>(&configuration, "portal configuration");
    reads::<stripe_billing::BillingPortalSession>(
        &stripe
            .post("/v1/billing_portal/sessions", &[("customer", &customer)])
            .await,
        "portal session",
    );
    let preview = stripe
        .post("/v1/invoices/create_preview", &[("subscription", &id(&subscription))])
        .await;
    reads::<stripe_shared::Invoice>(&preview, "preview");
    let setup = [
        ("mode", "setup"),
        ("customer", customer.as_str()),
        ("success_url", "http://127.0.0.1/s"),
        ("currency", "usd"),
    ];
    let session = id(&stripe.post("/v1/checkout/sessions", &setup).await);
    stripe
        .control(
            &format!("/_fake/checkout/{session}/complete"),
            json!({"card": "4242424242424242"}),
        )
        .await;
    let session = stripe
        .get(
            &format!("/v1/checkout/sessions/{session}"),
            &[("expand[]", "setup_intent.payment_method")],
        )
        .await;
    reads::<stripe_shared::CheckoutSession>(&session, "setup session");
    stripe.give_card(&customer, "pm_card_chargeCustomerFail").await;
    stripe.set_time(period_end(&subscription) + HOUR).await;
    let failed = stripe
        .get(
            &format!("/v1/subscriptions/{}", id(&subscription)),
            &[("expand[]", "latest_invoice.payments.data")],
        )
        .await;
    reads::<stripe_shared::Subscription>(&failed, "past due subscription");
    let mut platform = stripe;
    let account = platform.account.take().unwrap();
    let form = [
        ("account", account.as_str()),
        ("type", "account_onboarding"),
        ("refresh_url", "http://127.0.0.1/r"),
        ("return_url", "http://127.0.0.1/d"),
    ];
    reads::<stripe_connect::AccountLink>(&platform.post("/v1/account_links", &form).await, "account link");
    reads::<stripe_types::List<stripe_shared::Account>>(&platform.get("/v1/accounts", &[]).await, "list of accounts");
}
