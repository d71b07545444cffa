//! Posts and their paywall.

use leptos::prelude::*;

pub mod calls;
mod editor;
mod manage;
mod manage_state;

pub use manage::PostEditor;

#[component]
pub fn PostList() -> impl IntoView {
    view! { <section class="card"></section> }
}

#[component]
pub fn PostView() -> impl IntoView {
    view! { <section class="card"></section> }
}
