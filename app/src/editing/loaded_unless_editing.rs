//! The lists of the manage pages: they follow what others change, but nothing is taken from under the hands of somebody who
//! is editing.

use std::sync::Arc;

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::Failure,
    loaded_live::{Followed, Latest, drawn, latest, unchanging},
    reading::Reading,
};

/// `loaded_live::LoadedLive` that waits for the end of the editing before it shows what changed.
///
/// `<LoadedUnlessEditing resource=plans editing=form.is_any_open() label="Loading plans" let:plans>{…}</LoadedUnlessEditing>`
#[component]
pub fn LoadedUnlessEditing<T, V>(
    resource: Reading<T>,
    #[prop(into)] editing: Signal<bool>,
    /// Read out while it loads.
    label: &'static str,
    /// How many lines the skeleton has.
    lines: u8,
    children: impl Fn(T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let children = Arc::new(children);
    let content = move || -> Latest {
        let drawn = drawn(resource, shown(resource, editing), Arc::clone(&children));
        Box::new(move || {
            #[cfg(feature = "hydrate")]
            super::keep_focus::keep_focus();
            drawn()
        })
    };
    view! { <Followed content=Box::new(content) label lines /> }
}

/// What was read last; while something is edited, what was there when that began.
fn shown<T>(resource: Reading<T>, editing: Signal<bool>) -> Signal<Option<Result<T, Failure>>>
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let latest = latest(resource);
    unchanging(move |before: Option<&Option<Result<T, Failure>>>| {
        let (editing, now) = (editing.get(), latest.get());
        match before {
            Some(before @ Some(Ok(_))) if editing => before.clone(),
            _ => now,
        }
    })
}
