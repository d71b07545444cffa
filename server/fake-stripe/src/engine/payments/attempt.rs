//! One attempt to pay an open invoice, and what follows: paid, tried again later, or given up.

use serde_json::{Value, json};

use super::{Presence, Refused};
use crate::{
    engine::{Engine, cards::Card},
    error::StripeError,
    fields::Fields,
};

/// Days between attempts to charge a renewal; after the last one the account's settings decide.
const RETRY_AFTER_DAYS: [i64; 3] = [3, 5, 7];

impl Engine {
    /// Charges an open invoice by itself: at its finalisation and at each retry.
    pub fn collect(&mut self, invoice: &str) {
        if self.get(invoice).text("status") != "open" {
            return;
        }
        // Any first attempt counts; from then on only those that Stripe makes by itself
        // (https://docs.stripe.com/api/invoices/object#invoice_object-attempt_count).
        let attempts = self.get(invoice).int("attempt_count");
        if attempts > 0 {
            self.records
                .edit(invoice, |record| record.json.put("attempt_count", attempts + 1));
        }
        // A refusal has left its traces on the invoice and the subscription; nobody waits for the answer.
        drop(self.pay_invoice(invoice, None, Presence::Away));
        self.plan_retry(invoice);
    }

    /// Attempts to pay an open invoice with a method (or the default one).
    ///
    /// Errors: why it was refused; the attempt has happened all the same.
    pub fn pay_invoice(&mut self, invoice: &str, method: Option<&str>, presence: Presence) -> Result<(), Refused> {
        let method = method.map(str::to_owned).or_else(|| self.method_for(invoice));
        let intent = self.intent_of(invoice);
        let outcome = match &method {
            Some(method) => self.try_card(method, presence),
            None => Err(Refused::NoMethod),
        };
        self.records.edit(invoice, |record| {
            let attempts = record.json.int("attempt_count").max(1);
            record.json.put("attempt_count", attempts);
            record.json.put("attempted", true);
        });
        match outcome {
            Ok(()) => {
                let method = method.unwrap_or_default();
                self.charged(invoice, &intent, &method);
                if presence == Presence::Confirmed {
                    self.hide(&method, "confirmed", true);
                }
                self.mark_paid(invoice);
                if let Card::Disputed(reason) = self.card(&method) {
                    let charge = self.get(&intent).text("latest_charge").to_owned();
                    // Never refused: the charge was paid just now.
                    drop(self.dispute(&charge, None, reason));
                }
                Ok(())
            }
            Err(refused) => {
                self.not_charged(invoice, &intent, method.as_deref(), &refused);
                Err(refused)
            }
        }
    }

    /// The customer tried on the invoice's page, with a card that is not theirs yet.
    pub fn refused_on_page(&mut self, invoice: &str, refused: &Refused) {
        self.records.edit(invoice, |record| {
            // Any first attempt counts; from then on only those that Stripe makes by itself.
            let attempts = record.json.int("attempt_count").max(1);
            record.json.put("attempt_count", attempts);
            record.json.put("attempted", true);
        });
        let intent = self.intent_of(invoice);
        self.not_charged(invoice, &intent, None, refused);
    }

    /// The bank did not confirm the payment on the invoice's page
    /// (<https://docs.stripe.com/error-codes#payment-intent-authentication-failure>).
    pub fn not_confirmed_on_page(&mut self, invoice: &str) {
        let refusal = StripeError::invalid("The provided PaymentMethod has failed authentication.")
            .code("payment_intent_authentication_failure");
        self.refused_on_page(invoice, &Refused::Declined(refusal));
    }

    fn charged(&mut self, invoice: &str, intent: &str, method: &str) {
        let now = self.now();
        let charge = self.new_charge(intent, method, None);
        self.edit(intent, |intent| {
            intent.put("status", "succeeded");
            intent.put("amount_received", intent.int("amount"));
            intent.put("latest_charge", charge.as_str());
            intent.put("payment_method", method);
            intent.put("last_payment_error", Value::Null);
            intent.put("next_action", Value::Null);
        });
        let payment = self.hidden(invoice).text("payment").to_owned();
        self.edit(&payment, |payment| {
            payment.put("status", "paid");
            payment.put("amount_paid", payment.int("amount_requested"));
            payment.put("status_transitions.paid_at", now);
        });
        self.emit(&charge, "charge.succeeded");
        self.emit(intent, "payment_intent.succeeded");
        self.emit(&payment, "invoice_payment.paid");
    }

    fn not_charged(&mut self, invoice: &str, intent: &str, method: Option<&str>, refused: &Refused) {
        let invoice_event = match refused {
            Refused::NeedsConfirmation => {
                let redirect = self.get(invoice).at("hosted_invoice_url").clone();
                self.edit(intent, |intent| {
                    intent.put("status", "requires_action");
                    intent.put("payment_method", method.map_or(Value::Null, Value::from));
                    intent.put(
                        "next_action",
                        json!({
                            "type": "redirect_to_url", "redirect_to_url": {"return_url": redirect, "url": redirect}
                        }),
                    );
                });
                self.emit(intent, "payment_intent.requires_action");
                "invoice.payment_action_required"
            }
            Refused::Declined(refusal) => {
                let charge = method.map(|method| self.new_charge(intent, method, Some(refusal)));
                let mut error = refusal.body().at("error").clone();
                if let Some(method) = method {
                    error.put("payment_method", self.get(method).clone());
                }
                self.edit(intent, |intent| {
                    intent.put("status", "requires_payment_method");
                    intent.put("payment_method", Value::Null);
                    intent.put("latest_charge", charge.as_deref().map_or(Value::Null, Value::from));
                    intent.put("last_payment_error", error);
                    intent.put("next_action", Value::Null);
                });
                if let Some(charge) = &charge {
                    self.emit(charge, "charge.failed");
                }
                self.emit(intent, "payment_intent.payment_failed");
                ""
            }
            Refused::NoMethod => "",
        };
        let before = self.get(invoice).clone();
        let subscription = self.subscription_of(invoice);
        if !invoice_event.is_empty() {
            self.emit(invoice, invoice_event);
        }
        self.emit(invoice, "invoice.payment_failed");
        self.emit_change(invoice, "invoice.updated", &before);
        self.payment_failed(&subscription, invoice);
    }

    fn new_charge(&mut self, intent: &str, method: &str, refusal: Option<&StripeError>) -> String {
        let (account, clock) = (self.account_of(intent), self.clock_of(intent));
        let intent_json = self.get(intent).clone();
        let method_json = self.get(method).clone();
        let mut charge = self.blank("charge", "ch_3");
        let id = charge.text("id").to_owned();
        let amount = intent_json.int("amount");
        let paid = refusal.is_none();
        for field in ["currency", "customer", "description", "application_fee_amount"] {
            charge.put(field, intent_json.at(field).clone());
        }
        charge.put("amount", amount);
        charge.put("amount_captured", if paid { amount } else { 0 });
        charge.put("amount_refunded", 0);
        charge.put("billing_details", method_json.at("billing_details").clone());
        charge.put("captured", paid);
        charge.put(
            "failure_code",
            refusal.and_then(|r| r.code.clone()).map_or(Value::Null, Value::from),
        );
        charge.put(
            "failure_message",
            refusal.map_or(Value::Null, |r| r.message.clone().into()),
        );
        charge.put("fraud_details", json!({}));
        charge.put("metadata", json!({}));
        charge.put("paid", paid);
        charge.put("payment_intent", intent);
        charge.put("payment_method", method);
        charge.put("refunded", false);
        charge.put("status", if paid { "succeeded" } else { "failed" });
        self.records.insert(&account, &clock, charge);
        id
    }

    /// After a refused renewal: when it is tried again, or what happens when it was the last time.
    pub fn plan_retry(&mut self, invoice: &str) {
        let object = self.get(invoice);
        if object.text("status") != "open"
            || !object.flag("auto_advance")
            || object.text("billing_reason") == "subscription_create"
        {
            return;
        }
        let attempts = usize::try_from(object.int("attempt_count")).unwrap_or(1).max(1);
        if let Some(days) = RETRY_AFTER_DAYS.get(attempts - 1) {
            let next = self.now() + days * 86_400;
            self.change(invoice, "invoice.updated", |object| {
                object.put("next_payment_attempt", next);
            });
            self.set_due(invoice, Some(next));
        } else {
            self.change(invoice, "invoice.updated", |object| {
                object.put("next_payment_attempt", Value::Null);
            });
            let subscription = self.subscription_of(invoice);
            self.payments_given_up(&subscription, invoice);
        }
    }
}
