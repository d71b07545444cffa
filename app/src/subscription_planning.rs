//! What is sold, as a merchant edits it.

use leptos::prelude::*;

pub mod calls;

#[component]
pub fn StoreSubscriptionPlanning() -> impl IntoView {
    view! { <section class="card"></section> }
}
