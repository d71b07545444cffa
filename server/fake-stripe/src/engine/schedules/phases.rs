//! Phases: how one is made of a subscription or of a request, and what entering it does to the subscription.

use serde_json::{Value, json};

use crate::{
    calendar::Interval,
    engine::{
        Call, Engine,
        subscriptions::{endpoints::fee, items::WantedItem, renew::set_period},
    },
    error::StripeError,
    fields::{Fields, merge_metadata},
};

impl Engine {
    /// The phase that a subscription is in when a schedule is made of it.
    pub(super) fn phase_of(&self, subscription: &Value) -> Value {
        let (start, end) = self.period_of(subscription.text("id"));
        let items: Vec<Value> = subscription
            .items("items.data")
            .iter()
            .map(|item| phase_item(item.text("price.id"), item.some_int("quantity").unwrap_or(1)))
            .collect();
        let mut phase = blank(start, end, subscription.text("currency"), items);
        phase.put(
            "application_fee_percent",
            subscription.at("application_fee_percent").clone(),
        );
        phase.put(
            "default_payment_method",
            subscription.at("default_payment_method").clone(),
        );
        phase.put("description", subscription.at("description").clone());
        phase.put("metadata", subscription.at("metadata").clone());
        if subscription.text("status") == "trialing" {
            phase.put("trial_end", subscription.at("trial_end").clone());
        }
        phase
    }

    /// The phases that an update asks for, checked: the current one stays where it began, each begins where the one before ends.
    pub(super) fn wanted_phases(&self, call: &Call, schedule: &Value) -> Result<Vec<Value>, StripeError> {
        let given = call.params.items("phases");
        let current = schedule.int("current_phase.start_date");
        let old_current = schedule
            .items("phases")
            .iter()
            .find(|phase| phase.int("start_date") == current)
            .cloned()
            .unwrap_or_default();
        let subscription = self.get(schedule.text("subscription")).clone();
        let mut phases: Vec<Value> = Vec::new();
        let mut begins = None;
        for (number, wanted) in given.iter().enumerate() {
            let param = |name: &str| format!("phases[{number}][{name}]");
            let start = match (begins, wanted.some_int("start_date")) {
                (None, None) => {
                    return Err(StripeError::invalid(
                        "The first phase must have the `start_date` of the current phase.",
                    )
                    .param(&param("start_date")));
                }
                (None, Some(start)) => {
                    if start != current {
                        return Err(
                            StripeError::invalid("You can not modify the start date of the current phase.")
                                .param(&param("start_date")),
                        );
                    }
                    start
                }
                (Some(end), Some(start)) if start != end => {
                    return Err(StripeError::invalid(
                        "The start date of a phase must be the end date of the one before.",
                    )
                    .param(&param("start_date")));
                }
                (Some(end), _) => end,
            };
            let items = self.wanted_items(call, wanted, number)?;
            let currency = self
                .get(items.first().map_or("", |item| item.text("price")))
                .text("currency")
                .to_owned();
            let end = self.phase_end(wanted, start, &items, &param("end_date"))?;
            if end <= start || (number == 0 && end <= self.now()) {
                return Err(StripeError::invalid(
                    "The end date of a phase must be after its start date and in the future.",
                )
                .param(&param("end_date")));
            }
            fee(&call.account, wanted, &param("application_fee_percent"))?;
            let mut phase = blank(start, end, &currency, items);
            for field in ["application_fee_percent", "description"] {
                phase.put(field, wanted.at(field).clone());
            }
            let kept = old_current.at("trial_end").as_i64().filter(|_| number == 0);
            let trial_end = self.phase_trial(wanted, (start, end), &param)?.or(kept);
            phase.put("trial_end", trial_end.map_or(Value::Null, Value::from));
            if let Some(method) = wanted.some_text("default_payment_method") {
                self.check_method(
                    &call.account,
                    subscription.text("customer"),
                    method,
                    &param("default_payment_method"),
                )?;
                phase.put("default_payment_method", method);
            }
            let metadata = wanted.at("metadata").as_object().cloned().unwrap_or_default();
            phase.put("metadata", metadata);
            phase.put(
                "proration_behavior",
                wanted.some_text("proration_behavior").unwrap_or("create_prorations"),
            );
            phase.put("billing_cycle_anchor", wanted.at("billing_cycle_anchor").clone());
            begins = Some(end);
            phases.push(phase);
        }
        if phases.is_empty() {
            return Err(StripeError::missing_param("phases"));
        }
        Ok(phases)
    }

    /// When the trial that a phase asks for ends.
    fn phase_trial(
        &self,
        wanted: &Value,
        (start, end): (i64, i64),
        param: &impl Fn(&str) -> String,
    ) -> Result<Option<i64>, StripeError> {
        let ends = match wanted.at("trial_end") {
            Value::Null if wanted.flag("trial") => return Ok(Some(end)),
            Value::Null => return Ok(None),
            Value::String(_) => Some(self.now()),
            other => other.as_i64(),
        };
        if wanted.flag("trial") {
            return Err(StripeError::invalid("You cannot set both `trial` and `trial_end`.").param(&param("trial_end")));
        }
        if ends.is_none_or(|at| at <= start || at > end) {
            return Err(
                StripeError::invalid("The `trial_end` of a phase must lie between its start and its end.")
                    .param(&param("trial_end")),
            );
        }
        Ok(ends)
    }

    fn wanted_items(&self, call: &Call, phase: &Value, number: usize) -> Result<Vec<Value>, StripeError> {
        let mut items = Vec::new();
        let mut wanted = Vec::new();
        for (at, item) in phase.items("items").iter().enumerate() {
            let param = format!("phases[{number}][items][{at}][price]");
            let price = item
                .some_text("price")
                .ok_or_else(|| StripeError::missing_param(&param))?;
            let quantity = item.some_int("quantity").unwrap_or(1);
            self.find(&call.account, "price", price, &param)?;
            wanted.push(WantedItem {
                price: price.to_owned(),
                quantity,
                metadata: Value::Null,
            });
            let mut described = phase_item(price, quantity);
            let metadata = item.at("metadata").as_object().cloned().unwrap_or_default();
            described.put("metadata", metadata);
            items.push(described);
        }
        let param = format!("phases[{number}][items]");
        self.check_amount(wanted.iter().map(|item| (item.price.as_str(), item.quantity)), &param)?;
        // What the current phase has may have been deactivated since.
        if number > 0 {
            self.check_items(&call.account, &wanted)?;
        }
        Ok(items)
    }

    fn phase_end(&self, wanted: &Value, start: i64, items: &[Value], param: &str) -> Result<i64, StripeError> {
        if wanted.has("end_date") && wanted.has("duration") {
            return Err(StripeError::invalid("You cannot set both `end_date` and `duration`.").param(param));
        }
        if wanted.text("end_date") == "now" {
            return Ok(self.now());
        }
        if let Some(end) = wanted.some_int("end_date") {
            return Ok(end);
        }
        let interval = if wanted.has("duration") {
            Interval::new(
                wanted.text("duration.interval"),
                wanted.some_int("duration.interval_count").unwrap_or(1),
            )
        } else {
            self.interval_of(items.first().map_or("", |item| item.text("price")))
        };
        Ok(interval.after(start, 1))
    }

    /// Makes the subscription what a phase says. At the end of a period nothing is prorated, because nothing is left of it.
    pub(super) fn enter_phase(&mut self, schedule: &str, number: usize, behavior: &str) -> Result<(), StripeError> {
        let Some(phase) = self.get(schedule).items("phases").get(number).cloned() else {
            return Ok(());
        };
        let settings = self.get(schedule).at("default_settings").clone();
        let id = self.get(schedule).text("subscription").to_owned();
        let account = self.account_of(&id);
        if self.get(&id).has("pending_update") {
            self.expire_pending_update(&id);
        }
        let before = self.get(&id).clone();
        let now = self.now();
        let at_boundary = self.period_of(&id).1 <= now;
        let new_items = self.phase_items(&id, &before, &phase);
        let fee = [
            phase.at("application_fee_percent"),
            settings.at("application_fee_percent"),
        ]
        .into_iter()
        .find(|fee| !fee.is_null())
        .cloned();
        let method = [
            phase.at("default_payment_method"),
            settings.at("default_payment_method"),
        ]
        .into_iter()
        .find(|m| !m.is_null())
        .cloned();
        let anchor = phase
            .some_text("billing_cycle_anchor")
            .or(settings.some_text("billing_cycle_anchor"));
        let description = [phase.at("description"), settings.at("description")]
            .into_iter()
            .find(|text| !text.is_null())
            .cloned();
        let mut update = json!({"proration_behavior": behavior, "metadata": phase.at("metadata")});
        if before.at("items.data") != &Value::from(new_items.clone()) && !at_boundary {
            update.put("items", update_items(&before, &phase));
        }
        let trialing = before.text("status") == "trialing";
        // One that is paused is on no trial before it is resumed.
        let trial_end = phase
            .some_int("trial_end")
            .filter(|end| before.text("status") != "paused" && before.some_int("trial_end") != Some(*end));
        let starts_rhythm = anchor == Some("phase_start");
        if let Some(end) = trial_end.filter(|end| *end > now) {
            update.put("trial_end", end);
        } else if trial_end.is_some() && trialing {
            update.put("trial_end", "now");
        } else if number > 0 && starts_rhythm && !at_boundary {
            update.put("billing_cycle_anchor.type", "now");
        }
        let mut changed = self.changed(&account, &before, &update)?;
        let after = &mut changed.object;
        if let (true, Some(end)) = (at_boundary, update.some_int("trial_end")) {
            after.put("items.data", new_items);
            set_period(after, if trialing { self.period_of(&id).0 } else { now }, end);
        } else if at_boundary {
            let interval = |items: &[Value]| items.first().map(|item| self.interval_of(item.text("price.id")));
            if interval(before.items("items.data")) != interval(&new_items) || starts_rhythm {
                after.put("billing_cycle_anchor", now);
            }
            after.put("items.data", new_items);
            if before.items("items.data").is_empty() {
                let price = after
                    .items("items.data")
                    .first()
                    .map_or("", |item| item.text("price.id"));
                let end = self.interval_of(price).next_boundary(now, now);
                set_period(after, now, end);
                changed.new_period = true;
            }
        }
        if number > 0 || fee.is_some() {
            after.put("application_fee_percent", fee.unwrap_or(Value::Null));
        }
        if let Some(method) = method {
            after.put("default_payment_method", method);
        }
        if let Some(description) = description.filter(|_| number > 0) {
            after.put("description", description);
        }
        self.put_change(&id, &before, changed, &update)
    }

    /// The subscription's items as the phase has them: what stays keeps its id.
    fn phase_items(&mut self, id: &str, before: &Value, phase: &Value) -> Vec<Value> {
        let period = self.period_for_new_items(id);
        let old = before.items("items.data");
        let mut items = Vec::new();
        for (at, wanted) in phase.items("items").iter().enumerate() {
            let price = wanted.text("price");
            let kept = old.iter().find(|item| item.text("price.id") == price).or(old.get(at));
            let item = if let Some(kept) = kept {
                let mut item = kept.clone();
                item.put("price", self.get(price).clone());
                item.put("quantity", wanted.int("quantity"));
                merge_metadata(&mut item, wanted.at("metadata"));
                item
            } else {
                let wanted = WantedItem {
                    price: price.to_owned(),
                    quantity: wanted.int("quantity"),
                    metadata: wanted.at("metadata").clone(),
                };
                self.new_item(id, &wanted, period)
            };
            items.push(item);
        }
        items
    }
}

/// The phase's items as parameters of an update.
fn update_items(before: &Value, phase: &Value) -> Vec<Value> {
    let old = before.items("items.data");
    let new = phase.items("items");
    let mut items: Vec<Value> = new
        .iter()
        .enumerate()
        .map(|(at, wanted)| {
            let mut item = json!({
                "price": wanted.at("price"), "quantity": wanted.at("quantity"), "metadata": wanted.at("metadata")
            });
            if let Some(kept) = old.get(at) {
                item.put("id", kept.text("id"));
            }
            item
        })
        .collect();
    items.extend(
        old.iter()
            .skip(new.len())
            .map(|item| json!({"id": item.at("id"), "deleted": true})),
    );
    items
}

fn phase_item(price: &str, quantity: i64) -> Value {
    json!({
        "billing_thresholds": null, "discounts": [], "metadata": {}, "plan": price, "price": price, "quantity": quantity, "tax_rates": []
    })
}

fn blank(start: i64, end: i64, currency: &str, items: Vec<Value>) -> Value {
    json!({
        "add_invoice_items": [], "application_fee_percent": null, "billing_cycle_anchor": null, "billing_thresholds": null,
        "collection_method": null, "currency": currency, "default_payment_method": null, "default_tax_rates": [], "description": null,
        "discounts": [], "end_date": end, "invoice_settings": null, "items": items, "metadata": {}, "on_behalf_of": null,
        "proration_behavior": "create_prorations", "start_date": start, "transfer_data": null, "trial_end": null
    })
}
