//! Every address that is no page: answered with status 404.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::{ButtonLink, EmptyState, status};

#[component]
pub fn NotFoundPage() -> impl IntoView {
    status::answer(404);
    view! {
        <Title text="Page not found" />
        <div class="page page-narrow">
            <EmptyState title="Page not found" text="There is nothing at this address. It may have moved, or the link is wrong.">
                <ButtonLink href="/">"Go to the start page"</ButtonLink>
            </EmptyState>
        </div>
    }
}
