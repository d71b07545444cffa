//! The community whose pages are being looked at: given by context in the frame around them
//! (`pages::CommunityLayout`), used by every component that belongs to a community.

use std::time::Duration;

use leptos::prelude::*;
use model::community::CommunityView;

use super::calls::{Join, community};
use crate::{
    editing::provide_refusal,
    live::use_live,
    reading::{Reading, reading},
};

/// How long the connection that tells of changes is trusted before everything is read again.
const POLL_EVERY: Duration = Duration::from_secs(45);

/// A handle that can be copied into closures.
#[derive(Clone, Copy)]
pub struct CommunityState {
    pub slug: Signal<String>,
    /// What it is, and what the person looking may do in it.
    pub view: Reading<CommunityView>,
    pub join: ServerAction<Join>,
    revision: RwSignal<u32>,
    newest: RwSignal<u32>,
}

/// The community in context.
pub fn use_community() -> CommunityState {
    expect_context()
}

impl CommunityState {
    /// Gives the community called `slug` to everything inside the component that calls this.
    pub fn provide(slug: Signal<String>) -> Self {
        provide_refusal();
        let revision = RwSignal::new(0);
        let state = Self {
            slug,
            view: reading(move || (slug.get(), revision.get()), |(slug, _)| community(slug)),
            join: ServerAction::new(),
            revision,
            newest: RwSignal::new(0),
        };
        provide_context(state);
        Effect::new(move || {
            if let Some(Ok(())) = state.join.value().get() {
                state.touch();
            }
        });
        // Visitors hear as well: a price changes, or the shop pauses, while they look at it.
        let events = RwSignal::new(None);
        Effect::new(move || {
            let is_there = matches!(state.view.get(), Some(Ok(_)));
            let url = is_there.then(|| ["/c/", &slug.get(), "/events"].concat());
            // Reading the same community again is no reason to listen anew.
            if events.get_untracked() != url {
                events.set(url);
            }
        });
        use_live(events, POLL_EVERY, move |_| {
            state.touch();
        });
        state
    }

    /// Something changed: whatever is read of this community is read again.
    pub fn touch(self) {
        self.revision.update(|revision| *revision = revision.wrapping_add(1));
    }

    /// What a resource that reads of this community depends on: its slug, and a number that grows with every change.
    pub fn key(self) -> (String, u32) {
        (self.slug.get(), self.revision.get())
    }

    /// Something begins here, or is done: what was said of anything before is not shown any more. Answers its number.
    pub fn begins(self) -> u32 {
        self.newest.update(|newest| *newest = newest.wrapping_add(1));
        self.newest.get_untracked()
    }

    /// The number of what began last.
    pub fn newest(self) -> Signal<u32> {
        self.newest.into()
    }

    /// The number of [`key`](Self::key): whoever tracks it hears of every change.
    pub fn revision(self) -> Signal<u32> {
        self.revision.into()
    }
}
