//! Server functions of the platform: adapters of `store::platform`.

use leptos::prelude::*;
use model::{id::JobId, platform::PlatformView};

use crate::error::Failure;
#[cfg(feature = "ssr")]
use crate::ssr;

#[server(LoadPlatform)]
pub async fn platform() -> Result<PlatformView, Failure> {
    let (store, session) = (ssr::store()?, ssr::session().await?);
    Ok(store.platform().view(&store.platform_admin(&session)?).await?)
}

/// Puts a job that needs attention back to work.
#[server]
pub async fn retry_job(job: JobId) -> Result<(), Failure> {
    let (store, session) = (ssr::store()?, ssr::session().await?);
    Ok(store.platform().retry(&store.platform_admin(&session)?, job).await?)
}
