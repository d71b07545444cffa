//! The planned end of a subscription (`cancel_at`, `cancel_at_period_end`): what a request asks for, how it cuts its period
//! short, and what happens when it comes.

use serde_json::{Value, json};

use super::prorate::period;
use crate::{
    engine::{Engine, invoices::Reason},
    error::StripeError,
    fields::Fields,
};

/// Parameters that are about an end.
const ENDING: [&str; 2] = ["cancel_at", "cancel_at_period_end"];

/// Whether a request is about a subscription's end.
pub fn is_about_end(params: &Value) -> bool {
    ENDING.iter().any(|name| params.get(name).is_some())
}

/// A period until its end, or until the planned end that it contains.
pub fn cut_short(subscription: &Value, (start, end): (i64, i64)) -> (i64, i64) {
    let cut = subscription.some_int("cancel_at").filter(|at| start < *at && *at < end);
    (start, cut.unwrap_or(end))
}

impl Engine {
    /// Puts the end that a request asks for into a subscription, or takes it out.
    ///
    /// Errors: both ways to say it at once; a date that is over.
    pub fn plan_end(&self, object: &mut Value, params: &Value) -> Result<(), StripeError> {
        for field in ["comment", "feedback"] {
            if let Some(text) = params.some_text(&format!("cancellation_details.{field}")) {
                object.put(
                    &format!("cancellation_details.{field}"),
                    if text.is_empty() { Value::Null } else { json!(text) },
                );
            }
        }
        if !is_about_end(params) {
            return Ok(());
        }
        let now = self.now();
        let wants_flag = params.at("cancel_at_period_end").as_bool();
        if wants_flag == Some(true) && params.some_int("cancel_at").is_some() {
            return Err(
                StripeError::invalid("You cannot set both `cancel_at` and `cancel_at_period_end`.").param("cancel_at"),
            );
        }
        if let Some(flag) = wants_flag {
            // A date of its own (the portal's, with flexible billing) is not the flag's to clear.
            let had_flag = object.flag("cancel_at_period_end");
            object.put("cancel_at_period_end", flag);
            if flag || had_flag {
                object.put("cancel_at", Value::Null);
            }
        }
        if params.get("cancel_at").is_some() {
            let at = match params.at("cancel_at") {
                // All items share a period, and are billed to its end.
                Value::String(word) if word == "max_billed_until" => json!(period(object).1),
                Value::String(word) if !word.is_empty() => json!(self.full_period(object).1),
                Value::String(_) => Value::Null,
                other => other.clone(),
            };
            if at.as_i64().is_some_and(|at| at <= now) {
                return Err(StripeError::invalid("`cancel_at` must be in the future.").param("cancel_at"));
            }
            object.put("cancel_at", at);
            object.put("cancel_at_period_end", false);
        }
        self.end_with_period(object);
        let ends = object.has("cancel_at");
        if ends && !object.has("canceled_at") {
            object.put("canceled_at", now);
            object.put("cancellation_details.reason", "cancellation_requested");
        } else if !ends {
            object.put("canceled_at", Value::Null);
            object.put("cancellation_details.reason", Value::Null);
        }
        Ok(())
    }

    /// One that ends with its period (`cancel_at_period_end`) ends with the one that it is in now. The period of a paused one
    /// is over; it keeps its date until it is resumed.
    pub fn end_with_period(&self, object: &mut Value) {
        if object.flag("cancel_at_period_end") && object.text("status") != "paused" {
            object.put("cancel_at", self.full_period(object).1);
        }
    }

    /// The current period as it is when no planned end cuts it short.
    pub fn full_period(&self, object: &Value) -> (i64, i64) {
        if object.items("items.data").is_empty() {
            return self.period_of(object.text("id"));
        }
        let period = period(object);
        if matches!(object.text("status"), "active" | "past_due" | "unpaid") {
            let rhythm = self.rhythm(object);
            return (
                period.0,
                rhythm.next_boundary(object.int("billing_cycle_anchor"), period.0),
            );
        }
        period
    }

    /// The planned end has come: what waits is billed as a renewal would bill it.
    pub fn end_as_planned(&mut self, id: &str) {
        let unpaid = self.get(id).text("status") == "unpaid";
        let period = (self.period_of(id).0, self.now_for(id));
        self.stop_collecting_from(id);
        let lines = self.take_pending_lines(id);
        if !lines.is_empty() {
            let invoice = self.draft_invoice(id, Reason::Cycle, lines, period);
            if unpaid {
                // Nothing is collected from an unpaid subscription: its drafts wait.
                self.stop_collecting(&invoice);
            } else {
                self.finalize_later(&invoice);
            }
        }
        self.close_subscription(id, "cancellation_requested");
    }

    /// Nothing that is open or a draft is collected any more.
    pub(super) fn stop_collecting_from(&mut self, id: &str) {
        for invoice in self.invoices_of(id) {
            if matches!(self.get(&invoice).text("status"), "draft" | "open") {
                self.stop_collecting(&invoice);
            }
        }
    }
}
