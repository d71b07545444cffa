//! A tier at an interval that can be bought now, with the rows that say so.

use model::{
    Problem, Refusal,
    id::{PlanId, PriceId, TierId},
    interval::Interval,
    purchase::Offer,
};
use sea_orm::{ColumnTrait, QueryFilter};

use super::Shopping;
use crate::{
    actor::Customer,
    connect::Connection,
    entity::{Scoped, plan, price, product, tier},
    error::Result,
};

pub(super) struct Wanted {
    pub plan: PlanId,
    pub tier_label: String,
    pub offer: Offer,
    pub price: PriceId,
    pub stripe_price: String,
}

impl Shopping<'_> {
    /// # Errors
    /// `Problem::NotFound`; `Refusal::PlanArchived`, `Refusal::TierInactive` (also when its Product is gone),
    /// `Refusal::PriceOld`.
    pub(super) async fn wanted(
        &self,
        customer: &Customer,
        connection: &Connection,
        id: TierId,
        interval: Interval,
    ) -> Result<Wanted> {
        let community = &customer.community;
        let read = self.0.database().read();
        let tier = tier::Entity::within(community.id)
            .filter(tier::Column::Id.eq(id.0))
            .one(read)
            .await?
            .ok_or_else(|| Problem::not_found("tier"))?;
        let plan = plan::Entity::within(community.id)
            .filter(plan::Column::Id.eq(tier.plan_id))
            .one(read)
            .await?
            .ok_or_else(|| Problem::not_found("plan"))?;
        if plan.archived {
            return Err(Refusal::PlanArchived.into());
        }
        let product = product::Entity::within(community.id)
            .filter(product::Column::ConnectionId.eq(connection.id.0))
            .filter(product::Column::TierId.eq(tier.id))
            .one(read)
            .await?;
        if !tier.active || product.is_some_and(|product| product.broken) {
            return Err(Refusal::TierInactive.into());
        }
        let price = price::Entity::within(community.id)
            .filter(price::Column::ConnectionId.eq(connection.id.0))
            .filter(price::Column::TierId.eq(tier.id))
            .filter(price::Column::Interval.eq(interval.as_str()))
            .filter(price::Column::Active.eq(true))
            .one(read)
            .await?
            .ok_or(Refusal::PriceOld)?;
        let (interval, amount) = crate::planning::price_of(&price)?;
        Ok(Wanted {
            plan: PlanId(plan.id),
            tier_label: tier.label,
            offer: Offer {
                tier: id,
                interval,
                amount,
            },
            price: PriceId(price.id),
            stripe_price: price.stripe_id.ok_or(Refusal::PriceOld)?,
        })
    }
}
