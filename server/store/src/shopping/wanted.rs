//! A tier at an interval that can be bought now, with the rows that say so.

use model::{
    Problem, Refusal,
    id::{PlanId, PriceId, TierId},
    interval::Interval,
    purchase::Offer,
    subscription::SubscriptionStatus,
};
use sea_orm::{ColumnTrait, QueryFilter};

use super::Shopping;
use crate::{
    actor::Customer,
    connect::Connection,
    entity::{Scoped, plan, price, product, tier},
    error::{Error, Result},
};

pub(super) struct Wanted {
    pub plan: PlanId,
    pub tier_label: String,
    pub offer: Offer,
    pub price: PriceId,
    pub stripe_price: String,
}

impl Shopping<'_> {
    /// What is for sale; or what the customer has already and only resumes, whether it is sold any more or not.
    ///
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
        match self.for_sale(customer, connection, id, interval).await {
            Err(Error::Problem(Problem::Refused(refusal))) => self
                .paused_at(customer, connection, id, interval)
                .await?
                .ok_or_else(|| refusal.into()),
            other => other,
        }
    }

    async fn paused_at(
        &self,
        customer: &Customer,
        connection: &Connection,
        id: TierId,
        interval: Interval,
    ) -> Result<Option<Wanted>> {
        let held = self.0.held(&customer.community, customer.user.user).await?;
        let paused = held.into_iter().find(|held| {
            held.facts.status == SubscriptionStatus::Paused
                && held.row.connection_id == connection.id.0
                && held.view.tier == Some(id)
                && held.view.price.is_some_and(|(_, paid_by)| paid_by == interval)
        });
        let Some(held) = paused else { return Ok(None) };
        let (Some(price), Some((amount, _))) = (held.row.price_id, held.view.price) else {
            return Ok(None);
        };
        let row = price::Entity::within(customer.community.id)
            .filter(price::Column::Id.eq(price))
            .one(self.0.database().read())
            .await?;
        let offer = Offer {
            tier: id,
            interval,
            amount,
        };
        Ok(row.and_then(|row| row.stripe_id).map(|stripe_price| Wanted {
            plan: held.view.plan,
            tier_label: held.view.tier_label,
            offer,
            price: PriceId(price),
            stripe_price,
        }))
    }

    async fn for_sale(
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
