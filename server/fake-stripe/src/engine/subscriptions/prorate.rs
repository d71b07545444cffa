//! Prorations: what the unused rest of a period is worth, and what the rest costs at the new price, to the second.

use serde_json::Value;

use super::debits::credited_items;
use crate::{
    engine::{Engine, invoices::line::Line},
    fields::Fields,
    money::share,
};

/// The two states of a subscription between which money is worked out.
pub struct Change<'a> {
    pub before: &'a Value,
    pub after: &'a Value,
    /// The moment that both shares are counted from.
    pub at: i64,
    /// Whether a new period begins (another interval, another anchor, the end of a trial).
    pub new_period: bool,
    /// Whether shares are counted at all (`proration_behavior`).
    pub prorate: bool,
}

impl Engine {
    /// The lines that a change brings about.
    pub fn change_lines(&mut self, id: &str, change: &Change<'_>) -> Vec<Value> {
        let period = period(change.before);
        let trial = change.before.text("status") == "trialing";
        let stays_trial = change.after.text("status") == "trialing";
        let mut lines = Vec::new();
        let (old, new) = (change.before.items("items.data"), change.after.items("items.data"));
        let same =
            |a: &Value, b: &Value| a.text("price.id") == b.text("price.id") && a.int("quantity") == b.int("quantity");
        let find =
            |list: &[Value], item: &Value| list.iter().find(|other| other.text("id") == item.text("id")).cloned();
        let after = self::period(change.after);
        let ends = if change.new_period { period.1 } else { after.1 };
        if change.prorate && !trial && change.at < period.1 {
            for item in old {
                let kept = find(new, item).is_some_and(|now| same(&now, item));
                if change.new_period || !kept {
                    lines.push(self.credit(id, item, change.at.min(ends), period));
                } else if ends < period.1 {
                    lines.push(self.credit(id, item, ends, period));
                }
            }
        }
        if stays_trial {
            return lines;
        }
        if change.new_period {
            let rhythm = self.rhythm(change.after);
            let whole = rhythm.around(change.after.int("billing_cycle_anchor"), after.0);
            for item in new {
                lines.push(self.share_line(id, item, after, whole));
            }
        } else if change.prorate && !trial && change.at < period.1 {
            for item in new {
                let kept = find(old, item).is_some_and(|was| same(&was, item));
                let from = if kept { period.1 } else { change.at };
                if from < ends {
                    lines.push(self.debit(id, item, from, (period.0, ends)));
                }
            }
        }
        lines
    }

    /// What the unused time of an item gives back: under flexible billing what was debited for it, under classic billing
    /// what it costs now.
    pub fn credit(&mut self, id: &str, item: &Value, at: i64, period: (i64, i64)) -> Value {
        let debits = self.debits_of(id, item.text("id"), at);
        let mut billed = item.clone();
        let amount = if self.get(id).text("billing_mode.type") == "classic" {
            self.price_of(id, item, (at, period.1), period)
        } else {
            if let Some(debit) = debits.first() {
                billed.put("price.id", debit.line.text("pricing.price_details.price"));
                billed.put("quantity", debit.line.int("quantity"));
            }
            debits.iter().map(|debit| debit.unused).sum()
        };
        let line = self.share_of(
            id,
            &billed,
            -amount,
            (at, period.1),
            "Unused time on",
            credited_items(&debits),
        );
        self.remember_credit(id, line.text("id"), at, &debits);
        line
    }

    /// What the rest of a period costs.
    pub(super) fn debit(&mut self, id: &str, item: &Value, at: i64, period: (i64, i64)) -> Value {
        let amount = self.price_of(id, item, (at, period.1), period);
        self.share_of(id, item, amount, (at, period.1), "Remaining time on", None)
    }

    /// What a part of a period costs today: its share of the whole period, however short the current one is.
    fn price_of(&self, id: &str, item: &Value, part: (i64, i64), period: (i64, i64)) -> i64 {
        let amount = self.get(item.text("price.id")).int("unit_amount") * item.some_int("quantity").unwrap_or(1);
        let whole = self.whole_period(id, period);
        share(amount, part.1 - part.0, whole.1 - whole.0)
    }

    fn share_of(
        &mut self,
        id: &str,
        item: &Value,
        amount: i64,
        period: (i64, i64),
        words: &str,
        credits: Option<(String, Vec<String>)>,
    ) -> Value {
        let price = item.text("price.id").to_owned();
        let quantity = item.some_int("quantity").unwrap_or(1);
        let name = self.get(self.get(&price).text("product")).text("name").to_owned();
        let times = if quantity == 1 {
            String::new()
        } else {
            format!("{quantity} × ")
        };
        let date = chrono::DateTime::from_timestamp(period.0, 0)
            .map(|at| at.format("%d %b %Y").to_string())
            .unwrap_or_default();
        let line = Line {
            item: item.text("id").to_owned(),
            price,
            quantity,
            amount,
            period,
            description: format!("{words} {times}{name} after {date}"),
            proration: true,
            credits,
        };
        self.line(id, line)
    }
}

pub(super) fn period(subscription: &Value) -> (i64, i64) {
    let first = subscription.items("items.data").first();
    first.map_or((0, 0), |item| {
        (item.int("current_period_start"), item.int("current_period_end"))
    })
}
