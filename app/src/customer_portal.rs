//! Stripe's customer portal, from the customer's side; `connect` configures it.

pub mod calls;
mod portal;
mod portal_state;

pub use self::portal::StoreCustomerPortal;
