//! The time comes in as a parameter: the server gives the system's, tests move one by hand.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::DateTime;
use model::Timestamp;
use tokio::sync::watch;

/// Where the time comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    System,
    /// Runs, this many seconds ahead of the system's: fake mode's, which can travel in time.
    Ahead(Arc<AtomicI64>),
    /// Seconds since the epoch, moved by a test.
    Manual(Arc<watch::Sender<i64>>),
}

impl Clock {
    /// A clock that stands at `seconds` since the epoch until it is moved.
    pub fn manual(seconds: i64) -> Self {
        Self::Manual(Arc::new(watch::Sender::new(seconds)))
    }

    /// A clock that runs, `seconds` ahead of the system's.
    pub fn ahead(seconds: i64) -> Self {
        Self::Ahead(Arc::new(AtomicI64::new(seconds)))
    }

    /// Now in UTC, to the millisecond, so that both databases keep it as it is.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => system_now(),
            Self::Ahead(seconds) => system_now() + chrono::Duration::seconds(seconds.load(Ordering::SeqCst)),
            Self::Manual(seconds) => DateTime::from_timestamp(*seconds.borrow(), 0).unwrap_or_default(),
        }
    }

    /// Moves the clock forward; the system's cannot be moved.
    pub fn advance(&self, by: chrono::Duration) {
        match self {
            Self::System => {}
            Self::Ahead(seconds) => {
                seconds.fetch_add(by.num_seconds(), Ordering::SeqCst);
            }
            Self::Manual(seconds) => seconds.send_modify(|seconds| *seconds += by.num_seconds()),
        }
    }

    /// Returns when so much time has passed; by a manual clock, when it was moved on so far.
    pub(crate) async fn wait(&self, time: Duration) {
        let Self::Manual(seconds) = self else {
            return tokio::time::sleep(time).await;
        };
        let mut moves = seconds.subscribe();
        let until = *moves.borrow() + i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        // Fails only when the clock is gone.
        drop(moves.wait_for(|now| *now >= until).await);
    }
}

fn system_now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    let now = chrono::Utc::now();
    DateTime::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now)
}
