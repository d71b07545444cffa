//! The customer's saved payment method: adding or replacing it in a popup, disconnecting it.

pub mod calls;
