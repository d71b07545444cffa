//! How many a community's subscriptions are, for what its merchants are told. Called by services that asked who looks.

use model::{id::CommunityId, subscription::SubscriptionStatus};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder};

use crate::{
    Store,
    entity::{Scoped, grant, subscription},
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

    /// Roles that are held though a payment is due, each with its subscription; the first to end first.
    pub(crate) async fn in_grace(&self, community: CommunityId) -> Result<Vec<(grant::Model, subscription::Model)>> {
        let read = self.database().read();
        let due = subscription::Entity::within(community)
            .filter(subscription::Column::Status.eq(SubscriptionStatus::PastDue.as_str()))
            .all(read)
            .await?;
        let grants = grant::Entity::within(community)
            .filter(grant::Column::SubscriptionId.is_in(due.iter().map(|row| row.id)))
            .filter(grant::Column::EndsAt.gt(self.now()))
            .order_by_asc(grant::Column::EndsAt)
            .all(read)
            .await?;
        let subscription = |grant: &grant::Model| due.iter().find(|row| Some(row.id) == grant.subscription_id);
        Ok(grants
            .into_iter()
            .filter_map(|grant| subscription(&grant).cloned().map(|row| (grant, row)))
            .collect())
    }
}
