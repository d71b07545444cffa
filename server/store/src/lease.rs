//! One at a time, across processes: what a customer asks for on one plan is worked alone, from the first look to the last
//! write. A lease ends by itself when its holder vanishes.
//!
//! Called by the services whose steps must not mix: buying, switching, cancelling, saving cards. Projections need no
//! lease: their transactions are serialised by themselves (see [`crate::fulfillment`]).

use std::{convert::Infallible, pin::Pin, time::Duration as Wait};

use chrono::Duration;
use model::{
    Problem,
    id::{PlanId, UserId},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use crate::{Store, entity::lease, error::Result};

/// A holder that vanishes keeps others waiting this long at most.
const HELD: Duration = Duration::minutes(2);
/// How often a lease is renewed while its work goes on, for that may take longer than [`HELD`].
const RENEWED: Wait = Wait::from_secs(40);
/// How often a taken lease is asked for.
const ASK: Wait = Wait::from_millis(25);
/// How long a person waits for their own other tab.
const PATIENCE: Wait = Wait::from_secs(20);

/// What is done alone. Boxed: the compiler cannot tell of a generic one that it may move between threads.
pub(crate) type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Given back when dropped, also when the request it belonged to was broken off.
struct Held {
    store: Store,
    name: String,
    holder: Uuid,
    given_back: bool,
}

impl Store {
    /// Does `work` while nobody else works on this customer's plan.
    ///
    /// # Errors
    /// `Problem::ChangedMeanwhile` when it stays taken for too long; what `work` says.
    pub(crate) async fn alone_on_plan<T>(&self, user: UserId, plan: PlanId, work: Work<'_, T>) -> Result<T> {
        self.alone(format!("plan:{user}:{plan}"), work).await
    }

    /// The same under any name.
    pub(crate) async fn alone<T>(&self, name: String, work: Work<'_, T>) -> Result<T> {
        let mut held = self.take(name).await?;
        let outcome = tokio::select! {
            outcome = work => outcome,
            never = held.keep() => match never {},
        };
        // What was done is done: a lease that cannot be given back now is given back when dropped, or runs out.
        match self.give_back(&held.name, held.holder).await {
            Ok(()) => held.given_back = true,
            Err(error) => tracing::warn!(%error, lease = held.name, "not given back"),
        }
        outcome
    }

    async fn take(&self, name: String) -> Result<Held> {
        // Made first: who is broken off while the row is written gives it back all the same.
        let held = Held {
            store: self.clone(),
            name,
            holder: self.randomness().id(self.now()),
            given_back: false,
        };
        let mut waited = Wait::ZERO;
        loop {
            let now = self.now();
            let row = lease::ActiveModel {
                id: Set(held.name.clone()),
                holder: Set(held.holder),
                held_until: Set(now + HELD),
            };
            let free = OnConflict::column(lease::Column::Id)
                .update_columns([lease::Column::Holder, lease::Column::HeldUntil])
                .action_and_where(lease::Column::HeldUntil.lt(now))
                .to_owned();
            let taken = lease::Entity::insert(row)
                .on_conflict(free)
                .exec_without_returning(self.database().write())
                .await?;
            if taken > 0 {
                return Ok(held);
            }
            if waited >= PATIENCE {
                return Err(Problem::ChangedMeanwhile.into());
            }
            tokio::time::sleep(ASK).await;
            waited += ASK;
        }
    }

    async fn give_back(&self, name: &str, holder: Uuid) -> Result<()> {
        lease::Entity::delete_many()
            .filter(lease::Column::Id.eq(name))
            .filter(lease::Column::Holder.eq(holder))
            .exec(self.database().write())
            .await?;
        Ok(())
    }
}

impl Held {
    /// Renews the lease for as long as this is awaited. When that fails the work goes on all the same: between a call to Stripe
    /// and the note of its answer is no place to stop, and the next renewal may succeed.
    async fn keep(&self) -> Infallible {
        loop {
            tokio::time::sleep(RENEWED).await;
            let kept = lease::Entity::update_many()
                .col_expr(lease::Column::HeldUntil, Expr::value(self.store.now() + HELD))
                .filter(lease::Column::Id.eq(&self.name))
                .filter(lease::Column::Holder.eq(self.holder))
                .exec(self.store.database().write())
                .await;
            if let Err(error) = kept {
                tracing::warn!(%error, name = self.name, "a lease was not renewed");
            }
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.given_back {
            return;
        }
        let (store, name, holder) = (self.store.clone(), std::mem::take(&mut self.name), self.holder);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = store.give_back(&name, holder).await {
                    tracing::warn!(%error, name, "a lease ends by its time only");
                }
            });
        }
    }
}
