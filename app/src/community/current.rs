//! The community whose pages are being looked at: given by context in the frame around them
//! (`pages::CommunityLayout`), used by every component that belongs to a community.

use std::time::Duration;

use leptos::prelude::*;
use model::community::CommunityView;

use super::calls::{Join, community};
use crate::{
    editing::provide_refusal,
    error::Failure,
    live::{Live, use_live},
    reading::{Reading, reading},
    session::use_session,
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
    /// Who was signed in when they came is not any more.
    pub signed_out: RwSignal<bool>,
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
            signed_out: RwSignal::new(false),
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
        let session = use_session();
        let mut was_signed_in = false;
        Effect::new(move || {
            let community = state.view.get().and_then(Result::ok);
            let signed_in = community
                .as_ref()
                .map_or(was_signed_in, |community| community.signed_in);
            if was_signed_in && !signed_in {
                state.signed_out.set(true);
                session.read_again();
            }
            was_signed_in = signed_in;
            // What would be read anew after the end of a session is refused, again and again.
            let hears = community.is_some() && !state.signed_out.get_untracked();
            let url = hears.then(|| ["/c/", &slug.get(), "/events"].concat());
            // Reading the same community again is no reason to listen anew.
            if events.get_untracked() != url {
                events.set(url);
            }
        });
        use_live(events, POLL_EVERY, move |event| {
            // Members wait for what they just did; most visitors for nothing, and they are many.
            let is_member = || {
                state
                    .view
                    .with_untracked(|view| matches!(view, Some(Ok(view)) if view.signed_in))
            };
            if event != Live::Began || is_member() {
                state.touch();
            }
        });
        state
    }

    /// What it is called, also after it is renamed; empty as long as that is not known.
    pub fn name(self) -> Signal<String> {
        let name = |view: Option<Result<CommunityView, Failure>>| view?.ok().map(|community| community.name);
        let known = RwSignal::new(name(self.view.get_untracked()).unwrap_or_default());
        Effect::new(move || {
            if let Some(name) = name(self.view.get())
                && known.with_untracked(|known| *known != name)
            {
                known.set(name);
            }
        });
        known.into()
    }

    /// `Plans · The club`: what a page of it is called, also after it is renamed.
    pub fn titled(self, page: &str) -> impl Fn() -> String + Send + Sync + use<> {
        let (page, community) = (page.to_owned(), self.name());
        let at_first = community.get_untracked();
        // The server draws what waits more than once, and asks for the title when that drawing may be gone.
        move || match community.try_get().unwrap_or_else(|| at_first.clone()) {
            name if name.is_empty() => page.clone(),
            name => [page.as_str(), " · ", &name].concat(),
        }
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
