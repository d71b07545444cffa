//! The shape of what is coming.

use leptos::prelude::*;

/// `<Loading label="Loading plans" lines=4 />`: grey lines for those who see, the label for those who listen.
#[component]
pub fn Loading(#[prop(default = "Loading")] label: &'static str, #[prop(default = 3)] lines: u8) -> impl IntoView {
    view! {
        <div class="loading" role="status">
            <span class="visually-hidden">{label}</span>
            {(0..lines).map(|_| view! { <span class="skeleton" aria-hidden="true"></span> }).collect_view()}
        </div>
    }
}
