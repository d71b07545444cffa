//! What the customer's side of the catalog calls.

use leptos::prelude::*;

use super::{calls::SubscribeInTab, purchase::Purchase, switch::Switch};
use crate::{community::current::use_community, membership::Changes};

/// A handle that can be copied into closures.
#[derive(Clone, Copy)]
pub struct CustomerState {
    /// A new subscription, or its unfinished payment.
    pub purchase: Purchase,
    /// Another tier of a plan that the customer is on.
    pub switch: Switch,
    /// Renewing, and taking a coming change back.
    pub changes: Changes,
    /// Only for what went wrong with it: without JavaScript it is a plain form.
    pub in_tab: ServerAction<SubscribeInTab>,
}

impl CustomerState {
    pub fn provide() -> Self {
        let community = use_community();
        let purchase = Purchase::new("subscribe", community);
        let state = Self {
            purchase,
            switch: Switch::new(community, purchase),
            changes: Changes::new(community),
            in_tab: ServerAction::new(),
        };
        provide_context(state);
        state
    }
}

pub fn use_customer() -> CustomerState {
    expect_context()
}
