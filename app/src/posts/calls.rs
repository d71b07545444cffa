//! Server functions of posts: adapters of `store::posts`.

use leptos::prelude::*;
use model::{
    fingerprint::Fingerprint,
    id::PostId,
    post::{PostDraft, PostListing, PostSource, PostView, PostsView},
};

use crate::error::Failure;
#[cfg(feature = "ssr")]
use crate::ssr;

/// The community's posts, newest first, each with whether the person looking can open it.
#[server]
pub async fn posts(community: String) -> Result<Vec<PostListing>, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.posts().list(&visitor).await?)
}

/// One post: open, or the lock and the tiers that open it.
#[server]
pub async fn post(community: String, post: PostId) -> Result<PostView, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.posts().read(&visitor, post).await?)
}

#[server]
pub async fn posts_to_manage(community: String) -> Result<PostsView, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.posts().manage(&visitor.clerk()?).await?)
}

#[server(LoadPostSource)]
pub async fn post_source(community: String, post: PostId) -> Result<PostSource, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.posts().source(&visitor.clerk()?, post).await?)
}

/// Form fields: `draft[title]`, `draft[teaser]`, `draft[body]` (Markdown), `draft[privilege]` (an id, or empty for
/// everybody).
#[server]
pub async fn write_post(community: String, draft: PostDraft) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.posts().write(&visitor.clerk()?, &draft).await?)
}

#[server]
pub async fn edit_post(community: String, post: PostId, shown: Fingerprint, draft: PostDraft) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.posts().edit(&visitor.clerk()?, post, &shown, &draft).await?)
}

#[server]
pub async fn delete_post(community: String, post: PostId) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.posts().delete(&visitor.clerk()?, post).await?)
}
