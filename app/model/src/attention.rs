//! What a merchant has to look at: things that Stripe and we cannot settle between us.

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    account::AccountStatus,
    id::{AttentionId, UserId},
    money::Money,
};

/// How a refund stands that gave back less than everything; stored with it.
pub const PARTLY: &str = "partly";

/// How [`AttentionKind::PaidTwice`] stands when the older subscription was on a former Stripe account; stored with it, and in
/// the subscription's metadata at Stripe.
pub const ELSEWHERE: &str = "elsewhere";

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
    /// The customer subscribed anew, and the older subscription is on a former Stripe account that is out of reach.
    ChargedElsewhere,
    Refund,
    Dispute,
    /// A tier's Stripe Product is gone.
    BrokenTier,
    /// A subscription that Stripe does not find any more.
    Missing,
}

impl AttentionKind {
    pub const ALL: [Self; 9] = [
        Self::UnknownPrice,
        Self::ZeroItems,
        Self::PaidForNothing,
        Self::PaidTwice,
        Self::ChargedElsewhere,
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
            Self::ChargedElsewhere => "charged_elsewhere",
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
            Self::ChargedElsewhere => "May be charged twice",
            Self::Refund => "Refund",
            Self::Dispute => "Dispute",
            Self::BrokenTier => "Broken tier",
            Self::Missing => "Missing at Stripe",
        }
    }

    /// What happened, and what can be done; `standing` as in [`AttentionView`].
    pub fn explanation(self, standing: Option<&str>) -> &'static str {
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
            Self::PaidTwice if standing == Some(ELSEWHERE) => {
                "The customer subscribed anew, and an earlier subscription still ran on the account that was connected before. It was ended, and its unused time credited there, where no invoice will use it: refund it in that account's dashboard."
            }
            Self::ChargedElsewhere => {
                "The customer subscribed anew. An earlier subscription is on an account that this store cannot reach any more, and may still be charged there. Cancel it in that account's dashboard, and refund what it took since."
            }
            Self::PaidTwice => {
                "The customer had two subscriptions on one plan. The older one was ended, and its unused time credited to the customer's next invoices."
            }
            Self::Refund if standing == Some(PARTLY) => {
                "A part of a payment was given back. The role stays unless you end it."
            }
            Self::Refund => "A payment was given back in full. The role stays unless you end it.",
            Self::Dispute => dispute(standing.unwrap_or_default()),
            Self::BrokenTier => {
                "The tier's product was deleted at Stripe, so it cannot be sold. Members keep what they have. Deactivate the tier, or make a new one."
            }
            Self::Missing => {
                "Stripe does not find this subscription any more. The role lasts until the end of what was paid, then ends."
            }
        }
    }
}

/// By Stripe's word for how a dispute stands.
fn dispute(standing: &str) -> &'static str {
    match standing {
        "warning_needs_response" => {
            "The customer's bank asks about a payment, and has taken nothing back yet. Answer it in Stripe's dashboard."
        }
        "warning_under_review" => {
            "The customer's bank asked about a payment, and has your answer. Nothing is taken back."
        }
        "warning_closed" => "The customer's bank asked about a payment, and let it be. There is nothing to do.",
        "under_review" => {
            "The customer's bank took a payment back, and has your answer. The role stays unless you end it."
        }
        "won" => "The customer's bank decided for you: the money is yours again. There is nothing to do.",
        "lost" => {
            "The customer's bank decided for the customer, who has the money back. The role stays unless you end it."
        }
        _ => {
            "The customer's bank takes a payment back. Answer it in Stripe's dashboard. The role stays unless you end it."
        }
    }
}

/// What a merchant has to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttentionPage {
    /// Newest first.
    pub notices: Vec<AttentionView>,
    /// How the Stripe account stands, while it keeps the store from working.
    pub account: Option<AccountStatus>,
    /// Stripe asks for something about the account, which works for now or is not set up to the end.
    pub stripe_asks: bool,
    /// Members who keep a role though their payment is due.
    pub in_grace: usize,
    /// Who looks may see who they are.
    pub may_view_members: bool,
}

impl AttentionPage {
    pub fn is_empty(&self) -> bool {
        self.notices.is_empty() && self.account.is_none() && self.in_grace == 0
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
    /// Stripe's word for how it stands (disputes), or [`PARTLY`].
    pub standing: Option<String>,
    #[serde(with = "chrono::serde::ts_seconds")]
    pub since: Timestamp,
    /// The role that goes with it is held now, and can be ended.
    pub may_end_role: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dispute_asks_for_an_answer_only_while_there_is_one_to_give() {
        for (standing, asks) in [
            ("needs_response", true),
            ("warning_needs_response", true),
            ("under_review", false),
            ("won", false),
            ("lost", false),
            ("warning_closed", false),
        ] {
            let text = AttentionKind::Dispute.explanation(Some(standing));
            assert_eq!(text.contains("Answer it"), asks, "{standing}: {text}");
        }
        let won = AttentionKind::Dispute.explanation(Some("won"));
        assert!(
            won.contains("decided for you") && won.contains("nothing to do"),
            "{won}"
        );
    }

    #[test]
    fn a_refund_says_whether_it_is_all_or_a_part() {
        assert!(AttentionKind::Refund.explanation(Some(PARTLY)).starts_with("A part of"));
        assert!(AttentionKind::Refund.explanation(None).contains("in full"));
    }
}
