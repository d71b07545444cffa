//! What a page does again and again.

use std::time::Duration;

use leptos::prelude::*;

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
