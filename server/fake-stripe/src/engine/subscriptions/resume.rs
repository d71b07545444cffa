//! Resuming a paused subscription (`POST /v1/subscriptions/{id}/resume`). When that costs something, an invoice decides:
//! paid (or written off), the subscription goes on; voided, or not tried to be paid within 23 hours, it stays paused.

use serde_json::Value;

use super::{ending::cut_short, renew::set_period};
use crate::{
    engine::{Answer, Call, Engine, invoices::Reason, payments::Presence},
    error::StripeError,
    fields::Fields,
};

/// `payment_behavior`: the subscription goes on only when the invoice is paid. Otherwise (the default) any attempt to pay
/// it is enough, and one that fails makes the subscription `past_due`.
const ON_SUCCESS: &str = "resume_on_payment_success";

pub fn resume(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    let before = engine.find(&call.account, "subscription", &id, "id")?.clone();
    if before.text("status") != "paused" {
        return Err(StripeError::invalid(format!(
            "You can only resume subscriptions with a status of `paused`. This subscription has a status of `{}`.",
            before.text("status")
        )));
    }
    let behavior = call.params.text("payment_behavior").to_owned();
    let waiting = engine.hidden(&id).text("resumption_invoice").to_owned();
    let invoice = if engine.get(&waiting).text("status") == "open" {
        // Asked for before: that invoice still decides.
        Some(waiting)
    } else {
        engine.prepare_resumption(&id, &before, &call.params)
    };
    let Some(invoice) = invoice else {
        engine.take_up(&id);
        engine.resumed(&id, &before, "active");
        return Ok(engine.get(&id).clone());
    };
    engine.hide(&invoice, "resumes_on_success", behavior == ON_SUCCESS);
    if engine.get(&invoice).text("status") == "draft" {
        engine.finalize_invoice(&invoice);
    }
    if engine.get(&invoice).text("status") == "open" && behavior == ON_SUCCESS {
        // When it is refused the subscription stays paused, and the invoice is tried again as a renewal's is.
        drop(engine.pay_invoice(&invoice, None, Presence::Away));
        engine.plan_retry(&invoice);
    } else if engine.get(&invoice).text("status") == "open" {
        engine.stop_collecting(&invoice);
        let expires = engine.now() + super::FIRST_PAYMENT_WITHIN;
        engine.set_due(&invoice, Some(expires));
    }
    Ok(engine.get(&id).clone())
}

impl Engine {
    /// Works out the subscription as it goes on, and a draft for what that costs; none when nothing is to be paid now.
    pub fn prepare_resumption(&mut self, id: &str, before: &Value, params: &Value) -> Option<String> {
        let now = self.now();
        let mut resumed = before.clone();
        if let Some(end) = before.some_int("trial_end").filter(|end| *end > now) {
            set_period(&mut resumed, before.int("trial_start"), end);
            self.hide(id, "resumed_object", resumed);
            return None;
        }
        let unchanged = params.text("billing_cycle_anchor.type") == "unchanged";
        let anchor = if unchanged {
            before.int("billing_cycle_anchor")
        } else {
            now
        };
        let whole = self.rhythm(before).around(anchor, now);
        resumed.put("billing_cycle_anchor", anchor);
        if resumed.flag("cancel_at_period_end") {
            resumed.put("cancel_at", whole.1);
        }
        let period = cut_short(&resumed, (now, whole.1));
        set_period(&mut resumed, period.0, period.1);
        let items = resumed.items("items.data").to_vec();
        self.hide(id, "resumed_object", resumed);
        let behavior = params.some_text("proration_behavior").unwrap_or("create_prorations");
        let mut lines = Vec::new();
        for item in items.iter().filter(|_| !(unchanged && behavior == "none")) {
            let line = if unchanged {
                let at = params.some_int("proration_date").unwrap_or(now).clamp(now, period.1);
                self.debit(id, item, at, period)
            } else {
                self.share_line(id, item, period, whole)
            };
            lines.push(line);
        }
        if unchanged && behavior != "always_invoice" {
            if !lines.is_empty() {
                self.keep_lines(id, lines);
            }
            return None;
        }
        let mut all = self.take_pending_lines(id);
        all.append(&mut lines);
        if all.is_empty() {
            return None;
        }
        let invoice = self.draft_invoice(id, Reason::Cycle, all, (now, now));
        self.hide(&invoice, "resumes", true);
        self.hide(id, "resumption_invoice", invoice.as_str());
        Some(invoice)
    }

    /// The invoice that a resumption waited for was paid or written off (it goes on) or voided (it stays paused).
    pub fn resume_settled(&mut self, id: &str, invoice: &str) {
        self.hide(invoice, "resumes", false);
        let goes_on = matches!(self.get(invoice).text("status"), "paid" | "uncollectible");
        if goes_on && self.get(id).text("status") == "paused" {
            let before = self.get(id).clone();
            self.take_up(id);
            self.resumed(id, &before, "active");
        }
    }

    /// An attempt to pay the invoice failed. With `resume_on_payment_attempt` that is enough to go on, owing.
    pub fn resume_failed(&mut self, id: &str, invoice: &str) {
        if self.hidden(invoice).flag("resumes_on_success") || self.get(id).text("status") != "paused" {
            return;
        }
        self.hide(invoice, "resumes", false);
        self.set_due(invoice, None);
        let before = self.get(id).clone();
        self.take_up(id);
        self.resumed(id, &before, "past_due");
    }

    /// Whether nobody tried to pay a resumption's invoice in time.
    pub fn resumption_has_lapsed(&self, invoice: &str) -> bool {
        self.hidden(invoice).flag("resumes")
            && !self.hidden(invoice).flag("resumes_on_success")
            && self.get(invoice).int("attempt_count") == 0
    }

    /// The period that the resumption begins.
    fn take_up(&mut self, id: &str) {
        let resumed = self.hidden(id).at("resumed_object").clone();
        if resumed.is_object() {
            self.edit(id, |object| {
                object.put("items", resumed.at("items").clone());
                object.put("billing_cycle_anchor", resumed.at("billing_cycle_anchor").clone());
                if object.flag("cancel_at_period_end") && resumed.flag("cancel_at_period_end") {
                    object.put("cancel_at", resumed.at("cancel_at").clone());
                }
            });
        }
        self.hide(id, "resumed_object", Value::Null);
    }

    fn resumed(&mut self, id: &str, before: &Value, status: &str) {
        let now = self.now();
        let on_trial = before.some_int("trial_end").is_some_and(|end| end > now);
        self.edit(id, |object| {
            object.put("status", if on_trial { "trialing" } else { status });
            object.put("status_details", Value::Null);
        });
        self.emit_change(id, "customer.subscription.updated", before);
        self.emit(id, "customer.subscription.resumed");
        self.plan_subscription(id);
    }
}
