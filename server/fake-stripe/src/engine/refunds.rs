//! Refunds (`/v1/refunds`): a charge is given back, wholly or in part.

use serde_json::{Value, json};

use super::{Answer, Call, Engine};
use crate::{
    error::StripeError,
    fields::{Fields, merge_metadata},
    money::readable,
};

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let charge = match (params.some_text("charge"), params.some_text("payment_intent")) {
        (Some(charge), _) => charge.to_owned(),
        (None, Some(intent)) => charge_of(engine, call, intent)?,
        (None, None) => {
            return Err(StripeError::invalid(
                "One of the following params should be provided for this request: payment_intent or charge.",
            )
            .code("parameter_missing"));
        }
    };
    let object = engine.find(&call.account, "charge", &charge, "charge")?.clone();
    let amount = amount_of(engine, &object, params.some_int("amount"))?;
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
    if params.flag("refund_application_fee") {
        // Only the balances show it.
        let with_fee = engine.hidden(&charge).int("refunded_with_fee") + amount;
        engine.hide(&charge, "refunded_with_fee", with_fee);
    }
    engine.change(&charge, "charge.refunded", |charge| {
        let refunded = charge.int("amount_refunded") + amount;
        charge.put("amount_refunded", refunded);
        charge.put("refunded", refunded == charge.int("amount_captured"));
    });
    Ok(engine.get(&id).clone())
}

fn charge_of(engine: &Engine, call: &Call, intent: &str) -> Result<String, StripeError> {
    let object = engine.find(&call.account, "payment_intent", intent, "payment_intent")?;
    let paid = object.text("status") == "succeeded";
    object
        .some_text("latest_charge")
        .filter(|_| paid)
        .map(str::to_owned)
        .ok_or_else(|| {
            StripeError::invalid(format!(
                "This PaymentIntent ({intent}) does not have a successful charge to refund."
            ))
        })
}

/// How much of a charge is given back.
///
/// Errors: it was not paid, it is disputed, nothing is left of it, or less than what is wanted.
fn amount_of(engine: &Engine, charge: &Value, wanted: Option<i64>) -> Result<i64, StripeError> {
    let id = charge.text("id");
    let (whole, refunded) = (charge.int("amount_captured"), charge.int("amount_refunded"));
    let left = whole - refunded;
    if !charge.flag("paid") {
        return Err(StripeError::invalid(format!(
            "This charge ({id}) cannot be refunded: it was not paid."
        )));
    }
    if engine.dispute_against(id).is_some() {
        let message = format!("Charge {id} has been charged back; cannot issue a refund.");
        return Err(StripeError::invalid(message).code("charge_disputed"));
    }
    if left == 0 {
        let message = format!("Charge {id} has already been refunded.");
        return Err(StripeError::invalid(message).code("charge_already_refunded"));
    }
    let amount = wanted.unwrap_or(left);
    if amount < 1 {
        return Err(StripeError::invalid("Invalid positive integer")
            .code("parameter_invalid_integer")
            .param("amount"));
    }
    if amount > left {
        let currency = charge.text("currency");
        let what = if refunded == 0 {
            "charge amount"
        } else {
            "unrefunded amount on charge"
        };
        let message = format!(
            "Refund amount ({}) is greater than {what} ({})",
            readable(amount, currency),
            readable(left, currency)
        );
        return Err(StripeError::invalid(message).param("amount"));
    }
    Ok(amount)
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

impl Engine {
    /// A charge's refunds, newest first.
    pub fn refunds_of(&self, charge: &str) -> Vec<Value> {
        let account = self.account_of(charge);
        let all = self.records.list(&account, "refund").rev();
        all.map(|id| self.get(id))
            .filter(|refund| refund.text("charge") == charge)
            .cloned()
            .collect()
    }
}
