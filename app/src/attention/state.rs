//! What the list of what needs attention reads and changes.

use leptos::prelude::*;
use model::attention::AttentionPage;

use super::calls::{self, DismissAttention, EndRole};
use crate::{
    community::current::use_community,
    editing::{Changes, OpenForm, use_open_form},
    reading::{Reading, reading},
};

/// The form that asks before a role is ended, as the address names it.
pub const END_ROLE: &str = "end-role";

/// The list of the community in context.
#[derive(Clone, Copy)]
pub struct AttentionState {
    pub community: Signal<String>,
    pub list: Reading<AttentionPage>,
    pub dismiss: ServerAction<DismissAttention>,
    pub end_role: ServerAction<EndRole>,
    pub form: OpenForm,
    pub changes: Changes,
}

impl AttentionState {
    /// Makes it for the component that calls this, and gives it to everything inside. The refusal that a page came back
    /// with is provided by then.
    pub fn provide() -> Self {
        let current = use_community();
        let list = reading(move || current.key(), |(slug, _)| calls::attention(slug));
        let form = use_open_form();
        let state = Self {
            community: current.slug,
            list,
            dismiss: ServerAction::new(),
            end_role: ServerAction::new(),
            form,
            changes: Changes::new(form),
        };
        let reread = move || list.refetch();
        state.changes.follow(state.dismiss, "Dismissed.", reread);
        state.changes.follow(
            state.end_role,
            "The role is ended, and the subscription cancelled.",
            reread,
        );
        provide_context(state);
        state
    }
}

pub fn use_attention() -> AttentionState {
    expect_context()
}
