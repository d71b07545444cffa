//! Our projection of one Stripe subscription: what the pure rules need to know of it.

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    id::{PriceId, TierId},
};

/// Stripe's subscription statuses (<https://docs.stripe.com/api/subscriptions/object#subscription_object-status>).
/// "None" of the tables is the absence of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionStatus {
    Trialing,
    Active,
    PastDue,
    Incomplete,
    IncompleteExpired,
    Unpaid,
    Canceled,
    Paused,
}

impl SubscriptionStatus {
    pub const ALL: [Self; 8] = [
        Self::Trialing,
        Self::Active,
        Self::PastDue,
        Self::Incomplete,
        Self::IncompleteExpired,
        Self::Unpaid,
        Self::Canceled,
        Self::Paused,
    ];

    /// Stripe's word, also ours in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trialing => "trialing",
            Self::Active => "active",
            Self::PastDue => "past_due",
            Self::Incomplete => "incomplete",
            Self::IncompleteExpired => "incomplete_expired",
            Self::Unpaid => "unpaid",
            Self::Canceled => "canceled",
            Self::Paused => "paused",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// Over for good: as good as no subscription for buying.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::IncompleteExpired | Self::Canceled)
    }

    /// Money is, or is about to be, taken for it: two of these on one plan are one too many.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Trialing | Self::Active | Self::PastDue | Self::Paused)
    }

    /// Cancelling takes effect at once, and not with the period (the cancelling table).
    pub const fn is_cancelled_at_once(self) -> bool {
        !matches!(self, Self::Trialing | Self::Active)
    }

    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Trialing => "trial",
            Self::Active => "active",
            Self::PastDue => "payment due",
            Self::Incomplete => "payment not finished",
            Self::IncompleteExpired => "lapsed",
            Self::Unpaid => "unpaid",
            Self::Canceled => "ended",
            Self::Paused => "paused",
        }
    }
}

/// What a subscription sells: `None` where a price or product is not one we know, or nothing is left on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sold {
    pub tier: TierId,
    pub price: PriceId,
}

/// The facts the rules need; times in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionFacts {
    pub status: SubscriptionStatus,
    /// What it is for; `None`: flagged.
    pub sold: Option<Sold>,
    /// Of the subscription's item, as Stripe keeps it since `basil`.
    pub period_start: Timestamp,
    pub period_end: Timestamp,
    pub trial_end: Option<Timestamp>,
    pub cancel_at_period_end: bool,
    pub cancel_at: Option<Timestamp>,
    /// When the first payment that is still open failed; grace starts here.
    pub first_failed_at: Option<Timestamp>,
}

impl SubscriptionFacts {
    /// When it ends by itself, whichever of Stripe's two ways says so.
    pub fn ends_at(&self) -> Option<Timestamp> {
        match (self.cancel_at, self.cancel_at_period_end) {
            (Some(at), _) => Some(at),
            (None, true) => Some(self.period_end),
            (None, false) => None,
        }
    }
}
