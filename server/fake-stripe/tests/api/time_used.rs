//! What is billed is the time that was used, whatever was changed on the way.

use serde_json::Value;

use crate::{
    month::{CANCEL, Month, amounts},
    support::{DAY, at, id, period_end},
};

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
