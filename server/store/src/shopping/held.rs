//! What a customer has: their subscriptions as the rules and the pages need them.

use std::collections::HashMap;

use model::{
    id::{PlanId, SubscriptionId, TierId, UserId},
    interval::Interval,
    membership::{PendingChange, SubscriptionView},
    money::Money,
    purchase::{self, Offer},
    subscription::SubscriptionStatus,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    Store,
    actor::Community,
    entity::{Scoped, grant, plan, price, subscription, tier},
    error::{Error, Result},
};

/// A subscription: its row, the facts for the buying table, and what pages show of it.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub row: subscription::Model,
    pub facts: purchase::Held,
    pub view: SubscriptionView,
}

impl Store {
    /// One for each plan the user ever subscribed to: the one that counts.
    pub(crate) async fn held(&self, community: &Community, user: UserId) -> Result<Vec<Held>> {
        let read = self.database().read();
        let rows = subscription::Entity::within(community.id)
            .filter(subscription::Column::UserId.eq(user.0))
            .all(read)
            .await?;
        let mut counting: HashMap<Uuid, subscription::Model> = HashMap::new();
        for row in rows {
            let rank = |row: &subscription::Model| {
                let over = SubscriptionStatus::parse(&row.status).is_none_or(SubscriptionStatus::is_over);
                (!over, row.stripe_created, row.stripe_id.clone())
            };
            match counting.get(&row.plan_id) {
                Some(other) if rank(other) >= rank(&row) => {}
                _ => {
                    counting.insert(row.plan_id, row);
                }
            }
        }
        let mut held = Vec::new();
        for row in counting.into_values() {
            held.push(self.held_row(community, row).await?);
        }
        held.sort_by_key(|held| held.row.stripe_created);
        Ok(held)
    }

    pub(crate) async fn held_on(&self, community: &Community, user: UserId, plan: PlanId) -> Result<Option<Held>> {
        Ok(self
            .held(community, user)
            .await?
            .into_iter()
            .find(|held| held.view.plan == plan))
    }

    /// The same subscription, read again.
    pub(crate) async fn held_again(&self, held: Held) -> Result<Held> {
        let row = subscription::Entity::find_by_id(held.row.id)
            .one(self.database().read())
            .await?
            .ok_or_else(|| Error::inconsistent("a subscription row is gone"))?;
        Ok(Held { row, ..held })
    }

    async fn held_row(&self, community: &Community, row: subscription::Model) -> Result<Held> {
        let read = self.database().read();
        let now = self.now();
        let status = SubscriptionStatus::parse(&row.status)
            .ok_or_else(|| Error::inconsistent(format!("subscription {}: status {}", row.id, row.status)))?;
        let plan_label = plan::Entity::within(community.id)
            .filter(plan::Column::Id.eq(row.plan_id))
            .one(read)
            .await?
            .map(|plan| plan.label)
            .unwrap_or_default();
        let price = self.priced(community, row.price_id).await?;
        let tier_label = match row.tier_id {
            Some(tier) => self.tier_label(community, tier).await?,
            None => String::new(),
        };
        let role = grant::Entity::within(community.id)
            .filter(grant::Column::SubscriptionId.eq(row.id))
            .one(read)
            .await?
            .filter(|grant| grant.ends_at.is_none_or(|end| now < end));
        let pending = match (self.priced(community, row.pending_price_id).await?, row.pending_at) {
            (Some((tier, amount, interval)), Some(at)) => Some(PendingChange {
                tier: TierId(tier),
                tier_label: self.tier_label(community, tier).await?,
                interval,
                amount: Some(amount),
                at,
            }),
            _ => None,
        };
        let ends_at = row.cancel_at.or(row.cancel_at_period_end.then_some(row.period_end));
        let goes_on = matches!(status, SubscriptionStatus::Trialing | SubscriptionStatus::Active);
        let offer = match (row.tier_id, price) {
            (Some(tier), Some((_, amount, interval))) => Some(Offer {
                tier: TierId(tier),
                interval,
                amount,
            }),
            _ => None,
        };
        let view = SubscriptionView {
            id: SubscriptionId(row.id),
            plan: PlanId(row.plan_id),
            plan_label,
            tier: row.tier_id.map(TierId),
            tier_label,
            status,
            price: price.map(|(_, amount, interval)| (amount, interval)),
            period_end: row.period_end,
            trial_end: row.trial_end,
            ends_at: ends_at.filter(|_| !status.is_over()),
            pending: pending.filter(|_| !status.is_over()),
            role_until: role.and_then(|grant| grant.ends_at),
            may_cancel: !status.is_over() && (!goes_on || ends_at.is_none()),
            may_renew: goes_on && ends_at.is_some(),
            may_pay: row.pay_url.is_some() && !status.is_over(),
        };
        let facts = purchase::Held {
            status,
            offer,
            will_end: ends_at.is_some(),
        };
        Ok(Held { row, facts, view })
    }

    async fn priced(&self, community: &Community, id: Option<Uuid>) -> Result<Option<(Uuid, Money, Interval)>> {
        let Some(id) = id else { return Ok(None) };
        let row = price::Entity::within(community.id)
            .filter(price::Column::Id.eq(id))
            .one(self.database().read())
            .await?;
        row.map(|row| crate::planning::price_of(&row).map(|(interval, amount)| (row.tier_id, amount, interval)))
            .transpose()
    }

    async fn tier_label(&self, community: &Community, id: Uuid) -> Result<String> {
        let row = tier::Entity::within(community.id)
            .filter(tier::Column::Id.eq(id))
            .one(self.database().read())
            .await?;
        Ok(row.map(|tier| tier.label).unwrap_or_default())
    }
}
