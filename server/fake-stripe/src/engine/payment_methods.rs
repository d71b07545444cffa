//! Payment methods (`/v1/payment_methods`): cards, by number or by Stripe's test tokens, attached to customers.

use chrono::Datelike;
use serde_json::{Value, json};

use super::{
    Answer, Call, Engine,
    cards::{self, Card},
    lists::page,
    params::copy,
};
use crate::{
    error::StripeError,
    fields::{Fields, merge_metadata},
};

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    if params.text("type") != "card" {
        return Err(StripeError::invalid("fake-stripe has cards only: pass `type=card`.").param("type"));
    }
    let token = params.some_text("card.token").map(|token| {
        cards::number_of_token(token).ok_or_else(|| StripeError::missing("token", token, "card[token]").status(400))
    });
    let number = match token {
        Some(number) => number?.to_owned(),
        None => params
            .some_text("card.number")
            .ok_or_else(|| StripeError::missing_param("card"))?
            .to_owned(),
    };
    if cards::card(&number) == Card::Unknown {
        return Err(StripeError::card("incorrect_number", "Your card number is incorrect.").param("number"));
    }
    check_expiry(engine, params.at("card"))?;
    let id = engine.new_card(&call.account, &number);
    engine.edit(&id, |method| {
        for field in ["exp_month", "exp_year"] {
            if let Some(value) = params.some_int(&format!("card.{field}")) {
                method.put(&format!("card.{field}"), value);
            }
        }
        if params.has("billing_details") {
            copy(
                method,
                &json!({"billing_details": blank_details(params.at("billing_details"))}),
                &["billing_details"],
            );
        }
        copy(method, params, &["allow_redisplay"]);
        merge_metadata(method, params.at("metadata"));
    });
    Ok(engine.get(&id).clone())
}

/// Errors: a month that there is none of, or one that is over.
fn check_expiry(engine: &Engine, card: &Value) -> Result<(), StripeError> {
    let (month, year) = (card.some_int("exp_month"), card.some_int("exp_year"));
    let today = chrono::DateTime::from_timestamp(engine.now(), 0).unwrap_or_default();
    let (this_year, this_month) = (i64::from(today.year()), i64::from(today.month()));
    if month.is_some_and(|month| !(1..=12).contains(&month)) {
        return Err(
            StripeError::card("invalid_expiry_month", "Your card's expiration month is invalid.").param("exp_month"),
        );
    }
    let over = month
        .zip(year)
        .is_some_and(|(month, year)| year == this_year && month < this_month);
    if over || year.is_some_and(|year| !(this_year..=this_year + 50).contains(&year)) {
        return Err(
            StripeError::card("invalid_expiry_year", "Your card's expiration year is invalid.").param("exp_year"),
        );
    }
    Ok(())
}

fn blank_details(given: &Value) -> Value {
    let text = |field: &str| given.at(field).clone();
    let address = json!({
        "city": text("address.city"), "country": text("address.country"), "line1": text("address.line1"), "line2": text("address.line2"),
        "postal_code": text("address.postal_code"), "state": text("address.state")
    });
    json!({"address": address, "email": text("email"), "name": text("name"), "phone": text("phone"), "tax_id": null})
}

impl Engine {
    /// A card by its number, not attached to anybody.
    pub fn new_card(&mut self, account: &str, number: &str) -> String {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let mut method = self.blank("payment_method", "pm_1");
        let id = method.text("id").to_owned();
        let fingerprint = self.ids.letters(16);
        let brand = cards::brand(&digits);
        method.put("type", "card");
        method.put("allow_redisplay", "unspecified");
        method.put("billing_details", blank_details(&Value::Null));
        method.put("metadata", json!({}));
        method.put(
            "card",
            json!({
                "brand": brand, "checks": {"address_line1_check": null, "address_postal_code_check": null, "cvc_check": "pass"},
                "country": "US", "display_brand": brand, "exp_month": 12, "exp_year": 2034, "fingerprint": fingerprint, "funding": "credit",
                "generated_from": null, "last4": digits.get(digits.len().saturating_sub(4)..).unwrap_or_default(),
                "networks": {"available": [brand], "preferred": null}, "regulated_status": "unregulated",
                "three_d_secure_usage": {"supported": true}, "wallet": null
            }),
        );
        self.records.insert(account, "", method);
        self.hide(&id, "number", digits);
        id
    }

    /// Attaches a payment method, or a new one made of a test token, to a customer; answers its id.
    ///
    /// Errors: as Stripe refuses cards that are declined, are attached elsewhere, or were detached.
    pub fn attach(&mut self, account: &str, method: &str, customer: &str) -> Result<String, StripeError> {
        let method = match cards::number_of_token(method).filter(|_| method.starts_with("pm_card_")) {
            Some(number) => self.new_card(account, number),
            None => self
                .find(account, "payment_method", method, "payment_method")?
                .text("id")
                .to_owned(),
        };
        if let Card::Declined(reason, sentence) = self.card(&method) {
            return Err(cards::declined(reason, sentence));
        }
        let current = self.get(&method).text("customer").to_owned();
        if current == customer {
            return Ok(method);
        }
        if !current.is_empty() {
            return Err(StripeError::invalid(
                "The payment method you provided has already been attached to a customer.",
            ));
        }
        if self.hidden(&method).flag("detached") {
            return Err(StripeError::invalid(
                "This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be \
                 used again.",
            ));
        }
        let clock = self.clock_of(customer);
        self.records.edit(&method, |record| {
            record.json.put("customer", customer);
            record.clock = clock;
        });
        Ok(method)
    }

    /// Takes a payment method away from its customer and out of everything that would have used it.
    pub fn detach(&mut self, method: &str) {
        let (account, customer) = (self.account_of(method), self.get(method).text("customer").to_owned());
        let before = self.get(method).clone();
        self.edit(method, |object| object.put("customer", Value::Null));
        self.hide(method, "detached", true);
        self.emit_change(method, "payment_method.detached", &before);
        if self.get(&customer).text("invoice_settings.default_payment_method") == method {
            self.change(&customer, "customer.updated", |object| {
                object.put("invoice_settings.default_payment_method", Value::Null);
            });
        }
        for subscription in self.live_subscriptions(&account, &customer) {
            if self.get(&subscription).text("default_payment_method") == method {
                self.change(&subscription, "customer.subscription.updated", |object| {
                    object.put("default_payment_method", Value::Null);
                });
            }
        }
    }

    pub fn card(&self, method: &str) -> Card {
        cards::card(self.hidden(method).text("number"))
    }

    /// A customer's payment methods, oldest first.
    pub fn methods_of(&self, account: &str, customer: &str) -> Vec<String> {
        let of = |id: &&str| self.get(id).text("customer") == customer;
        self.records
            .list(account, "payment_method")
            .filter(of)
            .map(str::to_owned)
            .collect()
    }
}

pub fn retrieve(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.ids.last().cloned().unwrap_or_default();
    let found = engine.find(&call.account, "payment_method", &id, "payment_method")?;
    if call.ids.len() == 2 && found.text("customer") != call.id() {
        return Err(StripeError::missing("PaymentMethod", &id, "payment_method"));
    }
    Ok(found.clone())
}

pub fn update(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    if engine
        .find(&call.account, "payment_method", &id, "payment_method")?
        .text("customer")
        .is_empty()
    {
        return Err(StripeError::invalid(
            "You must save this PaymentMethod to a customer before you can update it.",
        ));
    }
    check_expiry(engine, call.params.at("card"))?;
    engine.change(&id, "payment_method.updated", |method| {
        copy(method, &call.params, &["allow_redisplay"]);
        for field in ["exp_month", "exp_year"] {
            if let Some(value) = call.params.some_int(&format!("card.{field}")) {
                method.put(&format!("card.{field}"), value);
            }
        }
        for field in ["email", "name", "phone"] {
            if let Some(value) = call.params.some_text(&format!("billing_details.{field}")) {
                method.put(&format!("billing_details.{field}"), value);
            }
        }
        merge_metadata(method, call.params.at("metadata"));
    });
    Ok(engine.get(&id).clone())
}

pub fn attach(engine: &mut Engine, call: &Call) -> Answer {
    let Some(customer) = call.params.some_text("customer") else {
        return Err(StripeError::missing_param("customer"));
    };
    engine.find(&call.account, "customer", customer, "customer")?;
    let attached = engine.attach(&call.account, call.id(), customer)?;
    engine.emit(&attached, "payment_method.attached");
    Ok(engine.get(&attached).clone())
}

pub fn detach(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    if engine
        .find(&call.account, "payment_method", &id, "payment_method")?
        .text("customer")
        .is_empty()
    {
        return Err(StripeError::invalid(
            "The payment method you provided is not attached to a customer so detachment is impossible.",
        ));
    }
    engine.detach(&id);
    Ok(engine.get(&id).clone())
}

pub fn list(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let customer = if call.ids.is_empty() {
        params.some_text("customer").unwrap_or_default()
    } else {
        call.id()
    };
    if customer.is_empty() {
        // Methods without a customer are not listed by Stripe either.
        return page(params, "/v1/payment_methods", &[]);
    }
    engine.find(&call.account, "customer", customer, "customer")?;
    let url = if call.ids.is_empty() {
        "/v1/payment_methods".to_owned()
    } else {
        format!("/v1/customers/{customer}/payment_methods")
    };
    let customer = customer.to_owned();
    engine.list(call, "payment_method", &url, |_, method| {
        method.text("customer") == customer
            && params
                .some_text("allow_redisplay")
                .is_none_or(|allowed| method.text("allow_redisplay") == allowed)
            && params.some_text("type").is_none_or(|kind| method.text("type") == kind)
    })
}
