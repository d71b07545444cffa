//! The column that a page's content stands in: what the link "Skip to content" leads to, and where one begins who came from
//! another page.

use leptos::prelude::*;

/// The column's element id. A page has one.
pub const CONTENT: &str = "content";

/// `<Page class="page page-narrow">…</Page>`
#[component]
pub fn Page(#[prop(default = "page")] class: &'static str, children: Children) -> impl IntoView {
    view! {
        <div id=CONTENT class=class tabindex="-1">
            {children()}
        </div>
    }
}
