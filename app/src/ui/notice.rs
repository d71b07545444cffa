//! A message to the person looking, in the page.

use leptos::prelude::*;

use super::{Icon, IconName, Tone};

/// `<Notice tone=Tone::Success title="Saved">"Your plan is live."</Notice>`
///
/// Danger is announced at once, everything else when there is a pause.
#[component]
pub fn Notice(
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] title: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    let icon = match tone {
        Tone::Neutral | Tone::Info => IconName::Info,
        Tone::Success => IconName::Check,
        Tone::Warning | Tone::Danger => IconName::Warning,
    };
    view! {
        <div
            class=["notice notice-", tone.word()].concat()
            role=if tone == Tone::Danger { "alert" } else { "status" }
        >
            <Icon name=icon />
            <div class="notice-text">
                {move || title.get().map(|title| view! { <strong>{title}</strong> })} {children()}
            </div>
        </div>
    }
}
