//! The endpoints of `/v1/payment_intents`, `/v1/charges` and `/v1/invoice_payments`, as far as invoices need them.

use serde_json::Value;

use super::{Presence, Refused};
use crate::{
    engine::{Answer, Call, Engine},
    error::StripeError,
    fields::Fields,
};

pub fn retrieve_intent(engine: &mut Engine, call: &Call) -> Answer {
    engine
        .find(&call.account, "payment_intent", call.id(), "intent")
        .cloned()
}

pub fn list_intents(engine: &mut Engine, call: &Call) -> Answer {
    let customer = call.params.some_text("customer");
    engine.list(call, "payment_intent", "/v1/payment_intents", |_, intent| {
        customer.is_none_or(|customer| intent.text("customer") == customer)
    })
}

/// Pays the intent's invoice.
pub fn confirm_intent(engine: &mut Engine, call: &Call) -> Answer {
    let intent = engine
        .find(&call.account, "payment_intent", call.id(), "intent")?
        .clone();
    let status = intent.text("status");
    if matches!(status, "succeeded" | "canceled") {
        return Err(StripeError::invalid(format!(
            "You cannot confirm this PaymentIntent because it has a status of {status}. Only a PaymentIntent with one of the following statuses \
             may be confirmed: requires_confirmation, requires_action, requires_payment_method."
        ))
        .code("payment_intent_unexpected_state"));
    }
    let invoice = engine.hidden(call.id()).text("invoice").to_owned();
    let method = call
        .params
        .some_text("payment_method")
        .or(intent.some_text("payment_method"))
        .map(str::to_owned);
    if let Some(method) = &method {
        engine.check_method(&call.account, intent.text("customer"), method, "payment_method")?;
    }
    match engine.pay_invoice(&invoice, method.as_deref(), Presence::Away) {
        Ok(()) | Err(Refused::NeedsConfirmation) => Ok(engine.get(call.id()).clone()),
        Err(Refused::Declined(refusal)) => {
            let intent: Value = engine.get(call.id()).clone();
            Err(refusal.with("payment_intent", intent).keep_changes())
        }
        Err(Refused::NoMethod) => Err(StripeError::invalid(
            "You cannot confirm this PaymentIntent because it's missing a payment method. Update the PaymentIntent with a payment method and \
             then confirm it again.",
        )
        .code("payment_intent_unexpected_state")),
    }
}

pub fn retrieve_charge(engine: &mut Engine, call: &Call) -> Answer {
    engine.find(&call.account, "charge", call.id(), "charge").cloned()
}

pub fn list_charges(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let is = |charge: &Value, field: &str| {
        params
            .some_text(field)
            .is_none_or(|wanted| charge.text(field) == wanted)
    };
    engine.list(call, "charge", "/v1/charges", |_, charge| {
        is(charge, "customer") && is(charge, "payment_intent")
    })
}

pub fn retrieve_invoice_payment(engine: &mut Engine, call: &Call) -> Answer {
    engine
        .find(&call.account, "invoice_payment", call.id(), "invoice_payment")
        .cloned()
}

pub fn list_invoice_payments(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    engine.list(call, "invoice_payment", "/v1/invoice_payments", |_, payment| {
        params
            .some_text("invoice")
            .is_none_or(|invoice| payment.text("invoice") == invoice)
            && params
                .some_text("status")
                .is_none_or(|status| payment.text("status") == status)
            && params
                .some_text("payment.payment_intent")
                .is_none_or(|intent| payment.text("payment.payment_intent") == intent)
    })
}
