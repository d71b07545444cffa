//! Writing the projection: the subscription's row, and in the same transaction everything that follows from it.

use model::{
    id::{CommunityId, PriceId, TierId},
    letter,
    subscription::{Sold, SubscriptionFacts, SubscriptionStatus},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, SqlErr};

use super::{Done, Owner, Reading, Written};
use crate::{
    Store,
    connect::Connection,
    entity::{Scoped, price, subscription, tier},
    error::{Error, Result},
    stripe::{REPLACED_BY, StripeSubscription},
};

impl Store {
    pub(super) async fn write_projection(
        &self,
        connection: &Connection,
        reading: &Reading,
        owner: Owner,
        revision: Option<i64>,
        done: &Done,
    ) -> Result<Written> {
        let transaction = self.database().begin().await?;
        self.alone_with(&transaction, owner.user, owner.plan).await?;
        let known = subscription::Entity::within(connection.community)
            .filter(subscription::Column::ConnectionId.eq(connection.id.0))
            .filter(subscription::Column::StripeId.eq(&reading.subscription.id))
            .one(&transaction)
            .await?;
        if known.as_ref().map(|row| row.revision) != revision {
            return Ok(Written::Outrun);
        }
        let is_new = known.is_none();
        let row = self
            .projected(&transaction, connection, reading, owner, known.as_ref())
            .await?;
        if is_new {
            match row.clone().into_active_model().insert(&transaction).await {
                Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
                    return Ok(Written::Outrun);
                }
                other => other.map(drop)?,
            }
        } else {
            let updated = subscription::Entity::update_many()
                .set(row.clone().into_active_model().reset_all())
                .filter(subscription::Column::Id.eq(row.id))
                .filter(subscription::Column::Revision.eq(revision.unwrap_or_default()))
                .exec(&transaction)
                .await?;
            if updated.rows_affected == 0 {
                return Ok(Written::Outrun);
            }
        }
        let before = known.as_ref().and_then(|row| SubscriptionStatus::parse(&row.status));
        self.write_grant(&transaction, connection, &row, before).await?;
        if let Some(lapsed) = self.lapsed_upgrade(&transaction, known.as_ref(), &row).await? {
            self.write_letter(&transaction, &row, &lapsed).await?;
        }
        if known.as_ref().is_some_and(|known| known.unpaid_until.is_some()) && row.unpaid_until.is_none() {
            self.hurry_set_aside(&transaction, &connection.account, row.id).await?;
        }
        self.write_attention(&transaction, connection, reading, &row).await?;
        self.end_surplus(&transaction, connection, owner).await?;
        self.end_elsewhere(&transaction, connection.community, owner).await?;
        if reading.subscription.status.is_live() {
            self.notice_needless_checkout(&transaction, connection, &row).await?;
        }
        if is_new {
            self.add_member(&transaction, connection.community, owner.user.0)
                .await?;
        }
        done.write(&transaction).await?;
        transaction.commit().await?;
        Ok(Written::Yes)
    }

    /// An upgrade that waited for its payment, and neither happened nor waits any more.
    async fn lapsed_upgrade(
        &self,
        db: &impl ConnectionTrait,
        known: Option<&subscription::Model>,
        row: &subscription::Model,
    ) -> Result<Option<letter::Due>> {
        let Some((waited_for, until)) = known.and_then(|known| known.unpaid_price_id.zip(known.unpaid_until)) else {
            return Ok(None);
        };
        let is_over = SubscriptionStatus::parse(&row.status).is_none_or(SubscriptionStatus::is_over);
        if is_over || row.unpaid_price_id.is_some() || row.price_id == Some(waited_for) {
            return Ok(None);
        }
        let wanted = price::Entity::within(CommunityId(row.community_id))
            .filter(price::Column::Id.eq(waited_for))
            .one(db)
            .await?;
        let same_tier = wanted.is_some_and(|wanted| row.tier_id == Some(wanted.tier_id));
        Ok(letter::upgrade_lapsed(&row.stripe_id, same_tier, until, self.now()))
    }

    /// The row as it is to be.
    pub(super) async fn projected(
        &self,
        db: &impl ConnectionTrait,
        connection: &Connection,
        reading: &Reading,
        owner: Owner,
        known: Option<&subscription::Model>,
    ) -> Result<subscription::Model> {
        let read = &reading.subscription;
        let item = read.items.first();
        let current = match item {
            Some(item) => find_price(db, connection, &item.price).await?,
            None => None,
        };
        let sold = match current.filter(|_| read.items.len() == 1) {
            Some(row) if is_of_plan(db, connection, &row, owner).await? => Some(Sold {
                tier: TierId(row.tier_id),
                price: PriceId(row.id),
            }),
            _ => None,
        };
        let next = match &reading.next {
            Some((price, at)) => find_price(db, connection, price).await?.map(|row| (row.id, *at)),
            None => None,
        };
        let unpaid = match &read.pending_update {
            Some(update) => match &update.price {
                Some(price) => find_price(db, connection, price)
                    .await?
                    .map(|row| (row.id, update.expires_at)),
                None => None,
            },
            None => None,
        };
        let facts = SubscriptionFacts {
            status: read.status,
            sold,
            period_start: item.map_or(read.created, |item| item.period_start),
            period_end: item.map_or(read.created, |item| item.period_end),
            trial_end: read.trial_end,
            cancel_at_period_end: read.cancel_at_period_end,
            cancel_at: read.cancel_at,
            first_failed_at: reading.first_failed_at,
        };
        let owed = reading.owed.as_ref();
        let open_invoice = owed
            .map(|owed| serde_json::to_value(&owed.invoice))
            .transpose()
            .map_err(|error| Error::inconsistent(error.to_string()))?;
        let now = self.now();
        Ok(subscription::Model {
            id: known.map_or_else(|| self.randomness().id(now), |row| row.id),
            community_id: connection.community.0,
            connection_id: connection.id.0,
            user_id: owner.user.0,
            plan_id: owner.plan.0,
            tier_id: sold.map(|sold| sold.tier.0),
            price_id: sold.map(|sold| sold.price.0),
            stripe_id: read.id.clone(),
            item_id: item.map(|item| item.id.clone()).unwrap_or_default(),
            item_count: i32::try_from(read.items.len()).unwrap_or(i32::MAX),
            status: read.status.as_str().to_owned(),
            stripe_created: read.created,
            period_start: facts.period_start,
            period_end: facts.period_end,
            trial_end: facts.trial_end,
            cancel_at_period_end: facts.cancel_at_period_end,
            cancel_at: facts.cancel_at,
            first_failed_at: facts.first_failed_at,
            schedule_id: read.schedule.clone(),
            pending_price_id: next.map(|(price, _)| price),
            pending_at: next.map(|(_, at)| at),
            unpaid_price_id: unpaid.map(|(price, _)| price),
            unpaid_until: unpaid.map(|(_, until)| until),
            latest_invoice: read.latest_invoice.clone(),
            open_invoice,
            pay_url: owed.and_then(|owed| owed.pay_url.clone()),
            replaced_by: replaced_by(read, known),
            card_id: read.card.clone(),
            revision: known.map_or(0, |row| row.revision) + 1,
            updated_at: now,
        })
    }
}

/// What Stripe has noted; until that is done, what is to be noted. One that ended by itself before did not give way.
fn replaced_by(read: &StripeSubscription, known: Option<&subscription::Model>) -> Option<String> {
    let decided = || known.filter(|_| !read.status.is_over())?.replaced_by.clone();
    read.metadata.get(REPLACED_BY).cloned().or_else(decided)
}

async fn find_price(
    db: &impl ConnectionTrait,
    connection: &Connection,
    stripe_id: &str,
) -> Result<Option<price::Model>> {
    Ok(price::Entity::within(connection.community)
        .filter(price::Column::ConnectionId.eq(connection.id.0))
        .filter(price::Column::StripeId.eq(stripe_id))
        .one(db)
        .await?)
}

async fn is_of_plan(
    db: &impl ConnectionTrait,
    connection: &Connection,
    price: &price::Model,
    owner: Owner,
) -> Result<bool> {
    let tier = tier::Entity::within(connection.community)
        .filter(tier::Column::Id.eq(price.tier_id))
        .one(db)
        .await?;
    Ok(tier.is_some_and(|tier| tier.plan_id == owner.plan.0))
}
