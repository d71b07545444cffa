//! What those who run the platform see of it (`PLATFORM_ADMINS`).

use serde::{Deserialize, Serialize};

use crate::{Timestamp, id::JobId};

/// The queue of what Stripe's events and the store itself ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformView {
    /// How many jobs are due, or will be.
    pub waiting: u64,
    /// What needs a person, oldest first.
    pub stuck: Vec<StuckJob>,
}

/// A job that was tried for a day and still fails: it rests until a person puts it back to work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StuckJob {
    pub id: JobId,
    /// Such as `stripe_event` or `letter`.
    pub kind: String,
    /// What it is about, beginning with the Stripe account where there is one.
    pub subject: String,
    /// `evt_…`, where an event asked for it.
    pub event: Option<String>,
    /// When it was asked for, UTC.
    #[serde(with = "chrono::serde::ts_seconds")]
    pub since: Timestamp,
    pub attempts: i32,
    pub last_error: String,
}
