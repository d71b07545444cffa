//! The customer's saved payment method: adding or replacing it in a popup, disconnecting it.

pub mod calls;
mod card;
mod disconnect;
mod progress;
mod state;
mod wording;

pub use self::{card::PaymentMethodCard, state::PaymentMethod};
