//! A community itself: the list of them, making one, its settings.

use leptos::prelude::*;

pub mod calls;

#[component]
pub fn CommunityList() -> impl IntoView {
    view! { <section class="card"></section> }
}

#[component]
pub fn CommunitySettings() -> impl IntoView {
    view! { <section class="card"></section> }
}
