//! What the portal's configuration reads and changes.

use leptos::prelude::*;
use model::connect::PortalConfigView;

use super::calls::{self, ChangePortalConfig};
use crate::{
    community::current::use_community,
    editing::{Changes, provide_refusal, use_open_form},
    error::Failure,
};

/// Stripe's customer portal as the community in context configures it.
#[derive(Clone, Copy)]
pub struct PortalConfigState {
    pub community: Signal<String>,
    pub config: Resource<Result<PortalConfigView, Failure>>,
    pub change: ServerAction<ChangePortalConfig>,
    pub changes: Changes,
}

impl PortalConfigState {
    /// Makes it for the component that calls this, and gives it to everything inside.
    pub fn provide() -> Self {
        provide_refusal();
        let community = use_community().slug;
        let config = Resource::new(move || community.get(), calls::portal_config);
        let change = ServerAction::new();
        let changes = Changes::new(use_open_form());
        changes.follow(change, "Portal settings saved.", move || config.refetch());
        let state = Self {
            community,
            config,
            change,
            changes,
        };
        provide_context(state);
        state
    }
}

pub fn use_portal_config() -> PortalConfigState {
    expect_context()
}
