//! What the membership page's components read and call.

use leptos::prelude::*;
use model::membership::MembershipView;

use super::change::Changes;
use crate::{
    community::current::{CommunityState, use_community},
    reading::{Reading, reading},
    subscription_catalog::{calls::membership, purchase::Purchase},
};

/// A handle that can be copied into closures.
#[derive(Clone, Copy)]
pub struct MembershipState {
    pub community: CommunityState,
    pub view: Reading<MembershipView>,
    pub changes: Changes,
    /// Paying an open invoice.
    pub payment: Purchase,
}

impl MembershipState {
    pub fn provide() -> Self {
        let community = use_community();
        let state = Self {
            community,
            view: reading(move || community.key(), |(slug, _)| membership(slug)),
            changes: Changes::new(community),
            payment: Purchase::new("pay", community),
        };
        provide_context(state);
        state
    }

    pub fn of_context() -> Self {
        expect_context()
    }
}
