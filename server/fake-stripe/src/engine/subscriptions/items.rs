//! Subscription items: which prices may be subscribed to, what an item looks like, and what a share of its period costs.

use serde_json::{Value, json};

use crate::{
    calendar::Interval,
    engine::Engine,
    error::StripeError,
    fields::{Fields, merge_metadata},
    money::share,
};

/// An item to be.
#[derive(Debug, Clone, PartialEq)]
pub struct WantedItem {
    pub price: String,
    pub quantity: i64,
    pub metadata: Value,
}

impl Engine {
    /// The currency that the prices share.
    ///
    /// Errors: no items; prices that are unknown, inactive, not recurring, or of different currencies or intervals.
    pub fn check_items(&self, account: &str, items: &[WantedItem]) -> Result<String, StripeError> {
        let mut first: Option<Value> = None;
        for (number, item) in items.iter().enumerate() {
            let param = format!("items[{number}][price]");
            let price = self.find(account, "price", &item.price, &param)?;
            if !price.flag("active") {
                return Err(StripeError::invalid(
                    "The price specified is inactive. This field only accepts active prices.",
                )
                .param(&param));
            }
            if price.text("type") != "recurring" {
                return Err(StripeError::invalid(
                    "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
                )
                .param(&param));
            }
            let first = first.get_or_insert_with(|| price.clone());
            if first.text("currency") != price.text("currency") {
                return Err(StripeError::invalid(
                    "The price specified only supports the currency of the other prices of the subscription.",
                )
                .param(&param));
            }
            if first.text("recurring.interval") != price.text("recurring.interval")
                || first.int("recurring.interval_count") != price.int("recurring.interval_count")
            {
                return Err(StripeError::invalid(
                    "Currently, all prices on a subscription must have the same `recurring.interval` and `recurring.interval_count` \
                     (fake-stripe does not mix intervals).",
                )
                .param(&param));
            }
            if items.iter().take(number).any(|other| other.price == item.price) {
                let message = format!(
                    "Cannot add multiple subscription items with the same price: {}.",
                    item.price
                );
                return Err(StripeError::invalid(message).param(&param));
            }
        }
        self.check_amount(items.iter().map(|item| (item.price.as_str(), item.quantity)), "items")?;
        first
            .map(|price| price.text("currency").to_owned())
            .ok_or_else(|| StripeError::missing_param("items"))
    }

    pub fn interval_of(&self, price: &str) -> Interval {
        let price = self.get(price);
        Interval::new(price.text("recurring.interval"), price.int("recurring.interval_count"))
    }

    /// An item with a new id, for a period.
    pub fn new_item(&mut self, subscription: &str, wanted: &WantedItem, period: (i64, i64)) -> Value {
        let mut item = self.blank("subscription_item", "si_");
        let id = format!("si_{}", self.ids.letters(14));
        item.put("id", id);
        item.put("created", period.0);
        item.put("current_period_start", period.0);
        item.put("current_period_end", period.1);
        item.put("discounts", json!([]));
        item.put("metadata", json!({}));
        merge_metadata(&mut item, &wanted.metadata);
        item.put("price", self.get(&wanted.price).clone());
        item.put("quantity", wanted.quantity);
        item.put("subscription", subscription);
        item.put("tax_rates", json!([]));
        item
    }

    /// The period that an added item is in: that of the others, or one that begins now when there are none.
    pub fn period_for_new_items(&self, subscription: &str) -> (i64, i64) {
        if self.has_no_items(subscription) {
            let now = self.now();
            let trial_end = self.get(subscription).some_int("trial_end").filter(|end| *end > now);
            return (now, trial_end.unwrap_or(now));
        }
        self.period_of(subscription)
    }

    /// The whole period that a part of one is of: the part may begin late (a first period whose anchor is not its start, a
    /// resumption) or end early (a planned end).
    pub fn whole_period(&self, subscription: &str, part: (i64, i64)) -> (i64, i64) {
        let object = self.get(subscription);
        self.rhythm(object).around(object.int("billing_cycle_anchor"), part.0)
    }

    /// How often a subscription is billed.
    pub fn rhythm(&self, subscription: &Value) -> Interval {
        let first = subscription.items("items.data").first();
        self.interval_of(first.map_or("", |item| item.text("price.id")))
    }

    /// The line for a part of an item's whole period; for all of it, the ordinary line.
    pub fn share_line(&mut self, subscription: &str, item: &Value, part: (i64, i64), whole: (i64, i64)) -> Value {
        let mut line = self.period_line(subscription, item, part);
        if part != whole {
            let amount = share(line.int("amount"), part.1 - part.0, whole.1 - whole.0);
            line.put("amount", amount);
            line.put("subtotal", amount);
            line.put("parent.subscription_item_details.proration", true);
        }
        line
    }

    /// The items with their prices as they are now.
    pub fn with_current_prices(&self, subscription: &mut Value) {
        for list in ["/items/data", "/pending_update/subscription_items"] {
            let items = subscription.pointer_mut(list).and_then(Value::as_array_mut);
            for item in items.into_iter().flatten() {
                let price = self.get(item.text("price.id")).clone();
                if price.is_object() {
                    item.put("plan", plan_of(&price));
                    item.put("price", price);
                }
            }
        }
    }
}

/// The price in its old shape, which Stripe still answers beside it.
fn plan_of(price: &Value) -> Value {
    let mut plan = json!({"object": "plan"});
    for field in [
        "id",
        "active",
        "billing_scheme",
        "created",
        "currency",
        "livemode",
        "metadata",
        "nickname",
        "product",
        "tiers_mode",
    ] {
        plan.put(field, price.at(field).clone());
    }
    plan.put("amount", price.at("unit_amount").clone());
    plan.put("amount_decimal", price.at("unit_amount_decimal").clone());
    for field in ["interval", "interval_count", "meter", "trial_period_days", "usage_type"] {
        plan.put(field, price.at(&format!("recurring.{field}")).clone());
    }
    plan.put("transform_usage", Value::Null);
    plan
}
