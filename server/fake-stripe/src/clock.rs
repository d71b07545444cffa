//! What time it is: the system's, or one that stands still until it is set. Everything else here takes seconds.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Where the time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Clock {
    /// The machine's time (moved on by `POST /_fake/clock`, after which it goes on running).
    System,
    /// Stands at these Unix seconds until `POST /_fake/clock` moves it.
    Fixed(i64),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Time {
    clock: Clock,
    /// Seconds that a running clock is ahead of the machine's.
    ahead: i64,
}

impl Time {
    pub fn new(clock: Clock) -> Self {
        Self { clock, ahead: 0 }
    }

    pub fn now(&self) -> i64 {
        match self.clock {
            Clock::System => system_now() + self.ahead,
            Clock::Fixed(now) => now,
        }
    }

    pub fn set(&mut self, now: i64) {
        match &mut self.clock {
            Clock::System => self.ahead = now - system_now(),
            Clock::Fixed(fixed) => *fixed = now,
        }
    }

    /// How much later than the machine's time it is here: webhook signatures carry the receiver's time, not ours.
    pub fn is_fixed(&self) -> bool {
        matches!(self.clock, Clock::Fixed(_))
    }
}

/// The machine's time in Unix seconds.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the fake reads the machine's clock"
)]
pub fn system_now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(0))
}
