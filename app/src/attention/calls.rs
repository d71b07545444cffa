//! Server functions of the merchant's list: adapters of `store::attention`.

use leptos::prelude::*;
use model::{attention::AttentionPage, id::AttentionId};

use crate::error::Failure;
#[cfg(feature = "ssr")]
use crate::ssr;

#[server(LoadAttention)]
pub async fn attention(community: String) -> Result<AttentionPage, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.attention().list(&visitor.clerk()?).await?)
}

/// It has been dealt with.
#[server]
pub async fn dismiss_attention(community: String, notice: AttentionId) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.attention().dismiss(&visitor.clerk()?, notice).await?)
}

/// After a refund or a dispute: the subscription is cancelled now, and its role ends with it.
#[server]
pub async fn end_role(community: String, notice: AttentionId) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.attention().end_role(&visitor.merchant()?, notice).await?)
}
