//! How fast we ask: below what Stripe allows (<https://docs.stripe.com/rate-limits>: 100 calls a second and account, 25 in
//! a sandbox, 25 for each endpoint), with token buckets for each account and for each endpoint of it.
//!
//! People go first. Somebody in front of a browser takes a turn that is not there yet and waits until it comes, but only
//! for a few seconds; work that nobody waits for takes one only while as many are left as people may need. A few turns are
//! its own all the same, so that nobody who keeps pressing buttons keeps what others paid for from arriving.
//!
//! The buckets are this process's own. Several processes share what Stripe allows: give each its part.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use model::Timestamp;

use super::{priority::Priority, timer::since};

/// `burst` calls at once, and `per_second` from then on: never more than both together in any second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub burst: u32,
    pub per_second: u32,
}

/// How fast a process asks Stripe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// All calls of one connected account; the platform's own count as one more.
    pub account: Rate,
    /// Calls of one endpoint in one account.
    pub endpoint: Rate,
    /// Calls of one account that are kept for background work, whatever people do.
    pub reserved: Rate,
    /// How long somebody in front of a browser waits for a turn.
    pub person_waits: Duration,
    /// How long background work does.
    pub background_waits: Duration,
}

impl Limits {
    /// What fits the key: Stripe allows more in live mode than in a sandbox. A tenth and more is left for what others do
    /// with the same account.
    pub fn for_key(secret_key: &str) -> Self {
        let endpoint = Rate {
            burst: 8,
            per_second: 14,
        };
        let live = Rate {
            burst: 30,
            per_second: 60,
        };
        Self {
            account: if secret_key.contains("_live_") { live } else { endpoint },
            endpoint,
            reserved: Rate {
                burst: 1,
                per_second: 1,
            },
            person_waits: Duration::from_secs(3),
            background_waits: Duration::from_secs(20),
        }
    }
}

/// What came of asking for a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// It is ours, after so long.
    Taken(Duration),
    /// It is not; it may be there after so long.
    NotYet(Duration),
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// Below zero: so many turns are taken that have not come yet.
    tokens: f64,
    at: Timestamp,
}

/// No endpoint has this name.
const RESERVED: &str = "reserved";

/// Buckets that are full are not kept: they are as good as new ones.
const SWEPT_FROM: usize = 1000;

#[derive(Debug)]
pub(super) struct Buckets {
    limits: Limits,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// By account and endpoint; the empty endpoint stands for the whole account, [`RESERVED`] for what is kept of it.
    buckets: HashMap<(String, String), Bucket>,
    swept_at: usize,
}

impl Buckets {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            state: Mutex::new(State {
                buckets: HashMap::new(),
                swept_at: SWEPT_FROM,
            }),
        }
    }

    /// How long the turn may be waited for, all in all.
    pub(super) const fn patience(&self, priority: Priority) -> Duration {
        match priority {
            Priority::Person => self.limits.person_waits,
            Priority::Background => self.limits.background_waits,
        }
    }

    /// A turn of the account and of the endpoint: both or none.
    pub(super) fn turn(&self, account: &str, endpoint: &str, priority: Priority, now: Timestamp) -> Turn {
        let whole = (account.to_owned(), String::new());
        let part = (account.to_owned(), endpoint.to_owned());
        let wanted = [(whole, self.limits.account), (part, self.limits.endpoint)];
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut wait = Duration::ZERO;
        for (name, rate) in &wanted {
            let left = left(state.buckets.get(name).copied(), *rate, now) - 1.0;
            let least = match priority {
                Priority::Person => 0.0,
                Priority::Background => f64::from(rate.burst / 2),
            };
            wait = wait.max(time_for(least - left, *rate));
        }
        let taken = match priority {
            Priority::Person => wait <= self.limits.person_waits,
            Priority::Background => wait.is_zero(),
        };
        if !taken && priority == Priority::Background && self.reserved(&mut state, account, now) {
            return Turn::Taken(Duration::ZERO);
        }
        if !taken {
            return Turn::NotYet(wait);
        }
        for (name, rate) in wanted {
            let tokens = left(state.buckets.get(&name).copied(), rate, now) - 1.0;
            state.buckets.insert(name, Bucket { tokens, at: now });
        }
        self.sweep(&mut state, now);
        Turn::Taken(wait)
    }

    fn reserved(&self, state: &mut State, account: &str, now: Timestamp) -> bool {
        let name = (account.to_owned(), RESERVED.to_owned());
        let tokens = left(state.buckets.get(&name).copied(), self.limits.reserved, now) - 1.0;
        if tokens < 0.0 {
            return false;
        }
        state.buckets.insert(name, Bucket { tokens, at: now });
        true
    }

    /// Full buckets go once there are many, so that their number follows what is going on.
    fn sweep(&self, state: &mut State, now: Timestamp) {
        if state.buckets.len() < state.swept_at {
            return;
        }
        let Limits {
            account,
            endpoint,
            reserved,
            ..
        } = self.limits;
        state.buckets.retain(|(_, part), bucket| {
            let rate = match part.as_str() {
                "" => account,
                RESERVED => reserved,
                _ => endpoint,
            };
            left(Some(*bucket), rate, now) < f64::from(rate.burst)
        });
        state.swept_at = SWEPT_FROM.max(state.buckets.len() * 2);
    }
}

fn left(bucket: Option<Bucket>, rate: Rate, now: Timestamp) -> f64 {
    let full = f64::from(rate.burst);
    // A clock that was set back must not keep a bucket empty.
    bucket.filter(|bucket| bucket.at <= now).map_or(full, |bucket| {
        let came = since(bucket.at, now).as_secs_f64() * f64::from(rate.per_second);
        (bucket.tokens + came).min(full)
    })
}

fn time_for(tokens: f64, rate: Rate) -> Duration {
    if tokens <= 0.0 {
        return Duration::ZERO;
    }
    Duration::try_from_secs_f64(tokens / f64::from(rate.per_second)).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Duration as Time};

    use super::*;

    const NOW: Timestamp = DateTime::UNIX_EPOCH;

    fn buckets(account: (u32, u32), endpoint: (u32, u32)) -> Buckets {
        let rate = |(burst, per_second)| Rate { burst, per_second };
        Buckets::new(Limits {
            account: rate(account),
            endpoint: rate(endpoint),
            reserved: rate((0, 0)),
            person_waits: Duration::from_secs(2),
            background_waits: Duration::from_secs(20),
        })
    }

    fn person(buckets: &Buckets, account: &str, endpoint: &str, now: Timestamp) -> Turn {
        buckets.turn(account, endpoint, Priority::Person, now)
    }

    #[test]
    fn no_second_sees_more_calls_than_stripe_allows() {
        for (key, account) in [
            ("sk_live_1", 100),
            ("rk_live_1", 100),
            ("sk_test_1", 25),
            ("rk_test_1", 25),
        ] {
            let limits = Limits::for_key(key);
            let reserved = limits.reserved.burst + limits.reserved.per_second;
            let most = |rate: Rate| rate.burst + rate.per_second + reserved;
            assert!(most(limits.account) <= account, "{key}");
            assert!(most(limits.endpoint) <= 25, "{key}");
        }
        assert!(Limits::for_key("sk_live_1").account.per_second > 25);
    }

    #[test]
    fn people_take_turns_that_come_later_each_its_own_but_not_too_late_ones() {
        let buckets = buckets((2, 1), (100, 100));
        let turns: Vec<Turn> = (0..5).map(|_| person(&buckets, "acct_1", "GET /prices", NOW)).collect();
        let seconds = |n| Turn::Taken(Duration::from_secs(n));
        assert_eq!(turns[..4], [seconds(0), seconds(0), seconds(1), seconds(2)]);
        assert_eq!(
            turns[4],
            Turn::NotYet(Duration::from_secs(3)),
            "a person does not wait that long"
        );
        assert_eq!(
            person(&buckets, "acct_2", "GET /prices", NOW),
            seconds(0),
            "another account"
        );
        assert_eq!(
            person(&buckets, "acct_1", "GET /prices", NOW + Time::seconds(4)),
            seconds(0)
        );
    }

    #[test]
    fn endpoints_have_their_own_limit_and_what_one_refuses_is_not_taken_from_the_account() {
        let buckets = buckets((10, 1), (1, 1));
        let now = |turn| assert_eq!(turn, Turn::Taken(Duration::ZERO));
        now(person(&buckets, "acct_1", "GET /prices", NOW));
        assert_eq!(
            buckets.turn("acct_1", "GET /prices", Priority::Background, NOW),
            Turn::NotYet(Duration::from_secs(1))
        );
        for endpoint in [
            "POST /prices",
            "GET /a",
            "GET /b",
            "GET /c",
            "GET /d",
            "GET /e",
            "GET /f",
            "GET /g",
            "GET /h",
        ] {
            now(person(&buckets, "acct_1", endpoint, NOW));
        }
        assert_ne!(person(&buckets, "acct_1", "GET /i", NOW), Turn::Taken(Duration::ZERO));
    }

    #[test]
    fn background_work_leaves_people_their_part() {
        let buckets = buckets((4, 1), (100, 100));
        let background = |now| buckets.turn("acct_1", "GET /prices", Priority::Background, now);
        assert_eq!(background(NOW), Turn::Taken(Duration::ZERO));
        assert_eq!(background(NOW), Turn::Taken(Duration::ZERO));
        assert_eq!(
            background(NOW),
            Turn::NotYet(Duration::from_secs(1)),
            "the rest is people's"
        );
        assert_eq!(
            person(&buckets, "acct_1", "GET /prices", NOW),
            Turn::Taken(Duration::ZERO)
        );
        assert_eq!(
            person(&buckets, "acct_1", "GET /prices", NOW),
            Turn::Taken(Duration::ZERO)
        );
        assert_eq!(background(NOW), Turn::NotYet(Duration::from_secs(3)));
        assert_eq!(background(NOW + Time::seconds(3)), Turn::Taken(Duration::ZERO));
    }

    #[test]
    fn people_who_take_every_turn_leave_background_work_its_own() {
        let limits = Limits::for_key("sk_test_1");
        let buckets = Buckets::new(limits);
        let background = |now| buckets.turn("acct_1", "GET /prices", Priority::Background, now);
        let take_all = |now| while matches!(person(&buckets, "acct_1", "GET /prices", now), Turn::Taken(_)) {};
        let mut taken = 0;
        for second in 0..10 {
            let now = NOW + Time::seconds(second);
            take_all(now);
            taken += u32::from(background(now) == Turn::Taken(Duration::ZERO));
            assert!(matches!(background(now), Turn::NotYet(_)), "no more than its part");
        }
        assert_eq!(taken, 10);
    }

    #[test]
    fn buckets_nobody_uses_are_not_kept() {
        let buckets = buckets((2, 1), (2, 1));
        for n in 0..20_000 {
            let account = format!("acct_{n}");
            person(&buckets, &account, "GET /prices", NOW + Time::milliseconds(n * 10));
        }
        let kept = buckets.state.lock().expect("a lock").buckets.len();
        assert!(kept <= SWEPT_FROM, "{kept} buckets are kept");
    }
}
