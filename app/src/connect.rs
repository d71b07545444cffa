//! The merchant's Stripe account.

use leptos::prelude::*;

pub mod calls;

#[component]
pub fn StoreConnect() -> impl IntoView {
    view! { <section class="card"></section> }
}
