//! Every address that is no page: answered with status 404.

use leptos::prelude::*;

use crate::ui::{NotFound, status};

#[component]
pub fn NotFoundPage() -> impl IntoView {
    status::answer(404);
    view! {
        <div class="page page-narrow">
            <NotFound text="There is nothing at this address. It may have moved, or the link is wrong." />
        </div>
    }
}
