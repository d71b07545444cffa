//! What changes cost, to the cent: Stripe's documented examples, rounding, month lengths, currencies without decimals.

use serde_json::Value;

use crate::support::{DAY, HOUR, START, Stripe, at, id, item, period_end};

/// A price in another currency than dollars.
async fn price_in(stripe: &Stripe, currency: &str, amount: i64, interval: &str) -> String {
    let product = id(&stripe.post("/v1/products", &[("name", "Gold")]).await);
    let amount = amount.to_string();
    let form = [
        ("product", product.as_str()),
        ("currency", currency),
        ("unit_amount", amount.as_str()),
        ("recurring[interval]", interval),
    ];
    id(&stripe.post("/v1/prices", &form).await)
}

async fn subscribed(stripe: &Stripe, price: &str) -> Value {
    let customer = stripe.customer("pm_card_visa").await;
    stripe.subscribe(&customer, price).await
}

async fn switch(stripe: &Stripe, subscription: &Value, price: &str, behavior: &str) -> Value {
    let item = item(subscription);
    let form = [
        ("items[0][id]", item.as_str()),
        ("items[0][price]", price),
        ("proration_behavior", behavior),
        ("expand[]", "latest_invoice"),
    ];
    stripe
        .post(&format!("/v1/subscriptions/{}", id(subscription)), &form)
        .await
}

fn amounts(subscription: &Value) -> Vec<i64> {
    let lines = subscription["latest_invoice"]["lines"]["data"].as_array().unwrap();
    lines.iter().map(|line| line["amount"].as_i64().unwrap()).collect()
}

async fn balance(stripe: &Stripe, subscription: &Value) -> i64 {
    let customer = subscription["customer"].as_str().unwrap();
    let customer = stripe.get(&format!("/v1/customers/{customer}"), &[]).await;
    customer["balance"].as_i64().unwrap()
}

/// docs.stripe.com/billing/subscriptions/prorations, "How prorations work".
#[tokio::test]
async fn ten_to_twenty_dollars_halfway_costs_five() {
    let stripe = Stripe::connected().await;
    let (ten, twenty) = (
        stripe.price("Ten", 1000, "month").await,
        stripe.price("Twenty", 2000, "month").await,
    );
    let subscription = subscribed(&stripe, &ten).await;
    stripe.advance(14 * DAY).await;
    let upgraded = switch(&stripe, &subscription, &twenty, "always_invoice").await;
    assert_eq!(amounts(&upgraded), [-500, 1000]);
    assert_eq!(upgraded["latest_invoice"]["amount_paid"], 500);
}

/// docs.stripe.com/api/subscriptions/update: 100 on 1 May, 200 from the middle of May on, 250 on 1 June; without
/// prorations 200.
#[tokio::test]
async fn a_hundred_to_two_hundred_in_the_middle_of_may_makes_june_two_hundred_and_fifty() {
    for (behavior, june) in [("create_prorations", 25_000), ("none", 20_000)] {
        let stripe = Stripe::connected().await;
        stripe.set_time(at("2026-05-01T00:00:00Z")).await;
        let (old, new) = (
            stripe.price("Old", 10_000, "month").await,
            stripe.price("New", 20_000, "month").await,
        );
        let subscription = subscribed(&stripe, &old).await;
        stripe.set_time(at("2026-05-16T12:00:00Z")).await;
        switch(&stripe, &subscription, &new, behavior).await;
        stripe.set_time(at("2026-06-01T01:00:00Z")).await;
        let renewed = stripe.subscription(&id(&subscription)).await;
        assert_eq!(renewed["latest_invoice"]["amount_paid"], june, "{behavior}");
        assert_eq!(period_end(&renewed), at("2026-07-01T00:00:00Z"));
    }
}

#[tokio::test]
async fn a_currency_without_decimals_is_rounded_to_whole_units() {
    let stripe = Stripe::connected().await;
    let (old, new) = (
        price_in(&stripe, "jpy", 1000, "month").await,
        price_in(&stripe, "jpy", 3001, "month").await,
    );
    let subscription = subscribed(&stripe, &old).await;
    // A third of the 28 days.
    stripe.advance(28 * DAY / 3).await;
    let upgraded = switch(&stripe, &subscription, &new, "always_invoice").await;
    assert_eq!(amounts(&upgraded), [-667, 2001]);
    assert_eq!(upgraded["latest_invoice"]["total"], 1334);
}

#[tokio::test]
async fn seconds_count_and_each_line_is_rounded_by_itself() {
    for (elapsed, lines) in [
        (0, [-1001, 2003]),
        // Halves are rounded away from zero, credits and debits alike.
        (14 * DAY, [-501, 1002]),
        (14 * DAY + 1, [-500, 1001]),
        // A cent of 1001 lasts 2416.8 of the 2 419 200 seconds, one of 2003 lasts 1207.8.
        (28 * DAY - 2416, [-1, 2]),
        (28 * DAY - 1208, [0, 1]),
        (28 * DAY - 1, [0, 0]),
    ] {
        let stripe = Stripe::connected().await;
        let (old, new) = (
            stripe.price("Old", 1001, "month").await,
            stripe.price("New", 2003, "month").await,
        );
        let subscription = subscribed(&stripe, &old).await;
        stripe.advance(elapsed).await;
        let changed = switch(&stripe, &subscription, &new, "always_invoice").await;
        assert_eq!(amounts(&changed), lines, "after {elapsed} seconds");
    }
}

#[tokio::test]
async fn a_month_from_the_31st_is_as_long_as_its_month() {
    let stripe = Stripe::connected().await;
    let (old, new) = (
        stripe.price("Old", 1000, "month").await,
        stripe.price("New", 2000, "month").await,
    );
    let subscription = subscribed(&stripe, &old).await;
    let mut ends = Vec::new();
    for _ in 0..4 {
        let end = period_end(&stripe.subscription(&id(&subscription)).await);
        ends.push(end);
        stripe.set_time(end + HOUR).await;
    }
    let days = ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"];
    let days: Vec<i64> = days.iter().map(|day| at(&format!("{day}T10:00:00Z"))).collect();
    assert_eq!(ends, days);
    // From 31 May to 30 June are 30 days.
    stripe.set_time(at("2026-06-15T10:00:00Z")).await;
    let upgraded = switch(&stripe, &subscription, &new, "always_invoice").await;
    assert_eq!(amounts(&upgraded), [-500, 1000]);
}

#[tokio::test]
async fn a_year_from_29_february_ends_on_the_28th_until_the_next_leap_year() {
    let stripe = Stripe::connected().await;
    stripe.set_time(at("2028-02-29T00:00:00Z")).await;
    let (old, new) = (
        stripe.price("Old", 36_600, "year").await,
        stripe.price("New", 73_100, "year").await,
    );
    let subscription = subscribed(&stripe, &old).await;
    assert_eq!(period_end(&subscription), at("2029-02-28T00:00:00Z"));
    // 365 days, of which 73 are over.
    stripe.advance(73 * DAY).await;
    let upgraded = switch(&stripe, &subscription, &new, "always_invoice").await;
    assert_eq!(amounts(&upgraded), [-29_280, 58_480]);
    for end in ["2030-02-28", "2031-02-28", "2032-02-29", "2033-02-28"] {
        let before = period_end(&stripe.subscription(&id(&subscription)).await);
        stripe.set_time(before + HOUR).await;
        let renewed = stripe.subscription(&id(&subscription)).await;
        assert_eq!(period_end(&renewed), at(&format!("{end}T00:00:00Z")));
    }
}

#[tokio::test]
async fn year_to_month_at_once_gives_a_credit_that_pays_the_next_months() {
    let stripe = Stripe::connected().await;
    stripe.set_time(at("2027-01-01T00:00:00Z")).await;
    let (year, month) = (
        stripe.price("Year", 12_000, "year").await,
        stripe.price("Month", 1000, "month").await,
    );
    let subscription = subscribed(&stripe, &year).await;
    stripe.set_time(at("2027-07-02T12:00:00Z")).await;
    let changed = switch(&stripe, &subscription, &month, "always_invoice").await;
    assert_eq!(amounts(&changed), [-6000, 1000]);
    assert_eq!(period_end(&changed), at("2027-08-02T12:00:00Z"));
    assert_eq!(balance(&stripe, &subscription).await, -5000);
    stripe.set_time(at("2027-12-02T13:00:00Z")).await;
    assert_eq!(balance(&stripe, &subscription).await, 0);
    let paid = stripe.subscription(&id(&subscription)).await["latest_invoice"].clone();
    assert_eq!(
        (paid["status"].as_str(), paid["amount_paid"].as_i64()),
        (Some("paid"), Some(0))
    );
    stripe.set_time(at("2028-01-02T13:00:00Z")).await;
    let next = stripe.subscription(&id(&subscription)).await["latest_invoice"].clone();
    assert_eq!(next["amount_paid"], 1000);
}

#[tokio::test]
async fn what_a_cancellation_credits_pays_for_the_next_subscription() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let subscription = subscribed(&stripe, &price).await;
    stripe.advance(21 * DAY).await;
    let form = [
        ("prorate", "true"),
        ("invoice_now", "true"),
        ("expand[]", "latest_invoice"),
    ];
    let ended = stripe
        .delete(&format!("/v1/subscriptions/{}", id(&subscription)), &form)
        .await;
    assert_eq!(amounts(&ended), [-250]);
    let credit = &ended["latest_invoice"];
    assert_eq!(
        (
            credit["status"].as_str(),
            credit["amount_due"].as_i64(),
            credit["ending_balance"].as_i64()
        ),
        (Some("paid"), Some(0), Some(-250))
    );
    assert_eq!(balance(&stripe, &subscription).await, -250);
    let customer = subscription["customer"].as_str().unwrap();
    let again = stripe.subscribe(customer, &price).await;
    assert_eq!(
        stripe.subscription(&id(&again)).await["latest_invoice"]["amount_paid"],
        750
    );
}

/// docs.stripe.com/billing/subscriptions/billing-mode/compare, "Credit proration calculations".
#[tokio::test]
async fn flexible_billing_credits_what_was_debited_and_classic_what_it_costs_now() {
    for (mode, credit) in [("flexible", -500), ("classic", -1000)] {
        let stripe = Stripe::connected().await;
        let (silver, gold) = (
            stripe.price("Silver", 1000, "month").await,
            stripe.price("Gold", 2000, "month").await,
        );
        let customer = stripe.customer("pm_card_visa").await;
        let form = [
            ("customer", customer.as_str()),
            ("items[0][price]", silver.as_str()),
            ("billing_mode[type]", mode),
        ];
        let subscription = stripe.post("/v1/subscriptions", &form).await;
        switch(&stripe, &subscription, &gold, "none").await;
        stripe.advance(14 * DAY).await;
        let back = switch(&stripe, &subscription, &silver, "always_invoice").await;
        assert_eq!(amounts(&back), [credit, 500], "{mode}");
    }
}

#[tokio::test]
async fn changes_back_and_forth_cost_nothing_however_they_are_billed() {
    for behavior in ["always_invoice", "create_prorations"] {
        let stripe = Stripe::connected().await;
        let (silver, gold) = (
            stripe.price("Silver", 1000, "month").await,
            stripe.price("Gold", 3000, "month").await,
        );
        let subscription = subscribed(&stripe, &silver).await;
        stripe.advance(7 * DAY).await;
        for price in [&gold, &silver, &gold, &silver] {
            switch(&stripe, &subscription, price, behavior).await;
        }
        stripe.set_time(period_end(&subscription) + HOUR).await;
        let paid = stripe.get("/v1/invoices", &[("limit", "100")]).await;
        let paid = paid["data"].as_array().unwrap().iter();
        let total: i64 = paid.map(|invoice| invoice["total"].as_i64().unwrap()).sum();
        assert_eq!(total, 2000, "{behavior}");
    }
}

#[tokio::test]
async fn what_is_too_little_to_be_charged_waits_in_the_balance() {
    let stripe = Stripe::connected().await;
    let (old, new) = (
        stripe.price("Old", 1000, "month").await,
        stripe.price("New", 1090, "month").await,
    );
    let subscription = subscribed(&stripe, &old).await;
    stripe.advance(14 * DAY).await;
    let changed = switch(&stripe, &subscription, &new, "always_invoice").await;
    let invoice = &changed["latest_invoice"];
    assert_eq!(
        (
            invoice["status"].as_str(),
            invoice["total"].as_i64(),
            invoice["amount_due"].as_i64()
        ),
        (Some("paid"), Some(45), Some(0))
    );
    assert_eq!(balance(&stripe, &subscription).await, 45);
    stripe.set_time(START + 28 * DAY + HOUR).await;
    let renewed = stripe.subscription(&id(&subscription)).await["latest_invoice"].clone();
    assert_eq!(
        (renewed["total"].as_i64(), renewed["amount_paid"].as_i64()),
        (Some(1090), Some(1135))
    );
}
