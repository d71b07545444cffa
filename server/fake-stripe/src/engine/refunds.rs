//! Refunds (`/v1/refunds`): a charge is given back, wholly or in part.

use serde_json::{Value, json};

use super::{Answer, Call, Engine};
use crate::{
    error::StripeError,
    fields::{Fields, merge_metadata},
};

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let charge = match (params.some_text("charge"), params.some_text("payment_intent")) {
        (Some(charge), _) => charge.to_owned(),
        (None, Some(intent)) => engine
            .find(&call.account, "payment_intent", intent, "payment_intent")?
            .text("latest_charge")
            .to_owned(),
        (None, None) => return Err(StripeError::missing_param("charge")),
    };
    let object = engine.find(&call.account, "charge", &charge, "charge")?.clone();
    let left = object.int("amount_captured") - object.int("amount_refunded");
    let amount = params.some_int("amount").unwrap_or(left);
    if !object.flag("paid") {
        return Err(StripeError::invalid(format!(
            "This charge ({charge}) cannot be refunded: it was not paid."
        )));
    }
    if left == 0 {
        return Err(
            StripeError::invalid(format!("Charge {charge} has already been refunded.")).code("charge_already_refunded"),
        );
    }
    if !(1..=left).contains(&amount) {
        let message = format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left})");
        return Err(StripeError::invalid(message).param("amount"));
    }
    let mut refund = engine.blank("refund", "re_3");
    let id = refund.text("id").to_owned();
    refund.put("amount", amount);
    refund.put("charge", charge.as_str());
    refund.put("currency", object.at("currency").clone());
    refund.put("metadata", json!({}));
    merge_metadata(&mut refund, params.at("metadata"));
    refund.put("payment_intent", object.at("payment_intent").clone());
    refund.put("reason", params.at("reason").clone());
    refund.put("status", "succeeded");
    let clock = engine.clock_of(&charge);
    engine.records.insert(&call.account, &clock, refund);
    engine.emit(&id, "refund.created");
    engine.change(&charge, "charge.refunded", |charge| {
        let refunded = charge.int("amount_refunded") + amount;
        charge.put("amount_refunded", refunded);
        charge.put("refunded", refunded == charge.int("amount_captured"));
    });
    Ok(engine.get(&id).clone())
}

pub fn retrieve(engine: &mut Engine, call: &Call) -> Answer {
    engine.find(&call.account, "refund", call.id(), "refund").cloned()
}

pub fn list(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let is = |refund: &Value, field: &str| {
        params
            .some_text(field)
            .is_none_or(|wanted| refund.text(field) == wanted)
    };
    engine.list(call, "refund", "/v1/refunds", |_, refund| {
        is(refund, "charge") && is(refund, "payment_intent")
    })
}
