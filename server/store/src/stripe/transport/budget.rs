//! How much may be asked again: when Stripe is down, every call fails, and two retries of each would triple what it gets.
//!
//! A process may spend a tenth of its calls on retries, and a small reserve that fills up again, so that a quiet one can
//! retry too. What is not granted is not asked again; the call fails as it would have after its last retry.

use std::sync::{Mutex, PoisonError};

use model::Timestamp;

use super::timer::since;

/// Retries that are granted without calls before them.
const RESERVE: f64 = 10.0;
/// The reserve fills up by one in so many seconds.
const SECONDS_A_RETRY: f64 = 5.0;
/// What a call earns.
const A_CALL: f64 = 0.1;
/// What busy times can save up for bad ones.
const MOST: f64 = 50.0;

#[derive(Debug)]
pub(super) struct RetryBudget(Mutex<State>);

#[derive(Debug)]
struct State {
    retries: f64,
    at: Timestamp,
}

impl State {
    fn refill(&mut self, now: Timestamp) {
        if self.retries < RESERVE {
            let earned = since(self.at, now).as_secs_f64() / SECONDS_A_RETRY;
            self.retries = (self.retries + earned).min(RESERVE);
        }
        self.at = now;
    }
}

impl RetryBudget {
    pub(super) fn new(now: Timestamp) -> Self {
        Self(Mutex::new(State {
            retries: RESERVE,
            at: now,
        }))
    }

    /// A call, not counting its retries.
    pub(super) fn earn(&self, now: Timestamp) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.refill(now);
        state.retries = (state.retries + A_CALL).min(MOST);
    }

    /// Whether one more retry is granted; it is spent then.
    pub(super) fn spend(&self, now: Timestamp) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.refill(now);
        let granted = state.retries >= 1.0;
        if granted {
            state.retries -= 1.0;
        }
        granted
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Duration};

    use super::*;

    fn granted(budget: &RetryBudget, now: Timestamp) -> usize {
        (0..1000).take_while(|_| budget.spend(now)).count()
    }

    #[test]
    fn a_reserve_is_granted_then_a_tenth_of_the_calls() {
        let now = DateTime::UNIX_EPOCH;
        let budget = RetryBudget::new(now);
        assert_eq!(granted(&budget, now), 10);
        for _ in 0..205 {
            budget.earn(now);
        }
        assert_eq!(granted(&budget, now), 20);
        for _ in 0..100_000 {
            budget.earn(now);
        }
        assert_eq!(granted(&budget, now), 50, "what is saved up has an end");
    }

    #[test]
    fn the_reserve_fills_up_again_and_no_further() {
        let now = DateTime::UNIX_EPOCH;
        let budget = RetryBudget::new(now);
        assert_eq!(granted(&budget, now), 10);
        assert_eq!(granted(&budget, now + Duration::seconds(11)), 2);
        assert_eq!(granted(&budget, now + Duration::days(1)), 10);
    }

    #[test]
    fn a_clock_that_was_set_back_grants_nothing_and_breaks_nothing() {
        let now = DateTime::UNIX_EPOCH;
        let budget = RetryBudget::new(now);
        assert_eq!(granted(&budget, now), 10);
        assert_eq!(granted(&budget, now - Duration::hours(1)), 0);
        assert_eq!(granted(&budget, now - Duration::minutes(59)), 10);
    }
}
