//! A subscription in words: what it is, what it costs, how it stands, what comes next. For portal and dashboard.

use serde_json::Value;

use super::{
    amount::{amount, interval},
    date::day,
};
use crate::{engine::Engine, fields::Fields};

/// What the pages say about a subscription.
pub struct SubscriptionWords {
    pub name: String,
    /// As in `€5.00 per month`.
    pub price: String,
    /// A word and the class of its tag.
    pub tag: (&'static str, &'static str),
    pub next: String,
    /// Set to end, at these Unix seconds.
    pub ends_at: Option<i64>,
    /// The end of what is paid for, in Unix seconds.
    pub period_end: i64,
}

impl SubscriptionWords {
    /// `subscription` as it is shown, with its items.
    pub fn of(engine: &Engine, subscription: &Value) -> Self {
        let items = subscription.items("items.data");
        let names: Vec<&str> = items
            .iter()
            .map(|item| engine.get(item.text("price.product")).text("name"))
            .collect();
        let price = items
            .iter()
            .map(|item| price_words(item.at("price")))
            .collect::<Vec<_>>()
            .join(" + ");
        let period_end = items
            .iter()
            .map(|item| item.int("current_period_end"))
            .max()
            .unwrap_or(0);
        let ends_at = subscription
            .some_int("cancel_at")
            .or_else(|| subscription.flag("cancel_at_period_end").then_some(period_end));
        let status = subscription.text("status");
        Self {
            name: if names.is_empty() {
                "Subscription".to_owned()
            } else {
                names.join(", ")
            },
            tag: tag(status, ends_at.is_some()),
            next: if items.is_empty() && !matches!(status, "canceled" | "incomplete_expired") {
                "It has no items, so nothing is charged.".to_owned()
            } else {
                next(status, ends_at, period_end, &price)
            },
            price,
            ends_at,
            period_end,
        }
    }
}

/// `€5.00 per month`.
pub fn price_words(price: &Value) -> String {
    let money = amount(price.int("unit_amount"), price.text("currency"));
    let unit = price.text("recurring.interval");
    if unit.is_empty() {
        return money;
    }
    let count = price.some_int("recurring.interval_count").unwrap_or(1);
    format!("{money} {}", interval(unit, count))
}

fn tag(status: &str, ends: bool) -> (&'static str, &'static str) {
    match status {
        "active" | "trialing" if ends => ("Ends soon", "warn"),
        "active" => ("Active", "good"),
        "trialing" => ("Trial", "good"),
        "past_due" => ("Past due", "bad"),
        "unpaid" => ("Unpaid", "bad"),
        "incomplete" => ("Incomplete", "warn"),
        "incomplete_expired" => ("Expired", ""),
        "paused" => ("Paused", "warn"),
        _ => ("Canceled", ""),
    }
}

fn next(status: &str, ends_at: Option<i64>, period_end: i64, price: &str) -> String {
    match (status, ends_at) {
        ("canceled" | "incomplete_expired", _) => "It has ended.".to_owned(),
        ("incomplete", _) => "Its first payment is not made yet.".to_owned(),
        ("unpaid", _) => "Payments have failed; pay the open invoice to go on.".to_owned(),
        ("paused", _) => "Nothing is charged while it is paused.".to_owned(),
        (_, Some(end)) => format!("Ends on {}.", day(end)),
        ("past_due", None) => {
            "The last payment failed. Pay the open invoice, or change your payment method.".to_owned()
        }
        ("trialing", None) => format!("Free until {}, then {price}.", day(period_end)),
        (_, None) => format!("Renews on {}.", day(period_end)),
    }
}
