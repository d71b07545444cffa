//! A change that waits for the period's end: a subscription schedule at Stripe. Making one, or an upgrade beside one, takes
//! several calls, and the first of them take away what was there: a cancellation, or another change. What that was is set
//! aside in a job. Should the process vanish in between, or Stripe not answer, the job brings it back. A date that it was to
//! end on is the other way round: it stays until an upgrade is paid, and goes then.

use chrono::Duration;
use model::{
    Refusal,
    id::{CommunityId, ConnectionId, PlanId, TierId, UserId},
    subscription::SubscriptionStatus,
};
use sea_orm::{ColumnTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::checkout::mark_of;
use crate::{
    Store,
    connect::Connection,
    entity::{Scoped, price, subscription},
    error::{Error, Result},
    fulfillment::Done,
    stripe::Downgrade,
};

/// Whoever set something aside is done with it by then, or gone: longer than a lease lasts ([`crate::lease`]).
pub(crate) const BROUGHT_BACK_AFTER: Duration = Duration::minutes(3);

/// What a subscription was like before something was tried.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SetAside {
    pub community: Uuid,
    pub connection: Uuid,
    pub account: String,
    /// Our row.
    pub subscription: Uuid,
    /// The price it was at.
    pub price: Uuid,
    pub was: Was,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Was {
    /// It was to change to this price.
    Changing(Uuid),
    /// It was set to end.
    Ending,
    /// It was set to end on a date (`cancel_at`, seconds since the epoch), which goes when the upgrade is paid.
    EndingOn(i64),
    /// It was to go on as it was.
    GoingOn,
}

impl SetAside {
    pub fn subject(&self) -> String {
        Self::subject_of(&self.account, self.subscription)
    }

    /// It stays as it was until an upgrade is paid, which may be while nobody waits for it.
    pub fn is_dated_end(&self) -> bool {
        matches!(self.was, Was::EndingOn(_))
    }

    pub fn subject_of(account: &str, subscription: Uuid) -> String {
        format!("{account}/set_aside/{subscription}")
    }
}

impl Store {
    /// Before an upgrade: remembers the change that waits, or the date of its end, if there is one, or what was set aside
    /// before.
    pub(super) async fn set_aside_for_upgrade(
        &self,
        connection: &Connection,
        row: &subscription::Model,
    ) -> Result<Option<SetAside>> {
        let change = row.pending_price_id.filter(|_| row.schedule_id.is_some());
        let end = row.cancel_at.filter(|_| !row.cancel_at_period_end);
        match (change, end) {
            (Some(to), _) => self.set_aside(connection, row, Was::Changing(to)).await.map(Some),
            (None, Some(end)) => {
                let was = Was::EndingOn(end.timestamp());
                self.set_aside(connection, row, was).await.map(Some)
            }
            (None, None) => self.set_aside_of(&connection.account, row.id).await,
        }
    }

    /// Before a downgrade: remembers whether it was set to end.
    pub(super) async fn set_ending_aside(
        &self,
        connection: &Connection,
        row: &subscription::Model,
    ) -> Result<SetAside> {
        let was = if ends(row) { Was::Ending } else { Was::GoingOn };
        self.set_aside(connection, row, was).await
    }

    async fn set_aside(&self, connection: &Connection, row: &subscription::Model, was: Was) -> Result<SetAside> {
        let set_aside = SetAside {
            community: row.community_id,
            connection: connection.id.0,
            account: connection.account.clone(),
            subscription: row.id,
            price: row.price_id.ok_or(Refusal::PriceOld)?,
            was,
        };
        self.enqueue_set_aside(&set_aside).await?;
        Ok(set_aside)
    }

    /// The job: whoever set it aside did not come to an end.
    pub(crate) async fn bring_back_later(&self, set_aside: &SetAside, done: &Done) -> Result<()> {
        let community = CommunityId(set_aside.community);
        let connection = self.connection(community, ConnectionId(set_aside.connection)).await?;
        let row = self.set_aside_row(set_aside).await?;
        let work = Box::pin(async {
            // While this waited for its turn, the customer may have wished for something else.
            if self.set_aside_of(&connection.account, row.id).await?.is_none() {
                return Ok(());
            }
            self.sync(&connection, &row.stripe_id, &Done::nothing()).await?;
            let waits_until = self.set_aside_row(set_aside).await?.unpaid_until;
            if let Some(until) = waits_until.filter(|_| set_aside.is_dated_end()) {
                return self.enqueue_set_aside_for(set_aside, until + BROUGHT_BACK_AFTER).await;
            }
            self.bring_back(&connection, set_aside).await
        });
        match self.alone_on_plan(UserId(row.user_id), PlanId(row.plan_id), work).await {
            // Nothing changes on an account that is out of reach.
            Err(Error::Stripe(error)) if error.is_account_gone() => {}
            other => other?,
        }
        self.finish(done).await
    }

    /// Unless what was tried stands, or the subscription went on to something else, it is as it was. The row has just been
    /// read. A schedule cannot stand beside an upgrade that waits for its payment, so that one is dropped.
    pub(super) async fn bring_back(&self, connection: &Connection, set_aside: &SetAside) -> Result<()> {
        let mut row = self.set_aside_row(set_aside).await?;
        if let Was::EndingOn(end) = set_aside.was {
            return self.go_on_if_upgraded(connection, set_aside, &row, end).await;
        }
        if row.unpaid_until.is_some() && matches!(set_aside.was, Was::Changing(_)) {
            self.drop_unpaid_change(connection, &row).await?;
            row = self.set_aside_row(set_aside).await?;
        }
        let is_active = row.status == SubscriptionStatus::Active.as_str();
        let stands = row.pending_price_id.is_some() || ends(&row);
        if !is_active || stands || row.price_id != Some(set_aside.price) {
            return Ok(());
        }
        match set_aside.was {
            Was::Changing(to) => self.schedule_change(connection, &row, to, "restore").await?,
            Was::Ending => {
                // Made, but without the change.
                self.release(connection, &row).await?;
                let key = format!("end_again:{}:{}", row.id, row.revision);
                let answer = self.on(connection).end_with_period(&key, &row.stripe_id).await;
                self.noticing(connection, answer).await?;
            }
            Was::GoingOn => self.release(connection, &row).await?,
            Was::EndingOn(_) => {}
        }
        self.sync(connection, &row.stripe_id, &Done::nothing()).await
    }

    /// The upgrade was paid, and the date that it was to end on is still there.
    async fn go_on_if_upgraded(
        &self,
        connection: &Connection,
        set_aside: &SetAside,
        row: &subscription::Model,
        end: i64,
    ) -> Result<()> {
        let is_active = row.status == SubscriptionStatus::Active.as_str();
        let is_upgraded = row.unpaid_until.is_none() && row.price_id.is_some_and(|price| price != set_aside.price);
        let still_ends = row.cancel_at.is_some_and(|at| at.timestamp() == end) && !row.cancel_at_period_end;
        if !is_active || !is_upgraded || !still_ends {
            return Ok(());
        }
        let key = format!("keep_upgraded:{}:{}", row.id, row.revision);
        let answer = self.on(connection).keep_without_date(&key, &row.stripe_id).await;
        self.noticing(connection, answer).await?;
        self.sync(connection, &row.stripe_id, &Done::nothing()).await
    }

    /// Drops the schedule, if there is one.
    pub(super) async fn release(&self, connection: &Connection, row: &subscription::Model) -> Result<()> {
        let Some(schedule) = &row.schedule_id else {
            return Ok(());
        };
        let key = format!("release:{schedule}");
        let answer = self.on(connection).release_schedule(&key, schedule).await;
        self.noticing(connection, answer).await
    }

    async fn set_aside_row(&self, set_aside: &SetAside) -> Result<subscription::Model> {
        subscription::Entity::within(CommunityId(set_aside.community))
            .filter(subscription::Column::Id.eq(set_aside.subscription))
            .one(self.database().write())
            .await?
            .ok_or_else(|| Error::inconsistent("a subscription row is gone"))
    }

    /// An upgrade that waits for its payment: its invoice is voided, which drops it.
    pub(super) async fn drop_unpaid_change(&self, connection: &Connection, row: &subscription::Model) -> Result<()> {
        if let Some(invoice) = &row.latest_invoice {
            let answer = self
                .on(connection)
                .void_invoice(&format!("void:{invoice}"), invoice)
                .await;
            self.noticing(connection, answer).await?;
        }
        self.sync(connection, &row.stripe_id, &Done::nothing()).await
    }

    /// Another price of ours from the period's end on.
    pub(super) async fn schedule_change(
        &self,
        connection: &Connection,
        row: &subscription::Model,
        to: Uuid,
        operation: &str,
    ) -> Result<()> {
        let community = CommunityId(row.community_id);
        let current = row.price_id.ok_or(Refusal::PriceOld)?;
        let (current, target) = (
            self.price_row(community, current).await?,
            self.price_row(community, to).await?,
        );
        let (current_price, price) = (
            current.stripe_id.ok_or(Refusal::PriceOld)?,
            target.stripe_id.ok_or(Refusal::PriceOld)?,
        );
        let (user, plan) = (UserId(row.user_id), PlanId(row.plan_id));
        let downgrade = Downgrade {
            subscription: &row.stripe_id,
            current_price: &current_price,
            price: &price,
            period_start: row.period_start,
            period_end: row.period_end,
            metadata: mark_of(community, user, plan, TierId(target.tier_id)),
        };
        let key = format!("{operation}:{}:{}:{to}", row.id, row.revision);
        let attached = row.schedule_id.as_deref();
        let answer = self.on(connection).schedule_downgrade(&key, attached, &downgrade).await;
        self.noticing(connection, answer).await.map(drop)
    }

    async fn price_row(&self, community: CommunityId, id: Uuid) -> Result<price::Model> {
        price::Entity::within(community)
            .filter(price::Column::Id.eq(id))
            .one(self.database().read())
            .await?
            .ok_or_else(|| Refusal::PriceOld.into())
    }
}

fn ends(row: &subscription::Model) -> bool {
    row.cancel_at_period_end || row.cancel_at.is_some()
}
