//! Whether Stripe is answering, for each account: when it is not, calls fail at once instead of holding a person for as
//! long as every attempt may take. Stripe's accounts live in different places, so one may be out of reach alone.
//!
//! A circuit opens after some failures in a row that mean no answer (nothing, or 5xx; never a refusal, which is an answer).
//! After a while one call is let through: if it is answered the circuit closes, else it rests again.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use model::Timestamp;

use super::timer::since;

/// Attempts without an answer, one after the other, that open a circuit: two whole calls.
pub(in crate::stripe) const OPENS_AFTER: u32 = 6;
/// How long an open circuit rests.
pub(in crate::stripe) const RESTS: Duration = Duration::from_secs(30);
/// How long a circuit that opened tells of now, should nobody ask again.
const BELIEVED: Duration = Duration::from_mins(3);
/// Failures that long ago say nothing about now.
const FORGOTTEN: Duration = Duration::from_mins(10);
const SWEPT_FROM: usize = 1000;

#[derive(Debug, Clone, Copy)]
struct Circuit {
    failures: u32,
    last: Timestamp,
    /// Since when it is open.
    opened: Option<Timestamp>,
    /// One call is on its way to find out.
    probed: bool,
}

/// Only accounts whose last attempt failed have an entry. The platform's own calls are the account `""`.
#[derive(Debug, Default)]
pub(super) struct Circuits(Mutex<HashMap<String, Circuit>>);

/// A call that is let through. Dropped without an outcome (whoever made it is gone), it was no call.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    circuits: &'a Circuits,
    account: &'a str,
    probes: bool,
}

impl Circuits {
    /// Whether there is no reason to tell people that Stripe does not answer. Nobody knows while a circuit rests, nor right
    /// after, when nobody has asked.
    pub(super) fn seems_well(&self, account: &str, now: Timestamp) -> bool {
        let circuits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = circuits.get(account).and_then(|circuit| circuit.opened);
        opened.is_none_or(|opened| now >= opened && since(opened, now) >= BELIEVED)
    }

    /// Whether a call would be let through.
    pub(super) fn is_closed(&self, account: &str, now: Timestamp) -> bool {
        let circuits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        circuits.get(account).is_none_or(|circuit| circuit.lets_through(now))
    }

    /// Lets a call through, or not.
    pub(super) fn enter<'a>(&'a self, account: &'a str, now: Timestamp) -> Option<Pass<'a>> {
        let mut circuits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut probes = false;
        if let Some(circuit) = circuits.get_mut(account) {
            if !circuit.lets_through(now) {
                return None;
            }
            probes = circuit.opened.is_some();
            circuit.probed = probes;
        }
        Some(Pass {
            circuits: self,
            account,
            probes,
        })
    }
}

impl Circuit {
    fn lets_through(&self, now: Timestamp) -> bool {
        match self.opened {
            None => true,
            // A clock that was set back must not keep it open.
            Some(opened) => !self.probed && (now < opened || since(opened, now) >= RESTS),
        }
    }
}

impl Pass<'_> {
    /// Stripe said something.
    pub(super) fn answered(mut self) {
        self.probes = false;
        let mut circuits = self.circuits.0.lock().unwrap_or_else(PoisonError::into_inner);
        if circuits
            .remove(self.account)
            .is_some_and(|circuit| circuit.opened.is_some())
        {
            tracing::info!(account = self.account, "Stripe is answering again");
        }
    }

    /// Stripe said nothing, or that it cannot.
    pub(super) fn failed(mut self, now: Timestamp) {
        let mut circuits = self.circuits.0.lock().unwrap_or_else(PoisonError::into_inner);
        if circuits.len() >= SWEPT_FROM {
            circuits.retain(|_, circuit| circuit.probed || since(circuit.last, now) < FORGOTTEN);
        }
        let circuit = circuits.entry(self.account.to_owned()).or_insert(Circuit {
            failures: 0,
            last: now,
            opened: None,
            probed: false,
        });
        if since(circuit.last, now) >= FORGOTTEN {
            circuit.failures = 0;
        }
        circuit.failures = circuit.failures.saturating_add(1);
        circuit.last = now;
        if self.probes {
            self.probes = false;
            circuit.probed = false;
            circuit.opened = Some(now);
        } else if circuit.opened.is_none() && circuit.failures >= OPENS_AFTER {
            circuit.opened = Some(now);
            tracing::error!(account = self.account, "Stripe is not answering");
            metrics::counter!("stripe_circuits_opened_total").increment(1);
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.probes {
            let mut circuits = self.circuits.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(circuit) = circuits.get_mut(self.account) {
                circuit.probed = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Duration as Time};

    use super::*;

    const NOW: Timestamp = DateTime::UNIX_EPOCH;

    fn opened() -> Circuits {
        let circuits = Circuits::default();
        fail(&circuits, OPENS_AFTER);
        circuits
    }

    fn fail(circuits: &Circuits, times: u32) {
        for _ in 0..times {
            circuits.enter("acct_1", NOW).expect("let through").failed(NOW);
        }
    }

    #[test]
    fn failures_in_a_row_open_it_for_this_account_alone() {
        let circuits = Circuits::default();
        fail(&circuits, OPENS_AFTER - 1);
        circuits.enter("acct_1", NOW).expect("let through").answered();
        fail(&circuits, OPENS_AFTER - 1);
        assert!(circuits.is_closed("acct_1", NOW), "an answer came between");
        fail(&circuits, 1);
        assert!(!circuits.is_closed("acct_1", NOW) && circuits.enter("acct_1", NOW).is_none());
        assert!(circuits.is_closed("acct_2", NOW) && circuits.is_closed("", NOW));
    }

    #[test]
    fn after_its_rest_one_call_finds_out() {
        let circuits = opened();
        let rested = NOW + Time::seconds(30);
        assert!(circuits.enter("acct_1", rested - Time::milliseconds(1)).is_none());
        let probe = circuits.enter("acct_1", rested).expect("a probe");
        assert!(circuits.enter("acct_1", rested).is_none(), "one alone");
        probe.failed(rested);
        assert!(
            circuits.enter("acct_1", rested + Time::seconds(29)).is_none(),
            "it rests again"
        );
        let again = rested + Time::seconds(30);
        circuits.enter("acct_1", again).expect("a probe").answered();
        assert!(circuits.is_closed("acct_1", again));
    }

    #[test]
    fn a_probe_whose_caller_went_away_is_followed_by_another() {
        let circuits = opened();
        let rested = NOW + Time::seconds(30);
        drop(circuits.enter("acct_1", rested).expect("a probe"));
        assert!(circuits.enter("acct_1", rested).is_some());
    }

    #[test]
    fn old_failures_do_not_count_and_are_not_kept() {
        let circuits = Circuits::default();
        fail(&circuits, OPENS_AFTER - 1);
        let later = NOW + Time::hours(1);
        circuits.enter("acct_1", later).expect("let through").failed(later);
        assert!(circuits.is_closed("acct_1", later));
        for n in 0..10_000 {
            let (account, at) = (format!("acct_{n}"), later + Time::seconds(n));
            circuits.enter(&account, at).expect("let through").failed(at);
        }
        assert!(circuits.0.lock().expect("a lock").len() <= SWEPT_FROM);
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_keep_it_open() {
        assert!(opened().is_closed("acct_1", NOW - Time::hours(1)));
    }
}
