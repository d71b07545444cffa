//! What the membership page's components read and call.

use leptos::prelude::*;
use model::membership::MembershipView;

use super::change::Changes;
use crate::{
    community::current::{CommunityState, use_community},
    editing::{provide_refusal, was_done},
    payment_method::PaymentMethod,
    reading::{Reading, reading},
    subscription_catalog::{
        calls::{ConfirmSwitch, PayOpenInvoiceInTab, SubscribeInTab, membership},
        purchase::Purchase,
        switch::Switch,
    },
};

/// A handle that can be copied into closures.
#[derive(Clone, Copy)]
pub struct MembershipState {
    pub community: CommunityState,
    pub view: Reading<MembershipView>,
    pub changes: Changes,
    /// Paying an open invoice.
    pub payment: Purchase,
    /// Going on after a pause, and what else the address asks to change.
    pub switch: Switch,
    /// Only for what went wrong with them: without JavaScript both are plain forms.
    pub pay_in_tab: ServerAction<PayOpenInvoiceInTab>,
    pub resume_in_tab: ServerAction<SubscribeInTab>,
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
            switch: Switch::new(community, payment),
            pay_in_tab: ServerAction::new(),
            resume_in_tab: ServerAction::new(),
            payment_method: PaymentMethod::new(community),
        };
        if was_done::<ConfirmSwitch>() {
            state
                .switch
                .done()
                .say("It is done. Below you see what you hold now, and what comes next.".to_owned());
        }
        let confirmed = state.switch.confirmation().value();
        Effect::new(move || {
            if let Some(Ok(())) = confirmed.get() {
                state.changes.form.close();
            }
        });
        provide_context(state);
        state
    }

    pub fn of_context() -> Self {
        expect_context()
    }
}
