//! Products (`/v1/products`).

use serde_json::{Value, json};

use super::{Answer, Call, Engine, params::copy, prices};
use crate::{
    error::StripeError,
    fields::{Fields, merge_metadata},
};

const CHANGEABLE: [&str; 11] = [
    "active",
    "description",
    "images",
    "marketing_features",
    "name",
    "package_dimensions",
    "shippable",
    "statement_descriptor",
    "tax_code",
    "unit_label",
    "url",
];

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let mut product = engine.blank("product", "prod_");
    if let Some(id) = params.some_text("id") {
        if engine.find(&call.account, "product", id, "id").is_ok() {
            return Err(StripeError::invalid("Product already exists.").code("resource_already_exists"));
        }
        product.put("id", id);
    } else {
        let id = format!("prod_{}", engine.ids.letters(14));
        product.put("id", id);
    }
    let id = product.text("id").to_owned();
    product.put("active", true);
    product.put("metadata", json!({}));
    product.put("type", "service");
    product.put("updated", engine.now());
    copy(&mut product, params, &CHANGEABLE);
    merge_metadata(&mut product, params.at("metadata"));
    engine.records.insert(&call.account, "", product);
    if params.has("default_price_data") {
        let mut data = params.at("default_price_data").clone();
        data.put("product", id.as_str());
        let price = prices::create(
            engine,
            &Call {
                params: data,
                ..call.clone()
            },
        )?;
        engine.edit(&id, |product| product.put("default_price", price.text("id")));
    }
    engine.emit(&id, "product.created");
    Ok(engine.get(&id).clone())
}

pub fn retrieve(engine: &mut Engine, call: &Call) -> Answer {
    engine.find(&call.account, "product", call.id(), "id").cloned()
}

pub fn update(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    engine.find(&call.account, "product", &id, "id")?;
    let params = &call.params;
    if let Some(price) = params.some_text("default_price").filter(|price| !price.is_empty()) {
        let price = engine.find(&call.account, "price", price, "default_price")?;
        if price.text("product") != id {
            return Err(StripeError::invalid("The default price must belong to the product.").param("default_price"));
        }
    }
    let now = engine.now();
    engine.change(&id, "product.updated", |product| {
        let before = product.clone();
        copy(product, params, &CHANGEABLE);
        copy(product, params, &["default_price"]);
        merge_metadata(product, params.at("metadata"));
        if *product != before {
            product.put("updated", now);
        }
    });
    Ok(engine.get(&id).clone())
}

/// Only a product that has no prices can be deleted.
pub fn delete(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    engine.find(&call.account, "product", &id, "id")?;
    let has_prices = engine
        .records
        .list(&call.account, "price")
        .any(|price| engine.get(price).text("product") == id);
    if has_prices {
        return Err(StripeError::invalid(
            "This product cannot be deleted because it has one or more user-created prices.",
        ));
    }
    engine.emit(&id, "product.deleted");
    engine.records.remove(&id);
    Ok(json!({"id": id, "object": "product", "deleted": true}))
}

pub fn list(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    engine.list(call, "product", "/v1/products", |_, product| {
        let one_of = |id: &Value| id.as_str() == Some(product.text("id"));
        params
            .at("active")
            .as_bool()
            .is_none_or(|active| product.flag("active") == active)
            && params
                .at("shippable")
                .as_bool()
                .is_none_or(|shippable| product.flag("shippable") == shippable)
            && params.some_text("url").is_none_or(|url| product.text("url") == url)
            && (!params.has("ids") || params.items("ids").iter().any(one_of))
    })
}
