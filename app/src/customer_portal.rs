//! Stripe's customer portal, and its configuration.

use leptos::prelude::*;

pub mod calls;

#[component]
pub fn StoreCustomerPortal() -> impl IntoView {
    view! { <section class="card"></section> }
}

#[component]
pub fn StorePortalConfig() -> impl IntoView {
    view! { <section class="card"></section> }
}
