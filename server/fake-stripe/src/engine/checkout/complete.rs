//! What the form of the hosted Checkout page does: a card is given, and the session ends (or the card is refused).

use serde_json::{Value, json};

use crate::{
    engine::{
        Engine,
        cards::{self, Card},
        payments::{Presence, Refused},
        subscriptions::{
            items::WantedItem,
            start::{Behavior, Start},
        },
    },
    error::StripeError,
    fields::Fields,
};

/// What became of giving a card.
#[derive(Debug, Clone)]
pub enum Completed {
    /// Done: go to this address.
    Done { return_url: String },
    /// Refused: say so and let the customer try again.
    Declined(StripeError),
    /// The bank wants to hear from the customer first: ask, then complete again with `confirmed`.
    NeedsConfirmation,
}

impl Engine {
    /// The customer gives a card (or one of their saved ones, by its id) on a session's page.
    ///
    /// Errors: there is no such session, or it is not open.
    pub fn complete_checkout(&mut self, id: &str, card: &str, confirmed: bool) -> Result<Completed, StripeError> {
        let account = self.account_of(id);
        let session = self.find(&account, "checkout.session", id, "session")?.clone();
        if session.text("status") != "open" {
            return Err(StripeError::invalid(format!(
                "This Checkout Session is no longer open (it is {}).",
                session.text("status")
            )));
        }
        self.live_by(session.text("customer"));
        let saved = card.starts_with("pm_").then(|| card.to_owned());
        if let Some(saved) = &saved {
            let method = self.find(&account, "payment_method", saved, "payment_method")?;
            if method.text("customer") != session.text("customer") {
                return Err(StripeError::missing("PaymentMethod", saved, "payment_method"));
            }
        }
        let number = saved
            .as_ref()
            .map_or(card.to_owned(), |saved| self.hidden(saved).text("number").to_owned());
        let kind = cards::card(&number);
        if let Some(refusal) = cards::decline_of(kind).filter(|_| kind != Card::FailsWhenCharged) {
            return Ok(Completed::Declined(refusal));
        }
        if matches!(kind, Card::ConfirmOnce | Card::ConfirmAlways) && !confirmed {
            return Ok(Completed::NeedsConfirmation);
        }
        let done = self.or_nothing(|engine| engine.carry_out(id, &account, &session, saved, &number, confirmed));
        Ok(match done {
            Ok(return_url) => Completed::Done { return_url },
            Err(Refused::Declined(refusal)) => Completed::Declined(refusal),
            Err(_) => Completed::NeedsConfirmation,
        })
    }

    /// Everything that a good card brings about; answers where to go then.
    fn carry_out(
        &mut self,
        id: &str,
        account: &str,
        session: &Value,
        saved: Option<String>,
        number: &str,
        confirmed: bool,
    ) -> Result<String, Refused> {
        let customer = self.customer_of_session(account, session);
        let method = if let Some(saved) = saved {
            saved
        } else {
            let method = self.new_card(account, number);
            let details = json!({
                "address": {"city": null, "country": "US", "line1": null, "line2": null, "postal_code": null, "state": null},
                "email": self.get(&customer).at("email"), "name": self.get(&customer).at("name"), "phone": null, "tax_id": null
            });
            self.edit(&method, |method| method.put("billing_details", details));
            self.attach(account, &method, &customer).map_err(Refused::Declined)?;
            self.emit(&method, "payment_method.attached");
            method
        };
        self.hide(&method, "confirmed", confirmed);
        let presence = if confirmed {
            Presence::Confirmed
        } else {
            Presence::Buying
        };
        if session.text("mode") == "setup" {
            self.setup_done(id, &customer, &method);
        } else {
            self.subscribe(id, account, &customer, &method, presence)?;
        }
        self.set_due(id, None);
        self.edit(id, |session| {
            session.put("status", "complete");
            session.put("customer", customer.as_str());
            session.put("url", Value::Null);
        });
        let details = self.get(&customer).clone();
        self.edit(id, |session| {
            session.put("customer_details", json!({
                "address": null, "business_name": null, "email": details.at("email"), "individual_name": null, "name": details.at("name"),
                "phone": details.at("phone"), "tax_exempt": "none", "tax_ids": []
            }));
        });
        self.emit(id, "checkout.session.completed");
        Ok(self.get(id).text("success_url").replace("{CHECKOUT_SESSION_ID}", id))
    }

    /// Where the page's way back leads; empty when the session has none.
    pub fn checkout_cancel_url(&self, id: &str) -> Result<String, StripeError> {
        let account = self.account_of(id);
        let session = self.find(&account, "checkout.session", id, "session")?;
        Ok(session.text("cancel_url").replace("{CHECKOUT_SESSION_ID}", id))
    }

    fn customer_of_session(&mut self, account: &str, session: &Value) -> String {
        if let Some(customer) = session.some_text("customer") {
            return customer.to_owned();
        }
        let customer = self.new_customer(account, "");
        let email = session.at("customer_email").clone();
        self.edit(&customer, |customer| customer.put("email", email));
        self.emit(&customer, "customer.created");
        customer
    }

    fn setup_done(&mut self, session: &str, customer: &str, method: &str) {
        let intent = self.get(session).text("setup_intent").to_owned();
        self.edit(&intent, |intent| {
            intent.put("status", "succeeded");
            intent.put("customer", customer);
            intent.put("payment_method", method);
            intent.put("next_action", Value::Null);
        });
        self.emit(&intent, "setup_intent.succeeded");
    }

    fn subscribe(
        &mut self,
        session: &str,
        account: &str,
        customer: &str,
        method: &str,
        presence: Presence,
    ) -> Result<(), Refused> {
        let now = self.now_for(customer);
        let data = self.hidden(session).clone();
        let items = data.items("line_items").iter().map(|line| WantedItem {
            price: line.text("price").to_owned(),
            quantity: line.int("quantity"),
            metadata: Value::Null,
        });
        let trial_end = super::create::trial_end(&data, now);
        let given = data.at("subscription_data");
        let start = Start {
            customer: customer.to_owned(),
            items: items.collect(),
            method: Some(method.to_owned()),
            trial_end,
            // One that has passed meanwhile begins now.
            anchor: given.some_int("billing_cycle_anchor").filter(|anchor| *anchor > now),
            prorate: given.text("proration_behavior") != "none",
            ends: None,
            fee: given.at("application_fee_percent").as_f64(),
            metadata: given.at("metadata").clone(),
            description: given.at("description").clone(),
            billing_mode: given.some_text("billing_mode.type").unwrap_or("flexible").to_owned(),
            save_method: false,
            trial_end_without_method: given
                .some_text("trial_settings.end_behavior.missing_payment_method")
                .unwrap_or("create_invoice")
                .to_owned(),
            behavior: Behavior::ErrorIfIncomplete,
            presence,
        };
        let subscription = self.start_subscription(account, &start).map_err(Refused::Declined)?;
        let invoice = self.get(&subscription).at("latest_invoice").clone();
        let total = self.get(invoice.as_str().unwrap_or_default()).int("total");
        self.edit(session, |session| {
            // The share until an anchor is smaller than when the session was made.
            session.put("amount_subtotal", total);
            session.put("amount_total", total);
            session.put("subscription", subscription.as_str());
            session.put(
                "payment_status",
                if trial_end.is_some() || invoice.is_null() {
                    "no_payment_required"
                } else {
                    "paid"
                },
            );
            session.put("invoice", invoice);
        });
        Ok(())
    }
}
