//! The end of a period or of a trial: the next period begins and is billed.

use serde_json::Value;

use super::ending::cut_short;
use crate::{
    engine::{Engine, invoices::Reason},
    fields::Fields,
};

impl Engine {
    /// The next period begins now (the old one ended at its end, however late this is called).
    pub fn renew(&mut self, id: &str) {
        let before = self.get(id).clone();
        let (ended, start) = self.period_of(id);
        let whole = self.rhythm(&before).around(before.int("billing_cycle_anchor"), start);
        let period = cut_short(&before, (start, whole.1));
        let trial_ended = before.text("status") == "trialing";
        if trial_ended && self.ends_with_trial(id) {
            return;
        }
        self.edit(id, |object| {
            set_period(object, period.0, period.1);
            if trial_ended {
                object.put("status", "active");
            }
        });
        let items = self.get(id).items("items.data").to_vec();
        let mut lines = self.take_pending_lines(id);
        for item in &items {
            lines.push(self.share_line(id, item, period, whole));
        }
        let invoice = self.draft_invoice(id, Reason::Cycle, lines, (ended, start));
        self.emit_change(id, "customer.subscription.updated", &before);
        if before.text("status") == "unpaid" {
            // Nothing is collected from an unpaid subscription: its drafts wait.
            self.stop_collecting(&invoice);
        } else {
            self.finalize_later(&invoice);
        }
    }
}

impl Engine {
    /// A trial has ended and there is nothing to charge: `trial_settings` may say that the subscription ends or is paused.
    fn ends_with_trial(&mut self, id: &str) -> bool {
        let subscription = self.get(id);
        let customer = self.get(subscription.text("customer"));
        if subscription.has("default_payment_method") || customer.has("invoice_settings.default_payment_method") {
            return false;
        }
        match subscription.text("trial_settings.end_behavior.missing_payment_method") {
            "cancel" => self.end_subscription(id, "payment_failed"),
            "pause" => self.pause(id, "trial_end_without_payment_method"),
            _ => return false,
        }
        true
    }
}

/// Gives all items of a subscription a period.
pub fn set_period(subscription: &mut Value, start: i64, end: i64) {
    if let Some(items) = subscription
        .get_mut("items")
        .and_then(|list| list.get_mut("data"))
        .and_then(Value::as_array_mut)
    {
        for item in items {
            item.put("current_period_start", start);
            item.put("current_period_end", end);
        }
    }
}
