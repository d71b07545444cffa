//! Prices (`/v1/prices`): what they cost never changes; what they are called and whether they can be bought does.

use serde_json::{Value, json};

use super::{Answer, Call, Engine, params::copy, products};
use crate::{
    error::StripeError,
    fields::{Fields, merge_metadata},
    money::MOST,
};

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let product = product_of(engine, call)?;
    let currency = params.text("currency").to_lowercase();
    let unit_amount = amount(params)?;
    let mut price = engine.blank("price", "price_1");
    price.put("active", params.at("active").as_bool().unwrap_or(true));
    price.put("billing_scheme", "per_unit");
    price.put("currency", currency);
    price.put("metadata", json!({}));
    price.put("product", product);
    price.put("tax_behavior", "unspecified");
    price.put("unit_amount", unit_amount);
    price.put("unit_amount_decimal", unit_amount.to_string());
    price.put("type", "one_time");
    if params.has("recurring") {
        price.put("type", "recurring");
        price.put("recurring", recurring(params.at("recurring"))?);
    }
    copy(&mut price, params, &["nickname", "tax_behavior"]);
    merge_metadata(&mut price, params.at("metadata"));
    if let Some(key) = params.some_text("lookup_key") {
        engine.take_lookup_key(call, key, params.flag("transfer_lookup_key"))?;
        price.put("lookup_key", key);
    }
    let id = price.text("id").to_owned();
    engine.records.insert(&call.account, "", price);
    engine.emit(&id, "price.created");
    Ok(engine.get(&id).clone())
}

fn product_of(engine: &mut Engine, call: &Call) -> Result<String, StripeError> {
    let params = &call.params;
    match (params.some_text("product"), params.has("product_data")) {
        (Some(product), false) => {
            engine.find(&call.account, "product", product, "product")?;
            Ok(product.to_owned())
        }
        (None, true) => {
            let product = products::create(
                engine,
                &Call {
                    params: params.at("product_data").clone(),
                    ..call.clone()
                },
            )?;
            Ok(product.text("id").to_owned())
        }
        _ => Err(
            StripeError::invalid("You must pass exactly one of `product` or `product_data`.")
                .code("parameter_missing")
                .param("product"),
        ),
    }
}

fn amount(params: &Value) -> Result<i64, StripeError> {
    let amount = match (params.some_int("unit_amount"), params.some_text("unit_amount_decimal")) {
        (Some(amount), None) => amount,
        (None, Some(decimal)) => decimal.parse().map_err(|_| {
            StripeError::invalid(format!(
                "Invalid decimal: {decimal}; fake-stripe takes whole minor units"
            ))
            .param("unit_amount_decimal")
        })?,
        _ => {
            return Err(StripeError::invalid(
                "Prices require `unit_amount`, `unit_amount_decimal` or `custom_unit_amount` to be set.",
            )
            .code("parameter_missing")
            .param("unit_amount"));
        }
    };
    if amount < 0 {
        return Err(StripeError::invalid("Invalid non-negative integer")
            .code("parameter_invalid_integer")
            .param("unit_amount"));
    }
    if amount > MOST {
        return Err(StripeError::invalid("Amount must be no more than $999,999.99")
            .code("amount_too_large")
            .param("unit_amount"));
    }
    Ok(amount)
}

fn recurring(given: &Value) -> Result<Value, StripeError> {
    let count = given.some_int("interval_count").unwrap_or(1);
    let most = match given.text("interval") {
        "day" => 1095,
        "week" => 156,
        "month" => 36,
        _ => 3,
    };
    if !(1..=most).contains(&count) {
        return Err(
            StripeError::invalid("The maximum billing period is three years.").param("recurring[interval_count]")
        );
    }
    Ok(json!({
        "interval": given.text("interval"), "interval_count": count, "meter": null, "trial_period_days": null,
        "usage_type": given.some_text("usage_type").unwrap_or("licensed")
    }))
}

pub fn retrieve(engine: &mut Engine, call: &Call) -> Answer {
    engine.find(&call.account, "price", call.id(), "price").cloned()
}

pub fn update(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    engine.find(&call.account, "price", &id, "price")?;
    let params = &call.params;
    if let Some(key) = params
        .some_text("lookup_key")
        .filter(|key| !key.is_empty() && *key != engine.get(&id).text("lookup_key"))
    {
        engine.take_lookup_key(call, key, params.flag("transfer_lookup_key"))?;
    }
    if params.at("active").as_bool() == Some(false) {
        let product = engine.get(engine.get(&id).text("product"));
        if product.text("default_price") == id {
            return Err(StripeError::invalid(
                "This price cannot be archived because it is the default price of its product.",
            ));
        }
    }
    engine.change(&id, "price.updated", |price| {
        copy(price, params, &["active", "nickname", "lookup_key", "tax_behavior"]);
        merge_metadata(price, params.at("metadata"));
    });
    Ok(engine.get(&id).clone())
}

pub fn list(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let is = |price: &Value, field: &str| params.some_text(field).is_none_or(|wanted| price.text(field) == wanted);
    engine.list(call, "price", "/v1/prices", |_, price| {
        let one_of = |key: &Value| key.as_str() == Some(price.text("lookup_key"));
        params
            .at("active")
            .as_bool()
            .is_none_or(|active| price.flag("active") == active)
            && is(price, "product")
            && is(price, "currency")
            && is(price, "type")
            && (!params.has("lookup_keys") || params.items("lookup_keys").iter().any(one_of))
            && params
                .some_text("recurring.interval")
                .is_none_or(|interval| price.text("recurring.interval") == interval)
            && is(price, "recurring.usage_type")
            && is(price, "recurring.meter")
    })
}

impl Engine {
    /// A lookup key belongs to one active price; it moves only when that is asked for.
    fn take_lookup_key(&mut self, call: &Call, key: &str, transfer: bool) -> Result<(), StripeError> {
        let holder = self
            .records
            .list(&call.account, "price")
            .find(|price| self.get(price).text("lookup_key") == key);
        let Some(holder) = holder.map(str::to_owned) else {
            return Ok(());
        };
        if !transfer {
            let message = format!("A price (`{holder}`) already uses that lookup key.");
            return Err(StripeError::invalid(message)
                .code("resource_already_exists")
                .param("lookup_key"));
        }
        self.change(&holder, "price.updated", |price| price.put("lookup_key", Value::Null));
        Ok(())
    }
}
