//! Idempotency keys of writes: derived from the operation and the row that caused it, noted before the call is sent, so
//! that a crash between the call and our commit repeats the same call (<https://docs.stripe.com/api/idempotent_requests>).
//!
//! A definite refusal would be replayed for a day, so after one the same operation becomes a new call.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use stripe_client_core::IdempotencyKey;

use super::error::StripeError;
use crate::{Clock, Database, entity::stripe_write};

#[derive(Debug, Clone)]
pub(super) struct Writes {
    database: Database,
    clock: Clock,
}

/// A write that may be sent.
#[derive(Debug)]
pub(super) struct Noted {
    key: String,
    refusals: i32,
}

impl Noted {
    pub(super) fn idempotency_key(&self) -> Result<IdempotencyKey, StripeError> {
        let key = match self.refusals {
            0 => self.key.clone(),
            refusals => format!("{}#{refusals}", self.key),
        };
        IdempotencyKey::new(key).map_err(|error| StripeError::Unreadable(error.to_string()))
    }
}

impl Writes {
    pub(super) fn new(database: Database, clock: Clock) -> Self {
        Self { database, clock }
    }

    pub(super) async fn note(&self, key: &str, account: &str) -> Result<Noted, DbErr> {
        let note = stripe_write::ActiveModel {
            id: Set(key.to_owned()),
            account: Set(account.to_owned()),
            refusals: Set(0),
            first_sent_at: Set(self.clock.now()),
            answered_at: Set(None),
        };
        stripe_write::Entity::insert(note)
            .on_conflict(OnConflict::column(stripe_write::Column::Id).do_nothing().to_owned())
            .exec_without_returning(self.database.write())
            .await?;
        let row = stripe_write::Entity::find_by_id(key).one(self.database.write()).await?;
        Ok(Noted {
            key: key.to_owned(),
            refusals: row.map_or(0, |row| row.refusals),
        })
    }

    pub(super) async fn answered(&self, noted: &Noted, error: Option<&StripeError>) -> Result<(), DbErr> {
        let mut update = stripe_write::Entity::update_many().filter(stripe_write::Column::Id.eq(&noted.key));
        update = match error {
            None => update.col_expr(stripe_write::Column::AnsweredAt, Expr::value(self.clock.now())),
            Some(error) if error.is_definite() => {
                update.col_expr(stripe_write::Column::Refusals, Expr::value(noted.refusals + 1))
            }
            Some(_) => return Ok(()),
        };
        update.exec(self.database.write()).await?;
        Ok(())
    }
}
