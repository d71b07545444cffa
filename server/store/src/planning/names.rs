//! No two of one name: plans of a community that are sold, tiers of a plan.

use model::{Problem, id::PlanId, label};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    actor::Community,
    entity::{Scoped, plan, tier},
    error::Result,
};

/// Whether a plan that is for sale may be called so.
pub(super) async fn free_plan_label(
    db: &impl ConnectionTrait,
    community: &Community,
    except: Option<PlanId>,
    label: &str,
) -> Result<()> {
    let others = plan::Entity::within(community.id)
        .filter(plan::Column::Archived.eq(false))
        .all(db)
        .await?;
    let taken = others
        .iter()
        .any(|row| Some(PlanId(row.id)) != except && label::is_same(&row.label, label));
    if taken {
        let message = format!("Plan name “{label}” is used by another plan. Choose another one.");
        return Err(Problem::invalid("plan_label", message).into());
    }
    Ok(())
}

/// Whether a new tier of the plan, or one with a new name, may be called so.
pub(super) async fn free_tier_label(
    db: &impl ConnectionTrait,
    community: &Community,
    plan: Uuid,
    label: &str,
) -> Result<()> {
    let others = tier::Entity::within(community.id)
        .filter(tier::Column::PlanId.eq(plan))
        .all(db)
        .await?;
    if others.iter().any(|row| label::is_same(&row.label, label)) {
        let message = format!("Tier name “{label}” is used by another tier of this plan. Choose another one.");
        return Err(Problem::invalid("tier_label", message).into());
    }
    Ok(())
}
