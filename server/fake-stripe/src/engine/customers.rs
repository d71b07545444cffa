//! Customers (`/v1/customers`).

use serde_json::{Value, json};

use super::{Answer, Call, Engine, params::copy};
use crate::{
    error::StripeError,
    fields::{Fields, merge_metadata},
    money::MOST,
};

const CHANGEABLE: [&str; 12] = [
    "address",
    "balance",
    "business_name",
    "description",
    "email",
    "individual_name",
    "invoice_prefix",
    "name",
    "next_invoice_sequence",
    "phone",
    "preferred_locales",
    "tax_exempt",
];

/// The most that a customer can have or owe, in minor units.
const MOST_BALANCE: i64 = MOST;

const MOST_SEQUENCE: i64 = 999_999_999;

const DEFAULT_METHOD: &str = "invoice_settings.default_payment_method";

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    check(params)?;
    let clock = params.some_text("test_clock").unwrap_or_default().to_owned();
    if !clock.is_empty() {
        engine.check_clock(&call.account, &clock)?;
    }
    let id = engine.new_customer(&call.account, &clock);
    engine.edit(&id, |customer| {
        write(customer, params);
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

fn write(customer: &mut Value, params: &Value) {
    copy(customer, params, &CHANGEABLE);
    copy(customer, params, &["shipping"]);
    for name in ["business_name", "individual_name"] {
        // They are there or not, never `null`.
        if let Some(fields) = customer
            .as_object_mut()
            .filter(|fields| fields.get(name) == Some(&Value::Null))
        {
            fields.shift_remove(name);
        }
    }
    if !customer.has("tax_exempt") {
        customer.put("tax_exempt", "none");
    }
    let mut settings = customer.at("invoice_settings").clone();
    let given = params.at("invoice_settings");
    if given.is_object() {
        copy(&mut settings, given, &["footer"]);
        if given.has("custom_fields") {
            let fields = given.at("custom_fields").as_array().filter(|fields| !fields.is_empty());
            settings.put("custom_fields", fields.map_or(Value::Null, |fields| json!(fields)));
        }
        if given.has("rendering_options") {
            let rendering = given.at("rendering_options");
            let rendering = rendering.is_object().then(|| {
                json!({"amount_tax_display": rendering.at("amount_tax_display"), "template": rendering.at("template")})
            });
            settings.put("rendering_options", rendering);
        }
        customer.put("invoice_settings", settings);
    }
}

fn check(params: &Value) -> Result<(), StripeError> {
    if let Some(email) = params.some_text("email").filter(|email| !email.is_empty()) {
        check_email(email, "email")?;
    }
    if let Some(prefix) = params.some_text("invoice_prefix")
        && (!(3..=12).contains(&prefix.len())
            || !prefix
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()))
    {
        let message = "Invoice prefixes have 3 to 12 uppercase letters or numbers.";
        return Err(StripeError::invalid(message).param("invoice_prefix"));
    }
    if params
        .some_int("next_invoice_sequence")
        .is_some_and(|next| !(1..=MOST_SEQUENCE).contains(&next))
    {
        let message = format!("The next invoice's number is from 1 to {MOST_SEQUENCE}.");
        return Err(StripeError::invalid(message).param("next_invoice_sequence"));
    }
    if params.int("balance").unsigned_abs() > MOST_BALANCE.unsigned_abs() {
        let message = format!("The balance can be at most {MOST_BALANCE} in either direction.");
        return Err(StripeError::invalid(message)
            .code("parameter_invalid_integer")
            .param("balance"));
    }
    Ok(())
}

/// Errors: what cannot be an address.
pub fn check_email(email: &str, param: &str) -> Result<(), StripeError> {
    let has_both = email
        .rsplit_once('@')
        .is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty());
    if !has_both || email.contains(char::is_whitespace) {
        return Err(StripeError::invalid(format!("Invalid email address: {email}"))
            .code("email_invalid")
            .param(param));
    }
    Ok(())
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
    check(&call.params)?;
    set_default(engine, call, &id, call.params.some_text(DEFAULT_METHOD))?;
    engine.edit(&id, |customer| {
        write(customer, &call.params);
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
