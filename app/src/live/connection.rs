//! The browser's half: one `EventSource` at a time.

use std::{cell::Cell, time::Duration};

use futures_util::{
    StreamExt,
    future::{AbortHandle, Abortable},
    stream::select,
};
use gloo_net::eventsource::futures::EventSource;
use leptos::task::spawn_local;

use super::Live;
use crate::pause::pause as wait;

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// Ends the listening.
pub struct Listening(AbortHandle);

impl Listening {
    pub fn stop(self) {
        self.0.abort();
    }
}

/// Listens at `url` until stopped; `again` when something may have been missed since it was listened before.
pub fn listen(url: String, again: bool, on_event: impl Fn(Live) + 'static) -> Listening {
    let (handle, registration) = AbortHandle::new_pair();
    spawn_local(async move {
        // Being stopped is the only way this ends.
        let _ = Abortable::new(listen_for_good(url, again, on_event), registration).await;
    });
    Listening(handle)
}

async fn listen_for_good(url: String, mut again: bool, on_event: impl Fn(Live)) {
    let pause = Cell::new(FIRST_PAUSE);
    loop {
        listen_once(&url, &on_event, &pause, again).await;
        again = true;
        wait(with_jitter(pause.get())).await;
        pause.set((pause.get() * 2).min(LONGEST_PAUSE));
    }
}

/// Returns when the connection is over; an opened one starts the pauses anew.
async fn listen_once(url: &str, on_event: &impl Fn(Live), pause: &Cell<Duration>, again: bool) {
    let Ok(mut source) = EventSource::new(url) else { return };
    let (Ok(messages), Ok(opened)) = (source.subscribe("message"), source.subscribe("open")) else {
        return;
    };
    let mut events = select(messages, opened);
    let mut began = again;
    while let Some(Ok((kind, event))) = events.next().await {
        if kind == "open" {
            pause.set(FIRST_PAUSE);
            // The browser reconnects short interruptions by itself: a second "open" is one of those.
            on_event(if std::mem::replace(&mut began, true) {
                Live::Poll
            } else {
                Live::Began
            });
        } else {
            on_event(Live::Changed(event.data().as_string().unwrap_or_default()));
        }
    }
}

/// Between half and all of `pause`, so that a restarted server is not met by everybody at once.
fn with_jitter(pause: Duration) -> Duration {
    pause.mul_f64(0.5 + js_sys::Math::random() / 2.0)
}
