//! Two subscriptions of one customer on one plan: which of them is one too many. Pure; worked out by fulfilment.
//!
//! It cannot happen through us, still it can: two devices at once, or Stripe's dashboard. The later one stays.

use crate::{Timestamp, subscription::SubscriptionStatus};

/// A subscription that is not over, as far as this rule looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing<'a> {
    /// `sub_…`
    pub id: &'a str,
    pub created: Timestamp,
    pub status: SubscriptionStatus,
    /// Zero items: left alone, it costs nothing.
    pub is_empty: bool,
}

/// What becomes of a surplus subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surplus {
    /// It was never, or not, paid for: cancelled, its invoices voided.
    Unpaid,
    /// It was paid for as well: cancelled with its unused time credited, and both sides are told.
    PaidTwice,
}

/// The one that stays: the latest that is live, by Stripe's `created`, then id, whatever order the events came in.
pub fn kept<'s, 'a>(standing: &'s [Standing<'a>]) -> Option<&'s Standing<'a>> {
    standing
        .iter()
        .filter(|one| one.status.is_live() && !one.is_empty)
        .max_by_key(|one| (one.created, one.id))
}

/// What each of `standing` (all of one customer, plan and Stripe account) is: `None` stays.
pub fn surplus(standing: &[Standing<'_>]) -> Vec<Option<Surplus>> {
    let kept = kept(standing);
    let verdict = |one: &Standing<'_>| {
        let kept = kept?;
        let is_older = (one.created, one.id) < (kept.created, kept.id);
        if !is_older || one.is_empty || one.status.is_over() {
            return None;
        }
        Some(if one.status.is_live() {
            Surplus::PaidTwice
        } else {
            Surplus::Unpaid
        })
    };
    standing.iter().map(verdict).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use SubscriptionStatus::{Active, Canceled, Incomplete, PastDue, Paused, Trialing, Unpaid};

    fn one(id: &'static str, created: i64, status: SubscriptionStatus) -> Standing<'static> {
        Standing {
            id,
            created: Timestamp::UNIX_EPOCH + chrono::Duration::seconds(created),
            status,
            is_empty: false,
        }
    }

    #[test]
    fn the_later_one_stays_whatever_the_order() {
        let (old, new) = (one("sub_b", 10, Active), one("sub_a", 20, Active));
        assert_eq!(surplus(&[old.clone(), new.clone()]), [Some(Surplus::PaidTwice), None]);
        assert_eq!(surplus(&[new, old]), [None, Some(Surplus::PaidTwice)]);
    }

    #[test]
    fn of_the_same_second_the_greater_id_stays() {
        let both = [one("sub_a", 10, Active), one("sub_b", 10, Trialing)];
        assert_eq!(surplus(&both), [Some(Surplus::PaidTwice), None]);
    }

    #[test]
    fn an_older_one_by_its_status() {
        for (status, expected) in [
            (Trialing, Some(Surplus::PaidTwice)),
            (Active, Some(Surplus::PaidTwice)),
            (PastDue, Some(Surplus::PaidTwice)),
            (Paused, Some(Surplus::PaidTwice)),
            (Incomplete, Some(Surplus::Unpaid)),
            (Unpaid, Some(Surplus::Unpaid)),
            (Canceled, None),
        ] {
            let verdict = surplus(&[one("sub_a", 10, status), one("sub_b", 20, Active)]);
            assert_eq!(verdict, [expected, None], "{status:?}");
        }
    }

    #[test]
    fn a_first_payment_that_is_not_made_yet_ends_nothing() {
        let both = [one("sub_a", 10, Active), one("sub_b", 20, Incomplete)];
        assert_eq!(surplus(&both), [None, None]);
    }

    #[test]
    fn one_with_zero_items_neither_stays_nor_goes() {
        let empty = Standing {
            is_empty: true,
            ..one("sub_b", 20, Active)
        };
        assert_eq!(surplus(&[one("sub_a", 10, Active), empty]), [None, None]);
    }
}
