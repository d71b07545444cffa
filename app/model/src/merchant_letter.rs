//! The letters to those who run a community: which changes of the Stripe account, and of a dispute, they are written to
//! about. Pure; asked by the store in the transaction that keeps the change, so that each is told once.

use crate::account::AccountStatus;

/// What became of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountNews {
    /// Stripe does not allow payments (any more).
    Stopped,
    Rejected,
}

impl AccountNews {
    /// In the letter's key.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Rejected => "rejected",
        }
    }
}

/// Whether a new reading of the account is news; `asks`: Stripe wants something. Who is still at the onboarding, and has
/// done all of it, knows what Stripe is looking at.
pub fn account_news(before: &AccountStatus, now: &AccountStatus, asks: bool) -> Option<AccountNews> {
    match now {
        AccountStatus::Rejected if *before != AccountStatus::Rejected => Some(AccountNews::Rejected),
        AccountStatus::Restricted | AccountStatus::Incomplete if before.serves_customers() => {
            Some(AccountNews::Stopped)
        }
        AccountStatus::Restricted if asks && *before != AccountStatus::Restricted => Some(AccountNews::Stopped),
        _ => None,
    }
}

/// What became of a dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisputeNews {
    /// The bank asks before it disputes.
    Asked,
    Opened,
    Won,
    Lost,
    /// The bank asked, and let it be.
    LetBe,
}

impl DisputeNews {
    /// By Stripe's word for how it stands; nothing while it waits for the bank.
    pub fn of(status: &str) -> Option<Self> {
        Some(match status {
            "warning_needs_response" => Self::Asked,
            "needs_response" => Self::Opened,
            "won" => Self::Won,
            "lost" => Self::Lost,
            "warning_closed" => Self::LetBe,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_that_stops_is_news_once() {
        use AccountStatus::{Disconnected, Incomplete, Paused, Ready, Rejected, Restricted, Unlinked};
        let ready = || Ready { due_soon: None };
        for (before, now, asks, news) in [
            (ready(), Restricted, true, Some(AccountNews::Stopped)),
            (ready(), Restricted, false, Some(AccountNews::Stopped)),
            (Paused, Incomplete, true, Some(AccountNews::Stopped)),
            (Restricted, Restricted, true, None),
            (Restricted, Rejected, false, Some(AccountNews::Rejected)),
            (Rejected, Rejected, false, None),
            (Incomplete, Incomplete, true, None),
            (Incomplete, Restricted, false, None),
            (Incomplete, Restricted, true, Some(AccountNews::Stopped)),
            (Disconnected, Restricted, true, Some(AccountNews::Stopped)),
            (Restricted, ready(), false, None),
            (Unlinked, Incomplete, true, None),
        ] {
            assert_eq!(account_news(&before, &now, asks), news, "{before:?} → {now:?}");
        }
    }

    #[test]
    fn a_dispute_is_news_when_somebody_has_to_act_or_it_is_decided() {
        for (status, news) in [
            ("warning_needs_response", Some(DisputeNews::Asked)),
            ("needs_response", Some(DisputeNews::Opened)),
            ("warning_under_review", None),
            ("under_review", None),
            ("won", Some(DisputeNews::Won)),
            ("lost", Some(DisputeNews::Lost)),
            ("warning_closed", Some(DisputeNews::LetBe)),
            ("something_new", None),
        ] {
            assert_eq!(DisputeNews::of(status), news, "{status}");
        }
    }
}
