//! The top of every page.

use leptos::prelude::*;

/// The brand, and what is passed in: who is signed in.
#[component]
pub fn SiteHeader(product: &'static str, children: Children) -> impl IntoView {
    view! {
        <header class="site-header">
            <div class="site-header-inner">
                <a class="brand" href="/">
                    <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
                        <path d="M16 1 29 8.5v15L16 31 3 23.5v-15z" />
                        <path class="brand-cut" d="m11 10.5 10 11m0-11-10 11" />
                    </svg>
                    {product}
                </a>
                <div class="site-session">{children()}</div>
            </div>
        </header>
    }
}
