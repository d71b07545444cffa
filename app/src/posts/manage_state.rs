//! What the posts page of the manage area reads and changes.

use leptos::prelude::*;
use model::{
    id::PostId,
    post::{PostSource, PostsView},
};

use super::calls::{self, DeletePost, EditPost, WritePost};
use crate::{
    community::current::use_community,
    editing::{Changes, OpenForm, provide_refusal, use_open_form},
    reading::{Reading, reading},
};

/// The forms of the posts page, as the address names them.
pub mod forms {
    pub const WRITE: &str = "write-post";
    pub const EDIT: &str = "edit-post";
    pub const DELETE: &str = "delete-post";
}

/// The posts of the community in context.
#[derive(Clone, Copy)]
pub struct ManagePostsState {
    pub community: Signal<String>,
    pub posts: Reading<PostsView>,
    /// The post that is being edited, if one is.
    pub source: Reading<Option<PostSource>>,
    pub write: ServerAction<WritePost>,
    pub edit: ServerAction<EditPost>,
    pub delete: ServerAction<DeletePost>,
    pub form: OpenForm,
    pub changes: Changes,
}

impl ManagePostsState {
    /// Makes it for the component that calls this, and gives it to everything inside.
    pub fn provide() -> Self {
        provide_refusal();
        let current = use_community();
        let community = current.slug;
        let posts = reading(move || current.key(), |(slug, _)| calls::posts_to_manage(slug));
        let form = use_open_form();
        let edited = Memo::new(move |_| {
            let (form, id) = form.current().get()?;
            (form == forms::EDIT).then_some(id)
        });
        let source = reading(
            move || (community.get(), edited.get()),
            |(community, edited)| async move {
                let Some(id) = edited else { return Ok(None) };
                let post: PostId = id.parse()?;
                calls::post_source(community, post).await.map(Some)
            },
        );
        let changes = Changes::new(form);
        let state = Self {
            community,
            posts,
            source,
            write: ServerAction::new(),
            edit: ServerAction::new(),
            delete: ServerAction::new(),
            form,
            changes,
        };
        let reread = move || posts.refetch();
        changes.follow(state.write, "The post is published.", reread);
        changes.follow(state.edit, "The post is saved.", reread);
        changes.follow(state.delete, "The post is deleted.", reread);
        provide_context(state);
        state
    }
}

pub fn use_manage_posts() -> ManagePostsState {
    expect_context()
}
