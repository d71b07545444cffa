//! The webhook endpoint's side of things: which events still have to be delivered, and how. `delivery.rs` sends them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Events leave as soon as they happen.
    #[default]
    Deliver,
    /// Events wait for `POST /_fake/outbox/flush` (or for another mode).
    Hold,
    /// Events are never delivered; `GET /v1/events?delivery_success=false` finds them.
    Drop,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Delivery {
    pub event: String,
    pub attempts: u32,
    /// When the event was put here (Unix seconds).
    pub since: i64,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Outbox {
    pub url: Option<String>,
    pub secret: String,
    pub mode: Mode,
    /// How many more times than once each event is delivered.
    pub duplicate: u32,
    /// Whether what waits together is delivered in another order.
    pub shuffle: bool,
    /// Milliseconds before each delivery.
    pub delay_ms: u64,
    /// Signs with the machine's time although the clock stands elsewhere (for a receiver that runs in real time).
    pub sign_with_system_time: Option<bool>,
    pub pending: Vec<Delivery>,
    pub dropped: BTreeSet<String>,
}

impl Outbox {
    /// Puts an event here; `reaches` tells whether it is for the endpoint at all.
    pub fn add(&mut self, event: String, now: i64, reaches: bool) {
        if self.url.is_none() || self.mode == Mode::Drop || !reaches {
            self.dropped.insert(event);
        } else {
            self.pending.push(Delivery {
                event,
                attempts: 0,
                since: now,
                last_error: None,
            });
        }
    }

    /// Whether events are about to leave for the first time. What is held on purpose is not, nor what was refused.
    pub fn is_sending(&self) -> bool {
        let about_to = self.pending.iter().any(|waiting| waiting.attempts == 0);
        self.mode == Mode::Deliver && self.url.is_some() && about_to
    }

    pub fn is_delivered(&self, event: &str) -> bool {
        !self.dropped.contains(event) && !self.pending.iter().any(|waiting| waiting.event == event)
    }

    /// Notes an attempt; an event that was taken (`error` is none) is through.
    pub fn attempted(&mut self, event: &str, error: Option<String>) {
        if error.is_none() {
            self.pending.retain(|waiting| waiting.event != event);
            self.dropped.remove(event);
        } else if let Some(waiting) = self.pending.iter_mut().find(|waiting| waiting.event == event) {
            waiting.attempts += 1;
            waiting.last_error = error;
        }
    }
}
