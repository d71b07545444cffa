//! Who waits for a call: somebody in front of a browser, or nobody. People go first (see `limits`).
//!
//! A call is a person's unless it is made inside of [`background`]: the worker of jobs does that, and whatever else goes
//! through many objects.

use std::time::Duration;

tokio::task_local! {
    static PRIORITY: Priority;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::stripe) enum Priority {
    Person,
    Background,
}

impl Priority {
    pub(super) fn current() -> Self {
        PRIORITY.try_with(|priority| *priority).unwrap_or(Self::Person)
    }

    /// The longest `Retry-After` that is waited for. A longer one is not cut short, for asking before it is over would
    /// only be refused again: the call fails, and whoever made it may come back.
    pub(super) const fn patience(self) -> Duration {
        match self {
            Self::Person => Duration::from_secs(5),
            Self::Background => Duration::from_secs(30),
        }
    }
}

/// Marks every call to Stripe inside of `work` as one that nobody waits for. It does not reach into spawned tasks.
pub async fn background<F: Future>(work: F) -> F::Output {
    PRIORITY.scope(Priority::Background, work).await
}
