//! A community's posts as a reader sees them: open ones, and locked ones with what they need.

use leptos::prelude::*;
use model::post::PostListing;

use super::calls::posts;
use crate::{
    community::current::use_community,
    loaded_live::LoadedLive,
    reading::reading,
    ui::{Day, EmptyState, Icon, IconName},
};

/// Newest first.
#[component]
pub fn PostList() -> impl IntoView {
    let community = use_community();
    let posts = reading(move || community.key(), |(slug, _)| posts(slug));
    view! {
        <LoadedLive resource=posts label="Loading posts" let:posts>
            <Posts posts />
        </LoadedLive>
    }
}

#[component]
fn Posts(posts: Vec<PostListing>) -> impl IntoView {
    if posts.is_empty() {
        return view! { <EmptyState title="No posts yet" text="What is written here will be listed here." /> }
            .into_any();
    }
    let rows = posts.into_iter().map(|post| view! { <Row post /> }).collect_view();
    view! { <ul class="post-list">{rows}</ul> }.into_any()
}

#[component]
fn Row(post: PostListing) -> impl IntoView {
    let community = use_community();
    let id = post.id.to_string();
    let href = move || ["/c/", &community.slug.get(), "/posts/", &id].concat();
    let lock = match (post.locked, post.privilege) {
        (true, privilege) => {
            let needs = privilege.map(|privilege| view! { <span>{["Needs “", &privilege, "”"].concat()}</span> });
            Some(
                view! {
                    <p class="post-lock">
                        <Icon name=IconName::Lock label="Locked" />
                        {needs}
                    </p>
                }
                .into_any(),
            )
        }
        (false, Some(_)) => Some(
            view! {
                <p class="post-lock post-unlocked">
                    <Icon name=IconName::Unlock />
                    <span>"Open to you"</span>
                </p>
            }
            .into_any(),
        ),
        (false, None) => None,
    };
    view! {
        <li class="card post-row">
            <div class="row row-between">
                <h3>
                    <a href=href dir="auto">{post.title}</a>
                </h3>
                {lock}
            </div>
            {(!post.teaser.is_empty()).then(|| view! { <p dir="auto">{post.teaser}</p> })}
            <p class="small quiet">
                <Day at=post.published_at />
            </p>
        </li>
    }
}
