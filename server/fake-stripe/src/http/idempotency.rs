//! `Idempotency-Key`: the same request again gets the same answer, another one under the same key is refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::StripeError;

/// How long a key is remembered, in seconds: Stripe promises a day.
const KEPT: i64 = 24 * 3600;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    /// What was asked: method, path and parameters.
    request: String,
    at: i64,
    /// None while it is still being worked on.
    answer: Option<(u16, Value, String)>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Remembered {
    /// By account and key, joined by a line feed (which neither can contain).
    entries: BTreeMap<String, Entry>,
}

/// What is known about a key.
pub enum Known {
    New,
    /// Status, body and the first request's id.
    Answered(u16, Value, String),
}

impl Remembered {
    /// Errors: the key was used for another request, or that request is still being worked on.
    pub fn start(&mut self, account: &str, key: &str, request: &str, now: i64) -> Result<Known, StripeError> {
        if self.entries.len().is_multiple_of(256) {
            self.entries.retain(|_, entry| entry.at > now - KEPT);
        }
        let name = format!("{account}\n{key}");
        let Some(entry) = self.entries.get(&name).filter(|entry| entry.at > now - KEPT) else {
            self.entries.insert(
                name,
                Entry {
                    request: request.to_owned(),
                    at: now,
                    answer: None,
                },
            );
            return Ok(Known::New);
        };
        if entry.request != request {
            return Err(StripeError {
                kind: "idempotency_error",
                ..StripeError::invalid(format!(
                    "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a \
                     key other than '{key}' if you meant to execute a different request."
                ))
            });
        }
        match entry.answer.clone() {
            Some((status, body, request_id)) => Ok(Known::Answered(status, body, request_id)),
            None => Err(StripeError {
                kind: "idempotency_error",
                ..StripeError::invalid(format!(
                    "There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, \
                     and the other request is still going through): {key}. Please try again later."
                ))
                .code("idempotency_key_in_use")
                .status(409)
            }),
        }
    }

    pub fn finish(&mut self, account: &str, key: &str, status: u16, body: &Value, request_id: &str) {
        if let Some(entry) = self.entries.get_mut(&format!("{account}\n{key}")) {
            entry.answer = Some((status, body.clone(), request_id.to_owned()));
        }
    }

    /// The request was refused before it was worked on: nothing is remembered.
    pub fn forget(&mut self, account: &str, key: &str) {
        self.entries.remove(&format!("{account}\n{key}"));
    }

    /// After a restart nothing is being worked on.
    pub fn drop_unfinished(&mut self) {
        self.entries.retain(|_, entry| entry.answer.is_some());
    }
}
