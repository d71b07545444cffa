//! Resuming a paused subscription (`POST /v1/subscriptions/{id}/resume`), which may need a payment first.

use crate::engine::Engine;

impl Engine {
    /// The invoice that a resumption waited for was paid (it goes on) or voided (it stays paused).
    pub fn resume_settled(&mut self, id: &str, invoice: &str) {
        use crate::fields::Fields;
        self.hide(invoice, "resumes", false);
        if self.get(invoice).text("status") != "paid" || self.get(id).text("status") != "paused" {
            return;
        }
        let before = self.get(id).clone();
        self.edit(id, |object| object.put("status", "active"));
        self.emit_change(id, "customer.subscription.updated", &before);
        self.emit(id, "customer.subscription.resumed");
        self.plan_subscription(id);
    }
}
