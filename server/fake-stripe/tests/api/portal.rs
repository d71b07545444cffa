//! The customer portal: configurations, sessions, and what its page does.

use serde_json::{Value, json};

use crate::support::{Stripe, id, period_end};

async fn open(stripe: &Stripe, customer: &str) -> Value {
    let form = [
        ("features[invoice_history][enabled]", "true"),
        ("features[payment_method_update][enabled]", "true"),
        ("features[subscription_cancel][enabled]", "true"),
        ("features[subscription_cancel][mode]", "at_period_end"),
        ("business_profile[headline]", "Members"),
    ];
    let configuration = id(&stripe.post("/v1/billing_portal/configurations", &form).await);
    let form = [
        ("customer", customer),
        ("configuration", configuration.as_str()),
        ("return_url", "http://127.0.0.1:3000/back"),
    ];
    stripe.post("/v1/billing_portal/sessions", &form).await
}

#[tokio::test]
async fn a_configuration_needs_features_only_and_can_be_changed() {
    let stripe = Stripe::connected().await;
    assert_eq!(
        stripe
            .refused("POST", "/v1/billing_portal/configurations", &[])
            .await
            .code(),
        "parameter_missing"
    );
    let made = stripe
        .post(
            "/v1/billing_portal/configurations",
            &[("features[invoice_history][enabled]", "true")],
        )
        .await;
    assert_eq!(made["features"]["subscription_cancel"]["enabled"], false);
    let form = [
        ("business_profile[headline]", "Hello"),
        ("features[customer_update][enabled]", "true"),
        ("features[customer_update][allowed_updates][]", "email"),
        ("default_return_url", "http://127.0.0.1/"),
    ];
    let changed = stripe
        .post(&format!("/v1/billing_portal/configurations/{}", id(&made)), &form)
        .await;
    assert_eq!(changed["business_profile"]["headline"], "Hello");
    assert_eq!(changed["features"]["invoice_history"]["enabled"], true);
    assert_eq!(
        changed["features"]["customer_update"]["allowed_updates"],
        json!(["email"])
    );
}

#[tokio::test]
async fn cancelling_there_sets_the_date_and_not_the_flag() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &price).await;
    let session = id(&open(&stripe, &customer).await);
    let path = format!("/_fake/portal/{session}");
    stripe
        .control(
            &path,
            json!({"action": "cancel", "subscription": id(&subscription), "reason": "unused"}),
        )
        .await;
    let ending = stripe.subscription(&id(&subscription)).await;
    assert_eq!(
        (ending["cancel_at"].as_i64(), ending["cancel_at_period_end"].as_bool()),
        (Some(period_end(&subscription)), Some(false))
    );
    assert_eq!(ending["cancellation_details"]["feedback"], "unused");
    stripe
        .control(&path, json!({"action": "renew", "subscription": id(&subscription)}))
        .await;
    assert!(stripe.subscription(&id(&subscription)).await["cancel_at"].is_null());
    stripe
        .control(
            &path,
            json!({"action": "cancel", "subscription": id(&subscription), "reason": null}),
        )
        .await;
    stripe.set_time(period_end(&subscription)).await;
    assert_eq!(stripe.subscription(&id(&subscription)).await["status"], "canceled");
}

#[tokio::test]
async fn cards_are_added_chosen_and_removed_there() {
    let stripe = Stripe::connected().await;
    let customer = stripe.customer("pm_card_visa").await;
    let session = open(&stripe, &customer).await;
    assert!(session["url"].as_str().unwrap().contains("/p/session/"));
    let path = format!("/_fake/portal/{}", id(&session));
    let declined = stripe
        .control(&path, json!({"action": "add_card", "card": "4000000000000002"}))
        .await;
    assert_eq!(declined["outcome"], "declined");
    let added = stripe
        .control(&path, json!({"action": "add_card", "card": "5555555555554444"}))
        .await["payment_method"]
        .as_str()
        .unwrap()
        .to_owned();
    let now = stripe.get(&format!("/v1/customers/{customer}"), &[]).await;
    assert_eq!(now["invoice_settings"]["default_payment_method"], added.as_str());
    stripe
        .control(&path, json!({"action": "remove_card", "payment_method": added}))
        .await;
    assert_eq!(
        stripe.get("/v1/payment_methods", &[("customer", &customer)]).await["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_session_needs_a_configuration() {
    let stripe = Stripe::connected().await;
    let customer = stripe.customer("pm_card_visa").await;
    let refused = stripe
        .refused("POST", "/v1/billing_portal/sessions", &[("customer", &customer)])
        .await;
    assert!(
        refused.message().starts_with("No configuration provided"),
        "{}",
        refused.message()
    );
    let form = [("features[payment_method_update][enabled]", "true")];
    stripe.post("/v1/billing_portal/configurations", &form).await;
    let form = [
        ("customer", customer.as_str()),
        ("flow_data[type]", "payment_method_update"),
    ];
    assert_eq!(
        stripe.post("/v1/billing_portal/sessions", &form).await["flow"]["type"],
        "payment_method_update"
    );
}

#[tokio::test]
async fn a_configuration_says_which_quantities_may_be_changed() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let product = stripe.get(&format!("/v1/prices/{price}"), &[]).await["product"].clone();
    let form = [
        ("features[subscription_update][enabled]", "true"),
        ("features[subscription_update][default_allowed_updates][]", "price"),
        (
            "features[subscription_update][products][0][product]",
            product.as_str().unwrap(),
        ),
        ("features[subscription_update][products][0][prices][]", price.as_str()),
    ];
    let made = stripe.post("/v1/billing_portal/configurations", &form).await;
    let update = &made["features"]["subscription_update"];
    assert_eq!(
        update["products"][0]["adjustable_quantity"],
        json!({"enabled": false, "maximum": null, "minimum": 1})
    );
}
