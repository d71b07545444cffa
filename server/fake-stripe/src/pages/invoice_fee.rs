//! The platform's application fee on an invoice, which Stripe shows on its payment: for the dashboard and the invoice's
//! note to developers.

use serde_json::Value;

use crate::{engine::Engine, fields::Fields};

/// In minor units of the invoice's currency; none when the platform takes nothing.
pub fn application_fee(engine: &Engine, invoice: &Value) -> Option<i64> {
    let intent = engine.intent_of(invoice.text("id"));
    engine
        .get(&intent)
        .some_int("application_fee_amount")
        .filter(|fee| *fee > 0)
}
