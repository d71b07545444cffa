//! Stripe's customer portal, and its configuration.

use leptos::prelude::*;

#[component]
pub fn StoreCustomerPortal() -> impl IntoView {
    view! { <section class="card"></section> }
}

#[component]
pub fn StorePortalConfig() -> impl IntoView {
    view! { <section class="card"></section> }
}
