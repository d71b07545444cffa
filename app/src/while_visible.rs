//! What a page does again and again, and whether anybody sees it.

use std::time::Duration;

use leptos::prelude::*;

/// Whether the page is in sight: not in a tab behind another one.
pub fn use_visible() -> Signal<bool> {
    let is_visible = RwSignal::new(true);
    Effect::new(move || {
        let look = move || is_visible.set(!document().hidden());
        look();
        let listener = window_event_listener_untyped("visibilitychange", move |_| look());
        on_cleanup(move || listener.remove());
    });
    is_visible.into()
}

/// Calls `act` every so often, as long as what calls this in an effect lives; while nobody sees the page it rests.
pub fn while_visible(every: Duration, act: Box<dyn Fn()>) {
    let timer = set_interval_with_handle(
        move || {
            if !document().hidden() {
                act();
            }
        },
        every,
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
}
