//! Which tiers a community sells at all, whatever they cost and on whichever account.

use model::id::CommunityId;
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    entity::{Scoped, plan, tier},
    error::Result,
};

/// The active tiers of plans that are not archived.
pub(crate) async fn tiers_for_sale(db: &impl ConnectionTrait, community: CommunityId) -> Result<Vec<Uuid>> {
    let plans: Vec<Uuid> = plan::Entity::within(community)
        .filter(plan::Column::Archived.eq(false))
        .select_only()
        .column(plan::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(tier::Entity::within(community)
        .filter(tier::Column::PlanId.is_in(plans))
        .filter(tier::Column::Active.eq(true))
        .select_only()
        .column(tier::Column::Id)
        .into_tuple()
        .all(db)
        .await?)
}
