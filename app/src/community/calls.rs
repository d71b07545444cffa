//! Server functions of communities: adapters of `store::communities`.

use leptos::prelude::*;
use model::{
    community::{CommunityView, Home, SettingsView},
    fingerprint::Fingerprint,
};

use crate::error::Failure;
#[cfg(feature = "ssr")]
use crate::ssr;

/// The home page's lists.
#[server(LoadHome)]
pub async fn home() -> Result<Home, Failure> {
    let session = ssr::session().await?;
    Ok(ssr::store()?.communities().home(&session).await?)
}

/// Makes a community and goes to its manage area. `currency` is an ISO 4217 code.
#[server]
pub async fn create_community(name: String, slug: String, currency: String) -> Result<(), Failure> {
    let session = ssr::session().await?;
    let made = ssr::store()?
        .communities()
        .create(&session, &name, &slug, &currency)
        .await?;
    ssr::go_to(&format!("/c/{made}/manage/store"));
    Ok(())
}

/// A community as the person looking sees it.
#[server]
pub async fn community(community: String) -> Result<CommunityView, Failure> {
    let (_, visitor) = ssr::visitor(&community).await?;
    Ok(visitor.community_view())
}

/// Joins: from now on the signed-in user holds the `member` role.
#[server]
pub async fn join(community: String) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.communities().join(&visitor.customer()?).await?)
}

#[server]
pub async fn settings(community: String) -> Result<SettingsView, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.communities().settings(&visitor.clerk()?).await?)
}

/// `grace_days`: 0–30. Answers what the form, which stays open, shows from then on.
#[server]
pub async fn change_settings(
    community: String,
    shown: Fingerprint,
    name: String,
    #[server(default)] description: String,
    currency: String,
    grace_days: String,
) -> Result<Fingerprint, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    let clerk = visitor.clerk()?;
    Ok(store
        .communities()
        .change_settings(&clerk, &shown, &name, &description, &currency, &grace_days)
        .await?)
}
