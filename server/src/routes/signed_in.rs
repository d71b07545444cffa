//! Who asks, for routes that are no server functions.

use app::ssr;
use axum::http::HeaderMap;
use store::{
    Result, Store,
    actor::{Session, Visitor},
};

pub async fn session(store: &Store, headers: &HeaderMap) -> Result<Session> {
    store.sessions().find(ssr::cookie(store, headers).as_deref()).await
}

pub async fn visitor(store: &Store, headers: &HeaderMap, slug: &str) -> Result<Visitor> {
    store.visitor(&session(store, headers).await?, slug).await
}
