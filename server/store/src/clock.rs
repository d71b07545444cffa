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
    /// Seconds since the epoch, moved by a test or by fake mode.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `seconds` since the epoch until it is moved.
    pub fn manual(seconds: i64) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(seconds)))
    }

    /// Now in UTC, to the millisecond, so that both databases keep it as it is.
    pub fn now(&self) -> Timestamp {
        match self {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
            Self::System => {
                let now = chrono::Utc::now();
                DateTime::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now)
            }
            Self::Manual(seconds) => DateTime::from_timestamp(seconds.load(Ordering::SeqCst), 0).unwrap_or_default(),
        }
    }

    /// Moves a manual clock forward; the system's cannot be moved.
    pub fn advance(&self, by: chrono::Duration) {
        if let Self::Manual(seconds) = self {
            seconds.fetch_add(by.num_seconds(), Ordering::SeqCst);
        }
    }
}
