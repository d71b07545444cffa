//! Every address that is no page: answered with status 404.

use leptos::prelude::*;

use crate::{
    arriving::arrive,
    ui::{NotFound, Page, status},
};

#[component]
pub fn NotFoundPage() -> impl IntoView {
    status::answer(404);
    arrive();
    view! {
        <Page class="page page-narrow">
            <NotFound text="There is nothing at this address. It may have moved, or the link is wrong." />
        </Page>
    }
}
