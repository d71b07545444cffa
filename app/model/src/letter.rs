//! The letters that a subscription causes: which are due now, each with the key that makes it be written once. Pure;
//! asked by the store whenever it has read a subscription, and from time to time for what no event announces.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, money::Money, subscription::SubscriptionStatus};

/// Access that will end is announced this long before.
pub const NOTICE: chrono::Duration = chrono::Duration::days(3);

/// How far Stripe's clock may be ahead of ours.
const CLOCK_SKEW: chrono::Duration = chrono::Duration::minutes(1);

/// Why a letter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// A payment was tried and refused: one for each attempt.
    PaymentFailed,
    /// The bank wants to be asked by the customer.
    ActionRequired,
    /// Access ends soon, and nothing will renew it.
    AboutToEnd,
    /// Access has ended.
    Ended,
    /// What could still be paid to have access back was cancelled.
    GivenUp,
    /// What could still be paid to have access back is paused, and can be resumed.
    Paused,
    /// An upgrade waited for its payment, and was dropped.
    UpgradeLapsed,
    /// The same of a change that left the tier, and was of how often it is paid for.
    IntervalLapsed,
    /// Two subscriptions on one plan: the older one was ended, its unused time credited.
    PaidTwice,
    /// The same, where the older one was on a former Stripe account of the community.
    PaidTwiceElsewhere,
    /// Two subscriptions on one plan: the older one is on a former account, which is out of reach, and may still be charged.
    ChargedElsewhere,
}

impl LetterKind {
    /// Also ours in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PaymentFailed => "payment_failed",
            Self::ActionRequired => "action_required",
            Self::AboutToEnd => "about_to_end",
            Self::Ended => "ended",
            Self::GivenUp => "given_up",
            Self::Paused => "paused",
            Self::UpgradeLapsed => "upgrade_lapsed",
            Self::IntervalLapsed => "interval_lapsed",
            Self::PaidTwice => "paid_twice",
            Self::PaidTwiceElsewhere => "paid_twice_elsewhere",
            Self::ChargedElsewhere => "charged_elsewhere",
        }
    }
}

/// An invoice that waits to be paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenInvoice {
    /// `in_…`
    pub id: String,
    pub amount: Money,
    /// How often Stripe has tried.
    pub attempts: u64,
    pub trouble: Option<PaymentTrouble>,
    /// `pm_…` that the last attempt was declined with, if Stripe says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined: Option<String>,
    /// When Stripe tries again by itself.
    #[serde(with = "chrono::serde::ts_seconds_option")]
    pub next_attempt: Option<Timestamp>,
}

/// Why the last attempt did not pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaymentTrouble {
    /// Stripe's sentence for the customer, if it gave one.
    Declined(Option<String>),
    /// 3-D Secure: the bank asks the customer to confirm.
    ActionRequired,
    /// No payment method was there to take it from.
    NoMethod,
}

/// What the rule looks at.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// `sub_…`
    pub subscription: &'a str,
    pub status: SubscriptionStatus,
    /// The end of the role's window, while it gives one.
    pub role_ends_at: Option<Timestamp>,
    /// It will renew by itself at the period's end, on an account that the store still has.
    pub renews: bool,
    pub invoice: Option<&'a OpenInvoice>,
}

/// A letter to write, once for each key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub kind: LetterKind,
    pub key: String,
}

/// About two subscriptions on one plan, of which `subscription` is the older one.
pub fn surplus(kind: LetterKind, subscription: &str) -> Due {
    Due {
        kind,
        key: format!("{}:{subscription}", kind.as_str()),
    }
}

/// What is to be written at `now`.
pub fn due(facts: &Facts<'_>, now: Timestamp) -> Vec<Due> {
    let mut letters: Vec<Due> = failed_attempt(facts.status, facts.invoice).into_iter().collect();
    if let Some(end) = facts.role_ends_at
        && !facts.renews
        && now >= end - NOTICE
        && now < end
    {
        let kind = LetterKind::AboutToEnd;
        letters.push(Due {
            kind,
            key: format!("{}:{}:{}", kind.as_str(), facts.subscription, end.timestamp()),
        });
    }
    letters
}

/// One for each attempt, whatever came of it: when the customer tries another card on Stripe's page, they know.
pub fn failed_attempt(status: SubscriptionStatus, invoice: Option<&OpenInvoice>) -> Option<Due> {
    let invoice = invoice.filter(|invoice| owes(status) && invoice.attempts > 0)?;
    let kind = match invoice.trouble {
        Some(PaymentTrouble::ActionRequired) => LetterKind::ActionRequired,
        _ => LetterKind::PaymentFailed,
    };
    Some(Due {
        kind,
        key: format!("attempt:{}:{}", invoice.id, invoice.attempts),
    })
}

/// Paying what is open brings the role back.
pub const fn owes(status: SubscriptionStatus) -> bool {
    matches!(
        status,
        SubscriptionStatus::PastDue | SubscriptionStatus::Unpaid | SubscriptionStatus::Paused
    )
}

/// The role ends by the attempt that failed: one letter says both, in place of the attempt's.
pub fn ended_by(attempt: Due) -> Due {
    let kind = LetterKind::Ended;
    Due { kind, ..attempt }
}

/// The role that `subscription` gave until `role_ends_at` at most is over.
pub fn ended(subscription: &str, role_ends_at: Timestamp) -> Due {
    let kind = LetterKind::Ended;
    Due {
        kind,
        key: format!("{}:{subscription}:{}", kind.as_str(), role_ends_at.timestamp()),
    }
}

/// An upgrade waited for its payment until `waited_until`, and waits no more at `now`. One that was dropped before its time
/// was dropped by somebody, who knows. `same_tier`: only how often it is paid for would have changed.
pub fn upgrade_lapsed(subscription: &str, same_tier: bool, waited_until: Timestamp, now: Timestamp) -> Option<Due> {
    let kind = if same_tier {
        LetterKind::IntervalLapsed
    } else {
        LetterKind::UpgradeLapsed
    };
    (now + CLOCK_SKEW >= waited_until).then(|| Due {
        kind,
        key: format!("{}:{subscription}:{}", kind.as_str(), waited_until.timestamp()),
    })
}

/// A subscription that gave no role any more, because a payment was open, is cancelled: by Stripe, when its attempts are over,
/// or by anybody. The letters before it offered to pay and go on.
pub fn given_up(subscription: &str, before: Option<SubscriptionStatus>, now: SubscriptionStatus) -> Option<Due> {
    let could_go_on = owes(before?);
    let kind = LetterKind::GivenUp;
    (could_go_on && now == SubscriptionStatus::Canceled).then(|| Due {
        kind,
        key: format!("{}:{subscription}", kind.as_str()),
    })
}

/// A subscription that gave no role any more, because a payment was open, was paused in place of another attempt.
/// `period_start` tells one pause from a later one.
pub fn paused(
    subscription: &str,
    before: Option<SubscriptionStatus>,
    now: SubscriptionStatus,
    period_start: Timestamp,
) -> Option<Due> {
    let was_owing = matches!(before?, SubscriptionStatus::PastDue | SubscriptionStatus::Unpaid);
    let kind = LetterKind::Paused;
    (was_owing && now == SubscriptionStatus::Paused).then(|| Due {
        kind,
        key: format!("{}:{subscription}:{}", kind.as_str(), period_start.timestamp()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn at(day: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + chrono::Duration::days(day)
    }

    fn invoice(attempts: u64, trouble: Option<PaymentTrouble>) -> OpenInvoice {
        OpenInvoice {
            id: "in_1".into(),
            amount: Money::new(900, Currency::parse("eur").expect("known")),
            attempts,
            trouble,
            declined: None,
            next_attempt: None,
        }
    }

    fn facts(status: SubscriptionStatus) -> Facts<'static> {
        Facts {
            subscription: "sub_1",
            status,
            role_ends_at: Some(at(30)),
            renews: true,
            invoice: None,
        }
    }

    fn keys(facts: &Facts<'_>, now: Timestamp) -> Vec<String> {
        due(facts, now).into_iter().map(|due| due.key).collect()
    }

    #[test]
    fn each_failed_attempt_is_a_letter_of_its_own() {
        let (first, second) = (invoice(1, None), invoice(2, None));
        for (invoice, key) in [(&first, "attempt:in_1:1"), (&second, "attempt:in_1:2")] {
            let facts = Facts {
                invoice: Some(invoice),
                ..facts(SubscriptionStatus::PastDue)
            };
            assert_eq!(keys(&facts, at(1)), [key]);
        }
    }

    #[test]
    fn a_bank_that_asks_is_another_letter_about_the_same_attempt() {
        let (asked, declined) = (invoice(1, Some(PaymentTrouble::ActionRequired)), invoice(1, None));
        let letter = |invoice| {
            let facts = Facts {
                invoice: Some(invoice),
                ..facts(SubscriptionStatus::PastDue)
            };
            due(&facts, at(1)).remove(0)
        };
        let (asked, declined) = (letter(&asked), letter(&declined));
        assert_eq!(
            (asked.kind, declined.kind),
            (LetterKind::ActionRequired, LetterKind::PaymentFailed)
        );
        assert_eq!(asked.key, declined.key);
    }

    #[test]
    fn what_renews_is_not_announced_to_end() {
        assert_eq!(keys(&facts(SubscriptionStatus::Active), at(29)), Vec::<String>::new());
        let ending = Facts {
            renews: false,
            ..facts(SubscriptionStatus::Active)
        };
        assert_eq!(keys(&ending, at(26)), Vec::<String>::new());
        assert_eq!(keys(&ending, at(27)), [format!("about_to_end:sub_1:{}", 30 * 86_400)]);
    }

    #[test]
    fn what_has_ended_is_not_announced_any_more() {
        let ending = Facts {
            renews: false,
            ..facts(SubscriptionStatus::PastDue)
        };
        assert_eq!(keys(&ending, at(30)), Vec::<String>::new());
    }

    #[test]
    fn an_upgrade_lapses_at_its_time_and_not_before() {
        assert_eq!(upgrade_lapsed("sub_1", false, at(2), at(1)), None);
        let behind = at(2) - chrono::Duration::seconds(30);
        assert!(
            upgrade_lapsed("sub_1", false, at(2), behind).is_some(),
            "our clock is behind"
        );
        for (same_tier, key) in [
            (false, "upgrade_lapsed:sub_1:172800"),
            (true, "interval_lapsed:sub_1:172800"),
        ] {
            let due = upgrade_lapsed("sub_1", same_tier, at(2), at(2)).map(|due| due.key);
            assert_eq!(due.as_deref(), Some(key));
        }
    }

    #[test]
    fn only_what_could_go_on_is_given_up() {
        use SubscriptionStatus as Status;
        for status in Status::ALL {
            let could = matches!(status, Status::PastDue | Status::Unpaid | Status::Paused);
            let cancelled = given_up("sub_1", Some(status), Status::Canceled).map(|due| due.key);
            assert_eq!(cancelled, could.then(|| "given_up:sub_1".to_owned()), "{status:?}");
            assert_eq!(given_up("sub_1", Some(status), Status::PastDue), None, "{status:?}");
        }
        assert_eq!(given_up("sub_1", None, Status::Canceled), None);
    }
}
