//! What an event causes. An event says *that* something changed; what it is now is read from Stripe.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    Store,
    connect::Connection,
    entity::{Scoped, checkout, customer, product},
    error::{Error, Result},
    jobs::{Done, EventJob},
};

impl Store {
    /// Works the events of one object of one account; `done` is written with whatever they cause.
    ///
    /// # Errors
    /// What Stripe or the database says; the jobs come back later.
    pub(crate) async fn work_event(&self, job: &EventJob, done: &Done) -> Result<()> {
        if job.livemode != self.settings().livemode {
            return self
                .finish(&done.not_ours("the event is of the other mode (live or test)"))
                .await;
        }
        let connections = self.connections_to(&job.account).await?;
        if job.account.is_empty() || connections.is_empty() {
            return self
                .finish(&done.not_ours("no community is connected to this account"))
                .await;
        }
        if job.kinds.iter().any(|kind| kind == "account.application.deauthorized") {
            for connection in &connections {
                self.mark_disconnected(connection, "access was revoked at Stripe")
                    .await?;
            }
            return self.finish(done).await;
        }
        let Some(object) = &job.object_id else {
            return self.finish(done).await;
        };
        // One transaction for what it causes and its end, wherever one community alone is concerned.
        let within = if connections.len() == 1 {
            done.clone()
        } else {
            Done::nothing()
        };
        for connection in &connections {
            self.work_object(connection, job, object, &within).await?;
        }
        self.finish(done).await
    }

    async fn work_object(&self, connection: &Connection, job: &EventJob, object: &str, done: &Done) -> Result<()> {
        if connection.disconnected && job.object_kind != "account" {
            // Nothing can be read after access was taken away; a reconnection brings a reconciliation.
            return Ok(());
        }
        match job.object_kind.as_str() {
            "account" | "application" => self.read_account(connection).await,
            "subscription" => self.sync(connection, object, done).await,
            "checkout.session" => self.work_checkout(connection, object).await,
            "invoice" => self.work_invoice(connection, object, done).await,
            "product" | "price" => self.work_catalog(connection, job, object).await,
            "customer" => self.work_customer(connection, job, object).await,
            _ => Ok(()),
        }
    }

    async fn work_checkout(&self, connection: &Connection, id: &str) -> Result<()> {
        let row = checkout::Entity::within(connection.community)
            .filter(checkout::Column::ConnectionId.eq(connection.id.0))
            .filter(checkout::Column::StripeId.eq(id))
            .one(self.database().write())
            .await?;
        let answer = self.on(connection).checkout(id).await;
        let session = match self.noticing(connection, answer).await {
            Err(Error::Stripe(error)) if error.is_missing() => return Ok(()),
            other => other?,
        };
        if let Some(subscription) = &session.subscription {
            self.sync(connection, subscription, &Done::nothing()).await?;
        }
        if let Some(row) = row {
            self.set_checkout_status(&row, session.status).await?;
        }
        Ok(())
    }

    async fn work_invoice(&self, connection: &Connection, id: &str, done: &Done) -> Result<()> {
        let answer = self.on(connection).subscription_of_invoice(id).await;
        match self.noticing(connection, answer).await {
            Err(Error::Stripe(error)) if error.is_missing() => Ok(()),
            Err(error) => Err(error),
            Ok(None) => Ok(()),
            Ok(Some(subscription)) => self.sync(connection, &subscription, done).await,
        }
    }

    async fn work_catalog(&self, connection: &Connection, job: &EventJob, object: &str) -> Result<()> {
        self.catalog_cache().forget(connection.id);
        if job.kinds.iter().any(|kind| kind == "product.deleted") {
            product::Entity::update_many()
                .col_expr(product::Column::Broken, Expr::value(true))
                .filter(product::Column::CommunityId.eq(connection.community.0))
                .filter(product::Column::ConnectionId.eq(connection.id.0))
                .filter(product::Column::StripeId.eq(object))
                .exec(self.database().write())
                .await?;
        }
        self.live().tell(connection.community, None);
        Ok(())
    }

    /// A deleted Stripe customer is made again at the next purchase.
    async fn work_customer(&self, connection: &Connection, job: &EventJob, object: &str) -> Result<()> {
        if job.kinds.iter().any(|kind| kind == "customer.deleted") {
            customer::Entity::delete_many()
                .filter(customer::Column::CommunityId.eq(connection.community.0))
                .filter(customer::Column::ConnectionId.eq(connection.id.0))
                .filter(customer::Column::StripeId.eq(object))
                .exec(self.database().write())
                .await?;
        }
        Ok(())
    }
}
