//! What a merchant has to look at: things that Stripe and we cannot settle between us.

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    id::{AttentionId, UserId},
    money::Money,
};

/// The kind of thing that needs a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttentionKind {
    /// A live subscription whose price or product is not one of ours.
    UnknownPrice,
    /// A live subscription with zero items.
    ZeroItems,
    /// Money came in for a subscription that had ended.
    PaidForNothing,
    /// The customer had two subscriptions on one plan; the older one was ended and credited.
    PaidTwice,
    Refund,
    Dispute,
    /// A tier's Stripe Product is gone.
    BrokenTier,
    /// A subscription that Stripe does not find any more.
    Missing,
}

impl AttentionKind {
    pub const ALL: [Self; 8] = [
        Self::UnknownPrice,
        Self::ZeroItems,
        Self::PaidForNothing,
        Self::PaidTwice,
        Self::Refund,
        Self::Dispute,
        Self::BrokenTier,
        Self::Missing,
    ];

    /// Also ours in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownPrice => "unknown_price",
            Self::ZeroItems => "zero_items",
            Self::PaidForNothing => "paid_for_nothing",
            Self::PaidTwice => "paid_twice",
            Self::Refund => "refund",
            Self::Dispute => "dispute",
            Self::BrokenTier => "broken_tier",
            Self::Missing => "missing",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// A few words for a list.
    pub const fn label(self) -> &'static str {
        match self {
            Self::UnknownPrice => "Unknown price",
            Self::ZeroItems => "Empty subscription",
            Self::PaidForNothing => "Payment after the end",
            Self::PaidTwice => "Paid twice",
            Self::Refund => "Refund",
            Self::Dispute => "Dispute",
            Self::BrokenTier => "Broken tier",
            Self::Missing => "Missing at Stripe",
        }
    }

    /// What happened, and what can be done.
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::UnknownPrice => {
                "This subscription has a price at Stripe that is none of this store's tiers, so it opens nothing. Change its price in Stripe's dashboard, or cancel it there."
            }
            Self::ZeroItems => {
                "This subscription has no price left at Stripe, so it opens nothing. Add one in Stripe's dashboard, or cancel it there."
            }
            Self::PaidForNothing => {
                "A payment came in after the subscription had ended, so it opened nothing. Refund it in Stripe's dashboard, or ask the customer to subscribe again."
            }
            Self::PaidTwice => {
                "The customer had two subscriptions on one plan. The older one was ended, and its unused time credited to the customer's next invoices."
            }
            Self::Refund => "A payment was given back. The role stays unless you end it.",
            Self::Dispute => {
                "The customer's bank takes a payment back. Answer it in Stripe's dashboard. The role stays unless you end it."
            }
            Self::BrokenTier => {
                "The tier's product was deleted at Stripe, so it cannot be sold. Members keep what they have. Deactivate the tier, or make a new one."
            }
            Self::Missing => {
                "Stripe does not find this subscription any more. The role lasts until the end of what was paid, then ends."
            }
        }
    }
}

/// A line in the merchant's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttentionView {
    pub id: AttentionId,
    pub kind: AttentionKind,
    /// Stripe's id of what it is about.
    pub subject: String,
    /// Where Stripe's dashboard shows it.
    pub dashboard_url: Option<String>,
    pub user: Option<UserId>,
    pub email: Option<String>,
    /// The tier's or subscription's name here.
    pub about: String,
    pub amount: Option<Money>,
    /// Stripe's word for how it stands (disputes).
    pub standing: Option<String>,
    pub since: Timestamp,
    /// The role that goes with it is held now, and can be ended.
    pub may_end_role: bool,
}
