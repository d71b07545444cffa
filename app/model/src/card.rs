//! Saved payment methods, and what becomes of each subscription without one.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, membership::SubscriptionView, money::Money, subscription::SubscriptionStatus};

/// A saved card as people know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// `pm_…`
    pub id: String,
    /// Stripe's word: `visa`.
    pub brand: String,
    pub last4: String,
    pub exp_month: i64,
    pub exp_year: i64,
    /// It pays what has no payment method of its own.
    #[serde(default)]
    pub is_default: bool,
}

impl std::fmt::Display for Card {
    /// `Visa ending in 4242`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut brand = self.brand.replace('_', " ");
        if let Some(first) = brand.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        write!(f, "{brand} ending in {}", self.last4)
    }
}

/// What disconnecting the payment method means for one subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WithoutCard {
    /// Nothing is charged any more anyway.
    Nothing,
    /// The purchase will lapse.
    Lapses,
    /// This much is due before it goes on after its pause, and cannot be paid.
    StaysPaused { amount: Money },
    /// On this date this much can then not be paid.
    CannotPay { on: Timestamp, amount: Option<Money> },
    /// Access ends then unless another card is added; without a date it has ended already.
    AccessEnds { on: Option<Timestamp> },
}

/// The disconnecting table, for one subscription.
pub fn without_card(subscription: &SubscriptionView) -> WithoutCard {
    match subscription.status {
        SubscriptionStatus::IncompleteExpired | SubscriptionStatus::Canceled => WithoutCard::Nothing,
        SubscriptionStatus::Paused => match &subscription.open_invoice {
            Some(invoice) => WithoutCard::StaysPaused { amount: invoice.amount },
            None => WithoutCard::Nothing,
        },
        SubscriptionStatus::Incomplete => WithoutCard::Lapses,
        SubscriptionStatus::Trialing | SubscriptionStatus::Active if subscription.ends_at.is_some() => {
            WithoutCard::Nothing
        }
        SubscriptionStatus::Trialing | SubscriptionStatus::Active => {
            let pending = subscription.pending.as_ref();
            let on = match subscription.status {
                SubscriptionStatus::Trialing => subscription.trial_end.unwrap_or(subscription.period_end),
                _ => subscription.period_end,
            };
            WithoutCard::CannotPay {
                on,
                amount: pending
                    .and_then(|pending| pending.amount)
                    .or(subscription.price.map(|(amount, _)| amount)),
            }
        }
        SubscriptionStatus::PastDue | SubscriptionStatus::Unpaid => WithoutCard::AccessEnds {
            on: subscription.role_until,
        },
    }
}

/// Which of `cards` pays the subscription, if any does (<https://docs.stripe.com/billing/subscriptions/payment-methods-setting>).
pub fn paying<'a>(subscription: &SubscriptionView, cards: &'a [Card]) -> Option<&'a Card> {
    cards.iter().find(|card| match &subscription.card {
        Some(own) => card.id == *own,
        None => card.is_default,
    })
}

/// What became of saving a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CardState {
    /// The window was left: nothing changed.
    Nothing,
    /// Stripe has it; it is being put to use.
    Saving,
    /// It is saved, and pays from now on.
    Saved,
    /// It is saved, but the open payment was refused with it.
    SavedButRefused,
}
