//! The navigation beside an area of several pages; on a narrow screen it lies on top, in as many lines as it takes.

use leptos::prelude::*;
use leptos_router::components::A;

/// One line of a [`SideNav`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideLink {
    pub href: String,
    pub label: &'static str,
}

/// `<SideNav label="Manage" links />`; the page being looked at is marked.
#[component]
pub fn SideNav(
    /// What this navigation is for, read out.
    label: &'static str,
    #[prop(into)] links: Signal<Vec<SideLink>>,
) -> impl IntoView {
    view! {
        <nav class="side-nav" aria-label=label>
            {move || {
                links
                    .get()
                    .into_iter()
                    .map(|SideLink { href, label }| view! { <A href=href>{label}</A> })
                    .collect_view()
            }}
        </nav>
    }
}
