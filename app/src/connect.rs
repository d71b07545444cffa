//! The merchant's Stripe account.

use leptos::prelude::*;

#[component]
pub fn StoreConnect() -> impl IntoView {
    view! { <section class="card"></section> }
}
