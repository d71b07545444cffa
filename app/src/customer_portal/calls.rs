//! Server functions of Stripe's customer portal: adapters of `store::portal`.

use leptos::prelude::*;
use model::{popup::PopupAddress, portal::PortalState};

use crate::error::Failure;
#[cfg(feature = "ssr")]
use crate::ssr;

#[server(LoadPortalState)]
pub async fn portal_state(community: String) -> Result<PortalState, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.portal().state(&visitor.customer()?).await?)
}

/// Makes a portal session; `popup` names the window, empty for the same tab.
#[server]
pub async fn open_portal(community: String, #[server(default)] popup: String) -> Result<PopupAddress, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.portal().open(&visitor.customer()?, &popup).await?)
}

/// The same without JavaScript, in the same tab.
#[server]
pub async fn open_portal_in_tab(community: String) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    let address = store.portal().open(&visitor.customer()?, "").await?;
    ssr::go_to_stripe(&address.url);
    Ok(())
}
