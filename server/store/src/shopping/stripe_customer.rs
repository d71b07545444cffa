//! The user as Stripe's customer on the connected account: made at the first need, and again when Stripe has lost it.

use std::collections::HashMap;

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set, sea_query::OnConflict};

use crate::{
    Store,
    actor::Customer,
    connect::Connection,
    entity::{Scoped, customer},
    error::Result,
    stripe::StripeError,
};

impl Store {
    /// What Stripe answered to a call that `named` the user's customer (`cus_…`). `None`: there is no such customer (deleted, and no
    /// event told us); it is forgotten here, so that the same call makes another one.
    pub(crate) async fn unless_customer_is_gone<T>(
        &self,
        who: &Customer,
        connection: &Connection,
        named: &str,
        answer: Result<T, StripeError>,
        forgotten: &mut bool,
    ) -> Result<Option<T>> {
        let is_gone = matches!(&answer, Err(error) if error.is_missing_customer());
        if !is_gone || std::mem::replace(forgotten, true) {
            return self.noticing(connection, answer).await.map(Some);
        }
        // Only the one that was named: somebody else may have made another meanwhile.
        customer::Entity::delete_many()
            .filter(customer::Column::ConnectionId.eq(connection.id.0))
            .filter(customer::Column::UserId.eq(who.user.user.0))
            .filter(customer::Column::StripeId.eq(named))
            .exec(self.database().write())
            .await?;
        Ok(None)
    }

    /// The user's Stripe customer on this connection; made when there is none.
    pub(crate) async fn stripe_customer(&self, who: &Customer, connection: &Connection) -> Result<String> {
        let db = self.database().write();
        let now = self.now();
        let row = customer::ActiveModel {
            id: Set(self.randomness().id(now)),
            community_id: Set(connection.community.0),
            connection_id: Set(connection.id.0),
            user_id: Set(who.user.user.0),
            stripe_id: Set(None),
            created_at: Set(now),
            cards: Set(None),
        };
        customer::Entity::insert(row)
            .on_conflict(
                OnConflict::columns([customer::Column::ConnectionId, customer::Column::UserId])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(db)
            .await?;
        let row = self
            .customer_row(who, connection)
            .await?
            .ok_or(model::Problem::ChangedMeanwhile)?;
        if let Some(stripe_id) = row.stripe_id {
            return Ok(stripe_id);
        }
        let metadata = HashMap::from([
            ("community".to_owned(), connection.community.to_string()),
            ("user".to_owned(), who.user.user.to_string()),
        ]);
        let answer = self
            .on(connection)
            .create_customer(&format!("customer:{}", row.id), &who.user.email, metadata)
            .await;
        let stripe_id = self.noticing(connection, answer).await?;
        let mut row = row.into_active_model();
        row.stripe_id = Set(Some(stripe_id.clone()));
        row.update(db).await?;
        Ok(stripe_id)
    }

    pub(crate) async fn customer_row(
        &self,
        who: &Customer,
        connection: &Connection,
    ) -> Result<Option<customer::Model>> {
        Ok(customer::Entity::within(connection.community)
            .filter(customer::Column::ConnectionId.eq(connection.id.0))
            .filter(customer::Column::UserId.eq(who.user.user.0))
            .one(self.database().write())
            .await?)
    }
}
