//! How many a community's subscriptions are, for what its merchants are told. Called by services that asked who looks.

use std::collections::HashMap;

use model::{Timestamp, id::CommunityId, subscription::SubscriptionStatus};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    Store,
    entity::{Scoped, grant, subscription, tier},
    error::Result,
};

impl Store {
    /// Somebody has a subscription that is not over.
    pub(crate) async fn has_subscribers(&self, community: CommunityId) -> Result<bool> {
        let over = SubscriptionStatus::ALL.into_iter().filter(|status| status.is_over());
        let live = subscription::Entity::within(community)
            .filter(subscription::Column::Status.is_not_in(over.map(SubscriptionStatus::as_str)))
            .count(self.database().read())
            .await?;
        Ok(live > 0)
    }

    /// Whose payment is due: those who keep their role for the grace days, the first to lose it first, then those who lost
    /// it already and can still pay to have it back.
    pub(crate) async fn owing(&self, community: CommunityId) -> Result<Vec<Owing>> {
        let (read, now) = (self.database().read(), self.now());
        let due = [SubscriptionStatus::PastDue, SubscriptionStatus::Unpaid];
        let subscriptions = subscription::Entity::within(community)
            .filter(subscription::Column::Status.is_in(due.map(SubscriptionStatus::as_str)))
            .order_by_asc(subscription::Column::Id)
            .all(read)
            .await?;
        let roles: HashMap<Uuid, Uuid> = tier::Entity::within(community)
            .filter(tier::Column::Id.is_in(subscriptions.iter().filter_map(|row| row.tier_id)))
            .all(read)
            .await?
            .into_iter()
            .map(|tier| (tier.id, tier.role_id))
            .collect();
        let held: HashMap<Uuid, Timestamp> = grant::Entity::within(community)
            .filter(grant::Column::SubscriptionId.is_in(subscriptions.iter().map(|row| row.id)))
            .all(read)
            .await?
            .into_iter()
            .filter_map(|grant| Some((grant.subscription_id?, grant.ends_at?)))
            .collect();
        let mut owing: Vec<Owing> = subscriptions
            .into_iter()
            .map(|subscription| Owing {
                role: subscription.tier_id.and_then(|tier| roles.get(&tier).copied()),
                until: held.get(&subscription.id).copied().filter(|end| *end > now),
                subscription,
            })
            .collect();
        owing.sort_by_key(|one| (one.until.is_none(), one.until));
        Ok(owing)
    }
}

/// A subscription whose payment is due.
pub(crate) struct Owing {
    pub subscription: subscription::Model,
    /// The role it gives, or gave.
    pub role: Option<Uuid>,
    /// The end of the role's window, while it gives one.
    pub until: Option<Timestamp>,
}
