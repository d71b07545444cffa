//! The merchant's Stripe account as we last read it, and what that means for the shop.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, date};

/// What we keep of a Stripe account (<https://docs.stripe.com/api/accounts/object>).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AccountSnapshot {
    /// `acct_…`
    pub account: String,
    /// What the merchant calls the business, else their e-mail.
    pub name: Option<String>,
    pub email: Option<String>,
    pub country: Option<String>,
    pub charges_enabled: bool,
    pub payouts_enabled: bool,
    pub details_submitted: bool,
    /// `requirements.disabled_reason`
    pub disabled_reason: Option<String>,
    /// `requirements.currently_due`
    pub currently_due: Vec<String>,
    /// `requirements.past_due`
    pub past_due: Vec<String>,
    /// `requirements.current_deadline`
    #[serde(with = "chrono::serde::ts_seconds_option")]
    pub deadline: Option<Timestamp>,
}

impl AccountSnapshot {
    /// Everything that Stripe asks for, what is overdue first; Stripe may list a thing twice.
    pub fn wanted(&self) -> impl Iterator<Item = &str> {
        self.past_due.iter().chain(&self.currently_due).map(String::as_str)
    }

    /// There is something to fill in at Stripe.
    pub fn asks_for_something(&self) -> bool {
        !self.details_submitted || self.wanted().next().is_some()
    }
}

/// What a community's Stripe account allows right now; the first that fits, in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountStatus {
    /// No current connection.
    Unlinked,
    /// Deauthorised, revoked, closed or deleted.
    Disconnected,
    /// Stripe rejected the account.
    Rejected,
    /// Details were submitted, but Stripe does not allow charges for a reason it names.
    Restricted,
    /// Onboarding is not finished.
    Incomplete,
    /// The merchant paused the shop.
    Paused,
    /// Open. `due_soon` is when Stripe wants something more.
    Ready {
        #[serde(with = "chrono::serde::ts_seconds_option")]
        due_soon: Option<Timestamp>,
    },
}

/// A link between a community and a Stripe account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link<'a> {
    /// Access was taken away: by event, or by Stripe's answer to a call.
    pub disconnected: bool,
    /// What we read of it last.
    pub snapshot: &'a AccountSnapshot,
}

/// The account's status: a pure function of what is stored.
pub fn status(link: Option<Link<'_>>, shop_paused: bool) -> AccountStatus {
    let Some(Link { disconnected, snapshot }) = link else {
        return AccountStatus::Unlinked;
    };
    let reason = snapshot.disabled_reason.as_deref();
    if disconnected {
        AccountStatus::Disconnected
    } else if reason.is_some_and(|reason| reason.starts_with("rejected.")) {
        AccountStatus::Rejected
    } else if !snapshot.charges_enabled
        && snapshot.details_submitted
        && (reason.is_some() || !snapshot.past_due.is_empty())
    {
        AccountStatus::Restricted
    } else if !snapshot.details_submitted || !snapshot.charges_enabled {
        AccountStatus::Incomplete
    } else if shop_paused {
        AccountStatus::Paused
    } else {
        AccountStatus::Ready {
            due_soon: snapshot.deadline.filter(|_| !snapshot.currently_due.is_empty()),
        }
    }
}

impl AccountStatus {
    /// New memberships can be sold.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Ready { .. })
    }

    /// Existing customers can switch, pay, cancel and open the portal: calls for the account work.
    pub const fn serves_customers(&self) -> bool {
        matches!(self, Self::Ready { .. } | Self::Paused)
    }

    /// The account can be read and written at Stripe at all.
    pub const fn is_linked(&self) -> bool {
        !matches!(self, Self::Unlinked | Self::Disconnected)
    }

    /// One or two words.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Unlinked => "not connected",
            Self::Disconnected => "disconnected",
            Self::Rejected => "rejected",
            Self::Restricted => "restricted",
            Self::Incomplete => "incomplete",
            Self::Paused => "paused",
            Self::Ready { due_soon: None } => "ready",
            Self::Ready { due_soon: Some(_) } => "ready, information due",
        }
    }

    /// What it means for the merchant, in a sentence or two.
    pub fn explanation(&self) -> String {
        match self {
            Self::Unlinked => {
                "Connect a Stripe account to sell memberships. The money goes to your own account.".into()
            }
            Self::Disconnected => "This store lost access to your Stripe account, so nothing can be sold.".into(),
            Self::Rejected => {
                "Stripe rejected this account. Write to Stripe's support, or connect another account.".into()
            }
            Self::Restricted => "Stripe does not allow payments on this account right now.".into(),
            Self::Incomplete => "Stripe needs more information before you can take payments.".into(),
            Self::Paused => "You paused the store: no new sales. Members can still switch, pay and cancel.".into(),
            Self::Ready { due_soon: None } => "Your store can take payments.".into(),
            Self::Ready { due_soon: Some(by) } => {
                format!(
                    "Your store can take payments. Stripe asks for more information by {}.",
                    date::day(*by)
                )
            }
        }
    }
}

/// What Stripe wants, for people: the requirements that accounts meet most in words, the others made readable
/// (`individual.verification.document` → `individual: verification document`).
///
/// Source: <https://docs.stripe.com/connect/required-verification-information>.
pub fn requirement_label(requirement: &str) -> String {
    let known = match requirement {
        "business_profile.url" => "Your website, or a page that shows what you sell",
        "business_profile.mcc" => "What kind of business you run",
        "business_profile.product_description" => "What you sell",
        "business_profile.support_phone" => "A phone number for your customers",
        "business_type" => "Whether you are a person or a company",
        "external_account" => "A bank account for payouts",
        "tos_acceptance.date" | "tos_acceptance.ip" => "Your agreement to Stripe's terms",
        "settings.payments.statement_descriptor" => "What customers see on their bank statement",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let mut parts = requirement.split('.').map(|part| part.replace('_', " "));
    let mut first = parts.next().unwrap_or_default();
    if let Some(letter) = first.get_mut(..1) {
        letter.make_ascii_uppercase();
    }
    let rest: Vec<String> = parts.collect();
    if rest.is_empty() {
        first
    } else {
        format!("{first}: {}", rest.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready() -> AccountSnapshot {
        AccountSnapshot {
            charges_enabled: true,
            details_submitted: true,
            ..AccountSnapshot::default()
        }
    }

    fn of(snapshot: &AccountSnapshot, disconnected: bool, paused: bool) -> AccountStatus {
        status(Some(Link { disconnected, snapshot }), paused)
    }

    #[test]
    fn the_first_match_wins() {
        assert_eq!(status(None, true), AccountStatus::Unlinked);
        let rejected = AccountSnapshot {
            disabled_reason: Some("rejected.fraud".into()),
            ..ready()
        };
        assert_eq!(of(&rejected, true, true), AccountStatus::Disconnected);
        assert_eq!(of(&rejected, false, true), AccountStatus::Rejected);
        let under_review = AccountSnapshot {
            charges_enabled: false,
            disabled_reason: Some("under_review".into()),
            ..ready()
        };
        assert_eq!(of(&under_review, false, true), AccountStatus::Restricted);
        let past_due = AccountSnapshot {
            charges_enabled: false,
            past_due: vec!["external_account".into()],
            ..ready()
        };
        assert_eq!(of(&past_due, false, false), AccountStatus::Restricted);
        let new = AccountSnapshot {
            disabled_reason: Some("requirements.past_due".into()),
            ..AccountSnapshot::default()
        };
        assert_eq!(of(&new, false, true), AccountStatus::Incomplete);
        let no_charges = AccountSnapshot {
            charges_enabled: false,
            ..ready()
        };
        assert_eq!(of(&no_charges, false, true), AccountStatus::Incomplete);
        assert_eq!(of(&ready(), false, true), AccountStatus::Paused);
        assert_eq!(of(&ready(), false, false), AccountStatus::Ready { due_soon: None });
    }

    #[test]
    fn due_soon_needs_something_due_and_a_deadline() {
        let deadline = chrono::DateTime::from_timestamp(1_800_000_000, 0);
        let due = AccountSnapshot {
            currently_due: vec!["external_account".into()],
            deadline,
            ..ready()
        };
        assert_eq!(of(&due, false, false), AccountStatus::Ready { due_soon: deadline });
        assert_eq!(
            of(&AccountSnapshot { deadline, ..ready() }, false, false),
            AccountStatus::Ready { due_soon: None }
        );
    }
}
