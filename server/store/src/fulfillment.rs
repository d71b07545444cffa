//! Fulfilment: what Stripe says of a subscription becomes our projection, and the role that follows from it.
//!
//! Called by the worker for events, and by services right after they changed something. It always reads Stripe again,
//! so nothing depends on the order, number or timing of events. A row's revision serialises writers across processes:
//! one whose reading is older than the row starts over.

use model::{
    id::{CommunityId, PlanId, PriceId, TierId, UserId},
    subscription::{Sold, SubscriptionFacts, SubscriptionStatus},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    Set, SqlErr,
};
use uuid::Uuid;

use crate::{
    Store,
    connect::Connection,
    entity::{Scoped, community, customer, grant, plan, price, subscription, tier, user},
    error::{Error, Result},
    stripe::StripeSubscription,
};

pub(crate) use crate::jobs::Done;

/// A writer that keeps losing gives up after this many readings; the job comes back.
const READINGS: u32 = 8;

/// Whose subscription it is, as its metadata says and our tables confirm.
struct Owner {
    user: UserId,
    plan: PlanId,
}

enum Written {
    Yes,
    /// Somebody wrote since we read.
    Outrun,
}

impl Store {
    /// Reads the subscription `id` at Stripe and writes its projection, its grant and `done` in one transaction.
    /// One that is not ours changes nothing but `done`.
    ///
    /// # Errors
    /// What Stripe or the database says.
    pub(crate) async fn sync(&self, connection: &Connection, id: &str, done: &Done) -> Result<()> {
        for _ in 0..READINGS {
            let revision = self.subscription_row(connection, id).await?.map(|row| row.revision);
            let stripe = self.on(connection);
            let answer = stripe.subscription(id).await;
            let read = match self.noticing(connection, answer).await {
                Err(Error::Stripe(error)) if error.is_missing() => return self.finish(done).await,
                other => other?,
            };
            let next = match &read.schedule {
                Some(schedule) => {
                    let answer = stripe.schedule(schedule).await;
                    self.noticing(connection, answer).await?.next
                }
                None => None,
            };
            let Some(owner) = self.owner(connection, &read).await? else {
                tracing::debug!(subscription = id, "not ours");
                return self.finish(done).await;
            };
            match self
                .write_projection(connection, &read, next.as_ref(), &owner, revision, done)
                .await?
            {
                Written::Yes => {
                    self.live().tell(connection.community, Some(owner.user));
                    return Ok(());
                }
                Written::Outrun => {}
            }
        }
        Err(Error::inconsistent(format!(
            "subscription {id} changed {READINGS} times while it was read"
        )))
    }

    async fn subscription_row(&self, connection: &Connection, id: &str) -> Result<Option<subscription::Model>> {
        Ok(subscription::Entity::within(connection.community)
            .filter(subscription::Column::ConnectionId.eq(connection.id.0))
            .filter(subscription::Column::StripeId.eq(id))
            .one(self.database().write())
            .await?)
    }

    /// A Stripe account may serve several programs and several communities: ours is what carries our marks, and whose
    /// customer, plan and community exist here.
    async fn owner(&self, connection: &Connection, read: &StripeSubscription) -> Result<Option<Owner>> {
        let db = self.database().write();
        let marked = |key: &str| read.metadata.get(key).and_then(|text| text.parse::<Uuid>().ok());
        let (Some(community), Some(plan), Some(user)) = (marked("community"), marked("plan"), marked("user")) else {
            return Ok(None);
        };
        if community != connection.community.0 {
            return Ok(None);
        }
        let plan_known = plan::Entity::within(connection.community)
            .filter(plan::Column::Id.eq(plan))
            .one(db)
            .await?;
        let user_known = user::Entity::find_by_id(user).one(db).await?;
        let customer_is_theirs = customer::Entity::within(connection.community)
            .filter(customer::Column::ConnectionId.eq(connection.id.0))
            .filter(customer::Column::StripeId.eq(&read.customer))
            .one(db)
            .await?
            .is_none_or(|row| row.user_id == user);
        if plan_known.is_none() || user_known.is_none() || !customer_is_theirs {
            return Ok(None);
        }
        Ok(Some(Owner {
            user: UserId(user),
            plan: PlanId(plan),
        }))
    }

    async fn write_projection(
        &self,
        connection: &Connection,
        read: &StripeSubscription,
        next: Option<&(String, model::Timestamp)>,
        owner: &Owner,
        revision: Option<i64>,
        done: &Done,
    ) -> Result<Written> {
        let transaction = self.database().begin().await?;
        let known = subscription::Entity::within(connection.community)
            .filter(subscription::Column::ConnectionId.eq(connection.id.0))
            .filter(subscription::Column::StripeId.eq(&read.id))
            .one(&transaction)
            .await?;
        if known.as_ref().map(|row| row.revision) != revision {
            return Ok(Written::Outrun);
        }
        let price_rows = self.price_rows(&transaction, connection, read, next).await?;
        let sold = price_rows.current.as_ref().filter(|_| read.items.len() == 1);
        let sold = match sold {
            Some(row)
                if self
                    .is_of_plan(&transaction, connection.community, row, owner.plan)
                    .await? =>
            {
                Some(Sold {
                    tier: TierId(row.tier_id),
                    price: PriceId(row.id),
                })
            }
            _ => None,
        };
        let item = read.items.first();
        let first_failed_at = (read.status == SubscriptionStatus::PastDue).then(|| {
            let invoice = read
                .latest_invoice
                .as_ref()
                .map_or(read.created, |invoice| invoice.created);
            known
                .as_ref()
                .and_then(|row| row.first_failed_at)
                .map_or(invoice, |first| first.min(invoice))
        });
        let facts = SubscriptionFacts {
            status: read.status,
            sold,
            period_start: item.map_or(read.created, |item| item.period_start),
            period_end: item.map_or(read.created, |item| item.period_end),
            trial_end: read.trial_end,
            cancel_at_period_end: read.cancel_at_period_end,
            cancel_at: read.cancel_at,
            first_failed_at,
        };
        let now = self.now();
        let is_new = known.is_none();
        let row = subscription::Model {
            id: known.as_ref().map_or_else(|| self.randomness().id(now), |row| row.id),
            community_id: connection.community.0,
            connection_id: connection.id.0,
            user_id: owner.user.0,
            plan_id: owner.plan.0,
            tier_id: sold.map(|sold| sold.tier.0),
            price_id: sold.map(|sold| sold.price.0),
            stripe_id: read.id.clone(),
            item_id: item.map(|item| item.id.clone()).unwrap_or_default(),
            status: read.status.as_str().to_owned(),
            stripe_created: read.created,
            period_start: facts.period_start,
            period_end: facts.period_end,
            trial_end: facts.trial_end,
            cancel_at_period_end: facts.cancel_at_period_end,
            cancel_at: facts.cancel_at,
            first_failed_at,
            schedule_id: read.schedule.clone(),
            pending_price_id: price_rows.next.as_ref().map(|row| row.id),
            pending_at: price_rows.next.as_ref().and(next).map(|(_, at)| *at),
            latest_invoice: read.latest_invoice.as_ref().map(|invoice| invoice.id.clone()),
            pay_url: read
                .latest_invoice
                .as_ref()
                .filter(|invoice| invoice.is_open)
                .and_then(|i| i.hosted_url.clone()),
            revision: revision.unwrap_or_default() + 1,
            updated_at: now,
        };
        let subscription = row.id;
        let written = if is_new {
            row.into_active_model().insert(&transaction).await.map(drop)
        } else {
            let mut row = row.into_active_model().reset_all();
            row.revision = Set(revision.unwrap_or_default() + 1);
            let updated = subscription::Entity::update_many()
                .set(row)
                .filter(subscription::Column::Id.eq(subscription))
                .filter(subscription::Column::Revision.eq(revision.unwrap_or_default()))
                .exec(&transaction)
                .await?;
            if updated.rows_affected == 0 {
                return Ok(Written::Outrun);
            }
            Ok(())
        };
        match written {
            Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
                return Ok(Written::Outrun);
            }
            other => other?,
        }
        self.write_grant(&transaction, connection.community, owner.user, subscription, &facts)
            .await?;
        if is_new {
            self.add_member(&transaction, connection.community, owner.user.0)
                .await?;
        }
        done.write(&transaction).await?;
        transaction.commit().await?;
        Ok(Written::Yes)
    }

    /// The role that follows: exactly one grant of this subscription, or none. Grants of other sources are not touched.
    async fn write_grant(
        &self,
        transaction: &DatabaseTransaction,
        community: CommunityId,
        user: UserId,
        subscription: Uuid,
        facts: &SubscriptionFacts,
    ) -> Result<()> {
        let now = self.now();
        let grace_days = community::Entity::find_by_id(community.0)
            .one(transaction)
            .await?
            .and_then(|row| u8::try_from(row.grace_days).ok())
            .unwrap_or_default();
        let worth = model::entitlement::entitlement(facts, grace_days, now);
        let known = grant::Entity::within(community)
            .filter(grant::Column::SubscriptionId.eq(subscription))
            .one(transaction)
            .await?;
        let Some(worth) = worth else {
            if let Some(grant) = known {
                grant.into_active_model().delete(transaction).await?;
            }
            return Ok(());
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
                user_id: user.0,
                role_id: tier.role_id,
                starts_at: worth.starts_at,
                ends_at: Some(worth.ends_at),
                source: "subscription".to_owned(),
                subscription_id: Some(subscription),
                created_at: now,
            };
            grant.into_active_model().insert(transaction).await?;
        }
        Ok(())
    }

    async fn price_rows(
        &self,
        db: &impl ConnectionTrait,
        connection: &Connection,
        read: &StripeSubscription,
        next: Option<&(String, model::Timestamp)>,
    ) -> Result<PriceRows> {
        let find = async |stripe_id: &str| {
            price::Entity::within(connection.community)
                .filter(price::Column::ConnectionId.eq(connection.id.0))
                .filter(price::Column::StripeId.eq(stripe_id))
                .one(db)
                .await
        };
        let current = match read.items.first() {
            Some(item) => find(&item.price).await?,
            None => None,
        };
        let next = match next {
            Some((price, _)) => find(price).await?,
            None => None,
        };
        Ok(PriceRows { current, next })
    }

    async fn is_of_plan(
        &self,
        db: &impl ConnectionTrait,
        community: CommunityId,
        price: &price::Model,
        plan: PlanId,
    ) -> Result<bool> {
        let tier = tier::Entity::within(community)
            .filter(tier::Column::Id.eq(price.tier_id))
            .one(db)
            .await?;
        Ok(tier.is_some_and(|tier| tier.plan_id == plan.0))
    }

    /// Ends jobs that left nothing else to write.
    pub(crate) async fn finish(&self, done: &Done) -> Result<()> {
        let transaction = self.database().begin().await?;
        done.write(&transaction).await?;
        transaction.commit().await?;
        Ok(())
    }
}

struct PriceRows {
    current: Option<price::Model>,
    next: Option<price::Model>,
}
