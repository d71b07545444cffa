//! The API requests that came in, for tests that count them (`GET /_fake/requests`).

use serde::Serialize;

/// How many are kept.
const KEPT: usize = 10_000;

#[derive(Debug, Clone, Serialize)]
pub struct LoggedRequest {
    pub method: String,
    pub path: String,
    pub account: Option<String>,
    pub idempotency_key: Option<String>,
    pub status: u16,
}

#[derive(Debug, Default)]
pub struct RequestLog(Vec<LoggedRequest>);

impl RequestLog {
    pub fn add(&mut self, request: LoggedRequest) {
        if self.0.len() >= KEPT {
            self.0.remove(0);
        }
        self.0.push(request);
    }

    pub fn all(&self) -> &[LoggedRequest] {
        &self.0
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }
}
