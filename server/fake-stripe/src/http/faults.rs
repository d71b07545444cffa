//! Faults on order (`POST /_fake/faults`): errors, dropped connections, slow and missing answers, limits.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::limits::Reason;
use crate::error::StripeError;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Answers with `status` (default 500).
    Status,
    /// Closes the connection without an answer.
    Reset,
    /// Never answers.
    Timeout,
    /// Answers `delay_ms` (default 1000) later.
    Slow,
    /// 429, before anything else is looked at.
    RateLimit,
    /// 429 `lock_timeout`: another request holds the object.
    LockTimeout,
}

fn one() -> u32 {
    1
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// `GET`, `POST`, `DELETE`; all when absent.
    #[serde(default)]
    pub method: Option<String>,
    /// Paths that begin with this; all when absent.
    #[serde(default)]
    pub path_prefix: Option<String>,
    pub kind: Kind,
    #[serde(default)]
    pub status: Option<u16>,
    /// How many requests it hits; 0 means every one until the faults are deleted.
    #[serde(default = "one")]
    pub times: u32,
    /// How likely a matching request is hit, 0 to 1; always when absent.
    #[serde(default)]
    pub probability: Option<f64>,
    /// Whether the request is carried out before its answer goes wrong.
    #[serde(default)]
    pub after_processing: bool,
    /// For `status` from 500 on: it happened while the request ran, so it is saved under the request's idempotency key and
    /// replayed, as Stripe does. Without it the request never got that far, and may be tried again under its key.
    #[serde(default)]
    pub sticks: bool,
    /// The limit that a 429 names; `rate_limit` without one says `global-rate`.
    #[serde(default)]
    pub reason: Option<Reason>,
    #[serde(default)]
    pub delay_ms: Option<u64>,
    /// Added to the answer.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Errors: what Stripe never does (a 429 is not saved under a key, another failure names no limit).
    pub fn add(&mut self, fault: Fault) -> Result<(), StripeError> {
        if fault.sticks && (fault.kind != Kind::Status || fault.status.is_some_and(|status| status < 500)) {
            return Err(
                StripeError::invalid("Only a `status` from 500 on sticks to its idempotency key.").param("sticks"),
            );
        }
        if fault.reason.is_some() && !matches!(fault.kind, Kind::RateLimit | Kind::LockTimeout) {
            return Err(StripeError::invalid("Only `rate_limit` and `lock_timeout` have a reason.").param("reason"));
        }
        self.0.push(fault);
        Ok(())
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn all(&self) -> &[Fault] {
        &self.0
    }

    /// The fault that hits a request, if any; `chance` draws a number from 0 to 1 for each fault that may hit it.
    pub fn hit(&mut self, method: &str, path: &str, mut chance: impl FnMut() -> f64) -> Option<Fault> {
        let at = self.0.iter().position(|fault| {
            fault
                .method
                .as_deref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && fault
                    .path_prefix
                    .as_deref()
                    .is_none_or(|prefix| path.starts_with(prefix))
                && fault.probability.is_none_or(|probability| chance() < probability)
        })?;
        let fault = self.0.get(at)?.clone();
        if fault.times == 1 {
            self.0.remove(at);
        } else if let Some(left) = self.0.get_mut(at).filter(|left| left.times > 1) {
            left.times -= 1;
        }
        Some(fault)
    }
}
