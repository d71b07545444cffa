//! How long to wait before asking again: exponential, capped, and all of it left to chance ("full jitter"), so that those
//! who failed together do not come back together.

use std::time::Duration;

use crate::Randomness;

/// What a failed attempt should be followed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Backoff {
    /// Stripe had a bad moment, or too much to do.
    Usual,
    /// Another request holds the object (429 `lock_timeout`): that is over soon.
    Lock,
}

impl Backoff {
    const fn first_and_longest(self) -> (Duration, Duration) {
        match self {
            Self::Usual => (Duration::from_millis(500), Duration::from_secs(5)),
            Self::Lock => (Duration::from_millis(150), Duration::from_secs(1)),
        }
    }

    /// `retries` were made before this one. `at_least` is Stripe's `Retry-After`; chance comes on top of it.
    pub(super) fn wait(self, retries: u32, at_least: Option<Duration>, randomness: &Randomness) -> Duration {
        let (first, longest) = self.first_and_longest();
        let most = first.saturating_mul(1 << retries.min(8)).min(longest);
        at_least.unwrap_or_default() + most.mul_f64(randomness.fraction())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(backoff: Backoff, retries: u32, at_least: Option<Duration>) -> (Duration, Duration) {
        let randomness = Randomness::seeded(7);
        let waits = (0..1000).map(|_| backoff.wait(retries, at_least, &randomness));
        waits.fold((Duration::MAX, Duration::ZERO), |(least, most), wait| {
            (least.min(wait), most.max(wait))
        })
    }

    #[test]
    fn all_of_a_wait_is_left_to_chance_and_its_cap_doubles() {
        for (backoff, retries, cap) in [
            (Backoff::Usual, 0, 500),
            (Backoff::Usual, 1, 1000),
            (Backoff::Usual, 9, 5000),
            (Backoff::Lock, 0, 150),
            (Backoff::Lock, 1, 300),
            (Backoff::Lock, 9, 1000),
        ] {
            let cap = Duration::from_millis(cap);
            let (least, most) = waits(backoff, retries, None);
            assert!(least < cap / 20, "{backoff:?} {retries}: never less than {least:?}");
            assert!(
                most <= cap && most > cap * 19 / 20,
                "{backoff:?} {retries}: up to {most:?}"
            );
        }
    }

    #[test]
    fn retry_after_is_the_least_and_chance_comes_on_top() {
        let (least, most) = waits(Backoff::Usual, 0, Some(Duration::from_secs(3)));
        assert!(least >= Duration::from_secs(3));
        assert!(most > Duration::from_millis(3400) && most <= Duration::from_millis(3500));
    }
}
