//! Who is looking, and how they come and go: given by context to the whole application.

use leptos::prelude::*;
use model::session::SignedIn;

use super::calls::{RequestCode, SignInWithCode, SignInWithLink, who_am_i};
use crate::error::Failure;

/// A handle that can be copied into closures. Signing out is a plain form: the page that comes after it starts afresh
/// and remembers nothing.
#[derive(Clone, Copy)]
pub struct SessionState {
    pub who: Resource<Result<Option<SignedIn>, Failure>>,
    pub request: ServerAction<RequestCode>,
    pub by_code: ServerAction<SignInWithCode>,
    pub by_link: ServerAction<SignInWithLink>,
}

impl SessionState {
    pub fn provide() {
        let by_code = ServerAction::<SignInWithCode>::new();
        let by_link = ServerAction::<SignInWithLink>::new();
        let (code_version, link_version) = (by_code.version(), by_link.version());
        provide_context(Self {
            who: Resource::new(
                move || (code_version.get(), link_version.get()),
                |_| async { who_am_i().await },
            ),
            request: ServerAction::new(),
            by_code,
            by_link,
        });
    }
}

pub fn use_session() -> SessionState {
    expect_context()
}
