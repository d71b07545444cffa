//! Subscription schedules (`/v1/subscription_schedules`): what a subscription will become, phase by phase. They begin with
//! `from_subscription`, get their phases in a second call, and end by release or by cancelling.

mod phases;

use serde_json::{Value, json};

use super::{Answer, Call, Engine, lists::in_range, subscriptions::endpoints::fee};
use crate::{
    error::StripeError,
    fields::{Fields, merge_metadata},
};

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let Some(subscription) = params.some_text("from_subscription").map(str::to_owned) else {
        return Err(
            StripeError::invalid("fake-stripe makes schedules with `from_subscription` only.")
                .param("from_subscription"),
        );
    };
    let refused = params.as_object().into_iter().flat_map(|map| map.keys()).find(|key| {
        !matches!(
            key.as_str(),
            "from_subscription" | "expand" | "metadata" | "billing_mode"
        )
    });
    if let Some(refused) = refused {
        return Err(StripeError::invalid(format!(
            "You cannot set `{refused}` if `from_subscription` is set: create the schedule first, then update it."
        ))
        .param(refused));
    }
    let object = engine
        .find(&call.account, "subscription", &subscription, "from_subscription")?
        .clone();
    if let Some(schedule) = object.some_text("schedule") {
        return Err(StripeError::invalid(format!(
            "You cannot migrate a subscription that is already attached to a schedule: `{schedule}`."
        ))
        .param("from_subscription"));
    }
    if !matches!(object.text("status"), "active" | "trialing" | "past_due") {
        return Err(StripeError::invalid(format!(
            "You cannot migrate a subscription with the status `{}` to a subscription schedule.",
            object.text("status")
        ))
        .param("from_subscription"));
    }
    if object.flag("cancel_at_period_end") || object.has("cancel_at") {
        return Err(
            StripeError::invalid("You cannot migrate a subscription that is scheduled to be canceled.")
                .param("from_subscription"),
        );
    }
    let mut schedule = engine.blank("subscription_schedule", "sub_sched_1");
    let id = schedule.text("id").to_owned();
    let phase = engine.phase_of(&object);
    schedule.put("billing_mode", object.at("billing_mode").clone());
    schedule.put(
        "current_phase",
        json!({"start_date": phase.at("start_date"), "end_date": phase.at("end_date")}),
    );
    schedule.put("customer", object.at("customer").clone());
    schedule.put("default_settings", json!({
        "application_fee_percent": null, "automatic_tax": {"disabled_reason": null, "enabled": false, "liability": null},
        "billing_cycle_anchor": "automatic", "billing_thresholds": null, "collection_method": "charge_automatically",
        "default_payment_method": object.at("default_payment_method"), "description": null,
        "invoice_settings": {"account_tax_ids": null, "days_until_due": null, "issuer": {"type": "self"}}, "on_behalf_of": null,
        "transfer_data": null
    }));
    schedule.put("end_behavior", "release");
    schedule.put("metadata", json!({}));
    merge_metadata(&mut schedule, params.at("metadata"));
    let end = phase.int("end_date");
    schedule.put("phases", json!([phase]));
    schedule.put("status", "active");
    schedule.put("subscription", subscription.as_str());
    schedule.put("test_clock", object.at("test_clock").clone());
    let clock = engine.clock_of(&subscription);
    engine.records.insert(&call.account, &clock, schedule);
    engine.set_due(&id, Some(end));
    engine.emit(&id, "subscription_schedule.created");
    engine.change(&subscription, "customer.subscription.updated", |object| {
        object.put("schedule", id.as_str());
    });
    Ok(engine.get(&id).clone())
}

pub fn retrieve(engine: &mut Engine, call: &Call) -> Answer {
    engine
        .find(&call.account, "subscription_schedule", call.id(), "schedule")
        .cloned()
}

pub fn list(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let passed = |schedule: &Value, field: &str| in_range(schedule.at(field), params.at(field));
    engine.list(
        call,
        "subscription_schedule",
        "/v1/subscription_schedules",
        |_, schedule| {
            params
                .some_text("customer")
                .is_none_or(|customer| schedule.text("customer") == customer)
                && params
                    .at("scheduled")
                    .as_bool()
                    .is_none_or(|wanted| (schedule.text("status") == "not_started") == wanted)
                && passed(schedule, "canceled_at")
                && passed(schedule, "completed_at")
                && passed(schedule, "released_at")
        },
    )
}

fn active(engine: &Engine, call: &Call, act: &str) -> Result<Value, StripeError> {
    let schedule = engine
        .find(&call.account, "subscription_schedule", call.id(), "schedule")?
        .clone();
    let status = schedule.text("status");
    if !matches!(status, "active" | "not_started") {
        return Err(StripeError::invalid(format!(
            "You cannot {act} a subscription schedule that is in the `{status}` status. Only a schedule in `not_started` or `active` status may be changed."
        )));
    }
    Ok(schedule)
}

pub fn update(engine: &mut Engine, call: &Call) -> Answer {
    let before = active(engine, call, "update")?;
    if engine.get(before.text("subscription")).has("pending_update") {
        return Err(StripeError::invalid(
            "The subscription of this schedule has a pending update. Pay or void its invoice before you change the schedule.",
        )
        .code("subscription_pending_update"));
    }
    let params = &call.params;
    let id = call.id().to_owned();
    let mut after = before.clone();
    if params.has("phases") {
        let phases = engine.wanted_phases(call, &before)?;
        after.put(
            "current_phase.end_date",
            phases.first().map_or(Value::Null, |phase| phase.at("end_date").clone()),
        );
        after.put("phases", phases);
    }
    if let Some(end) = params.some_text("end_behavior") {
        after.put("end_behavior", end);
    }
    let settings = params.at("default_settings");
    if let Some(fee) = fee(&call.account, settings, "default_settings[application_fee_percent]")? {
        after.put("default_settings.application_fee_percent", fee);
    }
    if let Some(anchor) = params.some_text("default_settings.billing_cycle_anchor") {
        after.put("default_settings.billing_cycle_anchor", anchor);
    }
    if let Some(method) = params.some_text("default_settings.default_payment_method") {
        engine.check_method(
            &call.account,
            before.text("customer"),
            method,
            "default_settings[default_payment_method]",
        )?;
        after.put("default_settings.default_payment_method", method);
    }
    for field in ["description", "billing_cycle_anchor"] {
        if let Some(text) = settings.some_text(field) {
            let value = if text.is_empty() { Value::Null } else { text.into() };
            after.put(&format!("default_settings.{field}"), value);
        }
    }
    merge_metadata(&mut after, params.at("metadata"));
    let end = after.some_int("current_phase.end_date");
    engine.edit(&id, |schedule| *schedule = after);
    engine.set_due(&id, end);
    engine.emit_change(&id, "subscription_schedule.updated", &before);
    // A changed current phase holds at once.
    let behavior = params.some_text("proration_behavior").unwrap_or("create_prorations");
    engine.enter_phase(&id, 0, behavior)?;
    Ok(engine.get(&id).clone())
}

pub fn release(engine: &mut Engine, call: &Call) -> Answer {
    active(engine, call, "release")?;
    engine.release_schedule(call.id());
    Ok(engine.get(call.id()).clone())
}

/// Cancels the schedule and its subscription.
pub fn cancel(engine: &mut Engine, call: &Call) -> Answer {
    let schedule = active(engine, call, "cancel")?;
    let prorate = call.params.at("prorate").as_bool().unwrap_or(true);
    let invoice_now = call.params.at("invoice_now").as_bool().unwrap_or(true);
    engine.cancel_now(schedule.text("subscription"), prorate, invoice_now);
    Ok(engine.get(call.id()).clone())
}

impl Engine {
    /// The subscription of a schedule is over.
    pub fn close_schedule_of(&mut self, subscription: &str) {
        let Some(schedule) = self.get(subscription).some_text("schedule").map(str::to_owned) else {
            return;
        };
        let now = self.now_for(subscription);
        self.set_due(&schedule, None);
        let completed = self.get(&schedule).text("status") == "completed";
        if !completed {
            self.edit(&schedule, |object| {
                object.put("status", "canceled");
                object.put("canceled_at", now);
                object.put("current_phase", Value::Null);
            });
            self.emit(&schedule, "subscription_schedule.canceled");
        }
    }

    /// The subscription goes on as it is, without a schedule.
    pub fn release_schedule(&mut self, id: &str) {
        let now = self.now_for(id);
        let subscription = self.get(id).text("subscription").to_owned();
        self.set_due(id, None);
        self.edit(id, |schedule| {
            schedule.put("status", "released");
            schedule.put("released_at", now);
            schedule.put("released_subscription", subscription.as_str());
            schedule.put("subscription", Value::Null);
            schedule.put("current_phase", Value::Null);
        });
        self.emit(id, "subscription_schedule.released");
        self.change(&subscription, "customer.subscription.updated", |object| {
            object.put("schedule", Value::Null);
        });
    }

    /// A phase has ended.
    pub fn schedule_is_due(&mut self, id: &str) {
        let schedule = self.get(id).clone();
        let start = schedule.int("current_phase.start_date");
        let phases = schedule.items("phases");
        let current = phases
            .iter()
            .position(|phase| phase.int("start_date") == start)
            .unwrap_or(0);
        let subscription = schedule.text("subscription").to_owned();
        if let Some(next) = phases.get(current + 1) {
            let before = schedule.clone();
            let (start, end) = (next.at("start_date").clone(), next.some_int("end_date"));
            self.edit(id, |schedule| {
                schedule.put("current_phase", json!({"start_date": start, "end_date": end}));
            });
            self.set_due(id, end);
            self.emit_change(id, "subscription_schedule.updated", &before);
            let behavior = next.text("proration_behavior").to_owned();
            if let Err(refusal) = self.enter_phase(id, current + 1, &behavior) {
                tracing::warn!(schedule = id, message = refusal.message, "a phase could not begin");
            }
        } else if schedule.text("end_behavior") == "cancel" {
            let now = self.now();
            self.edit(id, |schedule| {
                schedule.put("status", "completed");
                schedule.put("completed_at", now);
                schedule.put("current_phase", Value::Null);
            });
            self.emit(id, "subscription_schedule.completed");
            self.end_as_planned(&subscription);
        } else {
            self.release_schedule(id);
        }
    }
}
