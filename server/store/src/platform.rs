//! What concerns the platform and no single community. Policy: a platform admin.

mod own_account;

pub use own_account::OwnAccount;

use model::{Problem, id::JobId, platform::PlatformView};

use crate::{Store, actor::PlatformAdmin, error::Result};

/// The service; made by [`Store::platform`].
pub struct Platform<'a>(pub(crate) &'a Store);

impl Platform<'_> {
    /// # Errors
    /// When the database cannot be asked.
    pub async fn view(&self, _: &PlatformAdmin) -> Result<PlatformView> {
        Ok(PlatformView {
            waiting: self.0.queue_state().await?.waiting,
            stuck: self.0.stuck_jobs().await?,
        })
    }

    /// Puts what needs attention back to work.
    ///
    /// # Errors
    /// `Problem::NotFound` when it does not need attention (any more).
    pub async fn retry(&self, _: &PlatformAdmin, job: JobId) -> Result<()> {
        if self.0.retry_job(job).await? {
            Ok(())
        } else {
            Err(Problem::not_found("job").into())
        }
    }
}
