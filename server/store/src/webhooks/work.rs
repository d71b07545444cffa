//! What an event causes. An event says *that* something changed; what it is now is read from Stripe.

use model::{
    attention::{AttentionKind, PARTLY},
    merchant_letter::DisputeNews,
    money::{Currency, Money},
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::{
    Store,
    attention::Note,
    connect::Connection,
    entity::{Scoped, checkout, customer, subscription, tier, user},
    error::{Error, Result},
    jobs::{Done, EventJob},
    letters::{Disputed, MerchantLetter},
    stripe::{CheckoutStatus, RefundedCharge, StripeDispute},
};

impl Store {
    /// Works the events of one object of one account; `done` is written with whatever they cause.
    ///
    /// # Errors
    /// What Stripe or the database says; the jobs come back later.
    pub(crate) async fn work_event(&self, job: &EventJob, done: &Done) -> Result<()> {
        let connections = self.connections_to(&job.account).await?;
        if job.account.is_empty() || connections.is_empty() {
            return self
                .finish(&done.not_ours("no community is connected to this account"))
                .await;
        }
        if job.kinds.iter().any(|kind| kind == "account.application.deauthorized") {
            // Its object is the application. Access may be back by now: whether an account can be read tells.
            for connection in connections.iter().filter(|connection| connection.current) {
                self.read_account(connection).await?;
            }
            return self.finish(done).await;
        }
        let Some(object) = &job.object_id else {
            return self.finish(&done.not_ours("the event names no object")).await;
        };
        // One transaction for what it causes and its end, wherever one community alone is concerned.
        let within = if connections.len() == 1 {
            done.clone()
        } else {
            Done::nothing()
        };
        for connection in &connections {
            match self.work_object(connection, job, object, &within).await {
                // Noticed already. A reconnection brings a reconciliation.
                Err(Error::Stripe(error)) if error.is_account_gone() => {}
                other => other?,
            }
        }
        self.finish(done).await
    }

    async fn work_object(&self, connection: &Connection, job: &EventJob, object: &str, done: &Done) -> Result<()> {
        if connection.disconnected && !matches!(job.object_kind.as_str(), "account" | "application") {
            // Nothing can be read after access was taken away; a reconnection brings a reconciliation.
            let why = "access to the account was taken away; connecting it again compares everything";
            return self.finish(&done.not_ours(why)).await;
        }
        match job.object_kind.as_str() {
            "account" | "application" if connection.current => self.read_account(connection).await,
            "subscription" => self.sync(connection, object, done).await,
            "subscription_schedule" => self.work_schedule(connection, object, done).await,
            "checkout.session" => self.work_checkout(connection, object).await,
            "invoice" => self.work_invoice(connection, object, done).await,
            "product" | "price" => self.work_catalog(connection, job, object).await,
            "customer" => self.work_customer(connection, object).await,
            "payment_method" => self.work_card(connection, object).await,
            "charge" => self.work_charge(connection, object).await,
            "refund" => self.work_refund(connection, object).await,
            "dispute" => self.work_dispute(connection, object).await,
            _ => {
                self.finish(&done.not_ours("nothing here depends on such objects"))
                    .await
            }
        }
    }

    async fn work_schedule(&self, connection: &Connection, id: &str, done: &Done) -> Result<()> {
        let answer = self.on(connection).schedule(id).await;
        let subscription = match self.noticing(connection, answer).await {
            Err(Error::Stripe(error)) if error.is_missing() => None,
            other => other?.subscription,
        };
        // A schedule that was released or has ended has let go of its subscription; our row still knows it.
        let known = subscription::Entity::within(connection.community)
            .filter(subscription::Column::ConnectionId.eq(connection.id.0))
            .filter(subscription::Column::ScheduleId.eq(id))
            .one(self.database().write())
            .await?
            .map(|row| row.stripe_id);
        match subscription.or(known) {
            Some(subscription) => self.sync(connection, &subscription, done).await,
            None => Ok(()),
        }
    }

    pub(crate) async fn work_checkout(&self, connection: &Connection, id: &str) -> Result<()> {
        let row = checkout::Entity::within(connection.community)
            .filter(checkout::Column::ConnectionId.eq(connection.id.0))
            .filter(checkout::Column::StripeId.eq(id))
            .one(self.database().write())
            .await?;
        let answer = self.on(connection).checkout(id).await;
        let session = match self.noticing(connection, answer).await {
            Err(Error::Stripe(error)) if error.is_missing() => return self.forget_checkout(connection, row, id).await,
            other => other?,
        };
        if let Some(subscription) = &session.subscription {
            self.sync(connection, subscription, &Done::nothing()).await?;
        }
        if let Some(row) = row {
            self.set_checkout_status(&row, session.status).await?;
        } else {
            self.settle_card_setup(connection, id).await?;
        }
        Ok(())
    }

    /// Stripe does not find the session: nothing will come of it.
    async fn forget_checkout(&self, connection: &Connection, row: Option<checkout::Model>, id: &str) -> Result<()> {
        match row.filter(|row| row.status == CheckoutStatus::Open.as_str()) {
            Some(row) => self.set_checkout_status(&row, CheckoutStatus::Expired).await,
            None => self.forget_card_setup(connection, id).await,
        }
    }

    async fn work_invoice(&self, connection: &Connection, id: &str, done: &Done) -> Result<()> {
        let answer = self.on(connection).invoice(id).await;
        match self.noticing(connection, answer).await {
            Err(Error::Stripe(error)) if error.is_missing() => Ok(()),
            Err(error) => Err(error),
            Ok(invoice) => match invoice.subscription {
                Some(subscription) => self.sync(connection, &subscription, done).await,
                None => Ok(()),
            },
        }
    }

    /// Whether tiers of ours are broken is read from Stripe, as everything is.
    async fn work_catalog(&self, connection: &Connection, job: &EventJob, object: &str) -> Result<()> {
        self.catalog_cache().forget(connection.id);
        if job.object_kind == "product" {
            self.read_product(connection, object).await?;
        }
        self.live().tell(connection.community, None);
        Ok(())
    }

    /// A deleted Stripe customer is made again at the next purchase; saved cards are projected.
    async fn work_customer(&self, connection: &Connection, id: &str) -> Result<()> {
        let row = customer::Entity::within(connection.community)
            .filter(customer::Column::ConnectionId.eq(connection.id.0))
            .filter(customer::Column::StripeId.eq(id))
            .one(self.database().write())
            .await?;
        match row {
            Some(row) => self.read_customer(connection, row).await,
            None => Ok(()),
        }
    }

    /// Whose card it is Stripe says, or (when it is nobody's any more) our rows do.
    async fn work_card(&self, connection: &Connection, id: &str) -> Result<()> {
        let answer = self.on(connection).customer_of_card(id).await;
        let owner = match self.noticing(connection, answer).await {
            Err(Error::Stripe(error)) if error.is_missing() => None,
            other => other?,
        };
        if let Some(owner) = owner {
            return self.work_customer(connection, &owner).await;
        }
        let rows = customer::Entity::within(connection.community)
            .filter(customer::Column::ConnectionId.eq(connection.id.0))
            .filter(customer::Column::StripeId.is_not_null())
            .all(self.database().write())
            .await?;
        for row in rows {
            if crate::cards::saved(&row)?.iter().any(|card| card.id == id) {
                self.read_customer(connection, row).await?;
            }
        }
        Ok(())
    }

    /// One reading at a time: an older answer must not replace a newer one.
    pub(crate) async fn work_charge(&self, connection: &Connection, id: &str) -> Result<()> {
        let name = format!("charge:{}:{id}", connection.id);
        self.alone(name, Box::pin(self.work_charge_alone(connection, id))).await
    }

    async fn work_charge_alone(&self, connection: &Connection, id: &str) -> Result<()> {
        let answer = self.on(connection).charge(id).await;
        let charge = match self.noticing(connection, answer).await {
            Err(Error::Stripe(error)) if error.is_missing() => return Ok(()),
            other => other?,
        };
        if charge.refunded == 0 {
            // A refund that failed gave nothing back.
            return self.dismiss_note(connection, AttentionKind::Refund, &charge.id).await;
        }
        let note = Note {
            amount: Some((charge.refunded, charge.currency.clone())),
            standing: (charge.refunded < charge.amount).then(|| PARTLY.to_owned()),
            since: Some(charge.created),
            ..Note::about(AttentionKind::Refund, &charge.id, None)
        };
        self.note_payment(connection, &charge, note, None).await
    }

    async fn work_refund(&self, connection: &Connection, id: &str) -> Result<()> {
        let answer = self.on(connection).charge_of_refund(id).await;
        match self.noticing(connection, answer).await {
            Ok(Some(charge)) => self.work_charge(connection, &charge).await,
            Ok(None) => Ok(()),
            Err(Error::Stripe(error)) if error.is_missing() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// One reading at a time, as of a charge.
    pub(crate) async fn work_dispute(&self, connection: &Connection, id: &str) -> Result<()> {
        let name = format!("dispute:{}:{id}", connection.id);
        self.alone(name, Box::pin(self.work_dispute_alone(connection, id)))
            .await
    }

    async fn work_dispute_alone(&self, connection: &Connection, id: &str) -> Result<()> {
        let stripe = self.on(connection);
        let answer = stripe.dispute(id).await;
        let dispute = match self.noticing(connection, answer).await {
            Err(Error::Stripe(error)) if error.is_missing() => return Ok(()),
            other => other?,
        };
        let answer = stripe.charge(&dispute.charge).await;
        let charge = self.noticing(connection, answer).await?;
        let note = Note {
            amount: Some((dispute.amount, dispute.currency.clone())),
            standing: Some(dispute.status.clone()),
            since: Some(dispute.created),
            ..Note::about(AttentionKind::Dispute, &dispute.id, None)
        };
        self.note_payment(connection, &charge, note, Some(&dispute)).await
    }

    /// Notes something about a payment of one of our customers for one of our subscriptions; others are not ours. The
    /// merchants are written to about a dispute.
    async fn note_payment(
        &self,
        connection: &Connection,
        charge: &RefundedCharge,
        note: Note<'_>,
        dispute: Option<&StripeDispute>,
    ) -> Result<()> {
        let Some(id) = self.paid_subscription(connection, charge).await? else {
            return Ok(());
        };
        if self.subscription_row(connection, &id).await?.is_none() {
            // Its own events are still on their way.
            self.sync(connection, &id, &Done::nothing()).await?;
        }
        let Some(subscription) = self.subscription_row(connection, &id).await? else {
            return Ok(());
        };
        let note = Note {
            user: Some(subscription.user_id),
            subscription: Some(&subscription),
            ..note
        };
        let transaction = self.database().begin().await?;
        self.note(&transaction, connection, note).await?;
        if let Some(dispute) = dispute {
            self.write_about_dispute(&transaction, connection, dispute, &subscription)
                .await?;
        }
        transaction.commit().await?;
        self.jobs_arrived();
        self.live().tell(connection.community, None);
        Ok(())
    }

    /// The subscription that one of our customers paid for with this charge, whoever's it is.
    pub(crate) async fn paid_subscription(
        &self,
        connection: &Connection,
        charge: &RefundedCharge,
    ) -> Result<Option<String>> {
        let (Some(customer), Some(intent)) = (&charge.customer, &charge.intent) else {
            return Ok(None);
        };
        let row = customer::Entity::within(connection.community)
            .filter(customer::Column::ConnectionId.eq(connection.id.0))
            .filter(customer::Column::StripeId.eq(customer))
            .one(self.database().read())
            .await?;
        if row.is_none() {
            return Ok(None);
        }
        let answer = self.on(connection).subscription_of_payment(intent).await;
        self.noticing(connection, answer).await
    }

    /// A letter for each thing that becomes of a dispute, however often and in whatever order its events come.
    async fn write_about_dispute(
        &self,
        transaction: &DatabaseTransaction,
        connection: &Connection,
        dispute: &StripeDispute,
        subscription: &subscription::Model,
    ) -> Result<()> {
        let Some(news) = DisputeNews::of(&dispute.status) else {
            return Ok(());
        };
        let member = user::Entity::find_by_id(subscription.user_id).one(transaction).await?;
        let tier = match subscription.tier_id {
            Some(id) => {
                tier::Entity::within(connection.community)
                    .filter(tier::Column::Id.eq(id))
                    .one(transaction)
                    .await?
            }
            None => None,
        };
        let amount = Currency::parse(&dispute.currency).map_or_else(
            |_| format!("{} {}", dispute.amount, dispute.currency),
            |currency| Money::new(dispute.amount, currency).to_string(),
        );
        let disputed = Disputed {
            member: member.as_ref().map_or("a member", |user| &user.email),
            amount: &amount,
            tier: tier.as_ref().map_or("", |tier| &tier.label),
            answer_by: dispute.answer_by,
        };
        let key = format!("dispute:{}:{}", dispute.id, dispute.status);
        let letter = MerchantLetter::Dispute(news, &disputed);
        self.write_to_merchants(transaction, connection.community, &key, &letter)
            .await
    }
}
