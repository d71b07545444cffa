//! `/c/{slug}/posts/{id}`: one post, or its teaser and what opens it.

use leptos::prelude::*;

use crate::{posts::PostView, ui::Page};

#[component]
pub fn PostPage() -> impl IntoView {
    view! {
        <Page class="page page-text">
            <PostView />
        </Page>
    }
}
