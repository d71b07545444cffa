//! A status in one or two words.

use leptos::prelude::*;

use super::Tone;

/// `<Badge tone=Tone::Success>"ready"</Badge>`
#[component]
pub fn Badge(#[prop(optional, into)] tone: Signal<Tone>, children: Children) -> impl IntoView {
    view! { <span class=move || ["badge badge-", tone.get().word()].concat()>{children()}</span> }
}
