//! The customer portal: its configurations and sessions (`/v1/billing_portal/…`), and what its page does.

mod actions;

use serde_json::{Value, json};

use super::{
    Answer, Call, Engine,
    params::{copy, unset},
};
use crate::{
    error::StripeError,
    fields::{Fields, merge_metadata},
};

pub use actions::{Given, Portal};

pub fn create_configuration(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let mut configuration = engine.blank("billing_portal.configuration", "bpc_1");
    let id = configuration.text("id").to_owned();
    configuration.put("active", true);
    configuration.put(
        "business_profile",
        json!({"headline": null, "privacy_policy_url": null, "terms_of_service_url": null}),
    );
    configuration.put("features", features());
    configuration.put("is_default", engine.default_configuration(&call.account).is_none());
    configuration.put("login_page", json!({"enabled": false, "url": null}));
    configuration.put("metadata", json!({}));
    configuration.put("updated", engine.now());
    write(&mut configuration, params)?;
    engine.records.insert(&call.account, "", configuration);
    engine.emit(&id, "billing_portal.configuration.created");
    Ok(engine.get(&id).clone())
}

/// Everything off, as far as the request does not say otherwise.
fn features() -> Value {
    json!({
        "customer_update": {"allowed_updates": [], "enabled": false},
        "invoice_history": {"enabled": false},
        "payment_method_update": {"enabled": false, "payment_method_configuration": null},
        "subscription_cancel": {
            "cancellation_reason": {
                "enabled": false,
                "options": ["too_expensive", "missing_features", "switched_service", "unused", "other"]
            },
            "enabled": false, "mode": "at_period_end", "proration_behavior": "none"
        },
        "subscription_update": {
            "billing_cycle_anchor": null, "default_allowed_updates": [], "enabled": false, "products": null, "proration_behavior": "none",
            "schedule_at_period_end": {"conditions": []}, "trial_update_behavior": "end_trial"
        }
    })
}

fn write(configuration: &mut Value, params: &Value) -> Result<(), StripeError> {
    for part in ["business_profile", "login_page"] {
        merge(configuration, params, part);
    }
    for feature in [
        "customer_update",
        "invoice_history",
        "payment_method_update",
        "subscription_cancel",
        "subscription_update",
    ] {
        merge(configuration, params, &format!("features.{feature}"));
    }
    let update = configuration.at("features.subscription_update");
    if update.flag("enabled")
        && (update.items("default_allowed_updates").is_empty() || update.items("products").is_empty())
    {
        return Err(StripeError::missing_param("features[subscription_update][products]"));
    }
    copy(configuration, params, &["active", "default_return_url", "name"]);
    merge_metadata(configuration, params.at("metadata"));
    Ok(())
}

/// Takes the given fields of a part over; the others stay.
fn merge(configuration: &mut Value, params: &Value, part: &str) {
    let Some(given) = params.at(part).as_object().cloned() else {
        return;
    };
    for (field, value) in given {
        let path = format!("{part}.{field}");
        match value {
            Value::Object(inner) => {
                for (name, value) in inner {
                    take(configuration, &format!("{path}.{name}"), value);
                }
            }
            value => take(configuration, &path, value),
        }
    }
}

/// Writes a field; an empty text unsets it. What can be bought says of each product whether its quantity may be changed.
fn take(configuration: &mut Value, path: &str, value: Value) {
    let value = match value {
        Value::String(text) if text.is_empty() => unset(configuration.at(path)),
        Value::Array(products) if path == "features.subscription_update.products" => {
            products.into_iter().map(with_adjustable_quantity).collect()
        }
        value => value,
    };
    configuration.put(path, value);
}

fn with_adjustable_quantity(mut product: Value) -> Value {
    let given = product.at("adjustable_quantity").clone();
    product.put(
        "adjustable_quantity",
        json!({
            "enabled": given.flag("enabled"), "maximum": given.at("maximum"), "minimum": given.some_int("minimum").unwrap_or(1)
        }),
    );
    product
}

pub fn retrieve_configuration(engine: &mut Engine, call: &Call) -> Answer {
    engine
        .find(
            &call.account,
            "billing_portal.configuration",
            call.id(),
            "configuration",
        )
        .cloned()
}

pub fn update_configuration(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    let before = engine
        .find(&call.account, "billing_portal.configuration", &id, "configuration")?
        .clone();
    if before.flag("is_default") && call.params.at("active").as_bool() == Some(false) {
        return Err(StripeError::invalid("You cannot deactivate the default configuration.").param("active"));
    }
    let mut after = before.clone();
    write(&mut after, &call.params)?;
    after.put("updated", engine.now());
    engine.edit(&id, |configuration| *configuration = after);
    engine.emit_change(&id, "billing_portal.configuration.updated", &before);
    Ok(engine.get(&id).clone())
}

pub fn list_configurations(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let is = |configuration: &Value, field: &str| {
        params
            .at(field)
            .as_bool()
            .is_none_or(|wanted| configuration.flag(field) == wanted)
    };
    engine.list(
        call,
        "billing_portal.configuration",
        "/v1/billing_portal/configurations",
        |_, configuration| is(configuration, "active") && is(configuration, "is_default"),
    )
}

pub fn create_session(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let Some(customer) = params.some_text("customer").map(str::to_owned) else {
        return Err(StripeError::missing_param("customer"));
    };
    engine.find(&call.account, "customer", &customer, "customer")?;
    let configuration = match params.some_text("configuration") {
        Some(id) => engine.find(&call.account, "billing_portal.configuration", id, "configuration")?.clone(),
        None => engine.default_configuration(&call.account).ok_or_else(|| {
            StripeError::invalid(
                "No configuration provided and your test mode default configuration has not been created. Provide a configuration or create \
                 your default by saving your customer portal settings in test mode at https://dashboard.stripe.com/test/settings/billing/portal.",
            )
        })?,
    };
    if !configuration.flag("active") {
        return Err(StripeError::invalid("The configuration is not active.").param("configuration"));
    }
    let flow = match params.some_text("flow_data.type") {
        Some(kind) => engine.flow(call, &customer, kind)?,
        None => Value::Null,
    };
    let token = engine.ids.letters(32);
    let mut session = engine.blank("billing_portal.session", "bps_1");
    let id = session.text("id").to_owned();
    session.put("configuration", configuration.at("id").clone());
    session.put("customer", customer.as_str());
    session.put("flow", flow);
    session.put("url", format!("{}/p/session/{token}", engine.origin));
    copy(&mut session, params, &["locale", "on_behalf_of", "return_url"]);
    if !session.has("return_url") {
        session.put("return_url", configuration.at("default_return_url").clone());
    }
    let clock = engine.clock_of(&customer);
    engine.records.insert(&call.account, &clock, session);
    engine.records.insert(
        "",
        "",
        json!({"id": format!("fake_portal_{token}"), "object": "fake.portal", "session": id}),
    );
    engine.emit(&id, "billing_portal.session.created");
    Ok(engine.get(&id).clone())
}

impl Engine {
    fn default_configuration(&self, account: &str) -> Option<Value> {
        let mut all = self
            .records
            .list(account, "billing_portal.configuration")
            .map(|id| self.get(id));
        all.find(|configuration| configuration.flag("is_default")).cloned()
    }

    /// A session that opens right at one thing to do.
    fn flow(&self, call: &Call, customer: &str, kind: &str) -> Answer {
        let data = call.params.at("flow_data");
        let mut flow = json!({
            "type": kind, "after_completion": {"hosted_confirmation": null, "redirect": null, "type": "portal_homepage"},
            "customer_update": null, "subscription_cancel": null, "subscription_update": null, "subscription_update_confirm": null
        });
        if let Some(after) = data.some_text("after_completion.type") {
            flow.put("after_completion.type", after);
            if after == "redirect" {
                flow.put(
                    "after_completion.redirect",
                    json!({"return_url": data.at("after_completion.redirect.return_url")}),
                );
            }
        }
        if kind == "subscription_cancel" {
            let subscription = data.text("subscription_cancel.subscription");
            let found = self.find(
                &call.account,
                "subscription",
                subscription,
                "flow_data[subscription_cancel][subscription]",
            )?;
            if found.text("customer") != customer {
                return Err(StripeError::missing(
                    "subscription",
                    subscription,
                    "flow_data[subscription_cancel][subscription]",
                ));
            }
            flow.put(
                "subscription_cancel",
                json!({"retention": null, "subscription": subscription}),
            );
        } else if kind != "payment_method_update" && kind != "customer_update" {
            return Err(StripeError::invalid(
                "fake-stripe has the flows `payment_method_update`, `customer_update` and `subscription_cancel`.",
            )
            .param("flow_data[type]"));
        }
        Ok(flow)
    }
}
