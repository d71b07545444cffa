//! What a customer can do on the portal's page. Each names the portal session by the token in its address, and works on
//! that session's customer only.

use serde_json::{Value, json};

use crate::{
    engine::{
        Engine,
        cards::{self, Card},
        payments::{Presence, Refused},
    },
    error::StripeError,
    fields::Fields,
};

/// What the portal's page shows.
#[derive(Debug, Clone)]
pub struct Portal {
    pub account: String,
    pub session: Value,
    pub configuration: Value,
    pub customer: Value,
    /// Newest first.
    pub subscriptions: Vec<Value>,
    pub methods: Vec<Value>,
    /// Newest first; without drafts.
    pub invoices: Vec<Value>,
}

/// What became of giving a card on the portal's or an invoice's page.
#[derive(Debug, Clone)]
pub enum Given {
    /// Done; the payment method's id.
    Done(String),
    Declined(StripeError),
    /// The bank wants to hear from the customer first: ask, then do it again with `confirmed`.
    NeedsConfirmation,
}

impl Engine {
    /// Everything on the portal's page. Errors: there is no such session.
    pub fn portal(&self, token: &str) -> Result<Portal, StripeError> {
        let id = self
            .find("", "fake.portal", &format!("fake_portal_{token}"), "token")?
            .text("session")
            .to_owned();
        let account = self.account_of(&id);
        let session = self.get(&id).clone();
        let customer = self
            .find(&account, "customer", session.text("customer"), "customer")?
            .clone();
        let of = |object: &&Value| object.text("customer") == customer.text("id");
        let newest_first = |kind: &str| -> Vec<Value> {
            self.records
                .list(&account, kind)
                .rev()
                .map(|id| self.get(id))
                .filter(of)
                .map(|object| self.view(object))
                .collect()
        };
        Ok(Portal {
            session: session.clone(),
            configuration: self.get(session.text("configuration")).clone(),
            subscriptions: newest_first("subscription"),
            methods: newest_first("payment_method"),
            invoices: newest_first("invoice")
                .into_iter()
                .filter(|invoice| invoice.text("status") != "draft")
                .collect(),
            customer,
            account,
        })
    }

    /// Saves a card for the customer and makes it the default one.
    pub fn portal_add_card(&mut self, token: &str, number: &str, confirmed: bool) -> Result<Given, StripeError> {
        let portal = self.portal(token)?;
        portal.may("payment_method_update")?;
        let customer = portal.customer.text("id").to_owned();
        self.live_by(&customer);
        let card = cards::card(number);
        if let Some(refusal) = cards::decline_of(card).filter(|_| card != Card::FailsWhenCharged) {
            return Ok(Given::Declined(refusal));
        }
        if matches!(card, Card::ConfirmOnce | Card::ConfirmAlways) && !confirmed {
            return Ok(Given::NeedsConfirmation);
        }
        let method = self.new_card(&portal.account, number);
        self.hide(&method, "confirmed", confirmed);
        self.attach(&portal.account, &method, &customer)?;
        self.emit(&method, "payment_method.attached");
        self.make_default(&customer, &method);
        Ok(Given::Done(method))
    }

    /// Takes a card away.
    pub fn portal_remove_card(&mut self, token: &str, method: &str) -> Result<(), StripeError> {
        let portal = self.portal(token)?;
        portal.may("payment_method_update")?;
        portal.method(method)?;
        self.live_by(portal.customer.text("id"));
        self.detach(method);
        Ok(())
    }

    pub fn portal_default_card(&mut self, token: &str, method: &str) -> Result<(), StripeError> {
        let portal = self.portal(token)?;
        portal.may("payment_method_update")?;
        portal.method(method)?;
        self.live_by(portal.customer.text("id"));
        self.make_default(portal.customer.text("id"), method);
        Ok(())
    }

    /// The customer's default, and that of the subscriptions that have one of their own.
    fn make_default(&mut self, customer: &str, method: &str) {
        self.change(customer, "customer.updated", |object| {
            object.put("invoice_settings.default_payment_method", method);
        });
        let account = self.account_of(customer);
        for subscription in self.live_subscriptions(&account, customer) {
            if self.get(&subscription).has("default_payment_method") {
                self.change(&subscription, "customer.subscription.updated", |object| {
                    object.put("default_payment_method", method);
                });
            }
        }
    }

    /// Cancels as the configuration says. At the period's end under flexible billing this sets `cancel_at` and leaves
    /// `cancel_at_period_end` false, unlike the API.
    pub fn portal_cancel(&mut self, token: &str, subscription: &str, reason: Option<&str>) -> Result<(), StripeError> {
        let portal = self.portal(token)?;
        portal.may("subscription_cancel")?;
        let object = portal.subscription(subscription)?;
        self.live_by(portal.customer.text("id"));
        if object.has("schedule") {
            return Err(StripeError::invalid(
                "This subscription is managed by a schedule and cannot be canceled here.",
            ));
        }
        let now = self.now();
        if portal.configuration.text("features.subscription_cancel.mode") == "immediately" {
            self.end_subscription(subscription, "cancellation_requested");
            return Ok(());
        }
        let end = self.period_of(subscription).1;
        let flexible = object.text("billing_mode.type") == "flexible";
        self.change(subscription, "customer.subscription.updated", |object| {
            object.put("cancel_at", end);
            object.put("cancel_at_period_end", !flexible);
            object.put("canceled_at", now);
            object.put("cancellation_details.reason", "cancellation_requested");
            object.put("cancellation_details.feedback", reason.map_or(Value::Null, Value::from));
        });
        self.plan_subscription(subscription);
        Ok(())
    }

    /// Takes a cancellation back.
    pub fn portal_renew(&mut self, token: &str, subscription: &str) -> Result<(), StripeError> {
        let portal = self.portal(token)?;
        portal.may("subscription_cancel")?;
        portal.subscription(subscription)?;
        self.live_by(portal.customer.text("id"));
        self.keep_subscription(&portal.account, subscription)
    }

    /// The subscription does not end any more.
    fn keep_subscription(&mut self, account: &str, subscription: &str) -> Result<(), StripeError> {
        let before = self.get(subscription).clone();
        // As an update of the subscription: when its end cut the period short, the rest of it is billed.
        let params = json!({"cancel_at": "", "cancel_at_period_end": false, "cancellation_details": {"feedback": ""}});
        let changed = self.changed(account, &before, &params)?;
        self.put_change(subscription, &before, changed, &params)
    }

    /// The invoice behind an address of its hosted page. Errors: there is none.
    pub fn hosted_invoice(&self, account: &str, token: &str) -> Result<Value, StripeError> {
        let namespace = if self.platform().text("id") == account {
            ""
        } else {
            account
        };
        let mut ids = self.records.list(namespace, "invoice");
        let id = ids.find(|id| self.hidden(id).text("token") == token);
        id.map(|id| self.view(self.get(id)))
            .ok_or_else(|| StripeError::missing("invoice", token, "invoice"))
    }

    /// The customer pays an open invoice on its page, with a card's number or the id of a saved card.
    pub fn pay_hosted_invoice(&mut self, invoice: &str, card: &str, confirmed: bool) -> Result<Given, StripeError> {
        let account = self.account_of(invoice);
        let object = self.find(&account, "invoice", invoice, "invoice")?.clone();
        if object.text("status") != "open" {
            return Err(StripeError::invalid(format!(
                "This invoice cannot be paid (it is {}).",
                object.text("status")
            )));
        }
        let customer = object.text("customer").to_owned();
        self.live_by(&customer);
        let method = if card.starts_with("pm_") {
            let found = self.find(&account, "payment_method", card, "payment_method")?;
            if found.text("customer") != customer {
                return Err(StripeError::missing("PaymentMethod", card, "payment_method"));
            }
            card.to_owned()
        } else {
            match cards::card(card) {
                Card::Unknown | Card::Declined(..) => {
                    let refusal = cards::decline_of(cards::card(card))
                        .unwrap_or_else(|| StripeError::card("card_declined", "Your card was declined."));
                    self.refused_on_page(invoice, &Refused::Declined(refusal.clone()));
                    return Ok(Given::Declined(refusal));
                }
                Card::ConfirmOnce | Card::ConfirmAlways if !confirmed => {
                    self.refused_on_page(invoice, &Refused::NeedsConfirmation);
                    return Ok(Given::NeedsConfirmation);
                }
                _ => {}
            }
            let method = self.new_card(&account, card);
            self.attach(&account, &method, &customer)?;
            self.emit(&method, "payment_method.attached");
            method
        };
        let presence = if confirmed {
            Presence::Confirmed
        } else {
            Presence::Paying
        };
        Ok(match self.pay_invoice(invoice, Some(&method), presence) {
            Ok(()) => Given::Done(method),
            Err(Refused::Declined(refusal)) => Given::Declined(refusal),
            Err(_) => Given::NeedsConfirmation,
        })
    }
}

impl Portal {
    fn may(&self, feature: &str) -> Result<(), StripeError> {
        if self.configuration.flag(&format!("features.{feature}.enabled")) {
            return Ok(());
        }
        Err(StripeError::invalid("This is not available in the portal's configuration.").status(403))
    }

    fn subscription(&self, id: &str) -> Result<&Value, StripeError> {
        let found = self
            .subscriptions
            .iter()
            .find(|subscription| subscription.text("id") == id);
        found.ok_or_else(|| StripeError::missing("subscription", id, "subscription"))
    }

    fn method(&self, id: &str) -> Result<&Value, StripeError> {
        let found = self.methods.iter().find(|method| method.text("id") == id);
        found.ok_or_else(|| StripeError::missing("PaymentMethod", id, "payment_method"))
    }
}
