//! When an endpoint that did not take an event is tried again. One that rests holds no other up.

use std::{collections::HashMap, time::Duration};

use tokio::time::Instant;

/// From this failure on, in a row, new events do not end an endpoint's rest either.
const PATIENT: u32 = 3;

#[derive(Debug, Clone, Copy)]
struct Rest {
    /// How often in a row something was not taken.
    failures: u32,
    end: Instant,
}

#[derive(Debug, Default)]
pub struct Resting(HashMap<String, Rest>);

impl Resting {
    /// When the first of them is tried again.
    pub fn next_end(&self) -> Option<Instant> {
        self.0.values().map(|rest| rest.end).min()
    }

    /// Whether an endpoint is left alone for now.
    pub fn rests(&self, endpoint: &str) -> bool {
        let rest = self.0.get(endpoint);
        rest.is_some_and(|rest| rest.failures >= PATIENT && rest.end > Instant::now())
    }

    /// Forgets endpoints that nothing waits for.
    pub fn keep(&mut self, endpoints: &[String]) {
        self.0.retain(|endpoint, _| endpoints.contains(endpoint));
    }

    /// Notes whether an endpoint failed when it was tried.
    pub fn note(&mut self, endpoint: String, failed: bool) {
        let failures = self.0.remove(&endpoint).map_or(0, |rest| rest.failures);
        if failed {
            let failures = failures + 1;
            let end = Instant::now() + backoff(failures);
            self.0.insert(endpoint, Rest { failures, end });
        }
    }
}

/// Wait after a failed attempt: doubles from half a second to five seconds.
fn backoff(attempts: u32) -> Duration {
    Duration::from_millis((250 << attempts.min(7)).min(5_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_rests_by_itself_and_longer_each_time() {
        let mut resting = Resting::default();
        for _ in 0..PATIENT {
            assert!(!resting.rests("we_dead"));
            resting.note("we_dead".to_owned(), true);
        }
        resting.note("we_alive".to_owned(), false);
        assert!(resting.rests("we_dead") && !resting.rests("we_alive"));
        assert!(resting.next_end().unwrap() > Instant::now() + Duration::from_millis(1_500));
        resting.note("we_dead".to_owned(), false);
        assert!(resting.next_end().is_none() && !resting.rests("we_dead"));
    }

    #[test]
    fn what_nothing_waits_for_is_forgotten() {
        let mut resting = Resting::default();
        resting.note("we_gone".to_owned(), true);
        resting.note("we_dead".to_owned(), true);
        resting.keep(&["we_dead".to_owned()]);
        assert_eq!(resting.0.len(), 1);
    }
}
