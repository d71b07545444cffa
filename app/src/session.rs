//! Signing in and out.

use leptos::prelude::*;

pub mod calls;

#[component]
pub fn SessionMenu() -> impl IntoView {
    view! { "" }
}

#[component]
pub fn SignIn() -> impl IntoView {
    view! { "" }
}
