//! The time that retries, limits and circuits go by: the injected clock, and waiting on it.
//!
//! A manual clock stands still, so nobody could wait on it. There, waiting is over at once and counts as time that has
//! passed, for this transport alone: a test moves the clock to let an open circuit rest, and sees how long was waited.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use model::Timestamp;

use crate::Clock;

#[derive(Debug)]
pub(in crate::stripe) struct Timer {
    clock: Clock,
    /// Milliseconds waited on a manual clock.
    waited: AtomicI64,
}

impl Timer {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            waited: AtomicI64::new(0),
        }
    }

    pub(in crate::stripe) fn now(&self) -> Timestamp {
        self.clock.now() + chrono::Duration::milliseconds(self.waited.load(Ordering::SeqCst))
    }

    pub(super) async fn wait(&self, time: Duration) {
        match &self.clock {
            Clock::System | Clock::Ahead(_) => tokio::time::sleep(time).await,
            Clock::Manual(_) => {
                let millis = i64::try_from(time.as_micros().div_ceil(1000)).unwrap_or(i64::MAX);
                self.waited.fetch_add(millis, Ordering::SeqCst);
                tokio::task::yield_now().await;
            }
        }
    }
}

/// From one moment to a later one; none when the clock was set back.
pub(super) fn since(earlier: Timestamp, now: Timestamp) -> Duration {
    (now - earlier).to_std().unwrap_or_default()
}
