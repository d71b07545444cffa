//! What "I want this tier" means, by the situation: the buying table as a pure function.

use serde::{Deserialize, Serialize};

use crate::{Refusal, Timestamp, id::TierId, interval::Interval, money::Money, subscription::SubscriptionStatus};

/// A tier at an interval, with what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub tier: TierId,
    pub interval: Interval,
    pub amount: Money,
}

/// What the customer has on the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub status: SubscriptionStatus,
    pub on_it: OnIt,
    pub will_end: bool,
}

impl Held {
    /// Whether `wanted` is a tier that costs less over a year ([`is_cheaper_tier`]).
    pub fn is_cheaper(self, wanted: Offer) -> bool {
        matches!(self.on_it, OnIt::Offer(offer) if is_cheaper_tier(offer, wanted))
    }
}

/// What a subscription is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnIt {
    Offer(Offer),
    /// A price that is none of ours, or of another plan: it gives no role, but it is paid for.
    Unknown,
    /// More than one price: the merchant made it so in Stripe's dashboard, and which one a switch would replace is theirs to
    /// say.
    Several,
    /// Zero items: as good as no subscription.
    Nothing,
}

/// What has to be done for the customer to get it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purchase {
    /// A Checkout session for a new subscription; what was unpaid is cancelled once the new one is paid.
    Checkout,
    /// The same, but the old subscription (zero items) is cancelled first.
    CancelThenCheckout,
    /// Pay the open invoice of the incomplete subscription.
    FinishPayment,
    /// Cancel the incomplete subscription, void its invoice, then Checkout.
    ReplaceIncomplete,
    /// Update the item; the trial goes on.
    SwitchInTrial,
    /// Update the item now, prorated and invoiced at once.
    Upgrade,
    /// Update the item when the period ends.
    Downgrade,
    /// Settle the newest invoice, then as active.
    SettleFirst,
    /// Resume (which may need a payment), then as active.
    ResumeFirst,
}

/// Decides what `wanted` means for somebody who has `held` on that plan.
///
/// # Errors
/// The refusal whose sentence is shown.
pub fn decide(held: Option<Held>, wanted: Offer) -> Result<Purchase, Refusal> {
    let Some(held) = held else {
        return Ok(Purchase::Checkout);
    };
    if held.status.is_over() || held.status == SubscriptionStatus::Unpaid {
        return Ok(Purchase::Checkout);
    }
    let offer = match held.on_it {
        OnIt::Nothing => return Ok(Purchase::CancelThenCheckout),
        OnIt::Offer(offer) => Some(offer),
        OnIt::Unknown | OnIt::Several => None,
    };
    let same = offer.is_some_and(|offer| offer.tier == wanted.tier && offer.interval == wanted.interval);
    match held.status {
        SubscriptionStatus::Incomplete if same => Ok(Purchase::FinishPayment),
        SubscriptionStatus::Incomplete => Ok(Purchase::ReplaceIncomplete),
        SubscriptionStatus::Paused => Ok(Purchase::ResumeFirst),
        SubscriptionStatus::Trialing | SubscriptionStatus::Active if same && held.will_end => {
            Err(Refusal::YourTierEnding)
        }
        _ if same => Err(Refusal::YourTier),
        SubscriptionStatus::PastDue => Ok(Purchase::SettleFirst),
        _ if held.on_it == OnIt::Several => Err(Refusal::SeveralPrices),
        SubscriptionStatus::Trialing => Ok(Purchase::SwitchInTrial),
        // What a foreign price buys cannot be compared: the change is made now, and its preview says what it costs.
        _ if offer.is_none_or(|offer| is_up(offer, wanted)) => Ok(Purchase::Upgrade),
        _ => Ok(Purchase::Downgrade),
    }
}

/// Month → year is always up, year → month always down; else the higher price per month is up.
pub fn is_up(from: Offer, to: Offer) -> bool {
    match (from.interval, to.interval) {
        (Interval::Month, Interval::Year) => true,
        (Interval::Year, Interval::Month) => false,
        _ => per_year(to) > per_year(from),
    }
}

/// Whether another tier costs less over a year. Month → year counts as up then too, but nobody would call it an upgrade.
pub fn is_cheaper_tier(from: Offer, to: Offer) -> bool {
    from.tier != to.tier && per_year(to) < per_year(from)
}

fn per_year(offer: Offer) -> i64 {
    offer.amount.minor * offer.interval.per_year()
}

/// What switching would do, shown before it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchPreview {
    pub tier_label: String,
    pub from_label: String,
    pub to: Offer,
    pub kind: SwitchKind,
    /// See [`is_cheaper_tier`].
    pub is_cheaper: bool,
    /// The membership is set to end, and goes on with this.
    pub takes_back_ending: bool,
    /// Charged at once (upgrades and resumptions; zero else).
    pub due_now: Money,
    /// The payment method for that, as people know it (`Visa ending in 4242`); none: the customer's default at Stripe.
    pub charged_to: Option<String>,
    /// What each further period costs.
    pub then: Money,
    /// From when on.
    #[serde(with = "chrono::serde::ts_seconds")]
    pub from: Timestamp,
    /// The moment the proration is worked out for; confirming uses the same one.
    #[serde(with = "chrono::serde::ts_seconds")]
    pub priced_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SwitchKind {
    InTrial,
    Upgrade,
    Downgrade,
    /// The membership is paused: it is resumed as it was; another tier can be chosen after that.
    Resume,
}

/// What came of pressing "Subscribe".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Go on in Stripe's page at this address (Checkout or a hosted invoice).
    GoTo { url: String },
    /// Look at what it means first, then confirm.
    Confirm(SwitchPreview),
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::money::Currency;

    fn offer(tier: u128, interval: Interval, minor: i64) -> Offer {
        let currency = Currency::parse("eur").expect("known");
        Offer {
            tier: TierId(Uuid::from_u128(tier)),
            interval,
            amount: Money::new(minor, currency),
        }
    }

    fn held(status: SubscriptionStatus) -> Held {
        Held {
            status,
            on_it: OnIt::Offer(offer(1, Interval::Month, 900)),
            will_end: false,
        }
    }

    #[test]
    fn buying_another_tier_by_status() {
        let better = offer(2, Interval::Month, 1900);
        for (status, expected) in [
            (SubscriptionStatus::IncompleteExpired, Purchase::Checkout),
            (SubscriptionStatus::Canceled, Purchase::Checkout),
            (SubscriptionStatus::Unpaid, Purchase::Checkout),
            (SubscriptionStatus::Paused, Purchase::ResumeFirst),
            (SubscriptionStatus::Incomplete, Purchase::ReplaceIncomplete),
            (SubscriptionStatus::Trialing, Purchase::SwitchInTrial),
            (SubscriptionStatus::Active, Purchase::Upgrade),
            (SubscriptionStatus::PastDue, Purchase::SettleFirst),
        ] {
            assert_eq!(decide(Some(held(status)), better), Ok(expected), "{status:?}");
        }
        assert_eq!(decide(None, better), Ok(Purchase::Checkout));
        assert_eq!(
            decide(Some(held(SubscriptionStatus::Active)), offer(3, Interval::Month, 500)),
            Ok(Purchase::Downgrade)
        );
    }

    #[test]
    fn buying_the_same_tier_by_status() {
        let same = offer(1, Interval::Month, 900);
        for status in [
            SubscriptionStatus::Trialing,
            SubscriptionStatus::Active,
            SubscriptionStatus::PastDue,
        ] {
            assert_eq!(decide(Some(held(status)), same), Err(Refusal::YourTier), "{status:?}");
            let ending = Some(Held {
                will_end: true,
                ..held(status)
            });
            let refusal = match status {
                // It is paid first; renewing is refused until then.
                SubscriptionStatus::PastDue => Refusal::YourTier,
                _ => Refusal::YourTierEnding,
            };
            assert_eq!(decide(ending, same), Err(refusal), "{status:?}");
        }
        assert_eq!(
            decide(Some(held(SubscriptionStatus::Incomplete)), same),
            Ok(Purchase::FinishPayment)
        );
        assert_eq!(
            decide(Some(held(SubscriptionStatus::Paused)), same),
            Ok(Purchase::ResumeFirst)
        );
        assert_eq!(
            decide(Some(held(SubscriptionStatus::Unpaid)), same),
            Ok(Purchase::Checkout)
        );
    }

    #[test]
    fn zero_items_count_as_none_and_are_cancelled_first() {
        let empty = Some(Held {
            status: SubscriptionStatus::Active,
            on_it: OnIt::Nothing,
            will_end: false,
        });
        assert_eq!(
            decide(empty, offer(1, Interval::Month, 900)),
            Ok(Purchase::CancelThenCheckout)
        );
    }

    #[test]
    fn a_price_that_is_not_ours_is_switched_away_from_and_never_cancelled() {
        for (status, expected) in [
            (SubscriptionStatus::Active, Purchase::Upgrade),
            (SubscriptionStatus::Trialing, Purchase::SwitchInTrial),
            (SubscriptionStatus::PastDue, Purchase::SettleFirst),
            (SubscriptionStatus::Paused, Purchase::ResumeFirst),
            (SubscriptionStatus::Incomplete, Purchase::ReplaceIncomplete),
        ] {
            let foreign = Held {
                on_it: OnIt::Unknown,
                ..held(status)
            };
            assert_eq!(
                decide(Some(foreign), offer(1, Interval::Month, 900)),
                Ok(expected),
                "{status:?}"
            );
        }
    }

    #[test]
    fn month_to_year_is_up_whatever_it_costs_and_back_is_down() {
        let month = offer(1, Interval::Month, 900);
        assert!(is_up(month, offer(1, Interval::Year, 9000)));
        assert!(is_up(month, offer(2, Interval::Year, 100)));
        assert!(!is_up(
            offer(1, Interval::Year, 9000),
            offer(2, Interval::Month, 99_900)
        ));
        assert!(!is_up(month, offer(2, Interval::Month, 900)));
    }

    #[test]
    fn a_cheaper_tier_by_the_year_is_no_upgrade_in_words() {
        let month = offer(1, Interval::Month, 900);
        assert!(is_cheaper_tier(month, offer(2, Interval::Year, 5000)));
        assert!(!is_cheaper_tier(month, offer(2, Interval::Year, 19_000)));
        let same_tier = offer(1, Interval::Year, 9000);
        assert!(!is_cheaper_tier(month, same_tier));
    }
}
