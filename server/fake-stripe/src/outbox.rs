//! The webhook endpoints' side of things: which events still have to be delivered, and how. `delivery.rs` sends them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Stands for the endpoint configured at the start (or with `POST /_fake/webhook`) among the ids of endpoints.
pub const CONFIGURED: &str = "";

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
    /// The id of the webhook endpoint that it goes to, or `CONFIGURED`.
    #[serde(default)]
    pub endpoint: String,
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
    /// Puts an event here, once for each endpoint that it is for.
    pub fn add(&mut self, event: &str, now: i64, endpoints: &[String]) {
        if endpoints.is_empty() || self.mode == Mode::Drop {
            self.dropped.insert(event.to_owned());
            return;
        }
        self.pending.extend(endpoints.iter().map(|endpoint| Delivery {
            event: event.to_owned(),
            endpoint: endpoint.clone(),
            attempts: 0,
            since: now,
            last_error: None,
        }));
    }

    /// The endpoints that something waits for, in the order in which it came.
    pub fn endpoints(&self) -> Vec<String> {
        let mut endpoints: Vec<String> = Vec::new();
        for waiting in &self.pending {
            if !endpoints.contains(&waiting.endpoint) {
                endpoints.push(waiting.endpoint.clone());
            }
        }
        endpoints
    }

    /// What waits for an endpoint will not be delivered.
    pub fn forget(&mut self, endpoint: &str) {
        let all = std::mem::take(&mut self.pending).into_iter();
        let (gone, left): (Vec<_>, Vec<_>) = all.partition(|waiting| waiting.endpoint == endpoint);
        self.pending = left;
        self.dropped.extend(gone.into_iter().map(|waiting| waiting.event));
    }

    /// How many endpoints still have to take an event.
    pub fn waits_for(&self, event: &str) -> usize {
        self.pending.iter().filter(|waiting| waiting.event == event).count()
    }

    /// Whether events are about to leave for the first time. What is held on purpose is not, nor what was refused.
    pub fn is_sending(&self) -> bool {
        let about_to = self.pending.iter().any(|waiting| waiting.attempts == 0);
        self.mode == Mode::Deliver && self.url.is_some() && about_to
    }

    pub fn is_delivered(&self, event: &str) -> bool {
        !self.dropped.contains(event) && self.waits_for(event) == 0
    }

    /// Notes an attempt; an event that was taken (`error` is none) is through at that endpoint.
    pub fn attempted(&mut self, event: &str, endpoint: &str, error: Option<String>) {
        let is_it = |waiting: &Delivery| waiting.event == event && waiting.endpoint == endpoint;
        if error.is_none() {
            self.pending.retain(|waiting| !is_it(waiting));
            self.dropped.remove(event);
        } else if let Some(waiting) = self.pending.iter_mut().find(|waiting| is_it(waiting)) {
            waiting.attempts += 1;
            waiting.last_error = error;
        }
    }
}
