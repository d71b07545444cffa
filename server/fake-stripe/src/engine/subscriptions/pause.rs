//! Pausing (`POST /v1/subscriptions/{id}/pause`, since endive): no service, no invoices, until it is resumed.

use serde_json::{Value, json};

use crate::{
    engine::{Answer, Call, Engine, invoices::Reason, payments::Presence},
    error::StripeError,
    fields::Fields,
};

pub fn pause(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    let params = &call.params;
    let subscription = engine.find(&call.account, "subscription", &id, "id")?.clone();
    check(&subscription)?;
    let (now, period) = (engine.now(), engine.period_of(&id));
    let from = match params.some_text("bill_for.unused_time_from.type").unwrap_or("now") {
        "none" => None,
        "item_current_period_start" => Some(period.0),
        _ => Some(now),
    };
    let is_paid_for = matches!(subscription.text("status"), "active" | "past_due");
    let mut lines = Vec::new();
    if let Some(from) = from.filter(|from| is_paid_for && *from < period.1) {
        for item in subscription.items("items.data") {
            lines.push(engine.credit(&id, item, from, period));
        }
    }
    if params.text("invoicing_behavior") == "invoice" {
        let mut all = engine.take_pending_lines(&id);
        all.append(&mut lines);
        if !all.is_empty() {
            let invoice = engine.draft_invoice(&id, Reason::Update, all, (period.0, now));
            engine.finalize_invoice(&invoice);
            if engine.get(&invoice).text("status") == "open" {
                // Refused: it stays open; what is owed already does not keep the subscription from being paused.
                drop(engine.pay_invoice(&invoice, None, Presence::Away));
            }
        }
    } else if !lines.is_empty() {
        engine.keep_lines(&id, lines);
    }
    engine.pause(&id, "pause_requested");
    engine.plan_subscription(&id);
    Ok(engine.get(&id).clone())
}

fn check(subscription: &Value) -> Result<(), StripeError> {
    if subscription.has("schedule") {
        return Err(StripeError::invalid(
            "You cannot pause a subscription that is managed by a subscription schedule.",
        ));
    }
    if subscription.text("billing_mode.type") == "classic" {
        return Err(StripeError::invalid(
            "You cannot pause a subscription whose `billing_mode` is `classic`; it must be `flexible`.",
        ));
    }
    let status = subscription.text("status");
    if !matches!(status, "active" | "trialing" | "past_due") {
        return Err(StripeError::invalid(format!(
            "You cannot pause a subscription with the status `{status}`."
        )));
    }
    if subscription.has("pending_update") {
        return Err(StripeError::invalid(
            "You cannot pause a subscription that has a pending update.",
        ));
    }
    Ok(())
}

impl Engine {
    /// Whether the account's settings may pause a subscription; one that they cannot is cancelled in the end.
    pub fn can_be_paused(&self, subscription: &str) -> bool {
        check(self.get(subscription)).is_ok()
    }

    /// No more bills until it is resumed; the period ends here. What was billed before goes its way.
    pub fn pause(&mut self, subscription: &str, why: &str) {
        let now = self.now();
        let before = self.get(subscription).clone();
        let (start, end) = self.period_of(subscription);
        self.edit(subscription, |object| {
            object.put("status", "paused");
            super::renew::set_period(object, start, end.min(now));
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
}
