//! The time comes in as a parameter: the server gives the system's, tests move one by hand.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::DateTime;
use model::Timestamp;

/// Where the time comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    System,
    /// Runs, this many seconds ahead of the system's: fake mode's, which can travel in time.
    Ahead(Arc<AtomicI64>),
    /// Seconds since the epoch, moved by a test.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `seconds` since the epoch until it is moved.
    pub fn manual(seconds: i64) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(seconds)))
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
            Self::Manual(seconds) => DateTime::from_timestamp(seconds.load(Ordering::SeqCst), 0).unwrap_or_default(),
        }
    }

    /// Moves the clock forward; the system's cannot be moved.
    pub fn advance(&self, by: chrono::Duration) {
        if let Self::Manual(seconds) | Self::Ahead(seconds) = self {
            seconds.fetch_add(by.num_seconds(), Ordering::SeqCst);
        }
    }
}

fn system_now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    let now = chrono::Utc::now();
    DateTime::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now)
}
