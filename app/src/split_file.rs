//! A part of the browser's code that is loaded when it is needed, and may not come: no network, or a new version was
//! installed meanwhile.

use leptos::{prelude::*, task::spawn_local};

use crate::{error::Failure, session::calls::who_am_i, ui::Failed};

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
#[component]
pub fn PageAway() -> impl IntoView {
    view! {
        <div class="page page-narrow">
            <PartAway />
        </div>
    }
}

/// In place of a part. As soon as the server answers the page is loaded anew, and with it the code that belongs to it.
#[component]
pub fn PartAway() -> impl IntoView {
    let load_again = move |()| {
        spawn_local(async {
            if who_am_i().await.is_ok() {
                // It is the same page: there is nothing to do when it cannot be.
                drop(location().reload());
            }
        });
    };
    view! { <Failed failure=Failure::Unreachable on_retry=Callback::new(load_again) /> }
}
