//! The posts of a community, for those who write them.

use leptos::{form::ActionForm, prelude::*};
use model::post::{PostListing, PostsView};

use super::{
    editor::{EditPostForm, WritePostForm},
    manage_state::{ManagePostsState, forms, use_manage_posts},
};
use crate::{
    editing::{FormButtons, LoadedUnlessEditing, OpenLink, Question, Said},
    ui::{Badge, ButtonVariant, Card, Day, EmptyState, FormFailure, Icon, IconName, failure_of},
};

/// Write, edit and delete posts.
#[component]
pub fn PostEditor() -> impl IntoView {
    let state = ManagePostsState::provide();
    view! {
        <Said changes=state.changes />
        <LoadedUnlessEditing
            resource=state.posts
            editing=state.form.is_any_open()
            label="Loading posts"
            lines=6
            let:posts
        >
            <Posts posts />
        </LoadedUnlessEditing>
    }
}

#[component]
fn Posts(posts: PostsView) -> impl IntoView {
    let state = use_manage_posts();
    let PostsView { posts, privileges } = posts;
    let privileges = StoredValue::new(privileges);
    let is_empty = posts.is_empty();
    let writing = state.form.is_open(forms::WRITE, "");
    let editing = Memo::new(move |_| {
        let current = state.form.current();
        current.with(|open| open.as_ref().is_some_and(|(form, _)| form == forms::EDIT))
    });
    let rows = StoredValue::new(posts);
    move || {
        if writing.get() {
            return view! { <WritePostForm privileges /> }.into_any();
        }
        if editing.get() {
            return view! { <EditPostForm privileges /> }.into_any();
        }
        if is_empty {
            return view! {
                <EmptyState
                    title="No posts yet"
                    text="A post is open to everybody, or to those who hold a privilege. Others see its title, its teaser, and which tiers open it."
                >
                    <OpenLink form=state.form name=forms::WRITE variant=ButtonVariant::Primary>
                        "Write the first post"
                    </OpenLink>
                </EmptyState>
            }
            .into_any();
        }
        let rows = rows
            .get_value()
            .into_iter()
            .map(|post| view! { <PostRow post /> })
            .collect_view();
        view! {
            <div class="actions">
                <OpenLink form=state.form name=forms::WRITE variant=ButtonVariant::Primary>
                    "Write a post"
                </OpenLink>
            </div>
            <Card>
                <ul class="list">{rows}</ul>
            </Card>
        }
        .into_any()
    }
}

#[component]
fn PostRow(post: PostListing) -> impl IntoView {
    let state = use_manage_posts();
    let id = post.id;
    let deleting = state.form.is_open(forms::DELETE, id);
    let page = Signal::derive(move || format!("/c/{}/posts/{id}", state.community.get()));
    let (edit, delete) = (format!("Edit {}", post.title), format!("Delete {}", post.title));
    let needs = match post.privilege {
        Some(privilege) => view! {
            <Badge>
                <Icon name=IconName::Lock label="needs" />
                {privilege}
            </Badge>
        }
        .into_any(),
        None => view! { <Badge>"everybody"</Badge> }.into_any(),
    };
    let title = StoredValue::new(post.title);
    view! {
        <li class="row row-between">
            <div>
                <a href=page dir="auto">{title.get_value()}</a>
                <p class="row small quiet">
                    <Day at=post.published_at />
                    {needs}
                </p>
            </div>
            <div class="actions">
                <OpenLink form=state.form name=forms::EDIT id=id.to_string() label=edit>
                    "Edit"
                </OpenLink>
                <OpenLink
                    form=state.form
                    name=forms::DELETE
                    id=id.to_string()
                    variant=ButtonVariant::Quiet
                    label=delete
                >
                    "Delete"
                </OpenLink>
            </div>
            {move || {
                deleting
                    .get()
                    .then(|| {
                        view! {
                            <Question form=state.form title=format!("Delete “{}”?", title.get_value())>
                                <p>"It is gone for good, for everybody."</p>
                                <ActionForm action=state.delete>
                                    <FormFailure failure=failure_of(state.delete) />
                                    <input type="hidden" name="community" value=state.community />
                                    <input type="hidden" name="post" value=id.to_string() />
                                    <FormButtons
                                        form=state.form
                                        submit="Delete post"
                                        cancel="Keep it"
                                        danger=true
                                        pending=state.delete.pending()
                                    />
                                </ActionForm>
                            </Question>
                        }
                    })
            }}
        </li>
    }
}
