//! The queue of jobs: a small table of our own, because none of the kept libraries can put a job into the transaction
//! that stores its event on both `SQLite` and `PostgreSQL` (apalis 1.0 does not join a foreign transaction).
//!
//! Called by the webhook inbox (which enqueues), and by `server`'s worker (which calls [`Store::work_jobs`]). A job is
//! claimed for a while, worked, and deleted in the transaction that writes what it caused; a failed one backs off, and
//! rests as "needs attention" after a day. Jobs about the same object that wait together are worked once.

use chrono::Duration;
use model::Timestamp;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LockBehavior, LockType},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Store,
    entity::{job, webhook_event},
    error::{Error, Result},
    stripe::background,
};

/// A worker that vanishes loses its claim after this long.
const CLAIM: Duration = Duration::minutes(2);
/// The first wait after a failure; doubled each time.
const FIRST_WAIT: Duration = Duration::seconds(2);
const LONGEST_WAIT: Duration = Duration::hours(1);
/// Failing for this long, a job waits for a person.
const GIVEN_UP_AFTER: Duration = Duration::days(1);

/// What a webhook's job carries.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Payload {
    event: Uuid,
    kind: String,
    account: String,
    livemode: bool,
    object_id: Option<String>,
    object_kind: String,
}

/// Events of one object that are worked together.
#[derive(Debug, Clone)]
pub(crate) struct EventJob {
    pub account: String,
    pub livemode: bool,
    pub object_id: Option<String>,
    pub object_kind: String,
    /// The types of the events, such as `invoice.paid`.
    pub kinds: Vec<String>,
}

/// What is ended by a piece of work: written in the same transaction as what the work caused.
#[derive(Debug, Clone, Default)]
pub(crate) struct Done {
    claim: Option<Uuid>,
    events: Vec<Uuid>,
    not_ours: Option<&'static str>,
}

impl Done {
    /// For work that no job asked for.
    pub(crate) fn nothing() -> Self {
        Self::default()
    }

    /// The same, with the events recorded as not ours.
    pub(crate) fn not_ours(&self, why: &'static str) -> Self {
        Self {
            not_ours: Some(why),
            ..self.clone()
        }
    }

    pub(crate) async fn write(&self, db: &impl ConnectionTrait) -> Result<()> {
        let Some(claim) = self.claim else { return Ok(()) };
        job::Entity::delete_many()
            .filter(job::Column::Claim.eq(claim))
            .exec(db)
            .await?;
        let state = if self.not_ours.is_some() { "not_ours" } else { "done" };
        webhook_event::Entity::update_many()
            .col_expr(webhook_event::Column::State, Expr::value(state))
            .col_expr(
                webhook_event::Column::Note,
                Expr::value(self.not_ours.map(str::to_owned)),
            )
            .filter(webhook_event::Column::Id.is_in(self.events.iter().copied()))
            .exec(db)
            .await?;
        Ok(())
    }
}

/// A look at the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueState {
    pub waiting: u64,
    pub needs_attention: u64,
}

struct Claimed {
    job: EventJob,
    done: Done,
    rows: Vec<job::Model>,
}

impl Store {
    /// Enqueues an event's work, in the transaction that stores the event.
    pub(crate) async fn enqueue_event(&self, db: &impl ConnectionTrait, event: &webhook_event::Model) -> Result<()> {
        let payload = Payload {
            event: event.id,
            kind: event.kind.clone(),
            account: event.account.clone(),
            livemode: event.livemode,
            object_id: event.object_id.clone(),
            object_kind: event.object_kind.clone().unwrap_or_default(),
        };
        let json = serde_json::to_value(&payload).map_err(|error| Error::inconsistent(error.to_string()))?;
        let object = event.object_id.as_deref().unwrap_or(&event.stripe_id);
        let row = job::Model {
            id: self.randomness().id(event.received_at),
            kind: "stripe_event".to_owned(),
            subject: format!("{}/{object}", event.account),
            payload: json,
            created_at: event.received_at,
            run_at: event.received_at,
            attempts: 0,
            claimed_until: None,
            claim: None,
            last_error: None,
            state: "waiting".to_owned(),
        };
        row.into_active_model().insert(db).await?;
        Ok(())
    }

    /// Works everything that is due; the answer is how many pieces of work were done or failed.
    ///
    /// # Errors
    /// When the queue itself cannot be read or written; a failing job is no error.
    pub async fn work_jobs(&self) -> Result<u64> {
        let mut worked = 0;
        while let Some(claimed) = self.claim().await? {
            worked += 1;
            // Whoever looks at a page goes first.
            let outcome = background(self.work_event(&claimed.job, &claimed.done)).await;
            if let Err(error) = outcome {
                tracing::warn!(%error, kinds = ?claimed.job.kinds, account = claimed.job.account, "a job failed");
                metrics::counter!("jobs_failed_total").increment(1);
                self.put_off(&claimed, &error).await?;
            }
        }
        Ok(worked)
    }

    /// The next due job, with all that wait for the same object.
    async fn claim(&self) -> Result<Option<Claimed>> {
        let now = self.now();
        let transaction = self.database().begin().await?;
        let free = Condition::any()
            .add(job::Column::ClaimedUntil.is_null())
            .add(job::Column::ClaimedUntil.lt(now));
        let mut next = job::Entity::find()
            .filter(job::Column::State.eq("waiting"))
            .filter(job::Column::RunAt.lte(now))
            .filter(free.clone())
            .order_by_asc(job::Column::RunAt)
            .order_by_asc(job::Column::Id)
            .limit(1);
        if !self.database().is_sqlite() {
            next = next.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        }
        let Some(next) = next.one(&transaction).await? else {
            return Ok(None);
        };
        // Rows are locked in both steps by skipping what another worker has: two of them never wait for each other.
        let mut same = job::Entity::find()
            .filter(job::Column::Subject.eq(&next.subject))
            .filter(job::Column::State.eq("waiting"))
            .filter(free)
            .order_by_asc(job::Column::Id);
        if !self.database().is_sqlite() {
            same = same.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        }
        let same = same.all(&transaction).await?;
        let claim = self.randomness().id(now);
        job::Entity::update_many()
            .col_expr(job::Column::Claim, Expr::value(claim))
            .col_expr(job::Column::ClaimedUntil, Expr::value(now + CLAIM))
            .col_expr(job::Column::Attempts, Expr::value(next.attempts + 1))
            .filter(job::Column::Id.is_in(same.iter().map(|row| row.id)))
            .exec(&transaction)
            .await?;
        let rows = job::Entity::find()
            .filter(job::Column::Claim.eq(claim))
            .all(&transaction)
            .await?;
        transaction.commit().await?;
        let mut payloads = Vec::new();
        for row in &rows {
            let payload: Payload = serde_json::from_value(row.payload.clone())
                .map_err(|error| Error::inconsistent(format!("job {}: {error}", row.id)))?;
            payloads.push(payload);
        }
        let Some(first) = payloads.first() else {
            return Err(Error::inconsistent("a claimed job is gone"));
        };
        Ok(Some(Claimed {
            job: EventJob {
                account: first.account.clone(),
                livemode: first.livemode,
                object_id: first.object_id.clone(),
                object_kind: first.object_kind.clone(),
                kinds: payloads.iter().map(|payload| payload.kind.clone()).collect(),
            },
            done: Done {
                claim: Some(claim),
                events: payloads.iter().map(|payload| payload.event).collect(),
                not_ours: None,
            },
            rows,
        }))
    }

    /// Later again, with exponential waiting and jitter; after a day it needs attention. A claim that was lost meanwhile,
    /// because the work took too long, is left to whoever has the jobs now.
    async fn put_off(&self, claimed: &Claimed, error: &Error) -> Result<()> {
        let now = self.now();
        for row in &claimed.rows {
            let doublings = u32::try_from(row.attempts.clamp(1, 20) - 1).unwrap_or_default();
            let wait = (FIRST_WAIT * 2_i32.pow(doublings.min(16))).min(LONGEST_WAIT);
            #[expect(clippy::cast_possible_truncation, reason = "milliseconds of an hour at most")]
            #[expect(clippy::cast_precision_loss, reason = "jitter needs no precision")]
            let wait = Duration::milliseconds(
                (wait.num_milliseconds() as f64 * (0.5 + self.randomness().fraction() / 2.0)) as i64,
            );
            let given_up = now - row.created_at > GIVEN_UP_AFTER;
            job::Entity::update_many()
                .col_expr(job::Column::RunAt, Expr::value(now + wait))
                .col_expr(job::Column::Claim, Expr::value(None::<Uuid>))
                .col_expr(job::Column::ClaimedUntil, Expr::value(None::<Timestamp>))
                .col_expr(job::Column::LastError, Expr::value(error.to_string()))
                .col_expr(
                    job::Column::State,
                    Expr::value(if given_up { "needs_attention" } else { "waiting" }),
                )
                .filter(job::Column::Id.eq(row.id))
                .filter(job::Column::Claim.eq(claimed.done.claim))
                .exec(self.database().write())
                .await?;
        }
        Ok(())
    }

    /// How much waits, and how much needs a person.
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
            needs_attention: count("needs_attention").await?,
        })
    }

    /// Puts an event (`evt_…` or our id) back to work, with a day's patience again. The answer says whether there was one.
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
            .all(self.database().read())
            .await?;
        let transaction = self.database().begin().await?;
        for event in &events {
            let now = webhook_event::Model {
                received_at: self.now(),
                ..event.clone()
            };
            self.enqueue_event(&transaction, &now).await?;
        }
        transaction.commit().await?;
        self.jobs_arrived();
        Ok(!events.is_empty())
    }
}
