//! Tiers at Stripe: exactly one Product for each tier and connection, and a Price for each interval it is sold by.

use std::collections::HashMap;

use model::{attention::AttentionKind, id::TierId, interval::Interval, money::Money};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set,
    sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    Store,
    attention::Note,
    connect::Connection,
    entity::{Scoped, price, product, tier},
    error::{Error, Result},
    stripe::NewPrice,
};

impl Store {
    /// Makes `wanted` the active prices of a tier on this connection: an unchanged one stays, a changed one is a new row
    /// and the old one is deactivated. Answers whether any changed.
    pub(crate) async fn set_prices(
        &self,
        db: &impl ConnectionTrait,
        connection: &Connection,
        tier: Uuid,
        wanted: &[(Interval, Money)],
    ) -> Result<bool> {
        let now = self.now();
        let mut changed = false;
        let active = price::Entity::within(connection.community)
            .filter(price::Column::ConnectionId.eq(connection.id.0))
            .filter(price::Column::TierId.eq(tier))
            .filter(price::Column::Active.eq(true))
            .all(db)
            .await?;
        let is = |row: &price::Model, interval: Interval, amount: &Money| {
            row.interval == interval.as_str() && row.amount == amount.minor && row.currency == amount.currency.code()
        };
        for row in &active {
            if !wanted.iter().any(|(interval, amount)| is(row, *interval, amount)) {
                changed = true;
                let mut old = row.clone().into_active_model();
                old.active = Set(false);
                old.update(db).await?;
            }
        }
        for (interval, amount) in wanted {
            if active.iter().any(|row| is(row, *interval, amount)) {
                continue;
            }
            changed = true;
            let new = price::Model {
                id: self.randomness().id(now),
                community_id: connection.community.0,
                connection_id: connection.id.0,
                tier_id: tier,
                stripe_id: None,
                interval: interval.as_str().to_owned(),
                amount: amount.minor,
                currency: amount.currency.code().to_owned(),
                active: true,
                created_at: now,
            };
            new.into_active_model().insert(db).await?;
        }
        Ok(changed)
    }

    /// Brings a tier's Product and Prices at Stripe in line with our rows. Repeating it changes nothing. One at a time, each
    /// with the rows as they are by then: an older state must not arrive after a newer one.
    ///
    /// # Errors
    /// `Problem::NotFound`; what Stripe says; `Problem::ChangedMeanwhile` when another takes too long.
    pub(crate) async fn complete_tier(&self, connection: &Connection, id: TierId) -> Result<()> {
        let name = format!("tier:{}:{id}", connection.id);
        self.alone(name, Box::pin(self.complete_tier_alone(connection, id)))
            .await
    }

    async fn complete_tier_alone(&self, connection: &Connection, id: TierId) -> Result<()> {
        let read = self.database().write();
        let tier = tier::Entity::within(connection.community)
            .filter(tier::Column::Id.eq(id.0))
            .one(read)
            .await?
            .ok_or_else(|| Error::inconsistent(format!("tier {id} is gone")))?;
        let product = self.complete_product(connection, &tier).await?;
        let prices = price::Entity::within(connection.community)
            .filter(price::Column::ConnectionId.eq(connection.id.0))
            .filter(price::Column::TierId.eq(id.0))
            .all(read)
            .await?;
        let stripe = self.on(connection);
        for row in prices {
            match (&row.stripe_id, row.active) {
                (None, true) => {
                    let (interval, amount) = super::price_of(&row)?;
                    let new = NewPrice {
                        product: &product,
                        amount,
                        interval,
                        metadata: tier_metadata(&tier),
                    };
                    let made = stripe.create_price(&format!("price:{}", row.id), new).await;
                    let made = self.noticing(connection, made).await?;
                    let mut row = row.into_active_model();
                    row.stripe_id = Set(Some(made));
                    row.update(read).await?;
                }
                (Some(stripe_id), false) => {
                    let done = stripe
                        .deactivate_price(&format!("price_off:{}", row.id), stripe_id)
                        .await;
                    self.noticing(connection, done).await?;
                }
                _ => {}
            }
        }
        self.catalog_cache().forget(connection.id);
        self.notice_stale_checkouts(connection).await
    }

    /// Whether a tier's Product is still there. One that was deleted at Stripe breaks its tier: nothing of ours is deleted.
    pub(crate) async fn read_product(&self, connection: &Connection, stripe_id: &str) -> Result<()> {
        let db = self.database().write();
        let row = product::Entity::within(connection.community)
            .filter(product::Column::ConnectionId.eq(connection.id.0))
            .filter(product::Column::StripeId.eq(stripe_id))
            .one(db)
            .await?;
        let Some(row) = row else { return Ok(()) };
        let answer = self.on(connection).has_product(stripe_id).await;
        let broken = !self.noticing(connection, answer).await?;
        let subject = row.tier_id.to_string();
        if broken {
            let note = Note::about(AttentionKind::BrokenTier, &subject, None);
            self.note(db, connection, note).await?;
        } else {
            self.unnote(db, connection, AttentionKind::BrokenTier, &subject).await?;
        }
        if row.broken != broken {
            let mut row = row.into_active_model();
            row.broken = Set(broken);
            row.update(db).await?;
        }
        Ok(())
    }

    /// The Product's id; made when it is missing, else brought up to date.
    async fn complete_product(&self, connection: &Connection, tier: &tier::Model) -> Result<String> {
        let db = self.database().write();
        let row = product::ActiveModel {
            id: Set(self.randomness().id(self.now())),
            community_id: Set(connection.community.0),
            connection_id: Set(connection.id.0),
            tier_id: Set(tier.id),
            stripe_id: Set(None),
            broken: Set(false),
        };
        product::Entity::insert(row)
            .on_conflict(
                OnConflict::columns([product::Column::ConnectionId, product::Column::TierId])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(db)
            .await?;
        let row = product::Entity::within(connection.community)
            .filter(product::Column::ConnectionId.eq(connection.id.0))
            .filter(product::Column::TierId.eq(tier.id))
            .one(db)
            .await?
            .ok_or_else(|| Error::inconsistent("a product row is gone"))?;
        let stripe = self.on(connection);
        if let Some(stripe_id) = row.stripe_id {
            // What it is to become is part of the key: going back to an earlier name is a new call.
            let state = crate::randomness::hash(&format!("{}\n{}\n{}", tier.label, tier.description, tier.active));
            let moment = self.now().timestamp_millis();
            let key = format!("product:{}:{}:{moment}", row.id, &state[..16]);
            let done = stripe
                .update_product(&key, &stripe_id, &tier.label, &tier.description, tier.active)
                .await;
            self.noticing(connection, done).await?;
            return Ok(stripe_id);
        }
        let key = format!("product:{}", row.id);
        let made = stripe
            .create_product(&key, &tier.label, &tier.description, tier_metadata(tier))
            .await;
        let made = self.noticing(connection, made).await?;
        let mut row = row.into_active_model();
        row.stripe_id = Set(Some(made.clone()));
        row.update(db).await?;
        Ok(made)
    }
}

/// Marks what we make at Stripe, so that everything else there is left alone.
fn tier_metadata(tier: &tier::Model) -> HashMap<String, String> {
    HashMap::from([
        ("community".to_owned(), tier.community_id.to_string()),
        ("plan".to_owned(), tier.plan_id.to_string()),
        ("tier".to_owned(), tier.id.to_string()),
    ])
}
