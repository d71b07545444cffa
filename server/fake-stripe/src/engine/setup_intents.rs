//! Setup intents (`/v1/setup_intents`): saving a card without charging it.

use serde_json::{Value, json};

use super::{
    Answer, Call, Engine,
    cards::{self, Card},
    params::copy,
};
use crate::{
    error::StripeError,
    fields::{Fields, merge_metadata},
};

impl Engine {
    /// A setup intent that waits for a card; answers its id.
    pub fn new_setup_intent(&mut self, account: &str, customer: Option<&str>, data: &Value) -> String {
        let clock = customer.map(|customer| self.clock_of(customer)).unwrap_or_default();
        let mut intent = self.blank("setup_intent", "seti_1");
        let id = intent.text("id").to_owned();
        let secret = self.ids.letters(25);
        intent.put("client_secret", format!("{id}_secret_{secret}"));
        intent.put("customer", customer.map_or(Value::Null, Value::from));
        intent.put("metadata", json!({}));
        intent.put(
            "payment_method_options",
            json!({"card": {
                "mandate_options": null, "network": null, "request_three_d_secure": "automatic"
            }}),
        );
        intent.put("payment_method_types", json!(["card"]));
        intent.put("status", "requires_payment_method");
        intent.put("usage", "off_session");
        copy(&mut intent, data, &["description", "on_behalf_of", "usage"]);
        if let Some(enabled) = data.at("automatic_payment_methods.enabled").as_bool() {
            let redirects = data
                .some_text("automatic_payment_methods.allow_redirects")
                .unwrap_or("always");
            intent.put(
                "automatic_payment_methods",
                json!({"allow_redirects": redirects, "enabled": enabled}),
            );
        }
        merge_metadata(&mut intent, data.at("metadata"));
        self.records.insert(account, &clock, intent);
        self.emit(&id, "setup_intent.created");
        id
    }

    fn confirm_setup(&mut self, account: &str, id: &str, method: &str) -> Result<(), StripeError> {
        let customer = self.get(id).text("customer").to_owned();
        let method = if let Some(number) = cards::number_of_token(method).filter(|_| method.starts_with("pm_card_")) {
            self.new_card(account, number)
        } else {
            self.find(account, "payment_method", method, "payment_method")?
                .text("id")
                .to_owned()
        };
        let card = self.card(&method);
        if let Some(refusal) = cards::decline_of(card).filter(|_| card != Card::FailsWhenCharged) {
            let mut error = refusal.body().at("error").clone();
            error.put("payment_method", self.get(&method).clone());
            self.edit(id, |intent| intent.put("last_setup_error", error));
            self.emit(id, "setup_intent.setup_failed");
            return Err(refusal.keep_changes());
        }
        if matches!(card, Card::ConfirmOnce | Card::ConfirmAlways) {
            self.edit(id, |intent| {
                intent.put("status", "requires_action");
                intent.put("payment_method", method);
                intent.put("next_action", json!({"type": "use_stripe_sdk", "use_stripe_sdk": {}}));
            });
            self.emit(id, "setup_intent.requires_action");
            return Ok(());
        }
        if !customer.is_empty() {
            self.attach(account, &method, &customer)?;
            self.emit(&method, "payment_method.attached");
        }
        self.edit(id, |intent| {
            intent.put("status", "succeeded");
            intent.put("payment_method", method.as_str());
        });
        self.emit(id, "setup_intent.succeeded");
        for subscription in self.live_subscriptions(account, &customer) {
            if self.get(&subscription).text("pending_setup_intent") == id {
                self.change(&subscription, "customer.subscription.updated", |object| {
                    object.put("pending_setup_intent", Value::Null);
                    if object.text("payment_settings.save_default_payment_method") == "on_subscription" {
                        object.put("default_payment_method", method.as_str());
                    }
                });
            }
        }
        Ok(())
    }
}

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    if let Some(customer) = params.some_text("customer") {
        engine.find(&call.account, "customer", customer, "customer")?;
    }
    let id = engine.new_setup_intent(&call.account, params.some_text("customer"), params);
    if params.flag("confirm") {
        let method = params
            .some_text("payment_method")
            .ok_or_else(|| StripeError::missing_param("payment_method"))?;
        engine.confirm_setup(&call.account, &id, method)?;
    } else if let Some(method) = params.some_text("payment_method") {
        engine.find(&call.account, "payment_method", method, "payment_method")?;
        engine.edit(&id, |intent| {
            intent.put("payment_method", method);
            intent.put("status", "requires_confirmation");
        });
    }
    Ok(engine.get(&id).clone())
}

pub fn retrieve(engine: &mut Engine, call: &Call) -> Answer {
    engine.find(&call.account, "setup_intent", call.id(), "intent").cloned()
}

pub fn list(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let is = |intent: &Value, field: &str| {
        params
            .some_text(field)
            .is_none_or(|wanted| intent.text(field) == wanted)
    };
    engine.list(call, "setup_intent", "/v1/setup_intents", |_, intent| {
        is(intent, "customer") && is(intent, "payment_method")
    })
}

pub fn confirm(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    let intent = engine.find(&call.account, "setup_intent", &id, "intent")?.clone();
    still_open(&intent)?;
    let method = call
        .params
        .some_text("payment_method")
        .or(intent.some_text("payment_method"));
    let method = method.ok_or_else(|| StripeError::missing_param("payment_method"))?;
    engine.confirm_setup(&call.account, &id, method)?;
    Ok(engine.get(&id).clone())
}

pub fn cancel(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    still_open(engine.find(&call.account, "setup_intent", &id, "intent")?)?;
    engine.edit(&id, |intent| {
        intent.put("status", "canceled");
        intent.put("cancellation_reason", call.params.at("cancellation_reason").clone());
        intent.put("next_action", Value::Null);
    });
    engine.emit(&id, "setup_intent.canceled");
    Ok(engine.get(&id).clone())
}

fn still_open(intent: &Value) -> Result<(), StripeError> {
    let status = intent.text("status");
    if matches!(status, "succeeded" | "canceled") {
        return Err(StripeError::invalid(format!(
            "This SetupIntent's status is {status}, so it can no longer be changed."
        ))
        .code("setup_intent_unexpected_state"));
    }
    Ok(())
}
