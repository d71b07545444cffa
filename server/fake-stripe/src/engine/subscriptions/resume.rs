//! Pausing (`POST /v1/subscriptions/{id}/pause`, since endive) and resuming, which may need a payment first.

use serde_json::{Value, json};

use super::renew::set_period;
use crate::{
    engine::{Answer, Call, Engine, invoices::Reason, payments::Presence},
    error::StripeError,
    fields::Fields,
};

pub fn pause(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    let subscription = engine.find(&call.account, "subscription", &id, "id")?.clone();
    if subscription.has("schedule") {
        return Err(StripeError::invalid(
            "You cannot pause a subscription that is managed by a subscription schedule.",
        ));
    }
    let status = subscription.text("status");
    if !matches!(status, "active" | "trialing" | "past_due") {
        return Err(StripeError::invalid(format!(
            "You cannot pause a subscription with the status `{status}`."
        )));
    }
    if call.params.text("bill_for.unused_time_from.type") == "now" {
        let (now, period) = (engine.now(), engine.period_of(&id));
        let mut lines = Vec::new();
        for item in subscription.items("items.data") {
            lines.push(engine.credit(&id, item, now, period));
        }
        let invoice = engine.draft_invoice(&id, Reason::Update, lines, (period.0, now));
        engine.finalize_invoice(&invoice);
    }
    engine.pause(&id, "pause_requested");
    engine.plan_subscription(&id);
    Ok(engine.get(&id).clone())
}

pub fn resume(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    let before = engine.find(&call.account, "subscription", &id, "id")?.clone();
    if before.text("status") != "paused" {
        return Err(StripeError::invalid(format!(
            "You can only resume subscriptions with a status of `paused`. This subscription has a status of `{}`.",
            before.text("status")
        )));
    }
    let (now, period) = (engine.now(), engine.period_of(&id));
    let keeps_period = call.params.text("billing_cycle_anchor.type") == "unchanged" && now < period.1;
    if keeps_period {
        engine.resumed(&id, &before);
        return Ok(engine.get(&id).clone());
    }
    let price = before
        .items("items.data")
        .first()
        .map_or("", |item| item.text("price.id"))
        .to_owned();
    let anchored = call.params.text("billing_cycle_anchor.type") == "unchanged";
    let anchor = if anchored {
        before.int("billing_cycle_anchor")
    } else {
        now
    };
    let interval = engine.interval_of(&price);
    let end = interval.next_boundary(anchor, now);
    let mut resumed = before.clone();
    resumed.put("billing_cycle_anchor", anchor);
    set_period(&mut resumed, now, end);
    let mut lines = engine.take_pending_lines(&id);
    for item in resumed.items("items.data") {
        lines.push(engine.period_line(&id, item, (now, end)));
    }
    let invoice = engine.draft_invoice(&id, Reason::Cycle, lines, (now, now));
    engine.hide(&invoice, "resumes", true);
    engine.hide(&id, "resumed_object", resumed);
    engine.finalize_invoice(&invoice);
    if engine.get(&invoice).text("status") == "open" {
        // When it is refused the subscription stays paused until the invoice is paid.
        drop(engine.pay_invoice(&invoice, None, Presence::Away));
        if engine.get(&invoice).text("status") == "open" {
            engine.stop_collecting(&invoice);
            if call.params.text("payment_behavior") == "resume_on_payment_attempt" {
                engine.hide(&invoice, "resumes", false);
                let before = engine.get(&id).clone();
                engine.take_up(&id);
                engine.edit(&id, |object| object.put("status", "past_due"));
                engine.emit_change(&id, "customer.subscription.updated", &before);
                engine.emit(&id, "customer.subscription.resumed");
                engine.plan_subscription(&id);
            }
        }
    }
    Ok(engine.get(&id).clone())
}

impl Engine {
    /// No more bills until it is resumed.
    pub fn pause(&mut self, subscription: &str, why: &str) {
        let now = self.now();
        let before = self.get(subscription).clone();
        self.edit(subscription, |object| {
            object.put("status", "paused");
            object.put(
                "status_details",
                json!({"paused": {
                    "subscription": {"type": why}, "transitioned_at": now, "type": "subscription"
                }}),
            );
        });
        self.emit_change(subscription, "customer.subscription.updated", &before);
        self.emit(subscription, "customer.subscription.paused");
    }

    /// The invoice that a resumption waited for was paid (it goes on) or voided (it stays paused).
    pub fn resume_settled(&mut self, id: &str, invoice: &str) {
        self.hide(invoice, "resumes", false);
        if self.get(invoice).text("status") != "paid" || self.get(id).text("status") != "paused" {
            return;
        }
        let before = self.get(id).clone();
        self.take_up(id);
        self.resumed(id, &before);
    }

    /// The period that was billed for the resumption begins.
    fn take_up(&mut self, id: &str) {
        let resumed = self.hidden(id).at("resumed_object").clone();
        if resumed.is_object() {
            self.edit(id, |object| {
                object.put("items", resumed.at("items").clone());
                object.put("billing_cycle_anchor", resumed.at("billing_cycle_anchor").clone());
                object.put("status_details", Value::Null);
            });
        }
        self.hide(id, "resumed_object", Value::Null);
    }

    fn resumed(&mut self, id: &str, before: &Value) {
        self.edit(id, |object| {
            object.put("status", "active");
            object.put("status_details", Value::Null);
        });
        self.emit_change(id, "customer.subscription.updated", before);
        self.emit(id, "customer.subscription.resumed");
        self.plan_subscription(id);
    }
}
