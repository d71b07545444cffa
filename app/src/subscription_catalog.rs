//! What is sold, as a customer sees it.

use leptos::prelude::*;

pub mod calls;

#[component]
pub fn StoreSubscriptionCatalog() -> impl IntoView {
    view! { <section class="card"></section> }
}
