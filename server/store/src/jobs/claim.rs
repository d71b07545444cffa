//! Claiming a job with all that wait for the same subject, and putting it off when it fails.

use chrono::Duration;
use model::Timestamp;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LockBehavior, LockType},
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{
    COMPLETE_TIER, Done, EVENT, EXPIRE_CHECKOUT, EventJob, EventPayload, GRANT_AGAIN, LETTER, RECONCILE, SET_ASIDE,
    WIND_UP, Work,
};
use crate::{
    Store,
    entity::job,
    error::{Error, Result},
    fulfillment::WindingUp,
};

/// A worker that vanishes loses its claim after this long.
const CLAIM: Duration = Duration::minutes(2);
/// How often a claim is renewed while its work goes on.
const RENEWED: std::time::Duration = std::time::Duration::from_secs(40);
/// The first wait after a failure; doubled each time.
const FIRST_WAIT: Duration = Duration::seconds(2);
const LONGEST_WAIT: Duration = Duration::hours(1);
/// Failing for this long, and this often, a job waits for a person. (A worker that was away for a day has not tried.)
const GIVEN_UP_AFTER: Duration = Duration::days(1);
const GIVEN_UP_ATTEMPTS: i32 = 30;

pub(super) struct Claimed {
    pub work: Work,
    pub done: Done,
    rows: Vec<job::Model>,
}

impl Claimed {
    /// Whose Stripe account it is about, as far as the subject tells.
    pub(super) fn account(&self) -> &str {
        self.rows
            .first()
            .and_then(|row| row.subject.split('/').next())
            .unwrap_or_default()
    }
}

impl Store {
    /// The next due job that is not about a `busy` account, with all that wait for the same subject.
    pub(super) async fn claim(&self, busy: &[&str]) -> Result<Option<Claimed>> {
        let mut others = Condition::all();
        for account in busy {
            let theirs = job::Column::Subject.starts_with(format!("{account}/"));
            others = others.add(Condition::all().not().add(theirs));
        }
        loop {
            let wanted = others.clone().add(job::Column::RunAt.lte(self.now()));
            let Some((claim, rows)) = self.claim_rows(wanted).await? else {
                return Ok(None);
            };
            match work(&rows) {
                Ok((work, events)) => {
                    let done = Done {
                        claim: Some(claim),
                        events,
                        not_ours: None,
                    };
                    return Ok(Some(Claimed { work, done, rows }));
                }
                // Nobody can work it as it is.
                Err(error) => self.give_up(claim, &error).await?,
            }
        }
    }

    /// The job of this kind and subject, whenever it is due.
    pub(super) async fn claim_subject(&self, kind: &str, subject: &str) -> Result<Option<Claimed>> {
        let wanted = Condition::all()
            .add(job::Column::Kind.eq(kind))
            .add(job::Column::Subject.eq(subject));
        let Some((claim, rows)) = self.claim_rows(wanted).await? else {
            return Ok(None);
        };
        let (work, events) = work(&rows)?;
        let done = Done {
            claim: Some(claim),
            events,
            not_ours: None,
        };
        Ok(Some(Claimed { work, done, rows }))
    }

    async fn claim_rows(&self, wanted: Condition) -> Result<Option<(Uuid, Vec<job::Model>)>> {
        let now = self.now();
        let transaction = self.database().begin().await?;
        let free = Condition::any()
            .add(job::Column::ClaimedUntil.is_null())
            .add(job::Column::ClaimedUntil.lt(now));
        let mut next = job::Entity::find()
            .filter(job::Column::State.eq("waiting"))
            .filter(free.clone())
            .filter(wanted)
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
            .filter(job::Column::Kind.eq(&next.kind))
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
            .order_by_asc(job::Column::Id)
            .all(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(Some((claim, rows)))
    }

    /// Keeps what is being worked from being taken for abandoned, for as long as this is awaited. The answer is why it
    /// cannot be kept.
    pub(super) async fn keep_claim(&self, claimed: &Claimed) -> Error {
        loop {
            self.clock().wait(RENEWED).await;
            let kept = job::Entity::update_many()
                .col_expr(job::Column::ClaimedUntil, Expr::value(self.now() + CLAIM))
                .filter(job::Column::Claim.eq(claimed.done.claim))
                .exec(self.database().write())
                .await;
            if let Err(error) = kept {
                return error.into();
            }
        }
    }

    async fn give_up(&self, claim: Uuid, error: &Error) -> Result<()> {
        tracing::error!(%error, "a job cannot be worked");
        job::Entity::update_many()
            .col_expr(job::Column::State, Expr::value("needs_attention"))
            .col_expr(job::Column::LastError, Expr::value(error.to_string()))
            .filter(job::Column::Claim.eq(claim))
            .exec(self.database().write())
            .await?;
        Ok(())
    }

    /// Later again, with exponential waiting and jitter; after a day it needs attention. A claim that was lost meanwhile,
    /// because the work took too long, is left to whoever has the jobs now.
    pub(super) async fn put_off(&self, claimed: &Claimed, error: &Error) -> Result<()> {
        let now = self.now();
        for row in &claimed.rows {
            let doublings = u32::try_from(row.attempts.clamp(1, 20) - 1).unwrap_or_default();
            let wait = (FIRST_WAIT * 2_i32.pow(doublings.min(16))).min(LONGEST_WAIT);
            #[expect(clippy::cast_possible_truncation, reason = "milliseconds of an hour at most")]
            #[expect(clippy::cast_precision_loss, reason = "jitter needs no precision")]
            let wait = Duration::milliseconds(
                (wait.num_milliseconds() as f64 * (0.5 + self.randomness().fraction() / 2.0)) as i64,
            );
            let given_up = now - row.created_at > GIVEN_UP_AFTER && row.attempts >= GIVEN_UP_ATTEMPTS;
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
}

/// What the rows, which are of one kind and subject, ask for, and the events they end.
fn work(rows: &[job::Model]) -> Result<(Work, Vec<Uuid>)> {
    let first = rows
        .first()
        .ok_or_else(|| Error::inconsistent("a claimed job is gone"))?;
    let work = match first.kind.as_str() {
        EVENT => {
            let payloads: Vec<EventPayload> = rows.iter().map(payload).collect::<Result<_>>()?;
            let events = payloads.iter().map(|payload| payload.event).collect();
            let kinds = payloads.iter().map(|payload| payload.kind.clone()).collect();
            let EventPayload {
                account,
                object_id,
                object_kind,
                ..
            } = payload(first)?;
            let job = EventJob {
                account,
                object_id,
                object_kind,
                kinds,
            };
            return Ok((Work::Events(job), events));
        }
        WIND_UP => {
            let endings: Vec<WindingUp> = rows.iter().map(payload).collect::<Result<_>>()?;
            let ending = endings.into_iter().reduce(WindingUp::and);
            Work::WindUp(ending.ok_or_else(|| Error::inconsistent("a claimed job is gone"))?)
        }
        LETTER => Work::SendLetter(payload(first)?),
        RECONCILE => Work::Reconcile(payload(first)?),
        EXPIRE_CHECKOUT => Work::ExpireCheckout(payload(first)?),
        SET_ASIDE => Work::BringBack(payload(first)?),
        GRANT_AGAIN => Work::GrantAgain(payload(first)?),
        COMPLETE_TIER => Work::CompleteTier(payload(first)?),
        other => return Err(Error::inconsistent(format!("job {}: kind {other}", first.id))),
    };
    Ok((work, Vec::new()))
}

pub(super) fn payload<T: DeserializeOwned>(row: &job::Model) -> Result<T> {
    serde_json::from_value(row.payload.clone()).map_err(|error| Error::inconsistent(format!("job {}: {error}", row.id)))
}
