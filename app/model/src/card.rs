//! Saved payment methods, and what becomes of each subscription without one.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, membership::SubscriptionView, money::Money, subscription::SubscriptionStatus};

/// A saved payment method as people know it: mostly a card.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Card {
    /// `pm_…`
    pub id: String,
    /// Stripe's word: a card's brand (`visa`), else the method's type (`sepa_debit`).
    pub brand: String,
    /// Of the card's or the bank account's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last4: Option<String>,
    /// The e-mail address of an account elsewhere (Link, `PayPal`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp_month: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp_year: Option<i64>,
    /// It pays what has no payment method of its own.
    #[serde(default)]
    pub is_default: bool,
}

impl std::fmt::Display for Card {
    /// `Visa ending in 4242`, `SEPA debit ending in 3000`, `Link (ada@example.org)`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.brand.as_str() {
            "paypal" => f.write_str("PayPal")?,
            "sepa_debit" => f.write_str("SEPA debit")?,
            word => {
                let mut brand = word.replace('_', " ");
                if let Some(first) = brand.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                f.write_str(&brand)?;
            }
        }
        match (&self.last4, &self.email) {
            (Some(last4), _) => write!(f, " ending in {last4}"),
            (None, Some(email)) => write!(f, " ({email})"),
            (None, None) => Ok(()),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payment_method_is_called_by_its_kind_and_what_tells_it_from_others() {
        let named = |brand: &str, last4: Option<&str>, email: Option<&str>| {
            let method = Card {
                brand: brand.to_owned(),
                last4: last4.map(str::to_owned),
                email: email.map(str::to_owned),
                ..Card::default()
            };
            method.to_string()
        };
        assert_eq!(named("visa", Some("4242"), None), "Visa ending in 4242");
        assert_eq!(named("sepa_debit", Some("3000"), None), "SEPA debit ending in 3000");
        assert_eq!(named("link", None, Some("ada@example.org")), "Link (ada@example.org)");
        assert_eq!(named("paypal", None, None), "PayPal");
        assert_eq!(named("amazon_pay", None, None), "Amazon pay");
    }
}
