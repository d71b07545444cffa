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
    let content = move || drawn(resource, latest(resource), Arc::clone(&children));
    view! { <Followed content=Box::new(content) label lines /> }
}

pub type Latest = Box<dyn Fn() -> Option<AnyView> + Send + Sync>;

/// What `shown` holds of `resource`, or what went wrong.
pub fn drawn<T, V>(
    resource: Reading<T>,
    shown: Signal<Option<Result<T, Failure>>>,
    children: Arc<impl Fn(T) -> V + Send + Sync + 'static>,
) -> Latest
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    Box::new(move || {
        shown.get().map(|result| match result {
            Ok(value) => children(value).into_any(),
            Err(failure) => {
                let on_retry = Callback::new(move |()| resource.refetch());
                view! { <Failed failure on_retry /> }.into_any()
            }
        })
    })
}

/// The same code for whatever is read.
#[component]
pub fn Followed(content: Box<dyn Fn() -> Latest + Send + Sync>, label: &'static str, lines: u8) -> impl IntoView {
    let content = move || {
        let latest = content();
        move || latest()
    };
    view! { <Transition fallback=move || view! { <Loading label lines /> }>{content()}</Transition> }
}

/// What was read last. Made inside a `Transition`, which then waits for it.
pub fn latest<T>(resource: Reading<T>) -> Signal<Option<Result<T, Failure>>>
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    unchanging(move |before: Option<&Option<Result<T, Failure>>>| {
        let now = resource.get();
        match (before, &now) {
            // Unreadable: from something in front of the server, which says that it is away.
            (Some(Some(Ok(before))), Some(Err(Failure::Unreachable | Failure::Unreadable))) => Some(Ok(before.clone())),
            _ => now,
        }
    })
}

/// What `compute` makes of a resource: who reads it is told only when that is another value than before, which `compute`
/// is given.
///
/// The browser keeps the value (a `Memo`). The server, which has several threads, computes it at each look: a memo that
/// computes on one thread while its resource arrives on another may not notice (`reactive_graph` 0.2.16 calls it clean
/// after computing, whatever came meanwhile), and a page was drawn without its content once in a few thousand times.
pub fn unchanging<T>(compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Signal<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    if cfg!(feature = "ssr") {
        Signal::derive(move || compute(None))
    } else {
        Memo::new(compute).into()
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use leptos::prelude::*;

    use super::unchanging;

    #[test]
    fn what_arrives_on_another_thread_while_it_is_computed_is_seen_at_the_next_look() {
        let owner = Owner::new();
        owner.set();
        let resource = ArcRwSignal::new(None);
        let first = AtomicBool::new(true);
        let latest = unchanging(move |_| {
            let now = resource.get();
            if first.swap(false, Ordering::Relaxed) {
                let resource = resource.clone();
                let arrives = move || resource.set(Some("there"));
                assert!(std::thread::spawn(arrives).join().is_ok());
            }
            now
        });
        assert_eq!(latest.get(), None);
        assert_eq!(latest.get(), Some("there"));
    }
}
