//! What is billed is the time that was used, whatever was changed on the way: a subscription of $30 a month that begins on
//! 1 January, a month of 31 days.

use serde_json::Value;

use crate::support::{DAY, HOUR, Stripe, at, id, item, period_end};

/// The amounts of an invoice's lines.
fn amounts(invoice: &Value) -> Vec<i64> {
    let lines = invoice["lines"]["data"].as_array().unwrap();
    lines.iter().map(|line| line["amount"].as_i64().unwrap()).collect()
}

/// A subscription and its customer, in a world where it is 1 January.
struct Month {
    stripe: Stripe,
    customer: String,
    /// The subscription's id.
    id: String,
    item: String,
    /// $60 a month.
    dearer: String,
    start: i64,
}

impl Month {
    async fn new(form: &[(&str, &str)]) -> Self {
        let stripe = Stripe::connected().await;
        let start = at("2027-01-01T00:00:00Z");
        stripe.set_time(start).await;
        let price = stripe.price("Silver", 3000, "month").await;
        let dearer = stripe.price("Gold", 6000, "month").await;
        let customer = stripe.customer("pm_card_visa").await;
        let mut all = vec![("customer", customer.as_str()), ("items[0][price]", price.as_str())];
        all.extend(form);
        let subscription = stripe.post("/v1/subscriptions", &all).await;
        Self {
            customer,
            id: id(&subscription),
            item: item(&subscription),
            dearer,
            start,
            stripe,
        }
    }

    async fn day(&self, day: i64) {
        self.stripe.set_time(self.start + day * DAY).await;
    }

    async fn update(&self, form: &[(&str, &str)]) -> Value {
        let mut form = form.to_vec();
        form.push(("expand[]", "latest_invoice"));
        self.stripe.post(&format!("/v1/subscriptions/{}", self.id), &form).await
    }

    async fn switch(&self, price: &str, behavior: &str) -> Value {
        let form = [
            ("items[0][id]", self.item.as_str()),
            ("items[0][price]", price),
            ("proration_behavior", behavior),
        ];
        self.update(&form).await
    }

    async fn preview(&self, form: &[(&str, &str)]) -> Value {
        let mut form = form.to_vec();
        form.push(("subscription", self.id.as_str()));
        self.stripe.post("/v1/invoices/create_preview", &form).await
    }

    async fn now(&self) -> Value {
        self.stripe.subscription(&self.id).await
    }

    async fn balance(&self) -> i64 {
        let customer = self.stripe.get(&format!("/v1/customers/{}", self.customer), &[]).await;
        customer["balance"].as_i64().unwrap()
    }

    /// Everything that was billed so far.
    async fn billed(&self) -> i64 {
        let invoices = self.stripe.get("/v1/invoices", &[("limit", "100")]).await;
        let invoices = invoices["data"].as_array().unwrap().iter();
        let counting = invoices.filter(|invoice| invoice["status"] != "void");
        counting.map(|invoice| invoice["total"].as_i64().unwrap()).sum()
    }
}

const CANCEL: [(&str, &str); 3] = [
    ("prorate", "true"),
    ("invoice_now", "true"),
    ("expand[]", "latest_invoice"),
];

#[tokio::test]
async fn a_cancellation_gives_back_what_waits_to_be_billed_too() {
    for mode in ["flexible", "classic"] {
        let month = Month::new(&[("billing_mode[type]", mode)]).await;
        month.day(10).await;
        month.switch(&month.dearer, "create_prorations").await;
        month.day(20).await;
        let preview = month.preview(&[("subscription_details[cancel_now]", "true")]).await;
        assert_eq!(amounts(&preview), [-2032, 4065, -2129], "{mode}");
        let ended = month
            .stripe
            .delete(&format!("/v1/subscriptions/{}", month.id), &CANCEL)
            .await;
        assert_eq!(amounts(&ended["latest_invoice"]), [-2032, 4065, -2129], "{mode}");
        assert_eq!(month.balance().await, -96);
    }
}

#[tokio::test]
async fn a_cancelled_schedule_gives_back_what_waits_to_be_billed_too() {
    let month = Month::new(&[]).await;
    month.day(10).await;
    month.switch(&month.dearer, "create_prorations").await;
    let form = [("from_subscription", month.id.as_str())];
    let schedule = id(&month.stripe.post("/v1/subscription_schedules", &form).await);
    month.day(20).await;
    month
        .stripe
        .post(&format!("/v1/subscription_schedules/{schedule}/cancel"), &[])
        .await;
    assert_eq!(month.now().await["latest_invoice"]["total"], -96);
}

#[tokio::test]
async fn in_a_first_short_period_a_month_still_costs_a_months_price() {
    for mode in ["flexible", "classic"] {
        let anchor = (at("2027-01-01T00:00:00Z") + 10 * DAY).to_string();
        let month = Month::new(&[("billing_mode[type]", mode), ("billing_cycle_anchor", &anchor)]).await;
        assert_eq!(month.now().await["latest_invoice"]["total"], 968);
        month.day(5).await;
        let form = [
            ("subscription_details[items][0][id]", month.item.as_str()),
            ("subscription_details[items][0][price]", month.dearer.as_str()),
            ("subscription_details[proration_behavior]", "always_invoice"),
        ];
        assert_eq!(amounts(&month.preview(&form).await), [-484, 968], "{mode}");
        let changed = month.switch(&month.dearer, "always_invoice").await;
        assert_eq!(amounts(&changed["latest_invoice"]), [-484, 968], "{mode}");
    }
}

#[tokio::test]
async fn a_resumption_with_its_old_anchor_costs_its_share_of_the_month_it_is_in() {
    for (behavior, billed, waiting) in [("always_invoice", 1500, 0), ("create_prorations", 0, 1500)] {
        let month = Month::new(&[]).await;
        let path = format!("/v1/subscriptions/{}", month.id);
        month.day(40).await;
        let form = [("type", "subscription"), ("bill_for[unused_time_from][type]", "none")];
        month.stripe.post(&format!("{path}/pause"), &form).await;
        let before = month.billed().await;
        month.day(45).await;
        let form = [
            ("billing_cycle_anchor[type]", "unchanged"),
            ("proration_behavior", behavior),
            ("payment_behavior", "resume_on_payment_success"),
        ];
        let resumed = month.stripe.post(&format!("{path}/resume"), &form).await;
        assert_eq!(period_end(&resumed), month.start + 59 * DAY);
        assert_eq!(month.billed().await - before, billed, "{behavior}");
        // The rest of the month costs its share afterwards, too.
        month.day(52).await;
        let changed = month.switch(&month.dearer, "always_invoice").await;
        let lines = amounts(&changed["latest_invoice"]);
        assert_eq!(lines[lines.len() - 2..], [-750, 1500], "{behavior}");
        assert_eq!(lines.iter().sum::<i64>(), waiting + 750);
    }
}

/// A small generator of the test's own: the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % limit).unwrap()
    }
}

/// The whole period that a moment lies in, counted from the subscription's anchor.
fn whole(subscription: &Value, moment: i64) -> i64 {
    let yearly = subscription["items"]["data"][0]["price"]["recurring"]["interval"] == "year";
    let anchor = chrono::DateTime::from_timestamp(subscription["billing_cycle_anchor"].as_i64().unwrap(), 0).unwrap();
    // Two years and more before the anchor, so that all boundaries lie after it.
    let first = anchor - chrono::Months::new(24);
    let boundary = |times: u32| (first + chrono::Months::new(times * if yearly { 12 } else { 1 })).timestamp();
    let next = (1..1000).find(|times| boundary(*times) > moment).unwrap();
    boundary(next) - boundary(next - 1)
}

/// A subscription that is changed at random.
struct Life {
    month: Month,
    random: Random,
    now: i64,
    /// What the time that was used so far is worth at the prices that it was used at, in millionths of a cent.
    used: i128,
}

impl Life {
    async fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        let mode = if seed.is_multiple_of(3) { "classic" } else { "flexible" };
        let anchor = (at("2027-01-01T00:00:00Z") + random.below(21) * DAY + 5 * DAY).to_string();
        let mut form = vec![("billing_mode[type]", mode)];
        if seed.is_multiple_of(2) {
            form.push(("billing_cycle_anchor", &anchor));
        }
        let month = Month::new(&form).await;
        Self {
            now: month.start,
            month,
            random,
            used: 0,
        }
    }

    fn one<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[usize::try_from(self.random.below(list.len() as u64)).unwrap()]
    }

    /// Time goes by; answers the subscription as it is then. Piece by piece, so that each lies in one period.
    async fn wait(&mut self) -> Value {
        let until = self.now + self.random.below(12) * DAY + self.random.below(86_400);
        let mut subscription = self.month.now().await;
        while self.now < until {
            let is_used = subscription["status"] == "active";
            let next = if is_used {
                until.min(period_end(&subscription))
            } else {
                until
            };
            if is_used {
                let line = &subscription["items"]["data"][0];
                let price = line["price"]["unit_amount"].as_i64().unwrap() * line["quantity"].as_i64().unwrap();
                let seconds = i128::from(next - self.now);
                self.used += i128::from(price) * 1_000_000 * seconds / i128::from(whole(&subscription, self.now));
            }
            self.now = next;
            self.month.stripe.set_time(next).await;
            subscription = self.month.now().await;
        }
        subscription
    }

    /// Another price, quantity, rhythm or planned end, or several at once.
    async fn change(&mut self, prices: &[&str]) {
        let (price, quantity) = (self.one(prices), self.one(&["1", "2", "3"]));
        let end = match self.random.below(6) {
            0 => String::new(),
            _ => (self.now + DAY + self.random.below(50 * 86_400)).to_string(),
        };
        let item = self.month.item.clone();
        let mut form = vec![("proration_behavior", self.one(&["create_prorations", "always_invoice"]))];
        let kinds = self.random.below(8);
        if kinds < 6 {
            form.extend([
                ("items[0][id]", item.as_str()),
                ("items[0][price]", price),
                ("items[0][quantity]", quantity),
            ]);
        }
        if kinds == 5 || kinds == 6 {
            form.push(("cancel_at", end.as_str()));
        }
        if kinds == 7 {
            form.push(("billing_cycle_anchor[type]", "now"));
        }
        self.month.update(&form).await;
    }

    /// No time is used until it is resumed in its old rhythm.
    async fn rest(&mut self) {
        let path = format!("/v1/subscriptions/{}", self.month.id);
        let billing = self.one(&["invoice", "pending_invoice_item"]);
        let form = [("type", "subscription"), ("invoicing_behavior", billing)];
        self.month.stripe.post(&format!("{path}/pause"), &form).await;
        if self.wait().await["status"] != "paused" {
            return;
        }
        let form = [
            ("billing_cycle_anchor[type]", "unchanged"),
            ("proration_behavior", self.one(&["create_prorations", "always_invoice"])),
            ("payment_behavior", "resume_on_payment_success"),
        ];
        self.month.stripe.post(&format!("{path}/resume"), &form).await;
    }
}

/// Changes a subscription at random for a while, then cancels it unless it ends before. Answers what was billed, what the
/// used time is worth, and how many lines were rounded.
async fn live(seed: u64) -> (i64, i128, i64) {
    let mut life = Life::new(seed).await;
    let stripe = &life.month.stripe;
    let (odd, year) = (
        stripe.price("Odd", 1799, "month").await,
        stripe.price("Year", 60_001, "year").await,
    );
    let dearer = life.month.dearer.clone();
    let monthly = [dearer.as_str(), &odd];
    let all = [dearer.as_str(), &odd, &year];
    let prices = if seed.is_multiple_of(5) { &all[..] } else { &monthly[..] };
    for _ in 0..10 {
        let subscription = life.wait().await;
        if subscription["status"] == "canceled" {
            break;
        }
        if subscription["billing_mode"]["type"] == "flexible" && life.random.below(6) == 0 {
            life.rest().await;
        } else {
            life.change(prices).await;
        }
    }
    let (month, used) = (&life.month, life.used);
    if month.now().await["status"] != "canceled" {
        let preview = month.preview(&[("subscription_details[cancel_now]", "true")]).await;
        let path = format!("/v1/subscriptions/{}", month.id);
        let ended = month.stripe.delete(&path, &CANCEL).await;
        let total = &ended["latest_invoice"]["total"];
        assert_eq!(total, &preview["total"], "seed {seed}: the preview");
    }
    let invoices = month.stripe.get("/v1/invoices", &[("limit", "100")]).await;
    let invoices = invoices["data"].as_array().unwrap().iter();
    let lines: usize = invoices.map(|invoice| amounts(invoice).len()).sum();
    (month.billed().await, used, i64::try_from(lines).unwrap())
}

#[tokio::test]
async fn whatever_is_changed_the_used_time_is_billed_in_the_end() {
    for seed in 1..=60 {
        let (billed, used, lines) = live(seed).await;
        let off = (i128::from(billed) * 1_000_000 - used).abs();
        assert!(
            off <= i128::from(lines) * 1_000_000,
            "seed {seed}: {billed} billed, {} used, {lines} lines",
            used / 1_000_000
        );
    }
}

#[tokio::test]
async fn what_waits_is_billed_at_a_planned_end() {
    for (how, last_day) in [("flag", 31), ("date", 31)] {
        let month = Month::new(&[]).await;
        month.day(15).await;
        month.stripe.advance(DAY / 2).await;
        month.switch(&month.dearer, "create_prorations").await;
        let end = (month.start + last_day * DAY).to_string();
        let form = match how {
            "flag" => ("cancel_at_period_end", "true"),
            _ => ("cancel_at", end.as_str()),
        };
        month.update(&[form]).await;
        assert_eq!(month.preview(&[]).await["total"], 1500, "{how}");
        month.day(last_day).await;
        let ended = month.now().await;
        assert_eq!(ended["status"], "canceled");
        assert_eq!(amounts(&ended["latest_invoice"]), [-1500, 3000], "{how}");
        month.stripe.advance(HOUR).await;
        assert_eq!(month.now().await["latest_invoice"]["amount_paid"], 1500, "{how}");
    }
}

#[tokio::test]
async fn a_credit_that_waits_at_a_planned_end_goes_to_the_balance() {
    let month = Month::new(&[]).await;
    month.switch(&month.dearer, "always_invoice").await;
    let cheap = month.stripe.price("Silver", 3000, "month").await;
    month.day(15).await;
    month.stripe.advance(DAY / 2).await;
    month.switch(&cheap, "create_prorations").await;
    month.update(&[("cancel_at_period_end", "true")]).await;
    month.day(31).await;
    month.stripe.advance(HOUR).await;
    assert_eq!(month.balance().await, -1500);
}

#[tokio::test]
async fn one_that_ends_with_its_period_ends_with_the_new_one() {
    let year = 365 + 5;
    for case in ["after", "together", "anchor", "trial"] {
        let month = Month::new(&[]).await;
        let yearly = month.stripe.price("Year", 60_000, "year").await;
        let flag = ("cancel_at_period_end", "true");
        let trial_end = (month.start + 50 * DAY).to_string();
        let items = [
            ("items[0][id]", month.item.as_str()),
            ("items[0][price]", yearly.as_str()),
        ];
        if case != "together" {
            month.update(&[flag]).await;
        }
        month.day(5).await;
        let (changed, end) = match case {
            "after" => (month.update(&items).await, year),
            "together" => (month.update(&[items[0], items[1], flag]).await, year),
            "anchor" => (month.update(&[("billing_cycle_anchor[type]", "now")]).await, 36),
            _ => (month.update(&[("trial_end", &trial_end)]).await, 50),
        };
        let end = month.start + end * DAY;
        assert_eq!(
            (period_end(&changed), changed["cancel_at"].as_i64()),
            (end, Some(end)),
            "{case}"
        );
        month.stripe.set_time(end - 1).await;
        assert_ne!(month.now().await["status"], "canceled", "{case}");
        month.stripe.set_time(end).await;
        assert_eq!(month.now().await["status"], "canceled", "{case}");
    }
}

#[tokio::test]
async fn a_pending_update_that_is_paid_moves_the_end_with_the_period() {
    let month = Month::new(&[]).await;
    let yearly = month.stripe.price("Year", 60_000, "year").await;
    month.update(&[("cancel_at_period_end", "true")]).await;
    month
        .stripe
        .give_card(&month.customer, "pm_card_chargeCustomerFail")
        .await;
    let form = [
        ("items[0][id]", month.item.as_str()),
        ("items[0][price]", yearly.as_str()),
        ("payment_behavior", "pending_if_incomplete"),
        ("proration_behavior", "always_invoice"),
    ];
    let waiting = month.update(&form).await;
    assert_eq!(waiting["cancel_at"], month.start + 31 * DAY);
    let method = month.stripe.give_card(&month.customer, "pm_card_visa").await;
    let pay = format!("/v1/invoices/{}/pay", id(&waiting["latest_invoice"]));
    month.stripe.post(&pay, &[("payment_method", &method)]).await;
    let now = month.now().await;
    assert_eq!(
        (period_end(&now), &now["cancel_at"]),
        (month.start + 365 * DAY, &now["items"]["data"][0]["current_period_end"])
    );
}

#[tokio::test]
async fn a_date_in_the_current_period_gives_back_what_comes_after_it() {
    for mode in ["flexible", "classic"] {
        for (behavior, now, total) in [
            ("always_invoice", -1500, 0),
            ("create_prorations", 0, -1500),
            ("none", 0, 0),
        ] {
            let month = Month::new(&[("billing_mode[type]", mode)]).await;
            let when = (month.start + 15 * DAY + DAY / 2).to_string();
            let form = [("cancel_at", when.as_str()), ("proration_behavior", behavior)];
            month.day(5).await;
            let changed = month.update(&form).await;
            let ends = if behavior == "none" {
                31 * DAY
            } else {
                15 * DAY + DAY / 2
            };
            assert_eq!(period_end(&changed), month.start + ends, "{behavior}");
            assert_eq!(month.balance().await, now, "{mode} {behavior}");
            month.day(20).await;
            let ended = month.now().await;
            assert_eq!(ended["status"], "canceled");
            assert_eq!(month.balance().await, now + total, "{mode} {behavior}");
        }
    }
}

#[tokio::test]
async fn a_date_that_is_moved_or_taken_back_bills_the_time_in_between() {
    for mode in ["flexible", "classic"] {
        let month = Month::new(&[("billing_mode[type]", mode)]).await;
        let date = |day: i64| (month.start + day * DAY).to_string();
        let steps = [
            (date(11), -1935),
            (date(21), 968),
            (date(16), -484),
            (String::new(), 1452),
        ];
        for (when, amount) in &steps {
            let form = [("cancel_at", when.as_str()), ("proration_behavior", "always_invoice")];
            let changed = month.update(&form).await;
            assert_eq!(amounts(&changed["latest_invoice"]), [*amount], "{mode} {when}");
        }
        month.day(31).await;
        month.stripe.advance(HOUR).await;
        let renewed = month.now().await;
        assert_eq!(amounts(&renewed["latest_invoice"]), [3000], "{mode}");
        assert_eq!(month.billed().await, 6001, "{mode}: each line is rounded by itself");
    }
}

#[tokio::test]
async fn changes_before_a_planned_end_are_counted_up_to_it() {
    for mode in ["flexible", "classic"] {
        let month = Month::new(&[("billing_mode[type]", mode)]).await;
        let when = (month.start + 20 * DAY).to_string();
        month
            .update(&[("cancel_at", when.as_str()), ("proration_behavior", "always_invoice")])
            .await;
        month.day(10).await;
        let changed = month.switch(&month.dearer, "always_invoice").await;
        assert_eq!(amounts(&changed["latest_invoice"]), [-968, 1935], "{mode}");
        month.day(15).await;
        let path = format!("/v1/subscriptions/{}", month.id);
        let ended = month.stripe.delete(&path, &CANCEL).await;
        assert_eq!(ended["latest_invoice"]["total"], -968, "{mode}");
        let used = 968 + 968;
        assert!((month.billed().await - used).abs() <= 2, "{mode}");
    }
}

#[tokio::test]
async fn the_period_that_a_date_falls_into_is_billed_up_to_it() {
    let month = Month::new(&[]).await;
    let when = (month.start + 45 * DAY).to_string();
    month.update(&[("cancel_at", &when)]).await;
    let preview = month.preview(&[]).await;
    month.day(31).await;
    month.stripe.advance(HOUR).await;
    let renewed = month.now().await;
    assert_eq!(amounts(&renewed["latest_invoice"]), [1500]);
    assert_eq!(preview["total"], 1500);
    assert_eq!(period_end(&renewed), month.start + 45 * DAY);
    month.day(45).await;
    assert_eq!(month.now().await["status"], "canceled");
    assert_eq!(month.billed().await, 4500);
}

#[tokio::test]
async fn a_date_in_the_first_period_makes_the_first_invoice_smaller() {
    let when = (at("2027-01-01T00:00:00Z") + 15 * DAY + DAY / 2).to_string();
    for (behavior, billed) in [("create_prorations", 1500), ("none", 3000)] {
        let month = Month::new(&[("cancel_at", &when), ("proration_behavior", behavior)]).await;
        assert_eq!(month.billed().await, billed, "{behavior}");
        month.day(16).await;
        assert_eq!(month.now().await["status"], "canceled");
        assert_eq!(month.billed().await, billed);
    }
}

#[tokio::test]
async fn an_end_in_words_is_the_periods() {
    for word in ["max_billed_until", "max_period_end", "min_period_end"] {
        let month = Month::new(&[]).await;
        let soon = (month.start + 40 * DAY).to_string();
        month.update(&[("cancel_at", &soon)]).await;
        let ending = month.update(&[("cancel_at", word)]).await;
        assert_eq!(ending["cancel_at"], month.start + 31 * DAY, "{word}");
        month.update(&[("cancel_at", "")]).await;
        let form = [
            ("subscription", month.id.as_str()),
            ("subscription_details[cancel_at]", word),
        ];
        let preview = month.stripe.refused("POST", "/v1/invoices/create_preview", &form).await;
        assert_eq!(preview.code(), "invoice_upcoming_none", "{word}");
    }
}

#[tokio::test]
async fn a_preview_of_the_next_invoice_knows_the_schedule() {
    let month = Month::new(&[]).await;
    let price = month.now().await["items"]["data"][0]["price"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let form = [("from_subscription", month.id.as_str())];
    let schedule = month.stripe.post("/v1/subscription_schedules", &form).await;
    let (start, end) = (month.start.to_string(), (month.start + 31 * DAY).to_string());
    let form = [
        ("phases[0][start_date]", start.as_str()),
        ("phases[0][end_date]", end.as_str()),
        ("phases[0][items][0][price]", price.as_str()),
        ("phases[1][items][0][price]", month.dearer.as_str()),
        ("phases[1][proration_behavior]", "none"),
    ];
    month
        .stripe
        .post(&format!("/v1/subscription_schedules/{}", id(&schedule)), &form)
        .await;
    let preview = month.preview(&[]).await;
    assert_eq!(
        (amounts(&preview), &preview["billing_reason"]),
        (vec![6000], &serde_json::json!("upcoming"))
    );
    month.day(31).await;
    month.stripe.advance(HOUR).await;
    assert_eq!(amounts(&month.now().await["latest_invoice"]), [6000]);
}

#[tokio::test]
async fn without_prorations_the_time_until_the_anchor_is_free() {
    let anchor = (at("2027-01-01T00:00:00Z") + 10 * DAY).to_string();
    let month = Month::new(&[("billing_cycle_anchor", &anchor), ("proration_behavior", "none")]).await;
    let begun = month.now().await;
    assert_eq!(
        (&begun["status"], &begun["latest_invoice"]),
        (&serde_json::json!("active"), &Value::Null)
    );
    assert_eq!(period_end(&begun), month.start + 10 * DAY);
    let form = [
        ("customer", month.customer.as_str()),
        ("subscription_details[items][0][price]", month.dearer.as_str()),
        ("subscription_details[billing_cycle_anchor][type]", "timestamp"),
        ("subscription_details[billing_cycle_anchor][timestamp]", anchor.as_str()),
        ("subscription_details[proration_behavior]", "none"),
    ];
    let preview = month.stripe.post("/v1/invoices/create_preview", &form).await;
    assert_eq!(
        (amounts(&preview), preview["created"].as_i64()),
        (vec![6000], Some(month.start + 10 * DAY))
    );
    month.day(10).await;
    month.stripe.advance(HOUR).await;
    assert_eq!(amounts(&month.now().await["latest_invoice"]), [3000]);
}

impl Month {
    /// A schedule whose first phase is as it is until that day; answers its path.
    async fn schedule(&self, until: i64, second: &[(&str, &str)]) -> crate::support::Answer {
        let price = self.now().await["items"]["data"][0]["price"]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let known = self.now().await["schedule"].as_str().map(str::to_owned);
        let schedule = if let Some(known) = known {
            known
        } else {
            let form = [("from_subscription", self.id.as_str())];
            id(&self.stripe.post("/v1/subscription_schedules", &form).await)
        };
        let (start, end) = (self.start.to_string(), until.to_string());
        let mut form = vec![
            ("phases[0][start_date]", start.as_str()),
            ("phases[0][end_date]", end.as_str()),
            ("phases[0][items][0][price]", price.as_str()),
            ("phases[1][items][0][price]", self.dearer.as_str()),
        ];
        form.extend(second);
        let path = format!("/v1/subscription_schedules/{schedule}");
        self.stripe.send("POST", &path, &form, &[]).await
    }
}

#[tokio::test]
async fn a_phase_can_begin_with_a_trial() {
    for (field, last_day) in [("trial", 59), ("trial_end", 40)] {
        let month = Month::new(&[]).await;
        let end = (month.start + last_day * DAY).to_string();
        let trial = match field {
            "trial" => ("phases[1][trial]", "true"),
            _ => ("phases[1][trial_end]", end.as_str()),
        };
        let planned = month.schedule(month.start + 31 * DAY, &[trial]).await;
        assert_eq!(planned.body["phases"][1]["trial_end"], month.start + last_day * DAY);
        let preview = month.preview(&[]).await;
        assert_eq!(
            (amounts(&preview), preview["created"].as_i64()),
            (vec![6000], Some(month.start + last_day * DAY))
        );
        month.day(31).await;
        month.stripe.advance(HOUR).await;
        let trialing = month.now().await;
        assert_eq!(
            (&trialing["status"], month.billed().await),
            (&serde_json::json!("trialing"), 3000),
            "{field}"
        );
        assert_eq!(trialing["items"]["data"][0]["price"]["id"], month.dearer.as_str());
        assert_eq!(period_end(&trialing), month.start + last_day * DAY, "{field}");
        month.day(last_day).await;
        month.stripe.advance(HOUR).await;
        let billed = month.now().await;
        assert_eq!(
            (&billed["status"], amounts(&billed["latest_invoice"])),
            (&serde_json::json!("active"), vec![6000]),
            "{field}"
        );
    }
}

#[tokio::test]
async fn a_trial_in_the_middle_of_a_period_gives_back_the_rest_of_it() {
    let month = Month::new(&[]).await;
    let middle = month.start + 15 * DAY + DAY / 2;
    let form = [("phases[1][trial]", "true"), ("phases[1][duration][interval]", "week")];
    assert_eq!(month.schedule(middle, &form).await.status, 200);
    month.stripe.set_time(middle).await;
    let trialing = month.now().await;
    assert_eq!(
        (&trialing["status"], period_end(&trialing)),
        (&serde_json::json!("trialing"), middle + 7 * DAY)
    );
    assert_eq!(month.balance().await, -1500);
}

#[tokio::test]
async fn a_trial_outside_of_its_phase_is_refused() {
    let month = Month::new(&[]).await;
    let (end, early, late) = (31 * DAY, 31 * DAY, 60 * DAY);
    let (early, late) = ((month.start + early).to_string(), (month.start + late).to_string());
    for form in [
        vec![("phases[1][trial_end]", early.as_str())],
        vec![("phases[1][trial_end]", late.as_str())],
        vec![("phases[1][trial_end]", "now")],
        vec![("phases[1][trial]", "true"), ("phases[1][trial_end]", "1801000000")],
    ] {
        let refused = month.schedule(month.start + end, &form).await;
        assert_eq!(
            (refused.status, refused.body["error"]["param"].as_str()),
            (400, Some("phases[1][trial_end]")),
            "{form:?}"
        );
    }
}

#[tokio::test]
async fn a_phase_can_begin_its_own_rhythm_in_the_middle_of_a_period() {
    for (param, value, begins) in [
        ("phases[1][billing_cycle_anchor]", "phase_start", true),
        ("default_settings[billing_cycle_anchor]", "phase_start", true),
        ("phases[1][billing_cycle_anchor]", "automatic", false),
    ] {
        let month = Month::new(&[]).await;
        let middle = month.start + 15 * DAY + DAY / 2;
        let form = [(param, value), ("phases[1][proration_behavior]", "always_invoice")];
        assert_eq!(month.schedule(middle, &form).await.status, 200);
        month.stripe.set_time(middle).await;
        let now = month.now().await;
        let (lines, end) = if begins {
            (vec![-1500, 6000], middle + 31 * DAY)
        } else {
            (vec![-1500, 3000], month.start + 31 * DAY)
        };
        assert_eq!(
            (amounts(&now["latest_invoice"]), period_end(&now)),
            (lines, end),
            "{param} {value}"
        );
    }
}
