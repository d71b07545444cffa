//! A customer's saved cards, as checkout, portal and invoice page offer them.

use serde_json::Value;

use super::card_form::SavedCard;
use crate::{engine::Engine, fields::Fields};

/// The customer's cards, the default one first, then the newest.
pub fn saved_cards(engine: &Engine, account: &str, customer: &str) -> Vec<SavedCard> {
    if customer.is_empty() {
        return Vec::new();
    }
    let default = engine.get(customer).text("invoice_settings.default_payment_method");
    let mut cards: Vec<SavedCard> = engine
        .methods_of(account, customer)
        .iter()
        .rev()
        .map(|id| engine.get(id))
        .filter(|method| method.text("type") == "card")
        .map(|method| SavedCard {
            id: method.text("id").to_owned(),
            label: card_label(method),
            expires: format!(
                "{:02}/{:02}",
                method.int("card.exp_month"),
                method.int("card.exp_year") % 100
            ),
            is_default: method.text("id") == default,
        })
        .collect();
    cards.sort_by_key(|card| !card.is_default);
    cards
}

/// `Visa •••• 4242`.
pub fn card_label(payment_method: &Value) -> String {
    let brand = match payment_method.text("card.brand") {
        "visa" => "Visa",
        "mastercard" => "Mastercard",
        "amex" => "American Express",
        "discover" => "Discover",
        _ => "Card",
    };
    format!("{brand} •••• {}", payment_method.text("card.last4"))
}
