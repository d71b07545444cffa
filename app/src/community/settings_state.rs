//! What the settings page reads and changes.

use leptos::prelude::*;
use model::community::SettingsView;

use super::{
    calls::{self, ChangeSettings},
    current::use_community,
};
use crate::{
    editing::{Changes, provide_refusal, use_open_form},
    reading::{Reading, reading},
};

/// The settings of the community in context.
#[derive(Clone, Copy)]
pub struct SettingsState {
    pub community: Signal<String>,
    pub settings: Reading<SettingsView>,
    pub change: ServerAction<ChangeSettings>,
    pub changes: Changes,
}

impl SettingsState {
    /// Makes it for the component that calls this, and gives it to everything inside.
    pub fn provide() -> Self {
        provide_refusal();
        let current = use_community();
        let community = current.slug;
        let settings = reading(move || community.get(), calls::settings);
        let change = ServerAction::new();
        let changes = Changes::new(use_open_form());
        changes.follow(change, "Settings saved.", move || {
            settings.refetch();
            // Its name and description are on every page.
            current.touch();
        });
        let state = Self {
            community,
            settings,
            change,
            changes,
        };
        provide_context(state);
        state
    }
}

pub fn use_settings() -> SettingsState {
    expect_context()
}
