//! What the membership page shows: each subscription's true state in plain words.

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    account::AccountStatus,
    card::Card,
    id::{PlanId, SubscriptionId, TierId},
    interval::Interval,
    letter::OpenInvoice,
    money::Money,
    subscription::SubscriptionStatus,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "facts, each independent of the others")]
pub struct MembershipView {
    pub joined: bool,
    /// There is something to subscribe to; looked for where there are no subscriptions.
    pub sells: bool,
    pub subscriptions: Vec<SubscriptionView>,
    /// Roles held now that are not a subscription's.
    pub other_roles: Vec<HeldRole>,
    /// A portal can be opened: there is a Stripe customer, and the account works.
    pub portal: bool,
    /// What keeps the memberships from renewing, if anything does.
    pub trouble: Option<AccountTrouble>,
    /// The saved payment methods, the default one first.
    pub cards: Vec<Card>,
    /// A card can be added or replaced: the account works.
    pub may_update_card: bool,
    /// There is one to disconnect, and the account is in reach.
    pub may_disconnect_card: bool,
    /// Stripe does not answer for this account right now: what is shown may be old, and changes will not go through.
    pub stripe_is_silent: bool,
}

/// A merchant's account that does not serve its customers, as a member sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountTrouble {
    /// Restricted, or not set up to the end: payments fail until that is done.
    NoPayments,
    /// Stripe rejected it: nothing renews.
    Rejected,
    /// Not connected: nothing can be changed from here.
    OutOfReach,
}

impl AccountTrouble {
    pub const fn of(account: &AccountStatus) -> Option<Self> {
        match account {
            AccountStatus::Unlinked | AccountStatus::Disconnected => Some(Self::OutOfReach),
            AccountStatus::Rejected => Some(Self::Rejected),
            AccountStatus::Restricted | AccountStatus::Incomplete => Some(Self::NoPayments),
            AccountStatus::Paused | AccountStatus::Ready { .. } => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRole {
    pub label: String,
    #[serde(with = "chrono::serde::ts_seconds_option")]
    pub ends_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionView {
    pub id: SubscriptionId,
    pub plan: PlanId,
    pub plan_label: String,
    /// `None`: flagged, the merchant is told.
    pub tier: Option<TierId>,
    pub tier_label: String,
    pub status: SubscriptionStatus,
    pub price: Option<(Money, Interval)>,
    #[serde(with = "chrono::serde::ts_seconds")]
    pub period_end: Timestamp,
    #[serde(with = "chrono::serde::ts_seconds_option")]
    pub trial_end: Option<Timestamp>,
    /// When it ends, if it is set to.
    #[serde(with = "chrono::serde::ts_seconds_option")]
    pub ends_at: Option<Timestamp>,
    /// A change that waits for the period's end.
    pub pending: Option<PendingChange>,
    /// An upgrade that waits for its payment; dropped by itself at that moment.
    pub unpaid_change: Option<PendingChange>,
    /// The newest payment that is open.
    pub open_invoice: Option<OpenInvoice>,
    /// Until when the role lasts by this subscription, if it gives one now.
    #[serde(with = "chrono::serde::ts_seconds_option")]
    pub role_until: Option<Timestamp>,
    /// The same role was given to them as well, for at least as long: with this they lose no access.
    pub is_given: bool,
    /// `pm_…` of its own that pays it; none: the customer's default one does.
    pub card: Option<String>,
    /// When a first payment that is not made lapses.
    #[serde(with = "chrono::serde::ts_seconds_option")]
    pub lapses_at: Option<Timestamp>,
    /// It is on an account that is not connected any more: nothing of it can be changed here.
    pub on_former_account: bool,
    /// The account it is on can still charge for it, sooner or later.
    pub renews: bool,
    /// What would not be refused.
    pub may: Actions,
}

/// What a customer can do about a subscription: exactly what would not be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "one for each button")]
pub struct Actions {
    /// With its period, or at once when a payment is open (the cancelling table).
    pub cancel: bool,
    /// Take a cancellation back.
    pub renew: bool,
    /// A payment is open: the page to pay it on can be asked for.
    pub pay: bool,
    /// Go on after a pause.
    pub resume: bool,
    /// Another tier or interval can be chosen; when it is over, any.
    pub change: bool,
    /// Drop what waits: a change at the period's end, or an upgrade that was not paid.
    pub drop_change: bool,
}

/// What the rules look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "facts, each independent of the others")]
pub struct Possible {
    pub status: SubscriptionStatus,
    pub will_end: bool,
    pub has_open_invoice: bool,
    pub has_waiting_change: bool,
    /// The account takes payments.
    pub account_works: bool,
    /// Stripe takes calls for the account.
    pub in_reach: bool,
    pub is_empty: bool,
    /// The plan sells something else than what is held; when that is over, anything.
    pub has_offers: bool,
}

/// The possible actions of the cancelling, renewing and buying tables.
pub fn actions(possible: Possible) -> Actions {
    let status = possible.status;
    if status.is_over() {
        return Actions {
            change: possible.account_works && possible.has_offers,
            ..Actions::default()
        };
    }
    if !possible.in_reach {
        return Actions::default();
    }
    let goes_on = matches!(status, SubscriptionStatus::Trialing | SubscriptionStatus::Active);
    if !possible.account_works {
        // Whoever wants to leave can.
        return Actions {
            cancel: !goes_on || !possible.will_end,
            drop_change: possible.has_waiting_change,
            ..Actions::default()
        };
    }
    Actions {
        cancel: !goes_on || !possible.will_end,
        renew: goes_on && possible.will_end,
        pay: possible.has_open_invoice,
        resume: status == SubscriptionStatus::Paused && !possible.has_open_invoice && !possible.is_empty,
        change: possible.has_offers,
        drop_change: possible.has_waiting_change,
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingChange {
    pub tier: TierId,
    pub tier_label: String,
    pub interval: Interval,
    pub amount: Option<Money>,
    #[serde(with = "chrono::serde::ts_seconds")]
    pub at: Timestamp,
}

/// What became of a purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PurchaseState {
    /// Nothing is under way: the checkout was left, or has expired. It can be tried again.
    Nothing,
    /// A role of the plan is there: this tier's, which may be another than was asked for (another tab, another device).
    Done { tier: Option<TierId> },
}

#[cfg(test)]
mod tests {
    use super::*;
    use SubscriptionStatus as Status;

    fn possible(status: Status) -> Possible {
        Possible {
            status,
            will_end: false,
            has_open_invoice: false,
            has_waiting_change: false,
            account_works: true,
            in_reach: true,
            is_empty: false,
            has_offers: true,
        }
    }

    #[test]
    fn what_is_over_or_out_of_reach_allows_nothing() {
        for status in Status::ALL {
            let out_of_reach = Possible {
                account_works: false,
                in_reach: false,
                ..possible(status)
            };
            assert_eq!(actions(out_of_reach), Actions::default(), "{status:?}");
        }
        for status in [Status::Canceled, Status::IncompleteExpired] {
            let nothing_sold = Possible {
                has_offers: false,
                ..possible(status)
            };
            assert_eq!(actions(nothing_sold), Actions::default(), "{status:?}");
            let again = Actions {
                change: true,
                ..Actions::default()
            };
            assert_eq!(actions(possible(status)), again, "{status:?}");
        }
    }

    #[test]
    fn where_nothing_else_is_sold_no_change_is_offered() {
        for status in Status::ALL {
            let alone = Possible {
                has_offers: false,
                ..possible(status)
            };
            assert!(!actions(alone).change, "{status:?}");
            assert!(actions(possible(status)).change, "{status:?}");
        }
    }

    #[test]
    fn while_no_payment_is_taken_one_can_only_leave() {
        for status in Status::ALL.into_iter().filter(|status| !status.is_over()) {
            let may = actions(Possible {
                account_works: false,
                has_open_invoice: true,
                ..possible(status)
            });
            let cancel = Actions {
                cancel: true,
                ..Actions::default()
            };
            assert_eq!(may, cancel, "{status:?}");
        }
    }

    #[test]
    fn what_is_set_to_end_is_renewed_not_cancelled() {
        for status in [Status::Active, Status::Trialing] {
            let ending = Possible {
                will_end: true,
                ..possible(status)
            };
            let may = actions(ending);
            assert!(may.renew && !may.cancel, "{status:?}");
            let may = actions(possible(status));
            assert!(!may.renew && may.cancel, "{status:?}");
        }
        let due = Possible {
            will_end: true,
            ..possible(Status::PastDue)
        };
        assert!(actions(due).cancel && !actions(due).renew);
    }

    #[test]
    fn paused_is_resumed_unless_a_payment_comes_first() {
        assert!(actions(possible(Status::Paused)).resume);
        let due = Possible {
            has_open_invoice: true,
            ..possible(Status::Paused)
        };
        assert!(!actions(due).resume && actions(due).pay);
    }
}
