//! Server functions of the merchant's Stripe account: adapters of `store::connect`.

use leptos::prelude::*;
use model::{
    connect::{ConnectView, PortalConfigView},
    fingerprint::Fingerprint,
    popup::PopupAddress,
};

use crate::error::Failure;
#[cfg(feature = "ssr")]
use {crate::ssr, model::connect::PortalSettings};

/// What is stored of the account; Stripe is not asked.
#[server(LoadConnect)]
pub async fn connect_view(community: String) -> Result<ConnectView, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.connect().view(&visitor.clerk()?).await?)
}

/// Makes the Stripe account if there is none, and a single-use onboarding link. `popup` names the window, so that the
/// return page can tell it; empty when the link is followed in the same tab.
#[server]
pub async fn start_onboarding(community: String, #[server(default)] popup: String) -> Result<PopupAddress, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.connect().start_onboarding(&visitor.merchant()?, &popup).await?)
}

/// Where the merchant connects an account they have already (OAuth).
#[server]
pub async fn connect_existing(community: String, #[server(default)] popup: String) -> Result<PopupAddress, Failure> {
    let (store, session) = (ssr::store()?, ssr::session().await?);
    let merchant = store.visitor(&session, &community).await?.merchant()?;
    Ok(store.connect().connect_existing(&session, &merchant, &popup).await?)
}

/// The same without JavaScript, in the same tab.
#[server]
pub async fn start_onboarding_in_tab(community: String) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    let address = store.connect().start_onboarding(&visitor.merchant()?, "").await?;
    ssr::go_to_stripe(&address.url);
    Ok(())
}

/// The same without JavaScript, in the same tab.
#[server]
pub async fn connect_existing_in_tab(community: String) -> Result<(), Failure> {
    let (store, session) = (ssr::store()?, ssr::session().await?);
    let merchant = store.visitor(&session, &community).await?.merchant()?;
    let address = store.connect().connect_existing(&session, &merchant, "").await?;
    ssr::go_to_stripe(&address.url);
    Ok(())
}

/// Reads the account at Stripe at once.
#[server]
pub async fn refresh_account(community: String) -> Result<ConnectView, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.connect().refresh(&visitor.clerk()?).await?)
}

/// No new sales until it is resumed.
#[server]
pub async fn pause_shop(community: String) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.connect().pause_shop(&visitor.merchant()?).await?)
}

#[server]
pub async fn resume_shop(community: String) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.connect().resume_shop(&visitor.merchant()?).await?)
}

/// Ends the connection: at Stripe where OAuth is configured, else on our side.
#[server]
pub async fn disconnect_account(community: String) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.connect().disconnect(&visitor.merchant()?).await?)
}

#[server(LoadPortalConfig)]
pub async fn portal_config(community: String) -> Result<Option<PortalConfigView>, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.connect().portal_config(&visitor.clerk()?).await?)
}

/// Changes Stripe's customer portal for this community's account. Switches that are missing are off, as in a form.
#[server]
pub async fn change_portal_config(
    community: String,
    shown: Fingerprint,
    #[server(default)] headline: String,
    #[server(default)] privacy_policy_url: String,
    #[server(default)] terms_of_service_url: String,
    #[server(default)] customer_update: Option<String>,
    #[server(default)] invoice_history: Option<String>,
    #[server(default)] payment_method_update: Option<String>,
    #[server(default)] subscription_cancel: Option<String>,
) -> Result<Fingerprint, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    let wanted = PortalSettings {
        headline,
        privacy_policy_url,
        terms_of_service_url,
        customer_update: customer_update.is_some(),
        invoice_history: invoice_history.is_some(),
        payment_method_update: payment_method_update.is_some(),
        subscription_cancel: subscription_cancel.is_some(),
    };
    Ok(store
        .connect()
        .change_portal_config(&visitor.merchant()?, &shown, wanted)
        .await?)
}
