//! Signing in and out.

use leptos::prelude::*;

#[component]
pub fn SessionMenu() -> impl IntoView {
    view! { "" }
}

#[component]
pub fn SignIn() -> impl IntoView {
    view! { "" }
}
