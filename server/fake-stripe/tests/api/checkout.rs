//! Checkout sessions, as their page completes them.

use serde_json::{Value, json};

use crate::support::{DAY, START, Stripe, id, period_end};

async fn session(stripe: &Stripe, price: &str, more: &[(&str, &str)]) -> Value {
    let mut form = vec![
        ("mode", "subscription"),
        ("line_items[0][price]", price),
        ("line_items[0][quantity]", "1"),
        (
            "success_url",
            "http://127.0.0.1:3000/popups/return?session={CHECKOUT_SESSION_ID}",
        ),
        ("cancel_url", "http://127.0.0.1:3000/cancel"),
        ("managed_payments[enabled]", "false"),
        ("allowed_payment_method_types[]", "card"),
    ];
    form.extend(more);
    stripe.post("/v1/checkout/sessions", &form).await
}

#[tokio::test]
async fn a_purchase_makes_customer_subscription_and_paid_invoice_with_the_fee() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let more = [
        ("subscription_data[application_fee_percent]", "2.5"),
        ("subscription_data[metadata][tier]", "gold"),
        ("customer_email", "a@example.com"),
    ];
    let open = session(&stripe, &price, &more).await;
    assert_eq!(
        (open["status"].as_str(), open["payment_status"].as_str()),
        (Some("open"), Some("unpaid"))
    );
    let done = stripe
        .control(
            &format!("/_fake/checkout/{}/complete", id(&open)),
            json!({"card": "4242 4242 4242 4242"}),
        )
        .await;
    assert_eq!(
        done["return_url"],
        format!("http://127.0.0.1:3000/popups/return?session={}", id(&open))
    );
    let query = [
        ("expand[]", "subscription.latest_invoice.payments"),
        ("expand[]", "customer"),
        ("expand[]", "line_items"),
    ];
    let session = stripe
        .get(&format!("/v1/checkout/sessions/{}", id(&open)), &query)
        .await;
    assert_eq!(
        (session["status"].as_str(), session["payment_status"].as_str()),
        (Some("complete"), Some("paid"))
    );
    assert_eq!(session["customer"]["email"], "a@example.com");
    let subscription = &session["subscription"];
    assert_eq!(subscription["status"], "active");
    assert_eq!(subscription["metadata"], json!({"tier": "gold"}));
    assert_eq!(subscription["application_fee_percent"], 2.5);
    let invoice = &subscription["latest_invoice"];
    assert_eq!(
        (invoice["status"].as_str(), invoice["amount_paid"].as_i64()),
        (Some("paid"), Some(1000))
    );
    assert_eq!(
        invoice["parent"]["subscription_details"]["subscription"],
        subscription["id"]
    );
    assert_eq!(
        invoice["lines"]["data"][0]["pricing"]["price_details"]["price"],
        price.as_str()
    );
    let intent = invoice["payments"]["data"][0]["payment"]["payment_intent"]
        .as_str()
        .unwrap();
    assert_eq!(
        stripe.get(&format!("/v1/payment_intents/{intent}"), &[]).await["application_fee_amount"],
        25
    );
    let types = stripe.event_types().await;
    for wanted in [
        "customer.created",
        "payment_method.attached",
        "customer.subscription.created",
        "invoice.created",
        "invoice.finalized",
        "payment_intent.succeeded",
        "invoice.paid",
        "invoice.payment_succeeded",
        "customer.subscription.updated",
        "checkout.session.completed",
    ] {
        assert!(
            types.iter().any(|known| known == wanted),
            "{wanted} is missing in {types:?}"
        );
    }
}

#[tokio::test]
async fn a_declined_card_leaves_the_session_open_for_another_try() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let open = id(&session(&stripe, &price, &[]).await);
    let path = format!("/_fake/checkout/{open}/complete");
    for (card, decline) in [
        ("4000000000000002", "generic_decline"),
        ("4000000000009995", "insufficient_funds"),
    ] {
        let answer = stripe.control(&path, json!({"card": card})).await;
        assert_eq!(
            (answer["outcome"].as_str(), answer["error"]["decline_code"].as_str()),
            (Some("declined"), Some(decline))
        );
    }
    assert_eq!(stripe.get("/v1/subscriptions", &[]).await["data"], json!([]));
    assert_eq!(
        stripe.control(&path, json!({"card": "5555555555554444"})).await["outcome"],
        "done"
    );
}

#[tokio::test]
async fn a_card_that_needs_confirmation_is_asked_for_it() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let open = id(&session(&stripe, &price, &[]).await);
    let path = format!("/_fake/checkout/{open}/complete");
    assert_eq!(
        stripe.control(&path, json!({"card": "4000002500003155"})).await["outcome"],
        "needs_confirmation"
    );
    assert_eq!(
        stripe
            .control(&path, json!({"card": "4000002500003155", "confirmed": true}))
            .await["outcome"],
        "done"
    );
}

#[tokio::test]
async fn only_open_sessions_expire_and_they_do_so_by_themselves_after_a_day() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let first = id(&session(&stripe, &price, &[]).await);
    let expired = stripe.post(&format!("/v1/checkout/sessions/{first}/expire"), &[]).await;
    assert_eq!(
        (expired["status"].as_str(), expired["url"].is_null()),
        (Some("expired"), true)
    );
    assert_eq!(
        stripe
            .refused("POST", &format!("/v1/checkout/sessions/{first}/expire"), &[])
            .await
            .status,
        400
    );
    let second = session(&stripe, &price, &[]).await;
    assert_eq!(second["expires_at"], START + DAY);
    stripe.advance(DAY - 1).await;
    assert_eq!(
        stripe.get(&format!("/v1/checkout/sessions/{}", id(&second)), &[]).await["status"],
        "open"
    );
    stripe.advance(1).await;
    assert_eq!(
        stripe.get(&format!("/v1/checkout/sessions/{}", id(&second)), &[]).await["status"],
        "expired"
    );
    assert_eq!(
        stripe
            .event_types()
            .await
            .iter()
            .filter(|kind| *kind == "checkout.session.expired")
            .count(),
        2
    );
}

#[tokio::test]
async fn setup_mode_saves_a_card_and_needs_a_currency() {
    let stripe = Stripe::connected().await;
    let customer = id(&stripe.post("/v1/customers", &[]).await);
    let form = [
        ("mode", "setup"),
        ("customer", customer.as_str()),
        ("success_url", "http://127.0.0.1:3000/s"),
        ("currency", "usd"),
        ("setup_intent_data[metadata][a]", "b"),
    ];
    let refused = stripe.refused("POST", "/v1/checkout/sessions", &form[..3]).await;
    assert_eq!(
        (refused.code(), refused.body["error"]["param"].as_str()),
        ("parameter_missing", Some("currency"))
    );
    let open = id(&stripe.post("/v1/checkout/sessions", &form).await);
    stripe
        .control(
            &format!("/_fake/checkout/{open}/complete"),
            json!({"card": "4242424242424242"}),
        )
        .await;
    let done = stripe
        .get(
            &format!("/v1/checkout/sessions/{open}"),
            &[("expand[]", "setup_intent.payment_method")],
        )
        .await;
    assert_eq!(done["setup_intent"]["status"], "succeeded");
    assert_eq!(done["setup_intent"]["payment_method"]["customer"], customer.as_str());
    assert_eq!(done["setup_intent"]["payment_method"]["card"]["last4"], "4242");
}

#[tokio::test]
async fn endive_refuses_payment_method_types() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let form = [
        ("mode", "subscription"),
        ("line_items[0][price]", price.as_str()),
        ("line_items[0][quantity]", "1"),
        ("success_url", "http://127.0.0.1/s"),
        ("payment_method_types[]", "card"),
    ];
    let refused = stripe.refused("POST", "/v1/checkout/sessions", &form).await;
    assert_eq!(
        (refused.status, refused.code()),
        (400, "payment_method_types_no_longer_supported")
    );
}

#[tokio::test]
async fn an_account_without_charges_cannot_sell() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let account = stripe.account.clone().unwrap();
    stripe
        .control(&format!("/_fake/accounts/{account}"), json!({"outcome": "restricted"}))
        .await;
    let form = [
        ("mode", "subscription"),
        ("line_items[0][price]", price.as_str()),
        ("line_items[0][quantity]", "1"),
        ("success_url", "http://127.0.0.1/s"),
    ];
    assert_eq!(stripe.refused("POST", "/v1/checkout/sessions", &form).await.status, 400);
}

#[tokio::test]
async fn a_trial_costs_nothing_at_first() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let open = id(&session(&stripe, &price, &[("subscription_data[trial_period_days]", "7")]).await);
    stripe
        .control(
            &format!("/_fake/checkout/{open}/complete"),
            json!({"card": "4242424242424242"}),
        )
        .await;
    let done = stripe
        .get(
            &format!("/v1/checkout/sessions/{open}"),
            &[("expand[]", "subscription")],
        )
        .await;
    assert_eq!(done["payment_status"], "no_payment_required");
    assert_eq!(
        (
            done["subscription"]["status"].as_str(),
            done["subscription"]["trial_end"].as_i64()
        ),
        (Some("trialing"), Some(START + 7 * DAY))
    );
}

#[tokio::test]
async fn until_an_anchor_a_purchase_costs_its_share_or_nothing() {
    for (behavior, now, later, status) in [
        ("create_prorations", 452, 419, "paid"),
        ("none", 0, 0, "no_payment_required"),
    ] {
        let stripe = Stripe::connected().await;
        let price = stripe.price("Gold", 1000, "month").await;
        let anchor = (START + 14 * DAY).to_string();
        let more = [
            ("subscription_data[billing_cycle_anchor]", anchor.as_str()),
            ("subscription_data[proration_behavior]", behavior),
            ("expand[]", "line_items"),
        ];
        let open = session(&stripe, &price, &more).await;
        assert_eq!(open["amount_total"], now, "{behavior}");
        assert_eq!(open["line_items"]["data"][0]["amount_total"], now, "{behavior}");
        stripe.advance(DAY - 1).await;
        let path = format!("/_fake/checkout/{}/complete", id(&open));
        stripe.control(&path, json!({"card": "4242424242424242"})).await;
        let query = [("expand[]", "subscription.latest_invoice")];
        let done = stripe
            .get(&format!("/v1/checkout/sessions/{}", id(&open)), &query)
            .await;
        assert_eq!(
            (&done["payment_status"], done["amount_total"].as_i64()),
            (&json!(status), Some(later)),
            "{behavior}"
        );
        let subscription = &done["subscription"];
        assert_eq!(subscription["status"], "active");
        assert_eq!(period_end(subscription), START + 14 * DAY);
        let invoice = &subscription["latest_invoice"];
        assert_eq!(invoice["amount_paid"].as_i64().unwrap_or(0), later, "{behavior}");
        assert_eq!(invoice["id"], done["invoice"]);
    }
}
