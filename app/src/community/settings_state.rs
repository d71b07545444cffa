//! What the settings page reads and changes.

use leptos::prelude::*;
use model::community::SettingsView;

use super::{
    calls::{self, ChangeSettings},
    current::use_community,
};
use crate::{
    editing::{Changes, OpenForm, provide_refusal, use_standing_form},
    reading::{Reading, reading},
};

/// The settings of the community in context.
#[derive(Clone, Copy)]
pub struct SettingsState {
    pub community: Signal<String>,
    pub settings: Reading<SettingsView>,
    pub change: ServerAction<ChangeSettings>,
    /// Somebody typed into the form, and has not saved it.
    pub typing: RwSignal<bool>,
    pub form: OpenForm,
    pub changes: Changes,
}

impl SettingsState {
    /// Makes it for the component that calls this, and gives it to everything inside.
    pub fn provide() -> Self {
        provide_refusal();
        let current = use_community();
        let community = current.slug;
        let settings = reading(move || current.key(), |(slug, _)| calls::settings(slug));
        let typing = RwSignal::new(false);
        let form = use_standing_form("settings");
        let change = ServerAction::new();
        let changes = Changes::new(form);
        changes.follow(change, "Settings saved.", move || {
            typing.set(false);
            settings.refetch();
            // Its name and description are on every page.
            current.touch();
        });
        let state = Self {
            community,
            settings,
            change,
            typing,
            form,
            changes,
        };
        provide_context(state);
        state
    }
}

pub fn use_settings() -> SettingsState {
    expect_context()
}
