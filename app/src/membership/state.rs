//! What the membership page's components read and call.

use leptos::prelude::*;
use model::membership::MembershipView;

use super::change::Changes;
use crate::{
    community::current::{CommunityState, use_community},
    editing::provide_refusal,
    payment_method::PaymentMethod,
    reading::{Reading, reading},
    subscription_catalog::{calls::membership, purchase::Purchase, switch::Switch},
};

/// A handle that can be copied into closures.
#[derive(Clone, Copy)]
pub struct MembershipState {
    pub community: CommunityState,
    pub view: Reading<MembershipView>,
    pub changes: Changes,
    /// Paying an open invoice.
    pub payment: Purchase,
    /// Going on after a pause.
    pub resume: Switch,
    pub payment_method: PaymentMethod,
}

impl MembershipState {
    pub fn provide() -> Self {
        provide_refusal();
        let community = use_community();
        let payment = Purchase::new("pay", community);
        let state = Self {
            community,
            view: reading(move || community.key(), |(slug, _)| membership(slug)),
            changes: Changes::new(community),
            payment,
            resume: Switch::new(community, payment),
            payment_method: PaymentMethod::new(community),
        };
        provide_context(state);
        state
    }

    pub fn of_context() -> Self {
        expect_context()
    }
}
