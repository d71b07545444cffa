//! Pending updates: a change that waits for its payment (`payment_behavior=pending_if_incomplete`).

use serde_json::Value;

use crate::{engine::Engine, fields::Fields};

impl Engine {
    /// The invoice of a pending update was paid (it applies) or voided (it is dropped).
    pub fn pending_update_settled(&mut self, id: &str, invoice: &str) {
        let waiting = self.get(id).at("pending_update").clone();
        if waiting.is_null() || self.hidden(id).text("pending_invoice") != invoice {
            return;
        }
        let before = self.get(id).clone();
        let paid = self.get(invoice).text("status") == "paid";
        let after = self.hidden(id).at("pending_object").clone();
        let mut object = before.clone();
        object.put("pending_update", Value::Null);
        if paid {
            let applied = ["items", "billing_cycle_anchor", "trial_end", "metadata", "status"];
            // Its ending is changed only by an update that was about it: it may have been cancelled meanwhile.
            let ending = ["cancel_at_period_end", "cancel_at", "canceled_at"];
            let about_ending = !waiting.at("cancel_at_period_end").is_null();
            for field in applied.iter().chain(ending.iter().filter(|_| about_ending)) {
                object.put(field, after.at(field).clone());
            }
            self.end_with_period(&mut object);
        }
        self.edit(id, |subscription| *subscription = object);
        self.hide(id, "pending_object", Value::Null);
        self.hide(id, "pending_invoice", Value::Null);
        if paid {
            self.hide(invoice, "pending_update", false);
            self.emit_change(id, "customer.subscription.updated", &before);
            self.emit(id, "customer.subscription.pending_update_applied");
        } else {
            self.emit(id, "customer.subscription.pending_update_expired");
        }
        self.plan_subscription(id);
    }

    /// It was not paid in time: its invoice is voided, which drops it.
    pub fn expire_pending_update(&mut self, id: &str) {
        let invoice = self.hidden(id).text("pending_invoice").to_owned();
        if self.get(&invoice).text("status") == "open" {
            self.void_invoice(&invoice);
        } else {
            self.edit(id, |object| object.put("pending_update", Value::Null));
            self.emit(id, "customer.subscription.pending_update_expired");
        }
    }

    /// Prorations that wait for the next invoice.
    pub fn take_pending_lines(&mut self, id: &str) -> Vec<Value> {
        let lines = self.hidden(id).items("pending_lines").to_vec();
        self.hide(id, "pending_lines", Value::Null);
        lines
    }
}
