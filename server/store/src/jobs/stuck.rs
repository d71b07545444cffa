//! What was tried for a day and still fails: listed with its error, and put back to work by a person.

use std::collections::HashMap;

use model::{Timestamp, id::JobId, platform::StuckJob};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};
use uuid::Uuid;

use super::{EVENT, EventPayload, RECEIVED, claim::payload};
use crate::{
    Store,
    entity::{job, webhook_event},
    error::Result,
};

const NEEDS_ATTENTION: &str = "needs_attention";

/// A look at the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueState {
    pub waiting: u64,
    pub needs_attention: u64,
}

impl Store {
    /// How much is due or will be, and how much needs a person.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn queue_state(&self) -> Result<QueueState> {
        let read = self.database().read();
        let count = async |state: &str| {
            job::Entity::find()
                .filter(job::Column::State.eq(state))
                .count(read)
                .await
        };
        Ok(QueueState {
            waiting: count("waiting").await?,
            needs_attention: count(NEEDS_ATTENTION).await?,
        })
    }

    /// What needs a person, oldest first.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn stuck_jobs(&self) -> Result<Vec<StuckJob>> {
        let read = self.database().read();
        let rows = job::Entity::find()
            .filter(job::Column::State.eq(NEEDS_ATTENTION))
            .order_by_asc(job::Column::CreatedAt)
            .all(read)
            .await?;
        // One that cannot be read is listed all the same.
        let event_of = |row: &job::Model| payload::<EventPayload>(row).ok().map(|payload| payload.event);
        let events = webhook_event::Entity::find()
            .filter(webhook_event::Column::Id.is_in(rows.iter().filter_map(event_of)))
            .all(read)
            .await?;
        let events: HashMap<Uuid, String> = events.into_iter().map(|event| (event.id, event.stripe_id)).collect();
        let stuck = rows.into_iter().map(|row| StuckJob {
            event: event_of(&row).and_then(|id| events.get(&id).cloned()),
            id: JobId(row.id),
            kind: row.kind,
            subject: row.subject,
            since: row.created_at,
            attempts: row.attempts,
            last_error: row.last_error.unwrap_or_default(),
        });
        Ok(stuck.collect())
    }

    /// Puts one of them back to work, with a day's patience again. The answer says whether there was one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn retry_job(&self, id: JobId) -> Result<bool> {
        let put_back = self.put_back(self.database().write(), job::Column::Id.eq(id.0)).await?;
        self.jobs_arrived();
        Ok(put_back > 0)
    }

    /// Works an event (`evt_…` or our id) once more, also one that was worked. The answer says whether there was one; those
    /// of the other mode (live or test) are none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn retry_event(&self, id: &str) -> Result<bool> {
        let mut found = Condition::any().add(webhook_event::Column::StripeId.eq(id));
        if let Ok(ours) = id.parse::<Uuid>() {
            found = found.add(webhook_event::Column::Id.eq(ours));
        }
        let events = webhook_event::Entity::find()
            .filter(found)
            .filter(webhook_event::Column::Livemode.eq(self.settings().livemode))
            .all(self.database().read())
            .await?;
        let transaction = self.database().begin().await?;
        webhook_event::Entity::update_many()
            .col_expr(webhook_event::Column::State, Expr::value(RECEIVED))
            .filter(webhook_event::Column::Id.is_in(events.iter().map(|event| event.id)))
            .exec(&transaction)
            .await?;
        for event in &events {
            let of_its_object = job::Column::Kind
                .eq(EVENT)
                .and(job::Column::Subject.eq(Self::subject_of(event)));
            self.put_back(&transaction, of_its_object.clone()).await?;
            let rows = job::Entity::find().filter(of_its_object).all(&transaction).await?;
            let mut waiting = rows.iter().filter_map(|row| payload::<EventPayload>(row).ok());
            if !waiting.any(|payload| payload.event == event.id) {
                self.enqueue_event(&transaction, event).await?;
            }
        }
        transaction.commit().await?;
        self.jobs_arrived();
        Ok(!events.is_empty())
    }

    /// What of `which` was given up begins anew; the answer is how many did.
    pub(super) async fn put_back(&self, db: &impl ConnectionTrait, which: SimpleExpr) -> Result<u64> {
        let now = self.now();
        let put_back = job::Entity::update_many()
            .col_expr(job::Column::State, Expr::value("waiting"))
            .col_expr(job::Column::RunAt, Expr::value(now))
            .col_expr(job::Column::CreatedAt, Expr::value(now))
            .col_expr(job::Column::Attempts, Expr::value(0))
            .col_expr(job::Column::Claim, Expr::value(None::<Uuid>))
            .col_expr(job::Column::ClaimedUntil, Expr::value(None::<Timestamp>))
            .filter(which)
            .filter(job::Column::State.eq(NEEDS_ATTENTION))
            .exec(db)
            .await?;
        Ok(put_back.rows_affected)
    }
}
