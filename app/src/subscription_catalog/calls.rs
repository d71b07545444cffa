//! Server functions of shopping: adapters of `store::catalog` and `store::shopping`.

use leptos::prelude::*;
use model::{
    catalog::CatalogView,
    id::{PlanId, TierId},
    interval::Interval,
    membership::{MembershipView, PurchaseState},
    popup::PopupAddress,
    purchase::{Outcome, SwitchPreview},
};

use crate::error::Failure;
#[cfg(feature = "ssr")]
use crate::ssr;

/// Plans and tiers for sale, and what the person looking holds of them. Works signed out.
#[server]
pub async fn catalog(community: String) -> Result<CatalogView, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.catalog().view(&visitor).await?)
}

/// "I want this tier": an address to go on at (Checkout or an invoice's page, for the popup named `popup`), or what
/// a switch would do, to be confirmed. Nothing is charged by this.
#[server]
pub async fn subscribe(
    community: String,
    tier: TierId,
    interval: Interval,
    #[server(default)] popup: String,
) -> Result<Outcome, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store
        .shopping()
        .subscribe(&visitor.customer()?, tier, interval, &popup)
        .await?)
}

/// What changing to this tier would do, or going on after a pause, to be confirmed. Nothing else is done by it.
#[server]
pub async fn preview_switch(community: String, tier: TierId, interval: Interval) -> Result<SwitchPreview, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    let shopping = store.shopping();
    Ok(shopping.preview_switch(&visitor.customer()?, tier, interval).await?)
}

/// Where a tier is looked at: marked in its community's catalog.
pub fn tier_path(community: &str, tier: TierId, interval: Interval) -> String {
    let interval = interval.as_str();
    format!("/c/{community}?tier={tier}&interval={interval}#tier-{tier}")
}

/// The same without JavaScript: a plain form leads to Stripe's page in the same tab, or to the question on the membership page
/// that shows what a switch would do. Signed out, it leads through sign-in and back to the same tier.
#[server]
pub async fn subscribe_in_tab(community: String, tier: TierId, interval: Interval) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    let tier_path = tier_path(&community, tier, interval);
    let Ok(customer) = visitor.customer() else {
        ssr::go_to_sign_in(&tier_path);
        return Ok(());
    };
    match store.shopping().subscribe(&customer, tier, interval, "").await? {
        Outcome::GoTo { url } => ssr::go_to_stripe(&url),
        Outcome::Confirm(_) => ssr::go_to(&crate::membership::switch_path(&community, tier, interval)),
    }
    Ok(())
}

/// Does the switch that was previewed: `due_now` is the amount shown, in minor units (another amount is refused), and
/// `priced_at` the preview's moment, in seconds since the epoch.
#[server]
pub async fn confirm_switch(
    community: String,
    tier: TierId,
    interval: Interval,
    due_now: i64,
    priced_at: i64,
) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store
        .shopping()
        .confirm_switch(&visitor.customer()?, tier, interval, due_now, priced_at)
        .await?)
}

/// Ends the subscription on this plan, as the person was told that it would: `at_once`, or with its period.
#[server]
pub async fn cancel_subscription(
    community: String,
    plan: PlanId,
    #[server(default)] at_once: bool,
) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    let shopping = store.shopping();
    Ok(shopping.cancel_as_shown(&visitor.customer()?, plan, at_once).await?)
}

/// Takes a cancellation back.
#[server]
pub async fn renew_subscription(community: String, plan: PlanId) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.shopping().renew(&visitor.customer()?, plan).await?)
}

/// Drops a change that waits for the period's end.
#[server]
pub async fn drop_pending_change(community: String, plan: PlanId) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.shopping().drop_pending_change(&visitor.customer()?, plan).await?)
}

/// Where the open invoice of this plan's subscription can be paid.
#[server]
pub async fn pay_open_invoice(community: String, plan: PlanId) -> Result<PopupAddress, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.shopping().pay_open_invoice(&visitor.customer()?, plan).await?)
}

/// The same without JavaScript, in the same tab.
#[server]
pub async fn pay_open_invoice_in_tab(community: String, plan: PlanId) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    let address = store.shopping().pay_open_invoice(&visitor.customer()?, plan).await?;
    ssr::go_to_stripe(&address.url);
    Ok(())
}

/// What became of a purchase whose popup is over: asks Stripe about the open checkout, whatever the popup said.
#[server(LoadPurchaseState)]
pub async fn purchase_state(community: String, plan: PlanId) -> Result<PurchaseState, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.shopping().purchase_state(&visitor.customer()?, plan).await?)
}

/// The membership page.
#[server]
pub async fn membership(community: String) -> Result<MembershipView, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.shopping().membership(&visitor.customer()?).await?)
}
