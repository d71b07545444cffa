//! What stands in place of a page that is not there.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{ButtonLink, EmptyState};

/// `<NotFound text="This post does not exist (any more)." />`; gives the page its title and its first heading as well.
#[component]
pub fn NotFound(#[prop(into)] text: String) -> impl IntoView {
    view! {
        <Title text="Page not found" />
        <EmptyState title="Page not found" text heads_page=true>
            <ButtonLink href="/">"Go to the start page"</ButtonLink>
        </EmptyState>
    }
}
