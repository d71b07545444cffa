//! A moment in which no job is under way. Moving the clock (in fake mode) past a claim would give what is being worked to
//! another worker as well: a letter would be sent twice. Asked for by `server`'s `/dev/clock`.

use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter};
use tokio::sync::OwnedRwLockWriteGuard;

use crate::{Store, entity::job, error::Result};

/// While this is held, no job is begun in this process.
#[derive(Debug)]
pub struct Quiet {
    _alone: OwnedRwLockWriteGuard<()>,
}

impl Store {
    /// Waits until every job that is due is done or put off.
    ///
    /// # Errors
    /// When the queue cannot be read.
    pub async fn quiet(&self) -> Result<Quiet> {
        loop {
            let mut ended = std::pin::pin!(self.jobs_ended().notified());
            // What ends from here on is heard.
            ended.as_mut().enable();
            if self.due_jobs().await? == 0 {
                let alone = self.at_work().write_owned().await;
                if self.due_jobs().await? == 0 {
                    return Ok(Quiet { _alone: alone });
                }
                // What was worked until now has left more to do.
                drop(alone);
                continue;
            }
            ended.await;
        }
    }

    /// How many jobs are due, or under way.
    ///
    /// # Errors
    /// When the queue cannot be read.
    pub async fn due_jobs(&self) -> Result<u64> {
        let now = self.now();
        let due = Condition::any()
            .add(job::Column::RunAt.lte(now))
            .add(job::Column::ClaimedUntil.gte(now));
        let waiting = job::Entity::find().filter(job::Column::State.eq("waiting")).filter(due);
        Ok(waiting.count(self.database().write()).await?)
    }
}
