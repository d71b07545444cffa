//! One line for the three states of everything that is read from the server: loading, failed, there.

use std::{future::Future, pin::Pin, sync::Arc};

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::{Failed, Loading};
use crate::reading::Reading;

/// Shows `children` with what the resource holds; a skeleton while it loads for the first time, the failure and a way
/// to try again when it failed. While it loads again the old content stays.
///
/// `<Loaded resource=plans label="Loading plans" let:plans>{…}</Loaded>`
#[component]
pub fn Loaded<T, V>(
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
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let children = Arc::new(children);
    let content = move || -> Content {
        let children = Arc::clone(&children);
        Box::pin(async move {
            match resource.await {
                Ok(value) => children(value).into_any(),
                Err(failure) => {
                    view! { <Failed failure on_retry=Callback::new(move |()| resource.refetch()) /> }.into_any()
                }
            }
        })
    };
    view! { <Waited content=Box::new(content) label lines /> }
}

type Content = Pin<Box<dyn Future<Output = AnyView> + Send>>;

/// The same code for whatever is loaded.
#[component]
fn Waited(content: Box<dyn Fn() -> Content + Send + Sync>, label: &'static str, lines: u8) -> impl IntoView {
    view! {
        <Transition fallback=move || view! { <Loading label lines /> }>{move || Suspend::new(content())}</Transition>
    }
}
