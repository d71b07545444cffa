//! Open Checkout sessions for what is not sold any more (an old price, an inactive tier, an archived plan, a paused shop) or
//! not needed any more: Stripe would take the payment all the same, or refuse it on a page that looks as if it could be paid.
//! They are expired by jobs, for there may be many; the customer's next press makes a new one.

use chrono::Duration;
use model::id::{CommunityId, ConnectionId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use super::tiers_for_sale;
use crate::{
    Store,
    connect::Connection,
    entity::{Scoped, checkout, community, price, subscription},
    error::{Error, Result},
    jobs::{Done, ExpiryJob},
    stripe::CheckoutStatus,
};

impl Store {
    /// Enqueues the end of each for what is not sold any more; to be called when that changed.
    pub(crate) async fn notice_stale_checkouts(&self, connection: &Connection) -> Result<()> {
        let transaction = self.database().begin().await?;
        for row in stale(&transaction, connection).await? {
            self.enqueue_expiry(&transaction, connection, &row).await?;
        }
        transaction.commit().await?;
        self.jobs_arrived();
        Ok(())
    }

    /// The same for one that was opened while `row` was not paid: now it is, and nothing shall be bought beside it.
    pub(crate) async fn notice_needless_checkout(
        &self,
        transaction: &impl ConnectionTrait,
        connection: &Connection,
        row: &subscription::Model,
    ) -> Result<()> {
        let needless = checkout::Entity::within(connection.community)
            .filter(checkout::Column::ConnectionId.eq(connection.id.0))
            .filter(checkout::Column::UserId.eq(row.user_id))
            .filter(checkout::Column::PlanId.eq(row.plan_id))
            .filter(checkout::Column::Status.eq(CheckoutStatus::Open.as_str()))
            // Not its own, which is older than what was bought by it; Stripe counts whole seconds.
            .filter(checkout::Column::CreatedAt.gt(row.stripe_created + Duration::seconds(1)))
            .all(transaction)
            .await?;
        for checkout in needless {
            self.enqueue_expiry(transaction, connection, &checkout).await?;
        }
        Ok(())
    }

    /// Expires all of them, now: the connection is about to end.
    ///
    /// # Errors
    /// What Stripe says; nothing when the account is out of reach, where nothing can be paid.
    pub(crate) async fn expire_every_checkout(&self, connection: &Connection) -> Result<()> {
        let open = checkout::Entity::within(connection.community)
            .filter(checkout::Column::ConnectionId.eq(connection.id.0))
            .filter(checkout::Column::Status.eq(CheckoutStatus::Open.as_str()))
            .all(self.database().write())
            .await?;
        for row in open {
            match self.expire_open(connection, &row).await {
                Err(Error::Stripe(error)) if error.is_account_gone() => return Ok(()),
                other => other?,
            }
        }
        Ok(())
    }

    /// The job.
    pub(crate) async fn expire_checkout(&self, job: &ExpiryJob, done: &Done) -> Result<()> {
        let community = CommunityId(job.community);
        let connection = self.connection(community, ConnectionId(job.connection)).await?;
        let open = checkout::Entity::within(community)
            .filter(checkout::Column::Id.eq(job.checkout))
            .filter(checkout::Column::Status.eq(CheckoutStatus::Open.as_str()))
            .one(self.database().write())
            .await?;
        if let Some(row) = open {
            match self.expire_open(&connection, &row).await {
                // Nothing can be paid on an account that is out of reach.
                Err(Error::Stripe(error)) if error.is_account_gone() => {}
                other => other?,
            }
        }
        self.finish(done).await
    }

    async fn expire_open(&self, connection: &Connection, row: &checkout::Model) -> Result<()> {
        let session = match &row.stripe_id {
            Some(session) => session.clone(),
            None => match self.give_up_unmade_row(connection, row).await? {
                Some(session) => session,
                None => return Ok(()),
            },
        };
        let session = &session;
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

impl Store {
    /// A row whose session is not here yet: whoever makes it at this moment finds the row given up, and expires it. If it
    /// has arrived since the row was read, it is answered.
    async fn give_up_unmade_row(&self, connection: &Connection, row: &checkout::Model) -> Result<Option<String>> {
        let given_up = checkout::Entity::update_many()
            .col_expr(checkout::Column::Status, Expr::value(CheckoutStatus::Expired.as_str()))
            .filter(checkout::Column::Id.eq(row.id))
            .filter(checkout::Column::StripeId.is_null())
            .exec(self.database().write())
            .await?;
        if given_up.rows_affected > 0 {
            return Ok(None);
        }
        let now = checkout::Entity::within(connection.community)
            .filter(checkout::Column::Id.eq(row.id))
            .filter(checkout::Column::Status.eq(CheckoutStatus::Open.as_str()))
            .one(self.database().write())
            .await?;
        Ok(now.and_then(|now| now.stripe_id))
    }
}

/// Open checkouts at prices that nobody can buy at any more.
async fn stale(db: &impl ConnectionTrait, connection: &Connection) -> Result<Vec<checkout::Model>> {
    let community = connection.community;
    let is_paused = community::Entity::find_by_id(community.0)
        .one(db)
        .await?
        .is_some_and(|community| community.shop_paused);
    let open = checkout::Entity::within(community)
        .filter(checkout::Column::ConnectionId.eq(connection.id.0))
        .filter(checkout::Column::Status.eq(CheckoutStatus::Open.as_str()));
    if is_paused {
        return Ok(open.all(db).await?);
    }
    let tiers = tiers_for_sale(db, community).await?;
    let sold: Vec<Uuid> = price::Entity::within(community)
        .filter(price::Column::ConnectionId.eq(connection.id.0))
        .filter(price::Column::Active.eq(true))
        .filter(price::Column::TierId.is_in(tiers))
        .select_only()
        .column(price::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(open.filter(checkout::Column::PriceId.is_not_in(sold)).all(db).await?)
}
