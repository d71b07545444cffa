//! Pausing on demand and resuming, as endive has them.

use serde_json::{Value, json};

use crate::support::{DAY, HOUR, START, Stripe, id, period_end};

/// A subscription for 28.00 a month that was paused a quarter into its 28 days.
async fn paused(stripe: &Stripe, pause: &[(&str, &str)]) -> (String, Value) {
    let price = stripe.price("Gold", 2800, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = id(&stripe.subscribe(&customer, &price).await);
    stripe.advance(7 * DAY).await;
    let mut form = vec![("type", "subscription")];
    form.extend(pause);
    let paused = stripe
        .post(&format!("/v1/subscriptions/{subscription}/pause"), &form)
        .await;
    (subscription, paused)
}

async fn resume(stripe: &Stripe, subscription: &str, form: &[(&str, &str)]) -> Value {
    let mut form = form.to_vec();
    form.push(("expand[]", "latest_invoice"));
    stripe
        .post(&format!("/v1/subscriptions/{subscription}/resume"), &form)
        .await
}

async fn balance(stripe: &Stripe, object: &Value) -> i64 {
    let customer = object["customer"].as_str().unwrap();
    let customer = stripe.get(&format!("/v1/customers/{customer}"), &[]).await;
    customer["balance"].as_i64().unwrap()
}

const SUCCESS: (&str, &str) = ("payment_behavior", "resume_on_payment_success");

#[tokio::test]
async fn pausing_ends_the_period_and_credits_the_rest_to_the_resumption() {
    let stripe = Stripe::connected().await;
    let (subscription, paused) = paused(&stripe, &[]).await;
    assert_eq!(
        (&paused["status"], period_end(&paused)),
        (&json!("paused"), START + 7 * DAY)
    );
    assert_eq!(
        paused["status_details"],
        json!({"paused": {"subscription": {"type": "pause_requested"}, "transitioned_at": START + 7 * DAY, "type": "subscription"}})
    );
    assert_eq!(
        stripe.event_types().await[stripe.event_types().await.len() - 2..],
        ["customer.subscription.updated", "customer.subscription.paused"]
    );
    stripe.advance(100 * DAY).await;
    let later = stripe.subscription(&subscription).await;
    assert_eq!(
        (&later["status"], &later["latest_invoice"]["created"]),
        (&json!("paused"), &json!(START))
    );
    let preview = stripe
        .post(
            "/v1/invoices/create_preview",
            &[
                ("subscription", &subscription),
                ("subscription_details[resume_at]", "now"),
            ],
        )
        .await;
    let resumed = resume(&stripe, &subscription, &[SUCCESS]).await;
    assert_eq!(preview["amount_due"], resumed["latest_invoice"]["amount_paid"]);
    assert_eq!(
        (&resumed["status"], &resumed["status_details"]),
        (&json!("active"), &Value::Null)
    );
    assert_eq!(resumed["latest_invoice"]["total"], 2800 - 2100);
    assert_eq!(resumed["billing_cycle_anchor"], START + 107 * DAY);
    assert_eq!(
        stripe.event_types().await.last().unwrap(),
        "customer.subscription.resumed"
    );
}

#[tokio::test]
async fn the_unused_time_is_credited_as_wanted() {
    for (from, credit) in [("now", 2100), ("item_current_period_start", 2800), ("none", 0)] {
        let stripe = Stripe::connected().await;
        let form = [
            ("bill_for[unused_time_from][type]", from),
            ("invoicing_behavior", "invoice"),
        ];
        let (_, paused) = paused(&stripe, &form).await;
        assert_eq!(balance(&stripe, &paused).await, -credit, "{from}");
    }
}

#[tokio::test]
async fn without_a_word_a_resumption_waits_for_an_attempt_to_pay_it() {
    let stripe = Stripe::connected().await;
    let (subscription, _) = paused(&stripe, &[]).await;
    let waiting = resume(&stripe, &subscription, &[]).await;
    assert_eq!(
        (&waiting["status"], &waiting["latest_invoice"]["status"]),
        (&json!("paused"), &json!("open"))
    );
    let again = resume(&stripe, &subscription, &[]).await;
    assert_eq!(again["latest_invoice"]["id"], waiting["latest_invoice"]["id"]);
    let pay = format!("/v1/invoices/{}/pay", id(&waiting["latest_invoice"]));
    stripe.post(&pay, &[]).await;
    assert_eq!(stripe.subscription(&subscription).await["status"], "active");
}

#[tokio::test]
async fn a_failed_attempt_resumes_it_owing_unless_it_should_wait_for_success() {
    for (behavior, status) in [
        ("resume_on_payment_attempt", "past_due"),
        ("resume_on_payment_success", "paused"),
    ] {
        let stripe = Stripe::connected().await;
        let (subscription, paused) = paused(&stripe, &[("bill_for[unused_time_from][type]", "none")]).await;
        let customer = paused["customer"].as_str().unwrap();
        stripe.give_card(customer, "pm_card_chargeCustomerFail").await;
        let waiting = resume(&stripe, &subscription, &[("payment_behavior", behavior)]).await;
        assert_eq!(waiting["status"], "paused");
        let pay = format!("/v1/invoices/{}/pay", id(&waiting["latest_invoice"]));
        stripe.refused("POST", &pay, &[]).await;
        assert_eq!(stripe.subscription(&subscription).await["status"], status, "{behavior}");
        let method = stripe.give_card(customer, "pm_card_visa").await;
        stripe.post(&pay, &[("payment_method", &method)]).await;
        let settled = stripe.subscription(&subscription).await;
        assert_eq!(
            (&settled["status"], period_end(&settled)),
            (&json!("active"), START + (7 + 28) * DAY),
            "{behavior}"
        );
    }
}

#[tokio::test]
async fn a_resumption_that_waits_for_success_is_tried_again() {
    let stripe = Stripe::connected().await;
    let (subscription, paused) = paused(&stripe, &[("bill_for[unused_time_from][type]", "none")]).await;
    let customer = paused["customer"].as_str().unwrap();
    stripe.give_card(customer, "pm_card_chargeCustomerFail").await;
    assert_eq!(resume(&stripe, &subscription, &[SUCCESS]).await["status"], "paused");
    stripe.give_card(customer, "pm_card_visa").await;
    stripe.advance(3 * DAY).await;
    assert_eq!(stripe.subscription(&subscription).await["status"], "active");
}

#[tokio::test]
async fn a_resumption_nobody_pays_lapses_and_a_voided_one_stays_paused() {
    let stripe = Stripe::connected().await;
    let (subscription, _) = paused(&stripe, &[("bill_for[unused_time_from][type]", "none")]).await;
    let invoice = id(&resume(&stripe, &subscription, &[]).await["latest_invoice"]);
    stripe.advance(23 * HOUR).await;
    let lapsed = stripe.get(&format!("/v1/invoices/{invoice}"), &[]).await;
    assert_eq!(lapsed["status"], "void");
    assert_eq!(stripe.subscription(&subscription).await["status"], "paused");
    let invoice = id(&resume(&stripe, &subscription, &[]).await["latest_invoice"]);
    stripe.post(&format!("/v1/invoices/{invoice}/void"), &[]).await;
    assert_eq!(stripe.subscription(&subscription).await["status"], "paused");
    let invoice = id(&resume(&stripe, &subscription, &[]).await["latest_invoice"]);
    stripe
        .post(&format!("/v1/invoices/{invoice}/mark_uncollectible"), &[])
        .await;
    assert_eq!(stripe.subscription(&subscription).await["status"], "active");
}

#[tokio::test]
async fn an_unchanged_anchor_bills_the_rest_of_its_period() {
    for (behavior, billed) in [("always_invoice", 1400), ("create_prorations", 0), ("none", 0)] {
        let stripe = Stripe::connected().await;
        let (subscription, _) = paused(&stripe, &[("bill_for[unused_time_from][type]", "none")]).await;
        stripe.advance(7 * DAY).await;
        let form = [
            ("billing_cycle_anchor[type]", "unchanged"),
            ("proration_behavior", behavior),
            SUCCESS,
        ];
        let resumed = resume(&stripe, &subscription, &form).await;
        assert_eq!(
            (&resumed["status"], period_end(&resumed)),
            (&json!("active"), START + 28 * DAY),
            "{behavior}"
        );
        assert_eq!(resumed["billing_cycle_anchor"], START);
        let invoice = &resumed["latest_invoice"];
        let paid_now = if invoice["created"] == json!(START) {
            0
        } else {
            invoice["total"].as_i64().unwrap()
        };
        assert_eq!(paid_now, billed, "{behavior}");
        stripe.set_time(START + 28 * DAY + HOUR).await;
        let renewal = stripe.subscription(&subscription).await["latest_invoice"]["total"].clone();
        let kept = if behavior == "create_prorations" { 1400 } else { 0 };
        assert_eq!(renewal, 2800 + kept, "{behavior}");
    }
}

#[tokio::test]
async fn what_cannot_be_paused_says_so() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let classic = [
        ("customer", customer.as_str()),
        ("items[0][price]", price.as_str()),
        ("billing_mode[type]", "classic"),
    ];
    let classic = id(&stripe.post("/v1/subscriptions", &classic).await);
    let pause = |subscription: &str| format!("/v1/subscriptions/{subscription}/pause");
    let form = [("type", "subscription")];
    assert!(
        stripe
            .refused("POST", &pause(&classic), &form)
            .await
            .message()
            .contains("flexible")
    );
    let scheduled = id(&stripe.subscribe(&customer, &price).await);
    stripe
        .post("/v1/subscription_schedules", &[("from_subscription", &scheduled)])
        .await;
    assert!(
        stripe
            .refused("POST", &pause(&scheduled), &form)
            .await
            .message()
            .contains("schedule")
    );
    let ended = id(&stripe.subscribe(&customer, &price).await);
    stripe.delete(&format!("/v1/subscriptions/{ended}"), &[]).await;
    assert!(
        stripe
            .refused("POST", &pause(&ended), &form)
            .await
            .message()
            .contains("canceled")
    );
    let other = id(&stripe.subscribe(&customer, &price).await);
    assert_eq!(
        stripe.refused("POST", &pause(&other), &[]).await.code(),
        "parameter_missing"
    );
    let active = format!("/v1/subscriptions/{other}/resume");
    assert!(
        stripe
            .refused("POST", &active, &[])
            .await
            .message()
            .contains("`paused`")
    );
}

#[tokio::test]
async fn a_paused_trial_goes_on_as_a_trial() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let form = [
        ("customer", customer.as_str()),
        ("items[0][price]", price.as_str()),
        ("trial_period_days", "14"),
    ];
    let subscription = id(&stripe.post("/v1/subscriptions", &form).await);
    stripe.advance(DAY).await;
    stripe
        .post(
            &format!("/v1/subscriptions/{subscription}/pause"),
            &[("type", "subscription")],
        )
        .await;
    stripe.advance(DAY).await;
    let resumed = resume(&stripe, &subscription, &[]).await;
    assert_eq!(
        (&resumed["status"], period_end(&resumed)),
        (&json!("trialing"), START + 14 * DAY)
    );
}

#[tokio::test]
async fn a_trials_end_is_announced_three_days_before_also_after_it_was_moved() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let form = [
        ("customer", customer.as_str()),
        ("items[0][price]", price.as_str()),
        ("trial_period_days", "14"),
    ];
    let subscription = id(&stripe.post("/v1/subscriptions", &form).await);
    let announced = async || {
        let types = stripe.event_types().await;
        types.iter().filter(|kind| kind.ends_with("trial_will_end")).count()
    };
    stripe.advance(11 * DAY - 1).await;
    assert_eq!(announced().await, 0);
    stripe.advance(1).await;
    assert_eq!(announced().await, 1);
    let end = (START + 28 * DAY).to_string();
    stripe
        .post(&format!("/v1/subscriptions/{subscription}"), &[("trial_end", &end)])
        .await;
    stripe.set_time(START + 25 * DAY - 1).await;
    assert_eq!(announced().await, 1);
    stripe.advance(1).await;
    assert_eq!(announced().await, 2);
}

#[tokio::test]
async fn a_trial_without_a_card_ends_as_its_settings_say() {
    for (behavior, status, why) in [
        ("pause", "paused", json!("trial_end_without_payment_method")),
        ("cancel", "canceled", Value::Null),
        ("create_invoice", "active", Value::Null),
    ] {
        let stripe = Stripe::connected().await;
        let price = stripe.price("Gold", 1000, "month").await;
        let customer = id(&stripe.post("/v1/customers", &[]).await);
        let form = [
            ("customer", customer.as_str()),
            ("items[0][price]", price.as_str()),
            ("trial_period_days", "14"),
            ("trial_settings[end_behavior][missing_payment_method]", behavior),
        ];
        let subscription = id(&stripe.post("/v1/subscriptions", &form).await);
        stripe.advance(14 * DAY).await;
        let after = stripe.subscription(&subscription).await;
        assert_eq!(after["status"], status);
        assert_eq!(after["status_details"]["paused"]["subscription"]["type"], why);
        if behavior == "pause" {
            stripe.give_card(&customer, "pm_card_visa").await;
            let resumed = resume(&stripe, &subscription, &[SUCCESS]).await;
            assert_eq!(
                (&resumed["status"], &resumed["latest_invoice"]["amount_paid"]),
                (&json!("active"), &json!(1000))
            );
        }
    }
}

#[tokio::test]
async fn the_first_failed_renewal_pauses_when_the_account_wants_that() {
    let stripe = Stripe::connected().await;
    let account = stripe.account.clone().unwrap();
    let settings = json!({"after_failed_payments": "pause_at_once"});
    stripe.control(&format!("/_fake/accounts/{account}"), settings).await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &price).await;
    stripe.give_card(&customer, "pm_card_chargeCustomerFail").await;
    stripe.set_time(period_end(&subscription) + HOUR).await;
    let paused = stripe.subscription(&id(&subscription)).await;
    assert_eq!(paused["status"], "paused");
    assert_eq!(
        paused["status_details"]["paused"]["subscription"]["type"],
        "first_payment_failure"
    );
    assert_eq!(paused["latest_invoice"]["next_payment_attempt"], Value::Null);
}
