//! What time does to subscriptions: renewals, month ends, refused payments and what comes of them.

use serde_json::json;

use crate::support::{DAY, HOUR, START, Stripe, at, id, period_end};

#[tokio::test]
async fn months_end_where_they_end_and_remember_the_31st() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &price).await;
    assert_eq!(period_end(&subscription), at("2026-02-28T10:00:00Z"));
    for end in ["2026-03-31T10:00:00Z", "2026-04-30T10:00:00Z", "2026-05-31T10:00:00Z"] {
        stripe
            .set_time(period_end(&stripe.subscription(&id(&subscription)).await))
            .await;
        let renewed = stripe.subscription(&id(&subscription)).await;
        assert_eq!(period_end(&renewed), at(end));
        assert_eq!(renewed["status"], "active");
    }
}

#[tokio::test]
async fn a_renewal_is_a_draft_for_an_hour_and_then_paid() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &price).await;
    stripe.set_time(period_end(&subscription)).await;
    let renewed = stripe.subscription(&id(&subscription)).await;
    assert_eq!(renewed["latest_invoice"]["status"], "draft");
    assert_eq!(renewed["latest_invoice"]["billing_reason"], "subscription_cycle");
    assert_eq!(renewed["latest_invoice"]["period_start"], START);
    stripe.advance(HOUR).await;
    let paid = stripe.subscription(&id(&subscription)).await;
    assert_eq!(paid["latest_invoice"]["status"], "paid");
    assert_eq!(
        paid["latest_invoice"]["lines"]["data"][0]["period"]["end"],
        period_end(&paid)
    );
    let invoices = stripe
        .get("/v1/invoices", &[("subscription", &id(&subscription))])
        .await;
    assert_eq!(invoices["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_year_that_passes_at_once_brings_every_renewal() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = id(&stripe.subscribe(&customer, &price).await);
    stripe.set_time(at("2027-01-31T12:00:00Z")).await;
    let invoices = stripe
        .get("/v1/invoices", &[("subscription", &subscription), ("limit", "100")])
        .await;
    let invoices = invoices["data"].as_array().unwrap();
    assert_eq!(invoices.len(), 13);
    assert!(invoices.iter().all(|invoice| invoice["status"] == "paid"));
    assert_eq!(invoices[11]["created"], at("2026-02-28T10:00:00Z"));
}

async fn with_failing_card(stripe: &Stripe) -> (String, String) {
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &price).await;
    stripe.give_card(&customer, "pm_card_chargeCustomerFail").await;
    stripe.set_time(period_end(&subscription) + HOUR).await;
    (id(&subscription), customer)
}

#[tokio::test]
async fn a_refused_renewal_is_past_due_at_once_and_a_later_payment_makes_it_active() {
    let stripe = Stripe::connected().await;
    let (subscription, customer) = with_failing_card(&stripe).await;
    let failed = stripe.subscription(&subscription).await;
    assert_eq!(failed["status"], "past_due");
    let invoice = &failed["latest_invoice"];
    assert_eq!(
        (invoice["status"].as_str(), invoice["attempt_count"].as_i64()),
        (Some("open"), Some(1))
    );
    assert_eq!(invoice["next_payment_attempt"], at("2026-02-28T11:00:00Z") + 3 * DAY);
    stripe.give_card(&customer, "pm_card_visa").await;
    stripe.advance(3 * DAY).await;
    let retried = stripe.subscription(&subscription).await;
    assert_eq!(
        (retried["status"].as_str(), retried["latest_invoice"]["status"].as_str()),
        (Some("active"), Some("paid"))
    );
    let types = stripe.event_types().await;
    assert!(types.contains(&"invoice.payment_failed".to_owned()));
}

#[tokio::test]
async fn after_the_last_attempt_the_accounts_setting_decides() {
    for (setting, status, next) in [
        ("cancel", "canceled", ""),
        ("unpaid", "unpaid", "draft"),
        ("past_due", "past_due", "open"),
        ("pause", "paused", ""),
    ] {
        let stripe = Stripe::connected().await;
        let account = stripe.account.clone().unwrap();
        stripe
            .control(
                &format!("/_fake/accounts/{account}"),
                json!({"after_failed_payments": setting}),
            )
            .await;
        let (subscription, customer) = with_failing_card(&stripe).await;
        let first = id(&stripe.subscription(&subscription).await["latest_invoice"]);
        stripe.advance(15 * DAY).await;
        let after = stripe.subscription(&subscription).await;
        assert_eq!(after["status"], status, "{setting}");
        assert_eq!(after["latest_invoice"]["attempt_count"], 4, "{setting}");
        stripe.set_time(at("2026-03-31T12:00:00Z")).await;
        let later = stripe.subscription(&subscription).await;
        if next.is_empty() {
            assert_eq!(
                later["latest_invoice"]["id"],
                first.as_str(),
                "{setting}: nothing is billed any more"
            );
        } else {
            assert_eq!(later["latest_invoice"]["status"], next, "{setting}");
            assert_eq!(later["status"], status, "{setting}");
        }
        if setting == "unpaid" {
            stripe.give_card(&customer, "pm_card_visa").await;
            stripe.post(&format!("/v1/invoices/{first}/pay"), &[]).await;
            assert_eq!(
                stripe.subscription(&subscription).await["status"],
                "unpaid",
                "the newest invoice counts"
            );
            let newest = id(&later["latest_invoice"]);
            stripe.post(&format!("/v1/invoices/{newest}/pay"), &[]).await;
            assert_eq!(stripe.subscription(&subscription).await["status"], "active");
        }
    }
}

#[tokio::test]
async fn a_paused_subscription_goes_on_when_it_is_paid_for() {
    let stripe = Stripe::connected().await;
    let account = stripe.account.clone().unwrap();
    stripe
        .control(
            &format!("/_fake/accounts/{account}"),
            json!({"after_failed_payments": "pause"}),
        )
        .await;
    let (subscription, customer) = with_failing_card(&stripe).await;
    stripe.advance(15 * DAY).await;
    let paused = stripe.subscription(&subscription).await;
    assert_eq!(
        paused["status_details"]["paused"]["subscription"]["type"],
        "final_payment_failure"
    );
    let still = stripe
        .post(&format!("/v1/subscriptions/{subscription}/resume"), &[])
        .await;
    assert_eq!(
        still["status"], "paused",
        "nobody has tried to pay the resumption's invoice"
    );
    let invoice = still["latest_invoice"].as_str().unwrap().to_owned();
    let method = stripe.give_card(&customer, "pm_card_visa").await;
    stripe
        .post(&format!("/v1/invoices/{invoice}/pay"), &[("payment_method", &method)])
        .await;
    let resumed = stripe.subscription(&subscription).await;
    assert_eq!(resumed["status"], "active");
    assert_eq!(period_end(&resumed), at("2026-04-15T11:00:00Z"));
}

#[tokio::test]
async fn an_unpaid_first_invoice_lapses_after_23_hours() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_chargeCustomerFail").await;
    let form = [("customer", customer.as_str()), ("items[0][price]", price.as_str())];
    let subscription = id(&stripe.post("/v1/subscriptions", &form).await);
    assert_eq!(stripe.subscription(&subscription).await["status"], "incomplete");
    stripe.advance(23 * HOUR - 1).await;
    assert_eq!(stripe.subscription(&subscription).await["status"], "incomplete");
    stripe.advance(1).await;
    let lapsed = stripe.subscription(&subscription).await;
    assert_eq!(
        (lapsed["status"].as_str(), lapsed["latest_invoice"]["status"].as_str()),
        (Some("incomplete_expired"), Some("void"))
    );
}

#[tokio::test]
async fn a_trial_ends_in_a_bill() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let form = [
        ("customer", customer.as_str()),
        ("items[0][price]", price.as_str()),
        ("trial_period_days", "14"),
    ];
    let subscription = stripe.post("/v1/subscriptions", &form).await;
    assert_eq!(
        (subscription["status"].as_str(), period_end(&subscription)),
        (Some("trialing"), START + 14 * DAY)
    );
    stripe.advance(11 * DAY).await;
    assert!(
        stripe
            .event_types()
            .await
            .contains(&"customer.subscription.trial_will_end".to_owned())
    );
    stripe.advance(3 * DAY + HOUR).await;
    let billed = stripe.subscription(&id(&subscription)).await;
    assert_eq!(
        (
            billed["status"].as_str(),
            billed["latest_invoice"]["amount_paid"].as_i64()
        ),
        (Some("active"), Some(1000))
    );
    assert_eq!(period_end(&billed), at("2026-03-14T10:00:00Z"));
}
