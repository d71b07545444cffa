//! Posts and their paywall.

use leptos::prelude::*;

pub mod calls;

#[component]
pub fn PostList() -> impl IntoView {
    view! { <section class="card"></section> }
}

#[component]
pub fn PostView() -> impl IntoView {
    view! { <section class="card"></section> }
}

#[component]
pub fn PostEditor() -> impl IntoView {
    view! { <section class="card"></section> }
}
