//! Customers (`/v1/customers`).

use serde_json::{Value, json};

use super::{Answer, Call, Engine, params::copy};
use crate::{
    error::StripeError,
    fields::{Fields, merge_metadata},
};

const CHANGEABLE: [&str; 8] = [
    "address",
    "balance",
    "description",
    "email",
    "name",
    "phone",
    "preferred_locales",
    "tax_exempt",
];

const DEFAULT_METHOD: &str = "invoice_settings.default_payment_method";

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let clock = params.some_text("test_clock").unwrap_or_default().to_owned();
    if !clock.is_empty() {
        engine.find(&call.account, "test_helpers.test_clock", &clock, "test_clock")?;
    }
    let id = engine.new_customer(&call.account, &clock);
    engine.edit(&id, |customer| {
        copy(customer, params, &CHANGEABLE);
        copy(customer, params, &["shipping"]);
        merge_metadata(customer, params.at("metadata"));
    });
    let wanted = call.params.some_text(DEFAULT_METHOD);
    if let Some(method) = params.some_text("payment_method") {
        let attached = engine.attach(&call.account, method, &id)?;
        engine.emit(&attached, "payment_method.attached");
        // The same test token means the card that was just made of it.
        let default = wanted.map(|wanted| if wanted == method { attached.as_str() } else { wanted });
        set_default(engine, call, &id, default)?;
    } else {
        set_default(engine, call, &id, wanted)?;
    }
    engine.emit(&id, "customer.created");
    Ok(engine.get(&id).clone())
}

impl Engine {
    /// A customer without anything, not yet told to anybody.
    pub fn new_customer(&mut self, account: &str, clock: &str) -> String {
        let now = self.time_on(clock);
        let id = format!("cus_{}", self.ids.letters(14));
        let prefix = self.ids.letters(8).to_uppercase();
        let mut customer = self.blank("customer", "cus_");
        customer.put("id", id.as_str());
        customer.put("created", now);
        customer.put("balance", 0);
        customer.put("delinquent", false);
        customer.put("invoice_prefix", prefix);
        customer.put(
            "invoice_settings",
            json!({"custom_fields": null, "default_payment_method": null, "footer": null, "rendering_options": null}),
        );
        customer.put("metadata", json!({}));
        customer.put("next_invoice_sequence", 1);
        customer.put("preferred_locales", json!([]));
        customer.put("tax_exempt", "none");
        if !clock.is_empty() {
            customer.put("test_clock", clock);
        }
        self.records.insert(account, clock, customer);
        id
    }
}

fn set_default(engine: &mut Engine, call: &Call, id: &str, method: Option<&str>) -> Result<(), StripeError> {
    let Some(method) = method else {
        return Ok(());
    };
    let method = if method.is_empty() {
        Value::Null
    } else {
        let found = engine.find(
            &call.account,
            "payment_method",
            method,
            "invoice_settings[default_payment_method]",
        )?;
        if found.text("customer") != id {
            return Err(StripeError::invalid(format!(
                "The customer does not have a payment method with the ID {method}. The payment method must be attached to the customer."
            ))
            .code("resource_missing")
            .param("invoice_settings[default_payment_method]"));
        }
        json!(method)
    };
    engine.edit(id, |customer| {
        customer.put(DEFAULT_METHOD, method);
    });
    Ok(())
}

/// A deleted customer is still answered, as deleted.
pub fn retrieve(engine: &mut Engine, call: &Call) -> Answer {
    let deleted = engine
        .records
        .get(call.id())
        .filter(|r| r.account == call.account && r.kind == "customer" && r.json.flag("deleted"));
    if let Some(deleted) = deleted {
        return Ok(deleted.json.clone());
    }
    engine.find(&call.account, "customer", call.id(), "id").cloned()
}

pub fn update(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    let before = engine.find(&call.account, "customer", &id, "id")?.clone();
    set_default(engine, call, &id, call.params.some_text(DEFAULT_METHOD))?;
    engine.edit(&id, |customer| {
        copy(customer, &call.params, &CHANGEABLE);
        copy(customer, &call.params, &["shipping"]);
        merge_metadata(customer, call.params.at("metadata"));
    });
    engine.emit_change(&id, "customer.updated", &before);
    Ok(engine.get(&id).clone())
}

/// Deleting a customer cancels their subscriptions at once.
pub fn delete(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    engine.find(&call.account, "customer", &id, "id")?;
    for subscription in engine.live_subscriptions(&call.account, &id) {
        engine.end_subscription(&subscription, "cancellation_requested");
    }
    for method in engine.methods_of(&call.account, &id) {
        engine.detach(&method);
    }
    engine.emit(&id, "customer.deleted");
    let gone = json!({"id": id, "object": "customer", "deleted": true});
    engine.edit(&id, |customer| *customer = gone.clone());
    Ok(gone)
}

pub fn list(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    engine.list(call, "customer", "/v1/customers", |_, customer| {
        params
            .some_text("email")
            .is_none_or(|email| customer.text("email") == email)
            && (customer.text("test_clock") == params.text("test_clock"))
    })
}
