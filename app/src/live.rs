//! Hears from the server that something changed: server-sent events, re-created with growing pauses when they end,
//! and polling behind them. What changed is not in the event; whoever hears it asks the server.

use std::time::Duration;

use leptos::prelude::*;

use crate::while_visible::{use_visible, while_visible};

// The server renders pages and hears nothing.
#[cfg(feature = "hydrate")]
mod connection;
#[cfg(not(feature = "hydrate"))]
#[path = "live/no_connection.rs"]
mod connection;

/// Why to ask the server again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Live {
    /// The server said so; the text is the event's data.
    Changed(String),
    /// Nothing was heard for a while, or something may have been missed while the connection was down.
    Poll,
    /// It listens for the first time: what changed since the page was drawn was not heard of.
    Began,
}

/// Calls `on_event` as long as the component lives and `url` is some address.
///
/// `use_live(events, Duration::from_secs(20), move |_| membership.refetch());`
///
/// `poll_every` is how long to trust the connection. While the page is not visible nothing is polled, and nobody listens:
/// without HTTP/2 a browser has six connections to a server for all its tabs together.
pub fn use_live(
    url: impl Into<Signal<Option<String>>>,
    poll_every: Duration,
    on_event: impl Fn(Live) + Send + Sync + 'static,
) {
    let url = url.into();
    let on_event = Callback::new(on_event);
    let is_visible = use_visible();
    let again = StoredValue::new(false);
    Effect::new(move || {
        let Some(url) = url.get().filter(|_| is_visible.get()) else {
            return;
        };
        let heard = move |event| {
            // The component may be gone by the time an event arrives.
            on_event.try_run(event);
        };
        let listening = connection::listen(url, again.get_value(), heard);
        again.set_value(true);
        let poll = move || {
            on_event.try_run(Live::Poll);
        };
        while_visible(poll_every, Box::new(poll));
        on_cleanup(move || listening.stop());
    });
}
