//! A part of the browser's code that is loaded when it is needed, and may not come: no network, or a new version was
//! installed meanwhile.

use leptos::prelude::*;

use crate::{
    error::Failure,
    server_answers::if_server_answers,
    ui::{Failed, Page},
};

/// It did not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing;

#[cfg(feature = "split")]
impl From<leptos::wasm_split::SplitLoaderError> for Missing {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// Loads it ahead. The page that the server drew works as it does without JavaScript until it comes; one that the browser goes on
/// to says so instead of waiting.
#[cfg(all(feature = "split", feature = "hydrate"))]
pub async fn loaded<F>(load: impl Fn() -> F)
where
    F: Future<Output = Result<(), leptos::wasm_split::SplitLoaderError>>,
{
    const AGAIN_AFTER: std::time::Duration = std::time::Duration::from_secs(5);

    let waits = crate::first_page::is_first_page();
    while load().await.is_err() && waits {
        crate::pause::pause(AGAIN_AFTER).await;
    }
}

/// In place of a page whose code did not come.
pub fn page_away(_: Missing) -> AnyView {
    view! { <Page class="page page-narrow">{part_away(Missing)}</Page> }.into_any()
}

/// In place of a part. As soon as the server answers the page is loaded anew, and with it the code that belongs to it.
pub fn part_away(_: Missing) -> AnyView {
    let load_again = Callback::new(|()| {
        // It is the same page: there is nothing to do when it cannot be.
        drop(location().reload());
    });
    let on_retry = Callback::new(move |()| if_server_answers(load_again));
    view! { <Failed failure=Failure::Unreachable on_retry /> }.into_any()
}
