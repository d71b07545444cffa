//! Paying invoices: payment intents, charges and the invoice payments that tie them to their invoice.

mod attempt;
pub mod endpoints;

use serde_json::{Value, json};

use super::{
    Engine,
    cards::{self, Card},
};
use crate::{error::StripeError, fields::Fields, money};

/// Who is there while a card is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Nobody: a renewal, a retry, a call of the API.
    Away,
    /// The customer, on a hosted page, for a first purchase.
    Buying,
    /// The customer, on a hosted page, paying an invoice.
    Paying,
    /// The customer, who has just confirmed with their bank.
    Confirmed,
}

/// Why a charge did not work.
#[derive(Debug, Clone)]
pub enum Refused {
    Declined(StripeError),
    NeedsConfirmation,
    NoMethod,
}

impl Engine {
    /// The payment intent of an open invoice, and the invoice payment that shows it.
    pub(super) fn ask_for_payment(&mut self, invoice: &str) {
        let account = self.account_of(invoice);
        let clock = self.clock_of(invoice);
        let object = self.get(invoice).clone();
        let fee = self
            .get(&self.subscription_of(invoice))
            .at("application_fee_percent")
            .as_f64();
        let amount = object.int("amount_due");
        let mut intent = self.blank("payment_intent", "pi_3");
        let id = intent.text("id").to_owned();
        let secret = self.ids.letters(25);
        intent.put("amount", amount);
        intent.put("amount_capturable", 0);
        intent.put("amount_details", json!({"tip": {}}));
        intent.put("amount_received", 0);
        intent.put(
            "application_fee_amount",
            fee.map_or(Value::Null, |fee| money::percent(amount, fee).into()),
        );
        intent.put("capture_method", "automatic");
        intent.put("client_secret", format!("{id}_secret_{secret}"));
        intent.put("confirmation_method", "automatic");
        intent.put("currency", object.at("currency").clone());
        intent.put("customer", object.at("customer").clone());
        intent.put(
            "description",
            if object.text("billing_reason") == "subscription_create" {
                "Subscription creation"
            } else {
                "Subscription update"
            },
        );
        intent.put("metadata", json!({}));
        intent.put(
            "payment_method_options",
            json!({"card": {
                "installments": null, "mandate_options": null, "network": null, "request_three_d_secure": "automatic"
            }}),
        );
        intent.put("payment_method_types", json!(["card"]));
        intent.put("setup_future_usage", "off_session");
        intent.put("status", "requires_payment_method");
        self.records.insert(&account, &clock, intent);
        let mut payment = self.blank("invoice_payment", "inpay_1");
        let payment_id = payment.text("id").to_owned();
        payment.put("amount_requested", amount);
        payment.put("currency", object.at("currency").clone());
        payment.put("invoice", invoice);
        payment.put("is_default", true);
        payment.put("payment", json!({"payment_intent": id, "type": "payment_intent"}));
        payment.put("status", "open");
        payment.put("status_transitions", json!({"canceled_at": null, "paid_at": null}));
        self.records.insert(&account, &clock, payment);
        self.hide(invoice, "intent", id.as_str());
        self.hide(invoice, "payment", payment_id.as_str());
        self.hide(&id, "invoice", invoice);
        self.emit(&id, "payment_intent.created");
    }

    /// The payment intent of an invoice; empty when it needs none.
    pub fn intent_of(&self, invoice: &str) -> String {
        self.hidden(invoice).text("intent").to_owned()
    }

    /// Nothing will be paid any more.
    pub(super) fn cancel_payment(&mut self, invoice: &str) {
        let (intent, now) = (self.intent_of(invoice), self.now());
        if intent.is_empty() || self.get(&intent).text("status") == "succeeded" {
            return;
        }
        let before = self.get(&intent).clone();
        self.edit(&intent, |intent| {
            intent.put("status", "canceled");
            intent.put("canceled_at", now);
            intent.put("cancellation_reason", "void_invoice");
            intent.put("next_action", Value::Null);
        });
        self.emit_change(&intent, "payment_intent.canceled", &before);
        let payment = self.hidden(invoice).text("payment").to_owned();
        self.edit(&payment, |payment| {
            payment.put("status", "canceled");
            payment.put("status_transitions.canceled_at", now);
        });
    }

    /// The method that an invoice is charged to unless another is named.
    pub fn method_for(&self, invoice: &str) -> Option<String> {
        let object = self.get(invoice);
        let subscription = self.get(self.hidden(invoice).text("subscription"));
        let customer = self.get(object.text("customer"));
        [
            object.at("default_payment_method"),
            subscription.at("default_payment_method"),
            customer.at("invoice_settings.default_payment_method"),
        ]
        .into_iter()
        .find_map(|method| method.as_str().map(str::to_owned))
    }

    /// Whether a card can be charged now.
    pub fn try_card(&self, method: &str, presence: Presence) -> Result<(), Refused> {
        let card = self.card(method);
        let confirmed =
            presence == Presence::Confirmed || (card == Card::ConfirmOnce && self.hidden(method).flag("confirmed"));
        match card {
            Card::Good | Card::Disputed(_) => Ok(()),
            Card::FailsWhenCharged if presence == Presence::Buying => Ok(()),
            Card::ConfirmOnce | Card::ConfirmAlways if confirmed => Ok(()),
            Card::ConfirmOnce | Card::ConfirmAlways => Err(Refused::NeedsConfirmation),
            Card::Declined(..) | Card::FailsWhenCharged | Card::Unknown => {
                Err(Refused::Declined(cards::decline_of(card).unwrap_or_else(|| {
                    StripeError::card("card_declined", "Your card was declined.")
                })))
            }
        }
    }
}
