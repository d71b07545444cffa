//! The bottom of every page.

use leptos::prelude::*;

#[component]
pub fn SiteFooter(product: &'static str) -> impl IntoView {
    view! {
        <footer class="site-footer">
            <p>{product} " is open source. Payments go through Stripe, straight to the community's own account."</p>
        </footer>
    }
}
