//! Checkout sessions (`/v1/checkout/sessions`) for subscriptions and for saving a card.

mod complete;
mod create;

use serde_json::{Value, json};

use super::{Answer, Call, Engine, lists::page};
use crate::{
    error::StripeError,
    fields::{Fields, merge_metadata},
    money::share,
};

pub use complete::Completed;
pub use create::create;

pub fn retrieve(engine: &mut Engine, call: &Call) -> Answer {
    engine
        .find(&call.account, "checkout.session", call.id(), "session")
        .cloned()
}

pub fn update(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    engine.find(&call.account, "checkout.session", &id, "session")?;
    engine.edit(&id, |session| merge_metadata(session, call.params.at("metadata")));
    Ok(engine.get(&id).clone())
}

pub fn list(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let is = |session: &Value, field: &str| {
        params
            .some_text(field)
            .is_none_or(|wanted| session.text(field) == wanted)
    };
    engine.list(call, "checkout.session", "/v1/checkout/sessions", |_, session| {
        is(session, "customer")
            && is(session, "status")
            && is(session, "subscription")
            && is(session, "payment_intent")
            && params
                .some_text("customer_details.email")
                .is_none_or(|email| session.text("customer_details.email") == email)
    })
}

pub fn expire(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    let status = engine
        .find(&call.account, "checkout.session", &id, "session")?
        .text("status")
        .to_owned();
    if status != "open" {
        return Err(StripeError::invalid(format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `{status}`."
        )));
    }
    engine.expire_session(&id);
    Ok(engine.get(&id).clone())
}

pub fn line_items(engine: &mut Engine, call: &Call) -> Answer {
    engine.find(&call.account, "checkout.session", call.id(), "session")?;
    page(
        &call.params,
        &format!("/v1/checkout/sessions/{}/line_items", call.id()),
        &engine.session_lines(call.id()),
    )
}

impl Engine {
    pub fn expire_session(&mut self, id: &str) {
        self.set_due(id, None);
        let before = self.get(id).clone();
        self.edit(id, |session| {
            session.put("status", "expired");
            session.put("url", Value::Null);
        });
        self.emit_change(id, "checkout.session.expired", &before);
    }

    /// What a line costs when its session completes: until an anchor of its own, the share of its period, or nothing.
    fn due_for(&self, line: &Value, subscription: &Value, now: i64) -> i64 {
        let price = line.text("price");
        let whole = self.get(price).int("unit_amount") * line.int("quantity");
        let Some(anchor) = subscription.some_int("billing_cycle_anchor") else {
            return whole;
        };
        if subscription.text("proration_behavior") == "none" {
            return 0;
        }
        let (start, end) = self.interval_of(price).around(anchor, now);
        share(whole, end - now, end - start)
    }

    /// What a session sells, as its line items show it.
    pub fn session_lines(&self, id: &str) -> Vec<Value> {
        let (hidden, created) = (self.hidden(id), self.get(id).int("created"));
        let lines = hidden.items("line_items").iter();
        lines
            .map(|line| {
                let price = self.get(line.text("price")).clone();
                let amount = self.due_for(line, hidden.at("subscription_data"), created);
                json!({
                    "id": line.at("id"), "object": "item", "adjustable_quantity": null, "amount_discount": 0, "amount_subtotal": amount,
                    "amount_tax": 0, "amount_total": amount, "currency": price.at("currency"),
                    "description": self.get(price.text("product")).at("name"), "price": price, "quantity": line.at("quantity"),
                    "discounts": [], "taxes": [], "metadata": {}
                })
            })
            .collect()
    }
}
