//! What a checkout session sells, written out from its line items, or that it only saves a card.

use serde_json::Value;

use super::view::{Line, Purpose};
use crate::{
    engine::Engine,
    fields::Fields,
    pages::{
        amount::{amount, interval},
        date::day,
        subscription_words::price_words,
    },
};

/// `session` as the engine keeps it.
pub fn purpose(engine: &Engine, session: &Value) -> Purpose {
    if session.text("mode") == "setup" {
        return Purpose::SetUp;
    }
    let currency = session.text("currency");
    let trial = trial(engine, session);
    let lines = engine.session_lines(session.text("id"));
    let recurring: i64 = lines
        .iter()
        .map(|line| line.int("price.unit_amount") * line.int("quantity"))
        .sum();
    let first = lines.first().map_or(&Value::Null, |line| line.at("price.recurring"));
    Purpose::Subscription {
        recurring: amount(recurring, currency),
        interval: interval(first.text("interval"), first.some_int("interval_count").unwrap_or(1)),
        due_today: amount(session.int("amount_total"), currency),
        lines: lines
            .iter()
            .map(|line| words(engine, line, trial.is_some(), lines.len() > 1))
            .collect(),
        trial,
    }
}

/// What is charged when the session completes; none when that is nothing.
pub fn due_today(session: &Value) -> Option<String> {
    let due = session.int("amount_total");
    (due > 0).then(|| amount(due, session.text("currency")))
}

/// A single line's price is the heading's already.
fn words(engine: &Engine, line: &Value, in_trial: bool, one_of_many: bool) -> Line {
    let product = engine.get(line.text("price.product"));
    let quantity = line.some_int("quantity").unwrap_or(1);
    let price = price_words(line.at("price"));
    Line {
        name: product.text("name").to_owned(),
        description: product
            .some_text("description")
            .filter(|text| !text.is_empty())
            .map(str::to_owned),
        price: match quantity {
            1 if one_of_many => Some(price),
            1 => None,
            _ => Some(format!("{quantity} × {price}")),
        },
        amount: amount(
            if in_trial { 0 } else { line.int("amount_total") },
            line.text("currency"),
        ),
    }
}

fn trial(engine: &Engine, session: &Value) -> Option<String> {
    let given = engine.hidden(session.text("id")).at("subscription_data");
    match (given.some_int("trial_period_days"), given.some_int("trial_end")) {
        (Some(1), _) => Some("1 day free".to_owned()),
        (Some(days), _) => Some(format!("{days} days free")),
        (None, Some(end)) => Some(format!("Free until {}", day(end))),
        (None, None) => None,
    }
}
