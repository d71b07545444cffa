//! What the portal's configuration reads and changes.

use leptos::prelude::*;
use model::connect::PortalConfigView;

use super::calls::{ChangePortalConfig, portal_config};
use crate::{
    community::current::use_community,
    editing::{Changes, OpenForm, provide_refusal, use_standing_form},
    reading::{Reading, reading},
};

/// Stripe's customer portal as the community in context configures it.
#[derive(Clone, Copy)]
pub struct PortalConfigState {
    pub community: Signal<String>,
    /// `None` while no account is connected.
    pub config: Reading<Option<PortalConfigView>>,
    pub change: ServerAction<ChangePortalConfig>,
    /// Somebody typed into the form, and has not saved it.
    pub typing: RwSignal<bool>,
    pub form: OpenForm,
    pub changes: Changes,
}

impl PortalConfigState {
    /// Makes it for the component that calls this, and gives it to everything inside.
    pub fn provide() -> Self {
        provide_refusal();
        let current = use_community();
        let community = current.slug;
        let config = reading(move || current.key(), |(slug, _)| portal_config(slug));
        let change = ServerAction::new();
        let typing = RwSignal::new(false);
        let form = use_standing_form("portal");
        let changes = Changes::new(form);
        changes.follow(change, "Portal settings saved.", move || {
            typing.set(false);
            config.refetch();
        });
        let state = Self {
            community,
            config,
            change,
            typing,
            form,
            changes,
        };
        provide_context(state);
        state
    }
}

pub fn use_portal_config() -> PortalConfigState {
    expect_context()
}
