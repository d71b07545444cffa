//! What is read again and again: after every change, and whenever the server says that something happened.
//!
//! Customers' pages draw with it what `ui::Loaded` draws elsewhere. Reading the same once more leaves the page alone,
//! so that focus, open menus and announcements survive; a reading that did not reach the server keeps what was there.

use std::sync::Arc;

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::Failure,
    reading::Reading,
    ui::{Failed, Loading},
};

/// `<LoadedLive resource=catalog label="Loading plans" let:catalog>{…}</LoadedLive>`
#[component]
pub fn LoadedLive<T, V>(
    resource: Reading<T>,
    /// Read out while it loads.
    #[prop(default = "Loading")]
    label: &'static str,
    /// How many lines the skeleton has.
    #[prop(default = 3)]
    lines: u8,
    children: impl Fn(T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let children = Arc::new(children);
    let content = move || -> Latest {
        let latest = latest(resource);
        let children = Arc::clone(&children);
        Box::new(move || {
            latest.get().map(|result| match result {
                Ok(value) => children(value).into_any(),
                Err(failure) => {
                    let on_retry = Callback::new(move |()| resource.refetch());
                    view! { <Failed failure on_retry /> }.into_any()
                }
            })
        })
    };
    view! { <Followed content=Box::new(content) label lines /> }
}

type Latest = Box<dyn Fn() -> Option<AnyView> + Send + Sync>;

/// The same code for whatever is read.
#[component]
fn Followed(content: Box<dyn Fn() -> Latest + Send + Sync>, label: &'static str, lines: u8) -> impl IntoView {
    let content = move || {
        let latest = content();
        move || latest()
    };
    view! { <Transition fallback=move || view! { <Loading label lines /> }>{content()}</Transition> }
}

/// What was read last. Made inside a `Transition`, which then waits for it.
pub fn latest<T>(resource: Reading<T>) -> Memo<Option<Result<T, Failure>>>
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    Memo::new(move |before: Option<&Option<Result<T, Failure>>>| {
        let now = resource.get();
        match (before, &now) {
            (Some(Some(Ok(before))), Some(Err(Failure::Unreachable))) => Some(Ok(before.clone())),
            _ => now,
        }
    })
}
