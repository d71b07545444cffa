//! The endpoints of `/v1/invoices`, except the preview (`preview.rs`).

use serde_json::{Value, json};

use crate::{
    engine::{
        Answer, Call, Engine,
        lists::{in_range, page},
        params::copy,
        payments::{Presence, Refused},
    },
    error::StripeError,
    fields::{Fields, merge_metadata},
};

fn find(engine: &Engine, call: &Call) -> Result<(String, String), StripeError> {
    let invoice = engine.find(&call.account, "invoice", call.id(), "invoice")?;
    Ok((invoice.text("id").to_owned(), invoice.text("status").to_owned()))
}

pub fn retrieve(engine: &mut Engine, call: &Call) -> Answer {
    engine.find(&call.account, "invoice", call.id(), "invoice").cloned()
}

pub fn list(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let is = |invoice: &Value, field: &str| {
        params
            .some_text(field)
            .is_none_or(|wanted| invoice.text(field) == wanted)
    };
    engine.list(call, "invoice", "/v1/invoices", |engine, invoice| {
        is(invoice, "customer")
            && is(invoice, "status")
            && is(invoice, "collection_method")
            && in_range(invoice.at("due_date"), params.at("due_date"))
            && params
                .some_text("subscription")
                .is_none_or(|wanted| engine.subscription_of(invoice.text("id")) == wanted)
    })
}

pub fn lines(engine: &mut Engine, call: &Call) -> Answer {
    let invoice = engine.find(&call.account, "invoice", call.id(), "invoice")?;
    let lines = invoice.items("lines.data").to_vec();
    page(&call.params, &format!("/v1/invoices/{}/lines", call.id()), &lines)
}

pub fn update(engine: &mut Engine, call: &Call) -> Answer {
    let (id, _) = find(engine, call)?;
    if let Some(method) = call
        .params
        .some_text("default_payment_method")
        .filter(|method| !method.is_empty())
    {
        let customer = engine.get(&id).text("customer").to_owned();
        engine.check_method(&call.account, &customer, method, "default_payment_method")?;
    }
    engine.change(&id, "invoice.updated", |invoice| {
        copy(
            invoice,
            &call.params,
            &[
                "auto_advance",
                "description",
                "footer",
                "default_payment_method",
                "statement_descriptor",
            ],
        );
        if call.params.has("custom_fields") {
            let fields = call
                .params
                .at("custom_fields")
                .as_array()
                .filter(|fields| !fields.is_empty());
            invoice.put("custom_fields", fields.map_or(Value::Null, |fields| json!(fields)));
        }
        merge_metadata(invoice, call.params.at("metadata"));
    });
    if call.params.at("auto_advance").as_bool() == Some(false) {
        engine.stop_collecting(&id);
    }
    Ok(engine.get(&id).clone())
}

/// Only one-off drafts can be deleted; all invoices here are a subscription's.
pub fn delete(engine: &mut Engine, call: &Call) -> Answer {
    find(engine, call)?;
    Err(StripeError::invalid(
        "You can't delete invoices created by subscriptions.",
    ))
}

pub fn finalize(engine: &mut Engine, call: &Call) -> Answer {
    let (id, status) = find(engine, call)?;
    if status != "draft" {
        return Err(StripeError::invalid(
            "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
        )
        .code("invoice_not_editable"));
    }
    if let Some(advance) = call.params.at("auto_advance").as_bool() {
        engine.edit(&id, |invoice| invoice.put("auto_advance", advance));
    }
    engine.finalize_invoice(&id);
    if engine.get(&id).flag("auto_advance") && engine.get(&id).text("status") == "open" {
        // Stripe tries about an hour later.
        let at = engine.now() + super::DRAFT_LASTS;
        engine.set_due(&id, Some(at));
    }
    Ok(engine.get(&id).clone())
}

pub fn pay(engine: &mut Engine, call: &Call) -> Answer {
    let (id, status) = find(engine, call)?;
    let params = &call.params;
    match status.as_str() {
        "paid" => return Err(StripeError::invalid("Invoice is already paid").code("invoice_already_paid")),
        "void" => {
            return Err(StripeError::invalid("Invoice is voided and can no longer be paid").code("invoice_not_open"));
        }
        "draft" => engine.finalize_invoice(&id),
        _ => {}
    }
    if engine.get(&id).text("status") == "paid" {
        return Ok(engine.get(&id).clone());
    }
    if params.flag("paid_out_of_band") {
        engine.cancel_payment(&id);
        engine.edit(&id, |invoice| {
            let due = invoice.int("amount_due");
            invoice.put("amount_paid_off_stripe", due);
        });
        engine.mark_paid(&id);
        return Ok(engine.get(&id).clone());
    }
    let customer = engine.get(&id).text("customer").to_owned();
    if let Some(method) = params.some_text("payment_method") {
        engine.check_method(&call.account, &customer, method, "payment_method")?;
    }
    match engine.pay_invoice(&id, params.some_text("payment_method"), Presence::Away) {
        Ok(()) => Ok(engine.get(&id).clone()),
        Err(Refused::Declined(refusal)) => {
            let intent = engine.get(&engine.intent_of(&id)).clone();
            Err(refusal.with("payment_intent", intent).keep_changes())
        }
        Err(Refused::NeedsConfirmation) => Err(StripeError::card(
            "invoice_payment_intent_requires_action",
            "This payment requires additional user action before it can be completed successfully. Payment can be completed using the \
             PaymentIntent associated with the invoice.",
        )
        .keep_changes()),
        Err(Refused::NoMethod) => Err(StripeError::invalid(
            "There is no `default_payment_method` set on this Customer or Invoice. Please attach a payment method or pass one with the request.",
        )
        .code("resource_missing")),
    }
}

pub fn void(engine: &mut Engine, call: &Call) -> Answer {
    let (id, status) = find(engine, call)?;
    if !matches!(status.as_str(), "open" | "uncollectible") {
        return Err(StripeError::invalid(format!(
            "You can only pass in open invoices. This invoice isn't open (it is {status})."
        ))
        .code("invoice_not_open"));
    }
    engine.void_invoice(&id);
    Ok(engine.get(&id).clone())
}

pub fn mark_uncollectible(engine: &mut Engine, call: &Call) -> Answer {
    let (id, status) = find(engine, call)?;
    if status != "open" {
        return Err(StripeError::invalid("You can only mark open invoices as uncollectible.").code("invoice_not_open"));
    }
    let now = engine.now();
    let before = engine.get(&id).clone();
    engine.stop_collecting(&id);
    engine.edit(&id, |invoice| {
        invoice.put("status", "uncollectible");
        invoice.put("status_transitions.marked_uncollectible_at", now);
    });
    engine.emit_change(&id, "invoice.marked_uncollectible", &before);
    if engine.hidden(&id).flag("resumes") {
        engine.resume_settled(&engine.subscription_of(&id), &id);
    }
    Ok(engine.get(&id).clone())
}
