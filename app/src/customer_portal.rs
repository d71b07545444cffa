//! Stripe's customer portal, and its configuration.

use leptos::prelude::*;

pub mod calls;
mod portal;
mod portal_state;

pub use self::portal::StoreCustomerPortal;

#[component]
pub fn StorePortalConfig() -> impl IntoView {
    view! { <section class="card"></section> }
}
