//! Cancelling, taking a cancellation back, and ending now.

use model::{Problem, Refusal, id::PlanId, subscription::SubscriptionStatus};
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::{Held, Shopping, instead};
use crate::{
    Store,
    actor::{Customer, Merchant},
    connect::Connection,
    entity::{Scoped, subscription},
    error::Result,
    fulfillment::{Done, WindingUp},
};

impl Shopping<'_> {
    /// The cancelling table.
    pub(super) async fn end(&self, customer: &Customer, plan: PlanId, at_once: Option<bool>) -> Result<()> {
        let (connection, held) = self.holding_to_leave(customer, plan).await?;
        if at_once.is_some_and(|shown| shown != held.facts.status.is_cancelled_at_once()) {
            return Err(Problem::ChangedMeanwhile.into());
        }
        match held.facts.status {
            SubscriptionStatus::Trialing | SubscriptionStatus::Active if held.facts.will_end => {
                Err(Refusal::AlreadyEnding.into())
            }
            SubscriptionStatus::Trialing | SubscriptionStatus::Active => {
                let held = self.without_unpaid_change(&connection, held).await?;
                let held = self.without_schedule(&connection, held).await?;
                self.0.forget_set_aside(&connection.account, held.row.id).await?;
                let key = format!("end:{}:{}", held.row.id, held.row.revision);
                let answer = self.0.on(&connection).end_with_period(&key, &held.row.stripe_id).await;
                self.0.noticing(&connection, answer).await?;
                self.0.sync(&connection, &held.row.stripe_id, &Done::nothing()).await
            }
            _ => self.end_now(&connection, &held).await,
        }
    }

    /// The renewing table.
    pub(super) async fn keep(&self, customer: &Customer, plan: PlanId) -> Result<()> {
        let (connection, held) = self
            .holding(customer, plan)
            .await
            .map_err(|error| instead(error, Refusal::NothingToCancel, Refusal::NotEnding))?;
        let goes_on = matches!(
            held.facts.status,
            SubscriptionStatus::Trialing | SubscriptionStatus::Active
        );
        if !held.facts.will_end {
            return Err(Refusal::NotEnding.into());
        }
        if !goes_on {
            return Err(Refusal::PaymentDue.into());
        }
        let key = format!("keep:{}:{}", held.row.id, held.row.revision);
        self.take_ending_back(&connection, &held, &key).await?;
        self.0.sync(&connection, &held.row.stripe_id, &Done::nothing()).await
    }

    /// Whichever of the two ways of ending is set is cleared.
    pub(super) async fn take_ending_back(&self, connection: &Connection, held: &Held, key: &str) -> Result<()> {
        let (stripe, id) = (self.0.on(connection), &held.row.stripe_id);
        let answer = if held.row.cancel_at_period_end {
            stripe.keep(key, id).await
        } else {
            stripe.keep_without_date(key, id).await
        };
        self.0.noticing(connection, answer).await.map(drop)
    }

    pub(super) async fn drop_change(&self, customer: &Customer, plan: PlanId) -> Result<()> {
        let (connection, held) = self
            .holding_to_leave(customer, plan)
            .await
            .map_err(|error| instead(error, Refusal::NothingToCancel, Refusal::NothingPending))?;
        // One that was set aside a moment ago would come back.
        let forgotten = self.0.forget_change_set_aside(&connection.account, held.row.id).await?;
        if held.row.unpaid_until.is_some() {
            return self.without_unpaid_change(&connection, held).await.map(drop);
        }
        if held.row.schedule_id.is_none() {
            return if forgotten {
                Ok(())
            } else {
                Err(Refusal::NothingPending.into())
            };
        }
        self.without_schedule(&connection, held).await.map(drop)
    }

    /// Ends a subscription now, then voids its open invoices.
    ///
    /// # Errors
    /// `Problem::ChangedMeanwhile` when it was paid meanwhile: then it goes on.
    pub(super) async fn end_now(&self, connection: &Connection, held: &Held) -> Result<()> {
        self.0.end_subscription(connection, &held.row, None).await?;
        let now = self.0.subscription_row(connection, &held.row.stripe_id).await?;
        if now.is_some_and(|now| is_paid(&now)) {
            return Err(Problem::ChangedMeanwhile.into());
        }
        Ok(())
    }
}

impl Store {
    /// `by`: the merchant, when it is not the customer who ends it.
    async fn end_subscription(
        &self,
        connection: &Connection,
        row: &subscription::Model,
        by: Option<&Merchant>,
    ) -> Result<()> {
        let ending = WindingUp {
            community: row.community_id,
            connection: connection.id.0,
            account: connection.account.clone(),
            subscription: row.stripe_id.clone(),
            credit: false,
            replaced_by: None,
            elsewhere: false,
            unless_paid: by.is_none() && is_cancelled_at_once(row),
        };
        let transaction = self.database().begin().await?;
        self.enqueue_winding_up(&transaction, &ending).await?;
        if let Some(merchant) = by {
            let (community, user) = (merchant.community.id, merchant.user.user);
            self.audit(
                &transaction,
                community,
                Some(user),
                "subscription ended",
                &row.stripe_id,
            )
            .await?;
        }
        transaction.commit().await?;
        self.wind_up_now(&ending).await
    }

    /// The merchant ends a customer's subscription now, after a refund or a dispute.
    pub(crate) async fn end_by_merchant(&self, merchant: &Merchant, subscription: Uuid) -> Result<()> {
        let community = &merchant.community;
        let row = subscription::Entity::within(community.id)
            .filter(subscription::Column::Id.eq(subscription))
            .one(self.database().read())
            .await?
            .ok_or_else(|| Problem::not_found("subscription"))?;
        let connection = self.reachable_connection(community).await?;
        if connection.id.0 != row.connection_id {
            return Err(Refusal::NotConnected.into());
        }
        let (user, plan) = (model::id::UserId(row.user_id), PlanId(row.plan_id));
        let ending = Box::pin(self.end_subscription(&connection, &row, Some(merchant)));
        self.alone_on_plan(user, plan, ending).await
    }
}

/// It is not paid, which is why its customer can end it now.
fn is_cancelled_at_once(row: &subscription::Model) -> bool {
    SubscriptionStatus::parse(&row.status).is_some_and(SubscriptionStatus::is_cancelled_at_once)
}

fn is_paid(row: &subscription::Model) -> bool {
    let status = SubscriptionStatus::parse(&row.status);
    matches!(status, Some(SubscriptionStatus::Active | SubscriptionStatus::Trialing))
}
