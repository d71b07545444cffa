//! The endpoints of `/v1/subscriptions` and `/v1/subscription_items`, except the update (`change.rs`).

use serde_json::{Value, json};

use super::{
    beginning::trial_end,
    items::WantedItem,
    start::{Behavior, Start},
};
use crate::{
    engine::{
        Answer, Call, Engine,
        lists::{in_range, page},
        payments::Presence,
    },
    error::StripeError,
    fields::Fields,
};

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let customer = params
        .some_text("customer")
        .ok_or_else(|| StripeError::missing_param("customer"))?
        .to_owned();
    engine.find(&call.account, "customer", &customer, "customer")?;
    let now = engine.now_for(&customer);
    if let Some(method) = params.some_text("default_payment_method") {
        engine.check_method(&call.account, &customer, method, "default_payment_method")?;
    }
    if params.text("collection_method") == "send_invoice" {
        return Err(StripeError::invalid("fake-stripe has `charge_automatically` only.").param("collection_method"));
    }
    let items = new_items(engine, call)?;
    if let Some(currency) = params.some_text("currency").map(str::to_lowercase) {
        let expected = engine.check_items(&call.account, &items)?;
        if currency != expected {
            return Err(StripeError::invalid(format!(
                "The price specified only supports `{expected}`. This doesn't match the expected currency: `{currency}`."
            ))
            .param("currency"));
        }
    }
    let start = Start {
        customer,
        items,
        method: params.some_text("default_payment_method").map(str::to_owned),
        trial_end: trial_end(params, now, str::to_owned)?,
        anchor: params.some_int("billing_cycle_anchor"),
        prorate: params.text("proration_behavior") != "none",
        ends: params.some_int("cancel_at"),
        fee: fee(&call.account, params, "application_fee_percent")?,
        metadata: params.at("metadata").clone(),
        description: params.at("description").clone(),
        billing_mode: params.some_text("billing_mode.type").unwrap_or("flexible").to_owned(),
        trial_end_without_method: params
            .some_text("trial_settings.end_behavior.missing_payment_method")
            .unwrap_or("create_invoice")
            .to_owned(),
        save_method: params.text("payment_settings.save_default_payment_method") == "on_subscription",
        behavior: behavior(params)?,
        presence: Presence::Away,
    };
    check_rhythm(engine, call, &start, now, "billing_cycle_anchor")?;
    let id = engine.start_subscription(&call.account, &start)?;
    let mut object = engine.get(&id).clone();
    engine.plan_end(&mut object, params)?;
    engine.edit(&id, |subscription| *subscription = object);
    engine.plan_subscription(&id);
    Ok(engine.get(&id).clone())
}

/// When the billing rhythm of a new subscription begins, if the request says so.
pub fn check_rhythm(engine: &Engine, call: &Call, start: &Start, now: i64, param: &str) -> Result<(), StripeError> {
    let Some(anchor) = start.anchor else { return Ok(()) };
    if start.trial_end.is_some() {
        let message = "fake-stripe does not cover `billing_cycle_anchor` together with a trial.";
        return Err(StripeError::invalid(message).param(param));
    }
    engine.check_items(&call.account, &start.items)?;
    let price = start.items.first().map_or("", |item| item.price.as_str());
    engine.check_anchor(anchor, price, now, param)
}

fn behavior(params: &Value) -> Result<Behavior, StripeError> {
    match params.text("payment_behavior") {
        "default_incomplete" => Ok(Behavior::DefaultIncomplete),
        "error_if_incomplete" => Ok(Behavior::ErrorIfIncomplete),
        "pending_if_incomplete" => Err(StripeError::invalid(
            "`pending_if_incomplete` can only be used when updating a subscription.",
        )
        .param("payment_behavior")),
        _ => Ok(Behavior::AllowIncomplete),
    }
}

/// `application_fee_percent`, which only the platform may set for a connected account; with two decimals at most.
pub fn fee(account: &str, params: &Value, param: &str) -> Result<Option<f64>, StripeError> {
    let Some(fee) = params.at("application_fee_percent").as_f64() else {
        return Ok(None);
    };
    let refused = |message: &str| Err(StripeError::invalid(message).param(param));
    if account.is_empty() {
        return refused(
            "Can only apply an application_fee_percent when the request is made on behalf of another account.",
        );
    }
    if !(0.0..=100.0).contains(&fee) {
        return refused("Invalid application_fee_percent: must be between 0 and 100");
    }
    // No float with two decimals is exact, so the number is looked at as it is written.
    let decimals = fee
        .to_string()
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    if decimals > 2 {
        return refused("Invalid application_fee_percent: must have at most two decimal places");
    }
    Ok(Some(fee))
}

fn new_items(engine: &mut Engine, call: &Call) -> Result<Vec<WantedItem>, StripeError> {
    let mut items = Vec::new();
    for (number, given) in call.params.items("items").iter().enumerate() {
        let price = if given.has("price_data") {
            let made = crate::engine::prices::create(
                engine,
                &Call {
                    params: given.at("price_data").clone(),
                    ..call.clone()
                },
            )?;
            made.text("id").to_owned()
        } else {
            given
                .some_text("price")
                .ok_or_else(|| StripeError::missing_param(&format!("items[{number}][price]")))?
                .to_owned()
        };
        items.push(WantedItem {
            price,
            quantity: given.some_int("quantity").unwrap_or(1),
            metadata: given.at("metadata").clone(),
        });
    }
    Ok(items)
}

pub fn retrieve(engine: &mut Engine, call: &Call) -> Answer {
    engine.find(&call.account, "subscription", call.id(), "id").cloned()
}

/// Those on test clocks are listed only for their clock or their customer.
pub fn list(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    engine.list(call, "subscription", "/v1/subscriptions", |_, subscription| {
        let status = subscription.text("status");
        let wanted = match params.some_text("status") {
            None => !matches!(status, "canceled" | "incomplete_expired"),
            Some("all") => true,
            Some("ended") => matches!(status, "canceled" | "incomplete_expired"),
            Some(wanted) => status == wanted,
        };
        let first = subscription.items("items.data").first().unwrap_or(&Value::Null);
        wanted
            && (!subscription.has("test_clock") || params.has("customer") || params.has("test_clock"))
            && in_range(first.at("current_period_start"), params.at("current_period_start"))
            && in_range(first.at("current_period_end"), params.at("current_period_end"))
            && params
                .at("automatic_tax.enabled")
                .as_bool()
                .is_none_or(|enabled| subscription.flag("automatic_tax.enabled") == enabled)
            && params
                .some_text("customer")
                .is_none_or(|customer| subscription.text("customer") == customer)
            && params
                .some_text("test_clock")
                .is_none_or(|clock| subscription.text("test_clock") == clock)
            && params
                .some_text("collection_method")
                .is_none_or(|method| subscription.text("collection_method") == method)
            && params.some_text("price").is_none_or(|price| {
                subscription
                    .items("items.data")
                    .iter()
                    .any(|item| item.text("price.id") == price)
            })
    })
}

/// Cancels now. `prorate` credits the unused time, `invoice_now` bills what waits.
pub fn cancel(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    engine.find(&call.account, "subscription", &id, "id")?;
    if engine.has_ended(&id) {
        // An ended subscription is gone as far as cancelling it is concerned.
        return Err(StripeError::missing("subscription", &id, "id"));
    }
    engine.cancel_now(&id, call.params.flag("prorate"), call.params.flag("invoice_now"));
    engine.edit(&id, |object| {
        for field in ["comment", "feedback"] {
            if let Some(text) = call.params.some_text(&format!("cancellation_details.{field}")) {
                object.put(&format!("cancellation_details.{field}"), text);
            }
        }
    });
    Ok(engine.get(&id).clone())
}

pub fn list_items(engine: &mut Engine, call: &Call) -> Answer {
    let subscription = call.params.text("subscription").to_owned();
    let found = engine.find(&call.account, "subscription", &subscription, "subscription")?;
    let items = engine.view(found).items("items.data").to_vec();
    page(&call.params, "/v1/subscription_items", &items)
}

pub fn retrieve_item(engine: &mut Engine, call: &Call) -> Answer {
    let holds = |id: &&str| {
        engine
            .get(id)
            .items("items.data")
            .iter()
            .any(|item| item.text("id") == call.id())
    };
    let subscription = engine
        .records
        .list(&call.account, "subscription")
        .find(holds)
        .map(|id| engine.view(engine.get(id)));
    let item = subscription.and_then(|object| {
        object
            .items("items.data")
            .iter()
            .find(|item| item.text("id") == call.id())
            .cloned()
    });
    item.ok_or_else(|| {
        StripeError::invalid(format!("Invalid subscription_item id: {}", call.id()))
            .code("resource_missing")
            .param("item")
            .status(404)
    })
}

/// As an update of the subscription that deletes the item.
pub fn remove_item(engine: &mut Engine, call: &Call) -> Answer {
    let item = retrieve_item(engine, call)?;
    let mut params = call.params.clone();
    params.put("items", json!([{"id": call.id(), "deleted": true}]));
    let update = Call {
        ids: vec![item.text("subscription").to_owned()],
        params,
        ..call.clone()
    };
    engine.live_by(item.text("subscription"));
    super::change::update(engine, &update)?;
    Ok(json!({"id": call.id(), "object": "subscription_item", "deleted": true}))
}

impl Engine {
    /// A method that may pay for a customer's subscription is attached to them.
    pub fn check_method(&self, account: &str, customer: &str, method: &str, param: &str) -> Result<(), StripeError> {
        let found = self.find(account, "payment_method", method, param)?;
        if found.text("customer") != customer {
            return Err(StripeError::invalid(format!(
                "The customer does not have a payment method with the ID {method}. The payment method must be attached to the customer."
            ))
            .code("resource_missing")
            .param(param));
        }
        Ok(())
    }
}
