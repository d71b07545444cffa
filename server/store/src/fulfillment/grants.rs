//! The role that follows: exactly one grant of a subscription while it is worth something, else none. Grants of other
//! sources are not touched.

use model::{
    Timestamp,
    id::{CommunityId, ConnectionId, PlanId, UserId},
    letter,
    subscription::SubscriptionStatus,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    ModelTrait, PaginatorTrait, QueryFilter, Set,
};

use crate::{
    Store,
    connect::Connection,
    entity::{Scoped, community, grant, subscription, tier},
    error::{Error, Result},
    jobs::{Done, GraceJob},
    letters::open_invoice,
};

impl Store {
    /// `before`: the status that was known until now.
    pub(super) async fn write_grant(
        &self,
        transaction: &DatabaseTransaction,
        connection: &Connection,
        row: &subscription::Model,
        before: Option<SubscriptionStatus>,
    ) -> Result<()> {
        let now = self.now();
        let community = connection.community;
        let grace_days = community::Entity::find_by_id(community.0)
            .one(transaction)
            .await?
            .and_then(|row| u8::try_from(row.grace_days).ok())
            .unwrap_or_default();
        let facts = super::facts_of(row)?;
        let worth = model::entitlement::entitlement(&facts, grace_days, now);
        let known = grant::Entity::within(community)
            .filter(grant::Column::SubscriptionId.eq(row.id))
            .one(transaction)
            .await?;
        let Some(worth) = worth else {
            if let Some(grant) = known {
                self.end_grant(transaction, row, grant).await?;
            } else if row.replaced_by.is_none() {
                let over = letter::given_up(&row.stripe_id, before, facts.status);
                let paused = letter::paused(&row.stripe_id, before, facts.status, row.period_start);
                for letter in over.into_iter().chain(paused) {
                    self.write_letter(transaction, row, &letter).await?;
                }
            }
            return self.write_letters(transaction, row, None).await;
        };
        let tier = tier::Entity::within(community)
            .filter(tier::Column::Id.eq(worth.tier.0))
            .one(transaction)
            .await?
            .ok_or_else(|| Error::inconsistent(format!("tier {} is gone", worth.tier)))?;
        if let Some(grant) = known {
            let mut grant = grant.into_active_model();
            grant.role_id = Set(tier.role_id);
            grant.starts_at = Set(worth.starts_at);
            grant.ends_at = Set(Some(worth.ends_at));
            grant.update(transaction).await?;
        } else {
            let grant = grant::Model {
                id: self.randomness().id(now),
                community_id: community.0,
                user_id: row.user_id,
                role_id: tier.role_id,
                starts_at: worth.starts_at,
                ends_at: Some(worth.ends_at),
                source: "subscription".to_owned(),
                subscription_id: Some(row.id),
                created_at: now,
            };
            grant.into_active_model().insert(transaction).await?;
        }
        self.write_letters(transaction, row, Some(worth.ends_at)).await
    }

    /// The job: works out again what subscriptions with a payment due are worth, because the community's grace days have
    /// changed.
    pub(crate) async fn grant_again(&self, job: &GraceJob, done: &Done) -> Result<()> {
        let community = CommunityId(job.community);
        let due = subscription::Entity::within(community)
            .filter(subscription::Column::Status.eq(SubscriptionStatus::PastDue.as_str()))
            .all(self.database().read())
            .await?;
        let mut outcome = Ok(());
        for seen in due {
            // One that cannot be granted keeps nobody else's waiting.
            outcome = outcome.and(self.grant_one_again(community, &seen).await);
        }
        outcome?;
        self.finish(done).await
    }

    async fn grant_one_again(&self, community: CommunityId, seen: &subscription::Model) -> Result<()> {
        let connection = self.connection(community, ConnectionId(seen.connection_id)).await?;
        let transaction = self.database().begin().await?;
        self.alone_with(&transaction, UserId(seen.user_id), PlanId(seen.plan_id))
            .await?;
        if let Some(row) = subscription::Entity::find_by_id(seen.id).one(&transaction).await? {
            self.write_grant(&transaction, &connection, &row, None).await?;
        }
        transaction.commit().await?;
        self.live().tell(community, Some(UserId(seen.user_id)));
        Ok(())
    }

    /// Whether the role of the subscription's tier is its owner's without it, because it was given to them: now, and at least
    /// until `end`.
    pub(crate) async fn is_given(
        &self,
        db: &impl ConnectionTrait,
        row: &subscription::Model,
        end: Option<Timestamp>,
    ) -> Result<bool> {
        let community = CommunityId(row.community_id);
        let tier = tier::Entity::within(community)
            .filter(tier::Column::Id.eq(row.tier_id))
            .one(db)
            .await?;
        let Some(tier) = tier else { return Ok(false) };
        let now = self.now();
        let lasts = Condition::any()
            .add(grant::Column::EndsAt.is_null())
            .add(grant::Column::EndsAt.gt(end.map_or(now, |end| end.max(now))));
        let given = grant::Entity::within(community)
            .filter(grant::Column::UserId.eq(row.user_id))
            .filter(grant::Column::RoleId.eq(tier.role_id))
            .filter(grant::Column::SubscriptionId.is_null())
            .filter(grant::Column::StartsAt.lte(now))
            .filter(lasts)
            .count(db)
            .await?;
        Ok(given > 0)
    }

    /// The role is over: by what Stripe says, or because its time has come.
    pub(super) async fn end_grant(
        &self,
        transaction: &DatabaseTransaction,
        row: &subscription::Model,
        grant: grant::Model,
    ) -> Result<()> {
        // Who has another subscription on the plan, perhaps on another account, is told of that instead.
        let has_another = subscription::Entity::within(CommunityId(row.community_id))
            .filter(subscription::Column::UserId.eq(row.user_id))
            .filter(subscription::Column::PlanId.eq(row.plan_id))
            .filter(subscription::Column::Id.ne(row.id))
            .filter(subscription::Column::Status.is_in(["trialing", "active"]))
            .count(transaction)
            .await?
            > 0;
        if let (Some(end), None, false) = (grant.ends_at, &row.replaced_by, has_another) {
            let status = super::facts_of(row)?.status;
            let due = match letter::failed_attempt(status, open_invoice(row)?.as_ref()) {
                Some(attempt) if !self.is_written(transaction, row.community_id, &attempt.key).await? => {
                    letter::ended_by(attempt)
                }
                _ => letter::ended(&row.stripe_id, end),
            };
            self.write_letter(transaction, row, &due).await?;
        }
        grant.delete(transaction).await?;
        Ok(())
    }
}
