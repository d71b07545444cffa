//! Server functions of the saved payment method: adapters of `store::cards`.

use leptos::prelude::*;
use model::{card::CardState, popup::PopupAddress};

use crate::error::Failure;
#[cfg(feature = "ssr")]
use crate::ssr;

/// Stripe's page to save a card on; `popup` names the window, empty for the same tab. The saved card pays from then on,
/// and what is owed at once.
#[server]
pub async fn update_payment_method(
    community: String,
    #[server(default)] popup: String,
) -> Result<PopupAddress, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.cards().update(&visitor.customer()?, &popup).await?)
}

/// The same without JavaScript, in the same tab.
#[server]
pub async fn update_payment_method_in_tab(community: String) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    let address = store.cards().update(&visitor.customer()?, "").await?;
    ssr::go_to_stripe(&address.url);
    Ok(())
}

/// What became of the page that was opened last, whatever the popup said.
#[server(LoadCardState)]
pub async fn card_state(community: String) -> Result<CardState, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.cards().state(&visitor.customer()?).await?)
}

/// No payment method is saved any more.
#[server]
pub async fn disconnect_payment_method(community: String) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.cards().disconnect(&visitor.customer()?).await?)
}
