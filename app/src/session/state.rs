//! Who is looking, and how they come and go.

use leptos::prelude::*;
use model::session::SignedIn;

use super::calls::{RequestCode, SignInWithCode, SignInWithLink, who_am_i};
use crate::reading::{Reading, reading};

/// Given by context to the whole application. A handle that can be copied into closures. Signing out is a plain form:
/// the page that comes after it starts afresh and remembers nothing.
#[derive(Clone, Copy)]
pub struct SessionState {
    pub who: Reading<Option<SignedIn>>,
    revision: RwSignal<u32>,
}

impl SessionState {
    pub fn provide() {
        let revision = RwSignal::new(0);
        provide_context(Self {
            who: reading(move || revision.get(), |_| async { who_am_i().await }),
            revision,
        });
    }

    /// Who is looking may be another one, or nobody any more.
    pub fn read_again(self) {
        // The whole application may be going away.
        let _ = self
            .revision
            .try_update(|revision| *revision = revision.wrapping_add(1));
    }
}

pub fn use_session() -> SessionState {
    expect_context()
}

/// Given by context to the sign-in page.
#[derive(Clone, Copy)]
pub(super) struct SignInState {
    pub(super) request: ServerAction<RequestCode>,
    pub(super) by_code: ServerAction<SignInWithCode>,
    pub(super) by_link: ServerAction<SignInWithLink>,
}

impl SignInState {
    /// Who is looking is read again after signing in, which may lead to this page again, and when the page is left: the
    /// way on can be quicker than the answer is noticed.
    pub(super) fn provide() {
        let session = use_session();
        let state = Self {
            request: ServerAction::new(),
            by_code: ServerAction::new(),
            by_link: ServerAction::new(),
        };
        Effect::new(move || {
            let done = matches!(state.by_code.value().get(), Some(Ok(())))
                || matches!(state.by_link.value().get(), Some(Ok(())));
            if done {
                session.read_again();
            }
        });
        on_cleanup(move || session.read_again());
        provide_context(state);
    }
}

pub(super) fn use_sign_in() -> SignInState {
    expect_context()
}
