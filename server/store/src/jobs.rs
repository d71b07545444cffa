//! The queue of jobs: a small table of our own, because none of the kept libraries can put a job into the transaction
//! that stores its event on both `SQLite` and `PostgreSQL` (apalis 1.0 does not join a foreign transaction).
//!
//! Called by the webhook inbox and the services (which enqueue), and by `server`'s worker (which calls
//! [`Store::work_jobs`]). A job is claimed for a while, worked, and deleted in the transaction that writes what it
//! caused; a failed one backs off, and rests as "needs attention" after a day. Jobs about the same subject that wait
//! together are worked once.

use std::collections::HashMap;

use model::Timestamp;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    Store,
    connect::Connection,
    entity::{checkout, job, webhook_event},
    error::{Error, Result},
    fulfillment::WindingUp,
    shopping::SetAside,
    stripe::background,
};

mod claim;
mod quiet;
mod set_aside;
mod stuck;
mod tier;

pub use quiet::Quiet;
pub use stuck::QueueState;

use claim::Claimed;

/// Jobs worked at the same time in one process …
const AT_ONCE: usize = 8;
/// … and of one account, so that a slow one does not hold up the others.
const OF_ONE_ACCOUNT: usize = 4;
/// How often a process that works a slow job looks for others.
const LOOK_BESIDE: std::time::Duration = std::time::Duration::from_secs(1);

/// How long somebody who waits leaves a job to the worker that has it.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(50);
const MOST_LOOKS: u32 = 400;

/// What an event's job carries.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct EventPayload {
    event: Uuid,
    kind: String,
    account: String,
    object_id: Option<String>,
    object_kind: String,
}

/// Events of one object that are worked together.
#[derive(Debug, Clone)]
pub(crate) struct EventJob {
    pub account: String,
    pub object_id: Option<String>,
    pub object_kind: String,
    /// The types of the events, such as `invoice.paid`.
    pub kinds: Vec<String>,
}

/// A piece of work.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    Events(EventJob),
    WindUp(WindingUp),
    SendLetter(LetterJob),
    Reconcile(ReconcileJob),
    ExpireCheckout(ExpiryJob),
    BringBack(SetAside),
    CompleteTier(TierJob),
    GrantAgain(GraceJob),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LetterJob {
    pub letter: Uuid,
}

/// Everything of a connection is compared with Stripe, and repaired.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ReconcileJob {
    pub community: Uuid,
    pub connection: Uuid,
}

/// An open Checkout session that must not be paid any more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ExpiryJob {
    pub community: Uuid,
    pub connection: Uuid,
    /// Our row.
    pub checkout: Uuid,
}

/// A tier whose Product and Prices at Stripe are not yet what our rows say.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TierJob {
    pub community: Uuid,
    pub connection: Uuid,
    pub tier: Uuid,
}

/// A community whose grace days have changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct GraceJob {
    pub community: Uuid,
}

/// The state of an event that is not worked yet.
pub(crate) const RECEIVED: &str = "received";
pub(crate) const NOT_OURS: &str = "not_ours";

const EVENT: &str = "stripe_event";
const WIND_UP: &str = "wind_up";
const LETTER: &str = "letter";
const RECONCILE: &str = "reconcile";
const EXPIRE_CHECKOUT: &str = "expire_checkout";
const SET_ASIDE: &str = "set_aside";
const COMPLETE_TIER: &str = "complete_tier";
const GRANT_AGAIN: &str = "grant_again";

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
        let state = if self.not_ours.is_some() { NOT_OURS } else { "done" };
        webhook_event::Entity::update_many()
            .col_expr(webhook_event::Column::State, Expr::value(state))
            .col_expr(
                webhook_event::Column::Note,
                Expr::value(self.not_ours.map(str::to_owned)),
            )
            .filter(webhook_event::Column::Id.is_in(self.events.iter().copied()))
            // What was said first stays: an event that is not ours is not done as well.
            .filter(webhook_event::Column::State.eq(RECEIVED))
            .exec(db)
            .await?;
        Ok(())
    }
}

impl Store {
    /// Enqueues an event's work, in the transaction that stores the event.
    pub(crate) async fn enqueue_event(&self, db: &impl ConnectionTrait, event: &webhook_event::Model) -> Result<()> {
        let payload = EventPayload {
            event: event.id,
            kind: event.kind.clone(),
            account: event.account.clone(),
            object_id: event.object_id.clone(),
            object_kind: event.object_kind.clone().unwrap_or_default(),
        };
        self.enqueue(db, EVENT, Self::subject_of(event), &payload).await
    }

    /// Events of one object are worked together.
    fn subject_of(event: &webhook_event::Model) -> String {
        let object = event.object_id.as_deref().unwrap_or(&event.stripe_id);
        format!("{}/{object}", event.account)
    }

    /// Enqueues the end of a subscription, in the transaction that decides it.
    pub(crate) async fn enqueue_winding_up(&self, db: &impl ConnectionTrait, ending: &WindingUp) -> Result<()> {
        self.enqueue(db, WIND_UP, ending.subject(), ending).await
    }

    /// Enqueues the sending of a letter, in the transaction that writes it.
    pub(crate) async fn enqueue_letter(&self, db: &impl ConnectionTrait, letter: Uuid) -> Result<()> {
        let subject = format!("letter/{letter}");
        self.enqueue(db, LETTER, subject, &LetterJob { letter }).await
    }

    /// Enqueues a reconciliation, in the transaction after which events may have been missed.
    pub(crate) async fn enqueue_reconciliation(&self, db: &impl ConnectionTrait, job: &ReconcileJob) -> Result<()> {
        let subject = format!("reconcile/{}", job.connection);
        self.enqueue(db, RECONCILE, subject, job).await
    }

    /// Enqueues that grants follow the community's grace days, in the transaction that changes those.
    pub(crate) async fn enqueue_granting_again(&self, db: &impl ConnectionTrait, community: Uuid) -> Result<()> {
        let subject = format!("grace/{community}");
        self.enqueue(db, GRANT_AGAIN, subject, &GraceJob { community }).await
    }

    /// Enqueues the expiry of an open Checkout session, in the transaction that decides it.
    pub(crate) async fn enqueue_expiry(
        &self,
        db: &impl ConnectionTrait,
        connection: &Connection,
        checkout: &checkout::Model,
    ) -> Result<()> {
        let job = ExpiryJob {
            community: checkout.community_id,
            connection: connection.id.0,
            checkout: checkout.id,
        };
        let subject = format!("{}/checkout/{}", connection.account, checkout.id);
        self.enqueue(db, EXPIRE_CHECKOUT, subject, &job).await
    }

    /// Sees to it that the end of a subscription which was enqueued once still comes: one that was given up, after an
    /// account was out of reach for too long, begins anew.
    pub(crate) async fn enqueue_winding_up_again(&self, db: &impl ConnectionTrait, ending: &WindingUp) -> Result<()> {
        let known = job::Column::Kind
            .eq(WIND_UP)
            .and(job::Column::Subject.eq(ending.subject()));
        self.put_back(db, known.clone()).await?;
        if job::Entity::find().filter(known).count(db).await? == 0 {
            self.enqueue_winding_up(db, ending).await?;
        }
        Ok(())
    }

    async fn enqueue(
        &self,
        db: &impl ConnectionTrait,
        kind: &str,
        subject: String,
        payload: &impl Serialize,
    ) -> Result<()> {
        self.enqueue_for(db, self.now(), kind, subject, payload).await.map(drop)
    }

    /// The same, due at `run_at` only; the answer is its row's id.
    async fn enqueue_for(
        &self,
        db: &impl ConnectionTrait,
        run_at: Timestamp,
        kind: &str,
        subject: String,
        payload: &impl Serialize,
    ) -> Result<Uuid> {
        let now = self.now();
        let id = self.randomness().id(now);
        let row = job::Model {
            id,
            kind: kind.to_owned(),
            subject,
            payload: serde_json::to_value(payload).map_err(|error| Error::inconsistent(error.to_string()))?,
            created_at: now,
            run_at,
            attempts: 0,
            claimed_until: None,
            claim: None,
            last_error: None,
            state: "waiting".to_owned(),
        };
        row.into_active_model().insert(db).await?;
        Ok(id)
    }

    /// Works everything that is due, several pieces at once; the answer is how many were done or failed.
    ///
    /// # Errors
    /// When the queue itself cannot be read or written; a failing job is no error.
    pub async fn work_jobs(&self) -> Result<u64> {
        let mut worked = 0;
        let mut running = JoinSet::new();
        let mut accounts: HashMap<String, usize> = HashMap::new();
        let mut broken = None;
        loop {
            while running.len() < AT_ONCE && broken.is_none() && self.takes_jobs() {
                let busy: Vec<&str> = accounts
                    .iter()
                    .filter(|(_, count)| **count >= OF_ONE_ACCOUNT)
                    .map(|(account, _)| account.as_str())
                    .collect();
                let at_work = self.at_work().read_owned().await;
                let claimed = match self.claim(&busy).await {
                    Ok(Some(claimed)) => claimed,
                    Ok(None) => break,
                    // What is being worked comes to its end first.
                    Err(error) => {
                        broken = Some(error);
                        break;
                    }
                };
                worked += 1;
                let account = claimed.account().to_owned();
                *accounts.entry(account.clone()).or_default() += 1;
                let store = self.clone();
                running.spawn(async move {
                    let worked = store.work_claimed(&claimed).await;
                    drop(at_work);
                    store.jobs_ended().notify_waiters();
                    worked.map(|()| account)
                });
            }
            let has_room = running.len() < AT_ONCE && broken.is_none();
            let ended = tokio::select! {
                ended = running.join_next() => ended,
                // A slow job keeps nobody waiting: what arrives meanwhile, here or in another process, is claimed beside it.
                () = self.wait_for_jobs(), if has_room && !running.is_empty() => continue,
                () = tokio::time::sleep(LOOK_BESIDE), if has_room && !running.is_empty() => continue,
            };
            match ended {
                None => return broken.map_or(Ok(worked), Err),
                Some(Ok(Err(error))) => broken = Some(error),
                Some(Ok(Ok(account))) => {
                    if let Some(count) = accounts.get_mut(&account) {
                        *count = count.saturating_sub(1);
                    }
                }
                // Its claim ends by itself, and it is tried again.
                Some(Err(panicked)) => tracing::error!(%panicked, "a job was broken off"),
            }
        }
    }

    async fn work_claimed(&self, claimed: &Claimed) -> Result<()> {
        // Whoever looks at a page goes first.
        let outcome = background(async {
            match &claimed.work {
                Work::Events(job) => self.work_event(job, &claimed.done).await,
                Work::WindUp(ending) => self.wind_up(ending, &claimed.done).await,
                Work::SendLetter(job) => self.send_letter(job.letter, &claimed.done).await,
                Work::Reconcile(job) => self.reconcile_again(job, &claimed.done).await,
                Work::ExpireCheckout(job) => self.expire_checkout(job, &claimed.done).await,
                Work::GrantAgain(job) => self.grant_again(job, &claimed.done).await,
                Work::CompleteTier(job) => self.complete_tier_later(job, &claimed.done).await,
                Work::BringBack(set_aside) => self.bring_back_later(set_aside, &claimed.done).await,
            }
        });
        let outcome = tokio::select! {
            outcome = outcome => outcome,
            // Ends only when the queue cannot be written; then the claim runs out.
            error = self.keep_claim(claimed) => Err(error),
        };
        if let Err(error) = outcome {
            tracing::warn!(%error, work = ?claimed.work, events = ?claimed.done.events, "a job failed");
            metrics::counter!("jobs_failed_total").increment(1);
            self.put_off(claimed, &error).await?;
        }
        Ok(())
    }

    /// Works the end of a subscription that was enqueued, now, for somebody who waits for it. When it fails the job stays,
    /// and is worked again later.
    ///
    /// # Errors
    /// What Stripe or the database says.
    pub(crate) async fn wind_up_now(&self, ending: &WindingUp) -> Result<()> {
        let subject = ending.subject();
        for _ in 0..MOST_LOOKS {
            let at_work = self.at_work().read_owned().await;
            if let Some(claimed) = self.claim_subject(WIND_UP, &subject).await? {
                // What was claimed, for it may have been to end for another reason as well.
                let Work::WindUp(ending) = &claimed.work else {
                    return Err(Error::inconsistent("the end of a subscription is another job"));
                };
                let outcome = self.wind_up(ending, &claimed.done).await;
                if let Err(error) = &outcome {
                    self.put_off(&claimed, error).await?;
                }
                drop(at_work);
                self.jobs_ended().notify_waiters();
                return outcome;
            }
            drop(at_work);
            // A worker was quicker.
            let there = job::Entity::find()
                .filter(job::Column::Kind.eq(WIND_UP))
                .filter(job::Column::Subject.eq(&subject))
                .one(self.database().write())
                .await?;
            if there.is_none() {
                return Ok(());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Err(model::Problem::StripeUnavailable.into())
    }
}
