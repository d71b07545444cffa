//! The end of a subscription: at once, by itself at its date, or because nobody paid.

use serde_json::Value;

use crate::{
    engine::{Engine, invoices::Reason, payments::Presence},
    fields::Fields,
};

impl Engine {
    /// Ends a subscription now, on request. `prorate` credits the unused time, `invoice_now` bills what waits; without it a
    /// credit goes to the customer's balance only with their next invoice, so here it is lost with the subscription.
    pub fn cancel_now(&mut self, id: &str, prorate: bool, invoice_now: bool) {
        let lines = self.last_lines(id, prorate);
        if invoice_now && !lines.is_empty() {
            let period = (self.period_of(id).0, self.now());
            let invoice = self.draft_invoice(id, Reason::Update, lines, period);
            self.finalize_invoice(&invoice);
            if self.get(&invoice).text("status") == "open" {
                // Refused: it stays open, as all unpaid invoices of an ended subscription do.
                drop(self.pay_invoice(&invoice, None, Presence::Away));
            }
        }
        self.end_subscription(id, "cancellation_requested");
    }

    /// What a subscription that ends now is still billed with: what waits and, if wanted, the credit for its unused time.
    pub fn last_lines(&mut self, id: &str, prorate: bool) -> Vec<Value> {
        let (now, period) = (self.now(), self.period_of(id));
        let subscription = self.get(id).clone();
        let is_paid_for = matches!(subscription.text("status"), "active" | "past_due");
        // Worked out while what waits is still known: the credit gives that back too.
        let mut credits = Vec::new();
        if prorate && is_paid_for && now < period.1 {
            for item in subscription.items("items.data") {
                credits.push(self.credit(id, item, now, period));
            }
        }
        let mut lines = self.take_pending_lines(id);
        lines.append(&mut credits);
        lines
    }

    /// Ends a subscription now. Its unpaid invoices are no longer collected, but stay.
    pub fn end_subscription(&mut self, id: &str, reason: &str) {
        if self.has_ended(id) {
            return;
        }
        self.stop_collecting_from(id);
        self.close_subscription(id, reason);
    }

    pub(super) fn close_subscription(&mut self, id: &str, reason: &str) {
        let now = self.now_for(id);
        let incomplete = self.get(id).text("status") == "incomplete";
        self.close_schedule_of(id);
        self.edit(id, |object| {
            object.put("status", if incomplete { "incomplete_expired" } else { "canceled" });
            object.put("ended_at", now);
            if !object.has("canceled_at") {
                object.put("canceled_at", now);
            }
            object.put("pending_update", Value::Null);
            if !object.has("cancellation_details.reason") {
                object.put("cancellation_details.reason", reason);
            }
        });
        self.hide(id, "pending_lines", Value::Null);
        self.set_due(id, None);
        self.emit(id, "customer.subscription.deleted");
    }
}
