//! The card that was given on a page: by its number or, when it is a saved one, by its id, the way the engine takes it.
//! While a bank asks its question, the card waits with the object that it is for.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    card_form::{Card, Chosen, Problems},
    saved_cards::card_label,
};
use crate::{
    engine::{Engine, cards},
    error::StripeError,
    fields::Fields,
};

/// A card, and what was typed beside its number.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct GivenCard {
    /// A card number's digits, or a payment method's id.
    pub card: String,
    exp_month: u32,
    exp_year: i32,
    name: String,
    pub email: String,
}

impl GivenCard {
    pub fn new(chosen: Chosen, email: &str) -> Self {
        match chosen {
            Chosen::Saved(id) => Self {
                card: id,
                email: email.to_owned(),
                ..Self::default()
            },
            Chosen::New(Card {
                number,
                exp_month,
                exp_year,
                name,
                ..
            }) => Self {
                card: number,
                exp_month,
                exp_year,
                name,
                email: email.to_owned(),
            },
        }
    }

    /// As in `Visa •••• 4242`.
    pub fn label(&self, engine: &Engine) -> String {
        if self.card.starts_with("pm_") {
            return card_label(engine.get(&self.card));
        }
        let last4 = self.card.get(self.card.len().saturating_sub(4)..).unwrap_or_default();
        let mut method = Value::Null;
        method.put("card.brand", cards::brand(&self.card));
        method.put("card.last4", last4);
        card_label(&method)
    }

    /// Keeps the card with `object` (a session, an invoice) until its bank has answered.
    pub fn wait_with(&self, engine: &mut Engine, object: &str) -> Result<(), StripeError> {
        let kept = serde_json::to_value(self).map_err(|error| StripeError::invalid(error.to_string()))?;
        engine.hide(object, "waiting_card", kept);
        Ok(())
    }

    /// The card that waits with `object`, if one does.
    pub fn waiting_with(engine: &Engine, object: &str) -> Option<Self> {
        serde_json::from_value(engine.hidden(object).at("waiting_card").clone()).ok()
    }

    /// Nothing waits with `object` any more.
    pub fn forget(engine: &mut Engine, object: &str) {
        engine.hide(object, "waiting_card", Value::Null);
    }

    /// Writes what was typed into the payment method that was made of the number.
    pub fn write_details(&self, engine: &mut Engine, method: &str) {
        if self.card.starts_with("pm_") {
            return;
        }
        engine.edit(method, |method| {
            method.put("card.exp_month", self.exp_month);
            method.put("card.exp_year", self.exp_year);
            if !self.name.is_empty() {
                method.put("billing_details.name", self.name.as_str());
            }
            if !self.email.is_empty() {
                method.put("billing_details.email", self.email.as_str());
            }
        });
    }

    /// Where the form tells Stripe's refusal of this card; a saved one has no fields of its own.
    pub fn problems(&self, refusal: &StripeError) -> Problems {
        let sentence = refusal.message.clone();
        if self.card.starts_with("pm_") {
            return Problems::refused(sentence);
        }
        match refusal.code.as_deref() {
            Some("incorrect_number") => Problems {
                card_number: Some(format!("{sentence} Only the test cards below work here.")),
                ..Problems::default()
            },
            Some("expired_card") => Problems {
                exp: Some(sentence),
                ..Problems::default()
            },
            Some("incorrect_cvc") => Problems {
                cvc: Some(sentence),
                ..Problems::default()
            },
            _ => Problems::refused(sentence),
        }
    }
}
