//! Open Checkout sessions for a price that is not sold any more: Stripe would refuse the payment on a page that looks as
//! if it could be paid. They are expired by a job, for there may be many; the customer's next press makes a new one.

use model::id::{CommunityId, ConnectionId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use crate::{
    Store,
    connect::Connection,
    entity::{Scoped, checkout, price, tier},
    error::{Error, Result},
    jobs::{Done, StaleCheckoutsJob},
    stripe::CheckoutStatus,
};

impl Store {
    /// Enqueues the work, if there is any, when a tier's prices are what they are to be at Stripe.
    pub(super) async fn notice_stale_checkouts(&self, connection: &Connection, tier: &tier::Model) -> Result<()> {
        let transaction = self.database().begin().await?;
        if !stale(&transaction, connection, tier).await?.is_empty() {
            let job = StaleCheckoutsJob {
                community: connection.community.0,
                connection: connection.id.0,
                tier: tier.id,
            };
            self.enqueue_stale_checkouts(&transaction, &connection.account, &job)
                .await?;
        }
        transaction.commit().await?;
        self.jobs_arrived();
        Ok(())
    }

    pub(crate) async fn end_stale_checkouts(&self, job: &StaleCheckoutsJob, done: &Done) -> Result<()> {
        let community = CommunityId(job.community);
        let connection = self.connection(community, ConnectionId(job.connection)).await?;
        let db = self.database().write();
        let tier = tier::Entity::within(community)
            .filter(tier::Column::Id.eq(job.tier))
            .one(db)
            .await?
            .ok_or_else(|| Error::inconsistent(format!("tier {} is gone", job.tier)))?;
        for row in stale(db, &connection, &tier).await? {
            match self.end_stale_checkout(&connection, &row).await {
                // Nothing can be paid on an account that is out of reach.
                Err(Error::Stripe(error)) if error.is_account_gone() => break,
                other => other?,
            }
        }
        self.finish(done).await
    }

    async fn end_stale_checkout(&self, connection: &Connection, row: &checkout::Model) -> Result<()> {
        let Some(session) = &row.stripe_id else {
            // Whoever makes it at this moment finds the row given up, and expires it.
            checkout::Entity::update_many()
                .col_expr(checkout::Column::Status, Expr::value(CheckoutStatus::Expired.as_str()))
                .filter(checkout::Column::Id.eq(row.id))
                .filter(checkout::Column::StripeId.is_null())
                .exec(self.database().write())
                .await?;
            return Ok(());
        };
        let answer = self
            .on(connection)
            .expire_checkout(&format!("expire:{}", row.id), session)
            .await;
        match self.noticing(connection, answer).await {
            Err(Error::Stripe(error)) if error.is_missing() => {
                self.set_checkout_status(row, CheckoutStatus::Expired).await
            }
            Err(error) => Err(error),
            // Expired; or paid at the last moment, and then its subscription is fetched.
            Ok(_) => self.work_checkout(connection, session).await,
        }
    }
}

/// Open checkouts of the tier at a price that is not sold any more; all of them when the tier is not.
async fn stale(db: &impl ConnectionTrait, connection: &Connection, tier: &tier::Model) -> Result<Vec<checkout::Model>> {
    let sold: Vec<Uuid> = if tier.active {
        price::Entity::within(connection.community)
            .filter(price::Column::ConnectionId.eq(connection.id.0))
            .filter(price::Column::TierId.eq(tier.id))
            .filter(price::Column::Active.eq(true))
            .select_only()
            .column(price::Column::Id)
            .into_tuple()
            .all(db)
            .await?
    } else {
        Vec::new()
    };
    Ok(checkout::Entity::within(connection.community)
        .filter(checkout::Column::ConnectionId.eq(connection.id.0))
        .filter(checkout::Column::TierId.eq(tier.id))
        .filter(checkout::Column::Status.eq(CheckoutStatus::Open.as_str()))
        .filter(checkout::Column::PriceId.is_not_in(sold))
        .all(db)
        .await?)
}
