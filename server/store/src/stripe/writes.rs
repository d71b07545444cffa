//! Idempotency keys of writes: derived from the operation and the row that caused it, noted before the call is sent, so
//! that a crash between the call and our commit repeats the same call (<https://docs.stripe.com/api/idempotent_requests>).
//!
//! A key cannot be trusted for ever. Stripe keeps what it answered first for a day at least, and replays it: a refusal, so
//! after one the same operation becomes a new call under a new key; but also a 500, after which nobody can say whether
//! the operation happened. So each key is trusted until a moment. After it, [`Stripe::write`](super::Stripe::write) first
//! looks whether the operation happened, and only if it did not, sends it under a new key.

use chrono::Duration;
use model::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DbErr, EntityTrait, QueryFilter, UpdateMany,
    sea_query::{Expr, OnConflict},
};
use stripe_client_core::IdempotencyKey;

use super::error::StripeError;
use crate::{Clock, Database, entity::stripe_write};

/// Stripe may forget a key after a day; from then on it would do the same again.
const KEY_IS_KEPT: Duration = Duration::hours(23);
/// Longer than Stripe works on anything. After a 5xx that was not replayed the call may still be at work: until this is
/// over, only the same key is sure not to do it twice.
const WORKED_ON: Duration = Duration::minutes(2);

#[derive(Debug, Clone)]
pub(super) struct Writes {
    database: Database,
    clock: Clock,
}

/// A write that may be sent.
#[derive(Debug)]
pub(super) struct Noted {
    key: String,
    /// How many keys were given up before this one.
    given_up: i32,
    trusted_until: Timestamp,
    /// An earlier call under this key has no answer that we know of.
    is_open: bool,
}

impl Noted {
    pub(super) fn idempotency_key(&self) -> Result<IdempotencyKey, StripeError> {
        let key = match self.given_up {
            0 => self.key.clone(),
            given_up => format!("{}#{given_up}", self.key),
        };
        IdempotencyKey::new(key).map_err(|error| StripeError::Unreadable(error.to_string()))
    }
}

impl Writes {
    pub(super) fn new(database: Database, clock: Clock) -> Self {
        Self { database, clock }
    }

    /// Whether the key must not be sent before it is known what became of it.
    pub(super) fn is_doubtful(&self, noted: &Noted) -> bool {
        self.clock.now() >= noted.trusted_until
    }

    pub(super) async fn note(&self, key: &str, account: &str) -> Result<Noted, DbErr> {
        let now = self.clock.now();
        let new = Noted {
            key: key.to_owned(),
            given_up: 0,
            trusted_until: now + KEY_IS_KEPT,
            is_open: false,
        };
        let note = stripe_write::ActiveModel {
            id: Set(key.to_owned()),
            account: Set(account.to_owned()),
            refusals: Set(0),
            first_sent_at: Set(now),
            answered_at: Set(None),
            trusted_until: Set(Some(new.trusted_until)),
        };
        let inserted = stripe_write::Entity::insert(note)
            .on_conflict(OnConflict::column(stripe_write::Column::Id).do_nothing().to_owned())
            .exec_without_returning(self.database.write())
            .await?;
        if inserted > 0 {
            return Ok(new);
        }
        let Some(row) = self.row(key).await? else {
            return Ok(new);
        };
        let noted = noted(row);
        if !noted.is_open {
            // While it is on its way again it is not answered: if we vanish now, the note must stay.
            let unanswered = Expr::value(None::<Timestamp>);
            let change = update(&noted).col_expr(stripe_write::Column::AnsweredAt, unanswered);
            change.exec(self.database.write()).await?;
        }
        Ok(noted)
    }

    /// A new key for a write that did not happen; the same one for all who find that out at once.
    pub(super) async fn renew(&self, doubtful: Noted) -> Result<Noted, DbErr> {
        let given_up = doubtful.given_up + 1;
        let trusted_until = self.clock.now() + KEY_IS_KEPT;
        let renewed = update(&doubtful)
            .col_expr(stripe_write::Column::Refusals, Expr::value(given_up))
            .col_expr(stripe_write::Column::TrustedUntil, Expr::value(trusted_until))
            .exec(self.database.write())
            .await?;
        let others = match renewed.rows_affected {
            0 => self.row(&doubtful.key).await?,
            _ => None,
        };
        Ok(others.map_or(
            Noted {
                given_up,
                trusted_until,
                is_open: false,
                ..doubtful
            },
            noted,
        ))
    }

    /// It had happened. The key stays doubtful: what Stripe replays for it is not this.
    pub(super) async fn found(&self, noted: &Noted) -> Result<(), DbErr> {
        let answered = Expr::value(self.clock.now());
        let change = update(noted).col_expr(stripe_write::Column::AnsweredAt, answered);
        change.exec(self.database.write()).await?;
        Ok(())
    }

    pub(super) async fn answered(&self, noted: &Noted, error: Option<&StripeError>) -> Result<(), DbErr> {
        let now = self.clock.now();
        let change = update(noted);
        let change = match error {
            None => change.col_expr(stripe_write::Column::AnsweredAt, Expr::value(now)),
            // Nothing was done under this key, so the next call needs no look.
            Some(error) if error.is_definite() && !noted.is_open => change
                .col_expr(stripe_write::Column::AnsweredAt, Expr::value(now))
                .col_expr(stripe_write::Column::Refusals, Expr::value(noted.given_up + 1))
                .col_expr(stripe_write::Column::TrustedUntil, Expr::value(now + KEY_IS_KEPT)),
            // Not all refusals come from the saved answer (access, parameters): an earlier call may have been carried out.
            Some(error) if error.is_definite() || error.is_key_spent() => {
                change.col_expr(stripe_write::Column::TrustedUntil, Expr::value(now))
            }
            Some(error) if error.is_failure() => {
                let until = noted.trusted_until.min(now + WORKED_ON);
                change.col_expr(stripe_write::Column::TrustedUntil, Expr::value(until))
            }
            Some(_) => return Ok(()),
        };
        change.exec(self.database.write()).await?;
        Ok(())
    }

    async fn row(&self, key: &str) -> Result<Option<stripe_write::Model>, DbErr> {
        stripe_write::Entity::find_by_id(key).one(self.database.write()).await
    }
}

fn noted(row: stripe_write::Model) -> Noted {
    Noted {
        key: row.id,
        given_up: row.refusals,
        trusted_until: row.trusted_until.unwrap_or(row.first_sent_at + KEY_IS_KEPT),
        is_open: row.answered_at.is_none(),
    }
}

/// Only while nobody else has given the key up meanwhile.
fn update(noted: &Noted) -> UpdateMany<stripe_write::Entity> {
    stripe_write::Entity::update_many()
        .filter(stripe_write::Column::Id.eq(&noted.key))
        .filter(stripe_write::Column::Refusals.eq(noted.given_up))
}
