//! Stripe's rate limits, on demand (`POST /_fake/limits`): so many requests a second for an account and for an endpoint.
//! Seconds are real ones, whatever the fake's clock says: whoever is limited waits in real time.

use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

/// Which limit a request ran into (the header `Stripe-Rate-Limited-Reason`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    GlobalConcurrency,
    GlobalRate,
    EndpointConcurrency,
    EndpointRate,
    ResourceSpecific,
}

impl Reason {
    pub fn word(self) -> &'static str {
        match self {
            Self::GlobalConcurrency => "global-concurrency",
            Self::GlobalRate => "global-rate",
            Self::EndpointConcurrency => "endpoint-concurrency",
            Self::EndpointRate => "endpoint-rate",
            Self::ResourceSpecific => "resource-specific",
        }
    }
}

/// What is allowed; nothing is limited at first.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowed {
    #[serde(default)]
    pub account_per_second: Option<usize>,
    #[serde(default)]
    pub endpoint_per_second: Option<usize>,
}

#[derive(Debug, Default)]
pub struct Limits {
    allowed: Allowed,
    /// When requests of an account, or of an account at an endpoint, were let through in the last second.
    let_through: HashMap<String, VecDeque<Instant>>,
}

impl Limits {
    pub fn allowed(&self) -> Allowed {
        self.allowed
    }

    pub fn allow(&mut self, allowed: Allowed) {
        self.allowed = allowed;
        self.let_through.clear();
    }

    /// The limit that a request runs into, if any; one that is refused does not count.
    pub fn hit(&mut self, account: &str, endpoint: &str, now: Instant) -> Option<Reason> {
        let limits = [
            (self.allowed.account_per_second, account.to_owned(), Reason::GlobalRate),
            (
                self.allowed.endpoint_per_second,
                format!("{account} {endpoint}"),
                Reason::EndpointRate,
            ),
        ];
        for (most, name, reason) in &limits {
            if most.is_some_and(|most| self.recent(name, now).len() >= most) {
                return Some(*reason);
            }
        }
        for (most, name, _) in &limits {
            if most.is_some() {
                self.recent(name, now).push_back(now);
            }
        }
        None
    }

    fn recent(&mut self, name: &str, now: Instant) -> &mut VecDeque<Instant> {
        let recent = self.let_through.entry(name.to_owned()).or_default();
        while recent
            .front()
            .is_some_and(|at| now.duration_since(*at) >= Duration::from_secs(1))
        {
            recent.pop_front();
        }
        recent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_and_each_of_its_endpoints_have_their_limits() {
        let mut limits = Limits::default();
        let start = Instant::now();
        assert_eq!(limits.hit("acct_1", "GET /v1/prices", start), None);
        limits.allow(Allowed {
            account_per_second: Some(3),
            endpoint_per_second: Some(2),
        });
        let later = |milliseconds| start + Duration::from_millis(milliseconds);
        let mut hit = |account: &str, endpoint: &str, at| limits.hit(account, endpoint, later(at));
        assert_eq!(hit("acct_1", "GET /v1/prices", 0), None);
        assert_eq!(hit("acct_1", "GET /v1/prices", 100), None);
        assert_eq!(hit("acct_1", "GET /v1/prices", 200), Some(Reason::EndpointRate));
        assert_eq!(hit("acct_1", "GET /v1/products", 300), None);
        assert_eq!(hit("acct_1", "GET /v1/products", 400), Some(Reason::GlobalRate));
        assert_eq!(hit("acct_2", "GET /v1/products", 400), None);
        assert_eq!(hit("acct_1", "GET /v1/prices", 1000), None);
        assert_eq!(hit("acct_1", "GET /v1/prices", 1099), Some(Reason::GlobalRate));
        assert_eq!(hit("acct_1", "GET /v1/prices", 1100), None);
    }
}
