//! One line for the three states of everything that is read from the server: loading, failed, there.

use std::sync::Arc;

use leptos::{either::Either, prelude::*};
use serde::{Serialize, de::DeserializeOwned};

use super::{Failed, Loading};
use crate::error::Failure;

/// Shows `children` with what the resource holds; a skeleton while it loads for the first time, the failure and a way
/// to try again when it failed. While it loads again the old content stays.
///
/// `<Loaded resource=plans label="Loading plans" let:plans>{…}</Loaded>`
#[component]
pub fn Loaded<T, V>(
    resource: Resource<Result<T, Failure>>,
    /// Read out while it loads.
    #[prop(default = "Loading")]
    label: &'static str,
    /// How many lines the skeleton has.
    #[prop(default = 3)]
    lines: u8,
    children: impl Fn(T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let children = Arc::new(children);
    let content = move || {
        let children = Arc::clone(&children);
        Suspend::new(async move {
            match resource.await {
                Ok(value) => Either::Left(children(value)),
                Err(failure) => {
                    Either::Right(view! { <Failed failure on_retry=Callback::new(move |()| resource.refetch()) /> })
                }
            }
        })
    };
    view! { <Transition fallback=move || view! { <Loading label lines /> }>{content}</Transition> }
}

/// [`Loaded`] for lists: `empty` in place of a list with nothing in it.
///
/// `<LoadedList resource=posts empty=|| view! { <EmptyState title="No posts yet" /> } let:posts>{…}</LoadedList>`
#[component]
pub fn LoadedList<T, V>(
    resource: Resource<Result<Vec<T>, Failure>>,
    #[prop(default = "Loading")] label: &'static str,
    #[prop(default = 3)] lines: u8,
    #[prop(into)] empty: ViewFn,
    children: impl Fn(Vec<T>) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let listed = move |items: Vec<T>| {
        if items.is_empty() {
            Either::Left(empty.run())
        } else {
            Either::Right(children(items))
        }
    };
    view! { <Loaded resource label lines children=listed /> }
}
