//! Stripe's customer portal, from the customer's side.

use serde::{Deserialize, Serialize};

/// What the portal component shows before it opens the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PortalState {
    /// Opens in a popup.
    Ready,
    /// Nothing was bought here yet, so Stripe knows no customer.
    NoCustomer,
    /// There is no Stripe account here to be a customer of.
    NoAccount,
    /// The merchant's account does not allow it now.
    Unavailable,
}
