//! What a subscription is worth now: a window for its tier's role, or nothing. Pure; worked out by fulfilment.

use chrono::Duration;

use crate::{
    Timestamp,
    id::TierId,
    subscription::{SubscriptionFacts, SubscriptionStatus},
};

/// A renewal's events take time: an active subscription's role outlives its period by this much.
pub const RENEWAL_SLACK: Duration = Duration::days(1);

/// The role of `tier` from `starts_at` to `ends_at`, both UTC, the end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entitlement {
    pub tier: TierId,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
}

/// What `subscription` is worth at `now`, with the community's `grace_days` (0–30) after a first failed payment.
pub fn entitlement(subscription: &SubscriptionFacts, grace_days: u8, now: Timestamp) -> Option<Entitlement> {
    let tier = subscription.sold?.tier;
    let ends_at = match subscription.status {
        SubscriptionStatus::Trialing => subscription.trial_end.unwrap_or(subscription.period_end),
        SubscriptionStatus::Active => subscription.period_end + RENEWAL_SLACK,
        SubscriptionStatus::PastDue => {
            let failed = subscription.first_failed_at.unwrap_or(subscription.period_start);
            failed + Duration::days(i64::from(grace_days))
        }
        SubscriptionStatus::Incomplete
        | SubscriptionStatus::IncompleteExpired
        | SubscriptionStatus::Unpaid
        | SubscriptionStatus::Canceled
        | SubscriptionStatus::Paused => return None,
    };
    // What is set to end gives nothing beyond its end, whatever its status.
    let ends_at = subscription.ends_at().map_or(ends_at, |end| end.min(ends_at));
    let starts_at = subscription.period_start;
    (starts_at < ends_at && now < ends_at).then_some(Entitlement {
        tier,
        starts_at,
        ends_at,
    })
}

/// The end of a role's window as people are told it: without the day that a renewal's events may take.
pub fn told_end(status: SubscriptionStatus, period_end: Timestamp, ends_at: Timestamp) -> Timestamp {
    if status == SubscriptionStatus::Active && ends_at == period_end + RENEWAL_SLACK {
        period_end
    } else {
        ends_at
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{id::PriceId, subscription::Sold};

    fn day(number: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + Duration::days(number)
    }

    /// From day 100 to day 130.
    fn subscription(status: SubscriptionStatus) -> SubscriptionFacts {
        SubscriptionFacts {
            status,
            sold: Some(Sold {
                tier: TierId(Uuid::nil()),
                price: PriceId(Uuid::nil()),
            }),
            period_start: day(100),
            period_end: day(130),
            trial_end: None,
            cancel_at_period_end: false,
            cancel_at: None,
            first_failed_at: None,
        }
    }

    fn window(subscription: &SubscriptionFacts, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
        entitlement(subscription, 7, now).map(|worth| (worth.starts_at, worth.ends_at))
    }

    #[test]
    fn active_is_worth_its_period_and_a_day_for_the_renewal() {
        let active = subscription(SubscriptionStatus::Active);
        assert_eq!(window(&active, day(110)), Some((day(100), day(131))));
        assert_eq!(window(&active, day(131)), None);
    }

    #[test]
    fn people_are_told_the_periods_end_and_not_the_day_after() {
        assert_eq!(told_end(SubscriptionStatus::Active, day(130), day(131)), day(130));
        assert_eq!(told_end(SubscriptionStatus::Active, day(130), day(120)), day(120));
        assert_eq!(told_end(SubscriptionStatus::PastDue, day(130), day(131)), day(131));
    }

    #[test]
    fn active_that_will_end_is_worth_exactly_until_then() {
        let by_flag = SubscriptionFacts {
            cancel_at_period_end: true,
            ..subscription(SubscriptionStatus::Active)
        };
        let by_date = SubscriptionFacts {
            cancel_at: Some(day(120)),
            ..subscription(SubscriptionStatus::Active)
        };
        assert_eq!(window(&by_flag, day(110)), Some((day(100), day(130))));
        assert_eq!(window(&by_date, day(110)), Some((day(100), day(120))));
    }

    #[test]
    fn trialing_is_worth_its_trial() {
        let trial = SubscriptionFacts {
            trial_end: Some(day(107)),
            ..subscription(SubscriptionStatus::Trialing)
        };
        assert_eq!(window(&trial, day(101)), Some((day(100), day(107))));
    }

    #[test]
    fn past_due_is_worth_its_grace_from_the_first_failure() {
        let due = SubscriptionFacts {
            first_failed_at: Some(day(101)),
            ..subscription(SubscriptionStatus::PastDue)
        };
        assert_eq!(window(&due, day(107)), Some((day(100), day(108))));
        assert_eq!(window(&due, day(108)), None);
        let failed_at_once = SubscriptionFacts {
            first_failed_at: Some(day(100)),
            ..due
        };
        assert_eq!(entitlement(&failed_at_once, 0, day(100)), None);
    }

    #[test]
    fn every_other_status_is_worth_nothing() {
        for status in [
            SubscriptionStatus::Incomplete,
            SubscriptionStatus::IncompleteExpired,
            SubscriptionStatus::Unpaid,
            SubscriptionStatus::Canceled,
            SubscriptionStatus::Paused,
        ] {
            assert_eq!(window(&subscription(status), day(110)), None, "{status:?}");
        }
    }

    #[test]
    fn what_we_do_not_know_is_worth_nothing_in_any_status() {
        for status in SubscriptionStatus::ALL {
            assert_eq!(
                window(
                    &SubscriptionFacts {
                        sold: None,
                        ..subscription(status)
                    },
                    day(110)
                ),
                None
            );
        }
    }

    /// Every subscription of a small world: each status, with each of its dates at each of a few moments.
    fn small_world(mut check: impl FnMut(&SubscriptionFacts, u8, Timestamp)) {
        let moments = [
            None,
            Some(day(99)),
            Some(day(100)),
            Some(day(115)),
            Some(day(130)),
            Some(day(200)),
        ];
        for status in SubscriptionStatus::ALL {
            for (trial_end, cancel_at) in moments
                .iter()
                .flat_map(|one| moments.iter().map(move |other| (*one, *other)))
            {
                for first_failed_at in moments {
                    for cancel_at_period_end in [false, true] {
                        for grace in [0, 7, 30] {
                            for now in [day(99), day(100), day(107), day(130), day(131), day(500)] {
                                let facts = SubscriptionFacts {
                                    trial_end,
                                    cancel_at_period_end,
                                    cancel_at,
                                    first_failed_at,
                                    ..subscription(status)
                                };
                                check(&facts, grace, now);
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn no_window_is_inverted_over_already_or_beyond_its_end() {
        small_world(|facts, grace, now| {
            let Some(worth) = entitlement(facts, grace, now) else {
                return;
            };
            assert!(
                worth.starts_at < worth.ends_at && now < worth.ends_at,
                "{facts:?} at {now}"
            );
            assert!(facts.ends_at().is_none_or(|end| worth.ends_at <= end), "{facts:?}");
        });
    }

    #[test]
    fn a_role_needs_a_status_that_gives_one() {
        use SubscriptionStatus::{Active, PastDue, Trialing};
        small_world(|facts, grace, now| {
            let gives = [Trialing, Active, PastDue].contains(&facts.status);
            assert!(gives || entitlement(facts, grace, now).is_none(), "{facts:?}");
        });
    }

    #[test]
    fn what_was_over_never_comes_back_by_waiting_and_more_grace_never_takes_away() {
        small_world(|facts, grace, now| {
            let later = now + Duration::days(1);
            if entitlement(facts, grace, now).is_none() {
                assert!(entitlement(facts, grace, later).is_none(), "{facts:?} at {now}");
            }
            let end = |days| entitlement(facts, days, now).map(|worth| worth.ends_at);
            assert!(end(grace) <= end(30), "{facts:?} at {now}");
        });
    }

    #[test]
    fn renewal_slack_and_grace_end_at_their_exact_borders() {
        let second = Duration::seconds(1);
        let active = subscription(SubscriptionStatus::Active);
        let border = day(130) + RENEWAL_SLACK;
        assert!(entitlement(&active, 7, border - second).is_some() && entitlement(&active, 7, border).is_none());
        let due = SubscriptionFacts {
            first_failed_at: Some(day(130)),
            ..subscription(SubscriptionStatus::PastDue)
        };
        let border = day(137);
        assert!(entitlement(&due, 7, border - second).is_some() && entitlement(&due, 7, border).is_none());
    }
}
