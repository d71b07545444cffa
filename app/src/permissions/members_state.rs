//! What the members page reads and changes.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::permissions::MembersView;

use super::calls::{self, GiveRole, TakeBack};
use crate::{
    community::current::use_community,
    editing::{Changes, OpenForm, provide_refusal, use_open_form},
    reading::{Reading, reading},
};

/// The forms of the members page, as the address names them.
pub mod forms {
    pub const GIVE: &str = "give-role";
    pub const TAKE_BACK: &str = "take-back";
}

/// Members on a page, as the server counts.
pub const PER_PAGE: u64 = 50;

/// A page of the members of the community in context; the address says which (`?page=2` is the second).
#[derive(Clone, Copy)]
pub struct MembersState {
    pub community: Signal<String>,
    pub members: Reading<MembersView>,
    /// Counts from 0.
    pub page: Memo<u64>,
    pub give: ServerAction<GiveRole>,
    pub take_back: ServerAction<TakeBack>,
    pub form: OpenForm,
    pub changes: Changes,
}

impl MembersState {
    /// Makes it for the component that calls this, and gives it to everything inside.
    pub fn provide() -> Self {
        provide_refusal();
        let current = use_community();
        let community = current.slug;
        let query = use_query_map();
        let page = Memo::new(move |_| {
            let shown = query.read().get("page").and_then(|page| page.parse::<u64>().ok());
            shown.unwrap_or(1).saturating_sub(1)
        });
        let members = reading(
            move || (current.key(), page.get()),
            |((slug, _), page)| calls::members(slug, page),
        );
        let form = use_open_form();
        let changes = Changes::new(form);
        let state = Self {
            community,
            members,
            page,
            give: ServerAction::new(),
            take_back: ServerAction::new(),
            form,
            changes,
        };
        changes.follow(state.give, "The role is given.", move || members.refetch());
        changes.follow(state.take_back, "The gift is taken back.", move || members.refetch());
        provide_context(state);
        state
    }
}

pub fn use_members() -> MembersState {
    expect_context()
}
