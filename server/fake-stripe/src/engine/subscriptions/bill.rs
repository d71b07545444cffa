//! Putting a subscription's change in place: its prorations are billed now or kept for the next invoice, and a change that
//! must be paid first waits. Called by the update (`change.rs`) and by schedules.

use serde_json::{Value, json};

use super::{change::Changed, prorate::Change};
use crate::{
    engine::{
        Engine,
        invoices::Reason,
        payments::{Presence, Refused},
    },
    error::StripeError,
    fields::Fields,
};

impl Engine {
    /// Puts a change in place, bills it or keeps its prorations for the next invoice, and tells of it.
    ///
    /// Errors: the refused payment, under `payment_behavior=error_if_incomplete`.
    pub fn put_change(
        &mut self,
        id: &str,
        before: &Value,
        changed: Changed,
        params: &Value,
    ) -> Result<(), StripeError> {
        let at = params.some_int("proration_date").unwrap_or(self.now());
        let change = Change {
            before,
            after: &changed.object,
            at,
            new_period: changed.new_period,
            prorate: changed.prorate,
        };
        let lines = self.change_lines(id, &change);
        if changed.object.at("trial_end") != before.at("trial_end") {
            self.hide(id, "trial_end_announced", false);
        }
        self.edit(id, |subscription| *subscription = changed.object);
        if !lines.is_empty() && (changed.invoice_now || changed.new_period) {
            self.bill_change(id, before, lines, params.text("payment_behavior"))?;
        } else if !lines.is_empty() {
            self.keep_lines(id, lines);
        }
        if self.get(id) != before {
            self.emit_change(id, "customer.subscription.updated", before);
        }
        self.plan_subscription(id);
        Ok(())
    }

    /// Prorations that wait for the next invoice.
    pub fn keep_lines(&mut self, id: &str, lines: Vec<Value>) {
        let mut waiting = self.hidden(id).items("pending_lines").to_vec();
        waiting.extend(lines);
        self.hide(id, "pending_lines", waiting);
    }

    /// Bills a change that is in place already; under `pending_if_incomplete` it is taken back until it is paid.
    fn bill_change(&mut self, id: &str, before: &Value, lines: Vec<Value>, behavior: &str) -> Result<(), StripeError> {
        let mut all = self.take_pending_lines(id);
        all.extend(lines);
        let now = self.now();
        let invoice = self.draft_invoice(id, Reason::Update, all, (self.period_of(id).0, now));
        let pending = behavior == "pending_if_incomplete";
        self.hide(&invoice, "pending_update", pending);
        self.finalize_invoice(&invoice);
        if self.get(&invoice).text("status") == "paid" {
            self.hide(&invoice, "pending_update", false);
            return Ok(());
        }
        if behavior == "default_incomplete" {
            // One that is unpaid stays so.
            if matches!(self.get(id).text("status"), "active" | "trialing") {
                self.edit(id, |object| object.put("status", "past_due"));
            }
            return Ok(());
        }
        match self.pay_invoice(&invoice, None, Presence::Away) {
            Ok(()) => {
                self.hide(&invoice, "pending_update", false);
                Ok(())
            }
            Err(_) if pending => {
                self.wait_for_payment(id, before, &invoice);
                Ok(())
            }
            Err(refused) if behavior == "error_if_incomplete" => Err(match refused {
                Refused::Declined(refusal) => refusal,
                Refused::NoMethod => super::start::no_method(),
                Refused::NeedsConfirmation => StripeError::card(
                    "subscription_payment_intent_requires_action",
                    "This payment requires additional user action before it can be completed successfully.",
                ),
            }),
            Err(_) => {
                self.plan_retry(&invoice);
                Ok(())
            }
        }
    }

    fn wait_for_payment(&mut self, id: &str, before: &Value, invoice: &str) {
        let after = self.get(id).clone();
        // At the latest with the period that it would change.
        let now = self.now();
        let period_end = super::prorate::period(before).1;
        let expires_at = now + super::FIRST_PAYMENT_WITHIN;
        let expires_at = if period_end > now {
            expires_at.min(period_end)
        } else {
            expires_at
        };
        let changed = |field: &str| {
            if after.at(field) == before.at(field) {
                Value::Null
            } else {
                after.at(field).clone()
            }
        };
        let items = if changed("items").is_null() {
            Value::Null
        } else {
            after.at("items.data").clone()
        };
        let pending = json!({
            "billing_cycle_anchor": changed("billing_cycle_anchor"), "cancel_at_period_end": changed("cancel_at_period_end"),
            "discount": null, "discounts": null, "expires_at": expires_at, "metadata": changed("metadata"), "subscription_items": items,
            "trial_end": changed("trial_end"), "trial_from_plan": null
        });
        let mut object = before.clone();
        object.put("latest_invoice", invoice);
        object.put("pending_update", pending);
        self.edit(id, |subscription| *subscription = object);
        self.hide(id, "pending_object", after);
        self.hide(id, "pending_invoice", invoice);
        self.stop_collecting(invoice);
    }
}
