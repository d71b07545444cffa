//! Cards: test tokens, attaching, detaching, setup intents.

use serde_json::json;

use crate::support::{Stripe, id};

#[tokio::test]
async fn test_tokens_become_cards_and_declined_ones_are_refused() {
    let stripe = Stripe::connected().await;
    let customer = id(&stripe.post("/v1/customers", &[]).await);
    for (token, last4) in [
        ("pm_card_visa", "4242"),
        ("pm_card_mastercard", "4444"),
        ("pm_card_chargeCustomerFail", "0341"),
        ("pm_card_authenticationRequired", "3184"),
    ] {
        let method = stripe
            .post(
                &format!("/v1/payment_methods/{token}/attach"),
                &[("customer", &customer)],
            )
            .await;
        assert_eq!(method["card"]["last4"], last4);
    }
    for (token, decline) in [
        ("pm_card_chargeDeclined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds"),
    ] {
        let refused = stripe
            .refused(
                "POST",
                &format!("/v1/payment_methods/{token}/attach"),
                &[("customer", &customer)],
            )
            .await;
        assert_eq!(
            (refused.status, refused.body["error"]["decline_code"].as_str()),
            (402, Some(decline))
        );
    }
    let listed = stripe
        .get(
            &format!("/v1/customers/{customer}/payment_methods"),
            &[("type", "card")],
        )
        .await;
    assert_eq!(listed["data"].as_array().unwrap().len(), 4);
    assert_eq!(listed["data"][0]["card"]["last4"], "3184", "newest first");
}

#[tokio::test]
async fn a_detached_card_is_gone_from_everything_that_would_use_it() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = id(&stripe.subscribe(&customer, &price).await);
    let method = stripe.give_card(&customer, "pm_card_visa").await;
    stripe
        .post(
            &format!("/v1/subscriptions/{subscription}"),
            &[("default_payment_method", &method)],
        )
        .await;
    let detached = stripe.post(&format!("/v1/payment_methods/{method}/detach"), &[]).await;
    assert!(detached["customer"].is_null());
    assert!(stripe.subscription(&subscription).await["default_payment_method"].is_null());
    let customer_now = stripe.get(&format!("/v1/customers/{customer}"), &[]).await;
    assert!(customer_now["invoice_settings"]["default_payment_method"].is_null());
    assert_eq!(
        stripe
            .refused("POST", &format!("/v1/payment_methods/{method}/detach"), &[])
            .await
            .status,
        400
    );
    assert_eq!(
        stripe
            .refused(
                "POST",
                &format!("/v1/payment_methods/{method}/attach"),
                &[("customer", &customer)]
            )
            .await
            .status,
        400
    );
    let other = stripe.customer("pm_card_visa").await;
    assert_eq!(
        stripe
            .refused(
                "POST",
                &format!("/v1/customers/{other}"),
                &[("invoice_settings[default_payment_method]", &method)]
            )
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn a_customer_without_a_card_cannot_subscribe() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = id(&stripe.post("/v1/customers", &[]).await);
    let refused = stripe
        .refused(
            "POST",
            "/v1/subscriptions",
            &[("customer", &customer), ("items[0][price]", &price)],
        )
        .await;
    assert_eq!((refused.status, refused.code()), (400, "resource_missing"));
    assert_eq!(
        stripe.get("/v1/subscriptions", &[("status", "all")]).await["data"],
        json!([])
    );
    assert!(
        !stripe
            .event_types()
            .await
            .contains(&"customer.subscription.created".to_owned()),
        "nothing is left of it"
    );
}

#[tokio::test]
async fn a_setup_intent_saves_a_card() {
    let stripe = Stripe::connected().await;
    let customer = id(&stripe.post("/v1/customers", &[]).await);
    let form = [
        ("customer", customer.as_str()),
        ("confirm", "true"),
        ("payment_method", "pm_card_visa"),
        ("return_url", "http://127.0.0.1/"),
    ];
    let intent = stripe.post("/v1/setup_intents", &form).await;
    assert_eq!(intent["status"], "succeeded");
    let method = stripe
        .get(
            &format!("/v1/payment_methods/{}", intent["payment_method"].as_str().unwrap()),
            &[],
        )
        .await;
    assert_eq!(method["customer"], customer.as_str());
    let old = stripe
        .refused("POST", "/v1/setup_intents", &[("payment_method_types[]", "card")])
        .await;
    assert_eq!(old.code(), "payment_method_types_no_longer_supported");
}

#[tokio::test]
async fn a_customer_is_made_with_a_test_token_as_its_default_card() {
    let stripe = Stripe::connected().await;
    let token = "pm_card_visa";
    let form = [
        ("payment_method", token),
        ("invoice_settings[default_payment_method]", token),
    ];
    let customer = stripe.post("/v1/customers", &form).await;
    let default = &customer["invoice_settings"]["default_payment_method"];
    let path = format!("/v1/customers/{}/payment_methods", id(&customer));
    let cards = stripe.get(&path, &[]).await;
    assert_eq!(&cards["data"][0]["id"], default);
    assert_eq!(cards["data"].as_array().map(Vec::len), Some(1));
    let refused = stripe.refused("POST", "/v1/customers", &form[1..]).await;
    assert_eq!(refused.status, 404, "nothing was attached");
}

#[tokio::test]
async fn a_trial_without_a_card_asks_for_one() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = id(&stripe.post("/v1/customers", &[]).await);
    let form = [
        ("customer", customer.as_str()),
        ("items[0][price]", price.as_str()),
        ("trial_period_days", "7"),
        ("payment_behavior", "default_incomplete"),
        ("payment_settings[save_default_payment_method]", "on_subscription"),
        ("expand[]", "pending_setup_intent"),
    ];
    let trial = stripe.post("/v1/subscriptions", &form).await;
    assert_eq!(trial["status"], "trialing");
    let intent = &trial["pending_setup_intent"];
    assert!(intent["client_secret"].as_str().is_some(), "{intent:#}");
    let done = stripe
        .post(
            &format!("/v1/setup_intents/{}/confirm", id(intent)),
            &[("payment_method", "pm_card_visa")],
        )
        .await;
    let after = stripe.subscription(&id(&trial)).await;
    assert_eq!(
        (
            after["pending_setup_intent"].is_null(),
            &after["default_payment_method"]
        ),
        (true, &done["payment_method"])
    );
}

#[tokio::test]
async fn a_setup_intent_says_which_methods_it_takes() {
    let stripe = Stripe::connected().await;
    let form = [("automatic_payment_methods[enabled]", "true")];
    let intent = stripe.post("/v1/setup_intents", &form).await;
    assert_eq!(
        intent["automatic_payment_methods"],
        json!({"allow_redirects": "always", "enabled": true})
    );
}
