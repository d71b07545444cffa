//! Something is going on elsewhere, and we hear of it when it is done.

use std::time::Duration;

use leptos::prelude::*;

/// `<Waiting text="Confirming with Stripe…" slow="This takes longer than usual. …" />`
///
/// After `slow_after` seconds `slow` is added: said honestly instead of spinning on.
#[component]
pub fn Waiting(
    #[prop(into)] text: Signal<String>,
    #[prop(optional, into)] slow: Signal<Option<String>>,
    #[prop(default = 15)] slow_after: u64,
) -> impl IntoView {
    let late = RwSignal::new(false);
    Effect::new(move || {
        let timer = set_timeout_with_handle(move || late.set(true), Duration::from_secs(slow_after));
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    let slow = move || {
        late.get()
            .then(|| slow.get())
            .flatten()
            .map(|slow| view! { <span class="waiting-slow">{slow}</span> })
    };
    view! {
        <div class="waiting" role="status">
            <span class="spinner" aria-hidden="true"></span>
            <span>{text} {slow}</span>
        </div>
    }
}
