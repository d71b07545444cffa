//! Fulfilment: what Stripe says of a subscription becomes our projection, and the role that follows from it.
//!
//! Called by the worker for events, and by services right after they changed something. It always reads Stripe again,
//! so nothing depends on the order, number or timing of events. A row's revision serialises writers across processes:
//! one whose reading is older than the row starts over. What is written about one customer's plan is written by one
//! transaction at a time ([`Database::serialise`](crate::Database)).

use model::{
    id::{PlanId, UserId},
    subscription::SubscriptionFacts,
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    Store,
    connect::Connection,
    entity::{Scoped, customer, plan, subscription, user},
    error::{Error, Result},
    stripe::StripeSubscription,
};

mod attention;
mod elsewhere;
mod grants;
mod lapsing;
mod projection;
mod reading;
mod surplus;
mod winding_up;

pub(crate) use self::winding_up::WindingUp;
pub(crate) use crate::jobs::Done;
use reading::Reading;

/// By then somebody else has read what we came for ([`Store::sync`]); more would be a fault of ours.
const READINGS: u32 = 4;

/// Whose subscription it is, as its metadata says and our tables confirm.
#[derive(Debug, Clone, Copy)]
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
    /// Who loses to other writers is not kept at it: each revision was read after the one before it was written. Two of
    /// them later, somebody has read Stripe since this call began, and what this came to write is there.
    ///
    /// # Errors
    /// What Stripe or the database says.
    pub(crate) async fn sync(&self, connection: &Connection, id: &str, done: &Done) -> Result<()> {
        let mut at_first = None;
        for _ in 0..READINGS {
            let known = self.subscription_row(connection, id).await?;
            let now_at = known.as_ref().map_or(0, |row| row.revision);
            if now_at >= *at_first.get_or_insert(now_at) + 2 {
                return self.finish(done).await;
            }
            let Some(reading) = self.read_subscription(connection, id).await? else {
                return self.missing_at_stripe(connection, known, done).await;
            };
            let Some(owner) = self.owner(connection, known.as_ref(), &reading.subscription).await? else {
                return self.finish(&done.not_ours("the subscription is not one of ours")).await;
            };
            let revision = known.map(|row| row.revision);
            match self
                .write_projection(connection, &reading, owner, revision, done)
                .await?
            {
                Written::Yes => {
                    self.jobs_arrived();
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

    /// The row as Stripe's subscription, which is listed as `read`, would have it written now; nothing is written.
    pub(crate) async fn expected_row(
        &self,
        connection: &Connection,
        row: &subscription::Model,
        read: StripeSubscription,
    ) -> Result<subscription::Model> {
        let owner = Owner {
            user: UserId(row.user_id),
            plan: PlanId(row.plan_id),
        };
        let reading = self.read_around(connection, read).await?;
        let read = self.database().read();
        self.projected(read, connection, &reading, owner, Some(row)).await
    }

    pub(crate) async fn subscription_row(
        &self,
        connection: &Connection,
        id: &str,
    ) -> Result<Option<subscription::Model>> {
        Ok(subscription::Entity::within(connection.community)
            .filter(subscription::Column::ConnectionId.eq(connection.id.0))
            .filter(subscription::Column::StripeId.eq(id))
            .one(self.database().write())
            .await?)
    }

    /// A Stripe account may serve several programs and several communities: ours is what we know already, or what carries
    /// our marks, is for a plan and a user that exist here, and is paid by nobody else's Stripe customer. One that is not
    /// known here will do: after a backup was put back, whoever paid since is to have what is theirs.
    async fn owner(
        &self,
        connection: &Connection,
        known: Option<&subscription::Model>,
        read: &StripeSubscription,
    ) -> Result<Option<Owner>> {
        if let Some(row) = known {
            // Whatever became of its marks.
            return Ok(Some(Owner {
                user: UserId(row.user_id),
                plan: PlanId(row.plan_id),
            }));
        }
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

    /// Whether it is one of ours, known here or not yet.
    pub(crate) async fn is_ours(&self, connection: &Connection, read: &StripeSubscription) -> Result<bool> {
        let known = self.subscription_row(connection, &read.id).await?;
        Ok(self.owner(connection, known.as_ref(), read).await?.is_some())
    }

    /// Until the transaction ends, nobody else writes what this customer holds of this plan.
    async fn alone_with(&self, transaction: &DatabaseTransaction, user: UserId, plan: PlanId) -> Result<()> {
        let both = format!("{user}:{plan}");
        Ok(self.database().serialise(transaction, &both).await?)
    }

    /// Ends jobs that left nothing else to write.
    pub(crate) async fn finish(&self, done: &Done) -> Result<()> {
        let transaction = self.database().begin().await?;
        done.write(&transaction).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// The stored facts of a subscription, for the pure rules.
pub(crate) fn facts_of(row: &subscription::Model) -> Result<SubscriptionFacts> {
    use model::{
        id::{PriceId, TierId},
        subscription::{Sold, SubscriptionStatus},
    };
    let status = SubscriptionStatus::parse(&row.status)
        .ok_or_else(|| Error::inconsistent(format!("subscription {}: status {}", row.id, row.status)))?;
    let sold = match (row.tier_id, row.price_id) {
        (Some(tier), Some(price)) => Some(Sold {
            tier: TierId(tier),
            price: PriceId(price),
        }),
        _ => None,
    };
    Ok(SubscriptionFacts {
        status,
        sold,
        period_start: row.period_start,
        period_end: row.period_end,
        trial_end: row.trial_end,
        cancel_at_period_end: row.cancel_at_period_end,
        cancel_at: row.cancel_at,
        first_failed_at: row.first_failed_at,
    })
}
