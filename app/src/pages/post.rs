//! `/c/{slug}/posts/{id}`: one post, or its teaser and what opens it.

use leptos::prelude::*;

use crate::posts::PostView;

#[component]
pub fn PostPage() -> impl IntoView {
    view! {
        <div class="page page-text">
            <PostView />
        </div>
    }
}
