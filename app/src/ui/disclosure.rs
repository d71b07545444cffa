//! Something that is folded away until it is wanted: a form to edit with, a detail. Works without JavaScript.

use leptos::prelude::*;

/// `<Disclosure label="Change price">{form}</Disclosure>`; folded as a button, unfolded with the content below it.
#[component]
pub fn Disclosure(
    #[prop(into)] label: Signal<String>,
    /// Unfolded at first.
    #[prop(optional)]
    open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="disclosure" open=open>
            <summary class="button">{label}</summary>
            <div class="disclosure-content">{children()}</div>
        </details>
    }
}
