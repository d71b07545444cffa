//! Server functions of planning: adapters of `store::planning`. Prices come as text and are parsed there.

use leptos::prelude::*;
use model::{
    fingerprint::Fingerprint,
    id::{PlanId, PrivilegeId, TierId},
    planning::{PlanningView, TierDraft},
};

use crate::error::Failure;
#[cfg(feature = "ssr")]
use crate::ssr;

#[server]
pub async fn planning(community: String) -> Result<PlanningView, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.planning().view(&visitor.clerk()?).await?)
}

/// Makes a plan with its first tier. Form fields of the tier: `tier[label]`, `tier[description]`, `tier[monthly]`,
/// `tier[yearly]`.
#[server]
pub async fn create_plan(community: String, plan_label: String, tier: TierDraft) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store
        .planning()
        .create_plan(&visitor.clerk()?, &plan_label, &tier)
        .await?)
}

#[server]
pub async fn rename_plan(
    community: String,
    plan: PlanId,
    shown: Fingerprint,
    plan_label: String,
) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store
        .planning()
        .rename_plan(&visitor.clerk()?, plan, &shown, &plan_label)
        .await?)
}

/// Takes the plan out of the shop window; subscribers keep what they have.
#[server]
pub async fn archive_plan(community: String, plan: PlanId) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.planning().archive_plan(&visitor.clerk()?, plan, true).await?)
}

#[server]
pub async fn restore_plan(community: String, plan: PlanId) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.planning().archive_plan(&visitor.clerk()?, plan, false).await?)
}

#[server]
pub async fn add_tier(community: String, plan: PlanId, tier: TierDraft) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.planning().add_tier(&visitor.clerk()?, plan, &tier).await?)
}

/// Changes a tier's label, description and prices. A changed price is a new one; existing subscribers keep theirs. Answers
/// whether there is one.
#[server]
pub async fn edit_tier(
    community: String,
    tier_id: TierId,
    shown: Fingerprint,
    tier: TierDraft,
) -> Result<bool, Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store
        .planning()
        .edit_tier(&visitor.clerk()?, tier_id, &shown, &tier)
        .await?)
}

/// Stops or resumes selling a tier.
#[server]
pub async fn deactivate_tier(community: String, tier_id: TierId) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store
        .planning()
        .activate_tier(&visitor.clerk()?, tier_id, false)
        .await?)
}

#[server]
pub async fn reactivate_tier(community: String, tier_id: TierId) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store.planning().activate_tier(&visitor.clerk()?, tier_id, true).await?)
}

/// What the tier's role carries. Form field: `privileges[]`, once for each.
#[server]
pub async fn set_tier_privileges(
    community: String,
    tier_id: TierId,
    shown: Fingerprint,
    #[server(default)] privileges: Vec<PrivilegeId>,
) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store
        .planning()
        .set_tier_privileges(&visitor.clerk()?, tier_id, &shown, &privileges)
        .await?)
}

/// Offers a tier on the account that is connected now, at the prices it had on the one before.
#[server]
pub async fn offer_on_current_account(community: String, tier_id: TierId) -> Result<(), Failure> {
    let (store, visitor) = ssr::visitor(&community).await?;
    Ok(store
        .planning()
        .offer_on_current_account(&visitor.clerk()?, tier_id)
        .await?)
}
