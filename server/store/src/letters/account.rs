//! What letters say of the Stripe account that a membership is on: whether it was lost, and whether there is one to subscribe
//! anew on.

use model::{account::AccountStatus, id::CommunityId, subscription::SubscriptionStatus};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::{
    Store,
    connect::Connection,
    entity::{Scoped, community, connection, grant, subscription},
    error::Result,
};

/// Why nothing renews.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// The store cannot reach the account any more, or has moved to another one.
    NotConnected,
    /// Stripe rejected the account.
    Rejected,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    pub lost: Option<Lost>,
    /// Payments are taken on it at all.
    pub takes_payments: bool,
    /// New memberships are sold, on whichever account.
    pub sells: bool,
}

impl Store {
    /// Of the account that this subscription is on.
    pub(super) async fn account_of(&self, db: &impl ConnectionTrait, row: &subscription::Model) -> Result<Account> {
        let current = connection::Entity::within(CommunityId(row.community_id))
            .filter(connection::Column::Current.eq(true))
            .one(db)
            .await?
            .map(Connection::from_row)
            .transpose()?;
        let paused = community::Entity::find_by_id(row.community_id)
            .one(db)
            .await?
            .is_some_and(|community| community.shop_paused);
        let sells = current.as_ref().is_some_and(|link| link.status(paused).is_open());
        let this = current.filter(|link| link.id.0 == row.connection_id);
        let takes_payments = this.as_ref().is_some_and(|link| link.status(false).serves_customers());
        let lost = match this {
            None => Some(Lost::NotConnected),
            Some(link) => match link.status(paused) {
                AccountStatus::Disconnected => Some(Lost::NotConnected),
                AccountStatus::Rejected => Some(Lost::Rejected),
                _ => None,
            },
        };
        Ok(Account {
            lost,
            takes_payments,
            sells,
        })
    }

    /// Whether the customer keeps what they have on this plan by another subscription: one that renews, or one whose role
    /// lasts longer.
    pub(super) async fn goes_on(&self, db: &impl ConnectionTrait, row: &subscription::Model) -> Result<bool> {
        let gives_a_role = [
            SubscriptionStatus::Trialing,
            SubscriptionStatus::Active,
            SubscriptionStatus::PastDue,
        ];
        let others = subscription::Entity::within(CommunityId(row.community_id))
            .filter(subscription::Column::UserId.eq(row.user_id))
            .filter(subscription::Column::PlanId.eq(row.plan_id))
            .filter(subscription::Column::Id.ne(row.id))
            .filter(subscription::Column::Status.is_in(gives_a_role.map(SubscriptionStatus::as_str)))
            .all(db)
            .await?;
        let lasts = async |id| {
            let grant = grant::Entity::within(CommunityId(row.community_id))
                .filter(grant::Column::SubscriptionId.eq(id))
                .one(db)
                .await?;
            Ok::<_, crate::Error>(grant.map(|grant| (grant.ends_at, id)))
        };
        let this = lasts(row.id).await?;
        for other in others {
            if self.account_of(db, &other).await?.lost.is_none() || lasts(other.id).await? > this {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
