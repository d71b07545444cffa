//! What a payment that is open means: until when access lasts, why the bank did not pay, when it is tried again.

use model::{
    card::{Card, paying},
    date,
    letter::{OpenInvoice, PaymentTrouble},
    membership::SubscriptionView,
    subscription::SubscriptionStatus as Status,
};

use super::{GIVEN, is_of_interval, name};
use crate::ui::Tone;

/// A banner over a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub tone: Tone,
    pub title: String,
    pub sentences: Vec<String>,
    /// It says all that is to say about how the subscription stands.
    pub says_it_all: bool,
}

/// Nothing while nothing is due. `cards`: what is saved.
pub fn due(subscription: &SubscriptionView, cards: &[Card]) -> Option<Due> {
    if subscription.on_former_account {
        return None;
    }
    let tier = name(subscription);
    let invoice = subscription.open_invoice.as_ref();
    let amount = invoice.map_or_else(|| "A payment".to_owned(), |invoice| invoice.amount.to_string());
    let (tone, title, first) = match (subscription.status, subscription.role_until) {
        (Status::PastDue, _) if subscription.is_given => {
            (Tone::Warning, format!("{amount} is due for {tier}"), GIVEN.to_owned())
        }
        (Status::PastDue, Some(until)) => (
            Tone::Warning,
            format!("You keep {tier} until {}", date::day(until)),
            if is_taken(subscription) {
                format!("{amount} is due. Pay before then, or your access ends.")
            } else {
                format!("{amount} is due. If it is not paid by then, your access ends.")
            },
        ),
        (Status::PastDue, None) => (
            Tone::Danger,
            format!("Your access to {tier} has ended"),
            format!("{amount} is due. Once it is paid, you have {tier} again."),
        ),
        (Status::Unpaid, _) => (
            Tone::Danger,
            format!("{tier} is not paid"),
            if subscription.is_given {
                format!("{amount} is due, and Stripe tries no more by itself. {GIVEN}")
            } else {
                format!("{amount} is due, and Stripe tries no more by itself. Once you pay it, you have {tier} again.")
            },
        ),
        (Status::Incomplete, _) => (
            Tone::Warning,
            format!("{tier} waits for its first payment"),
            format!(
                "{amount} is due. {} If it is not made {}, the purchase lapses and nothing is charged.",
                if subscription.is_given {
                    GIVEN
                } else {
                    "Finish the payment to get access."
                },
                subscription
                    .lapses_at
                    .map_or_else(|| "within a day".to_owned(), |by| format!("by {}", date::moment(by)))
            ),
        ),
        (Status::Paused, _) if invoice.is_some() => (
            Tone::Warning,
            format!("{tier} waits for its payment"),
            format!("{amount} is due before {tier} goes on after its pause."),
        ),
        (Status::Active | Status::Trialing, _) => match &subscription.unpaid_change {
            Some(change) if is_of_interval(subscription, change) => {
                let (to, by) = (change.interval.as_str(), date::moment(change.at));
                (
                    Tone::Warning,
                    format!("Paying {tier} by the {to} waits for its payment"),
                    format!(
                        "{amount} is due by {by}. Until it is paid, nothing changes; after that the change is dropped."
                    ),
                )
            }
            Some(upgrade) => {
                let (to, by) = (&upgrade.tier_label, date::moment(upgrade.at));
                (
                    Tone::Warning,
                    format!("Your upgrade to {to} waits for its payment"),
                    format!(
                        "{amount} is due by {by}. Until it is paid you stay on {tier}; after that the upgrade is dropped."
                    ),
                )
            }
            None if invoice.is_some() => (
                Tone::Warning,
                format!("{amount} is due for {tier}"),
                "Nothing is taken away for now. Pay it, so that it stays that way.".to_owned(),
            ),
            None => return None,
        },
        _ => return None,
    };
    let mut sentences = vec![first];
    if let (Status::PastDue, Some(ends)) = (subscription.status, subscription.ends_at) {
        sentences.push(format!(
            "It ends on {} all the same; once it is paid, you can take that back.",
            date::day(ends)
        ));
    }
    sentences.extend(
        invoice
            .into_iter()
            .flat_map(|invoice| attempts(subscription, invoice, cards)),
    );
    let says_it_all = !matches!(subscription.status, Status::Active | Status::Trialing);
    Some(Due {
        tone,
        title,
        sentences,
        says_it_all,
    })
}

/// Whether payments are taken for it at all.
const fn is_taken(subscription: &SubscriptionView) -> bool {
    subscription.renews && (subscription.may.pay || subscription.open_invoice.is_none())
}

/// Saving a card pays what is due.
const fn is_paid_by_saving(status: Status) -> bool {
    matches!(status, Status::Incomplete | Status::PastDue | Status::Unpaid)
}

/// How the attempts to pay went, and what comes next: by itself, or by whom.
fn attempts(subscription: &SubscriptionView, invoice: &OpenInvoice, cards: &[Card]) -> Vec<String> {
    if !is_taken(subscription) {
        return vec!["No payments are taken for it at the moment.".to_owned()];
    }
    let asks = invoice.trouble == Some(PaymentTrouble::ActionRequired);
    if cards.is_empty() && !(asks && subscription.status == Status::Incomplete) {
        // Nothing that is tried by itself can succeed, and nothing of what was tried is there any more.
        return vec![if is_paid_by_saving(subscription.status) {
            "No payment method is saved. Add one, and it pays this at once.".to_owned()
        } else {
            "No payment method is saved: press “Pay now” to pay it with a card.".to_owned()
        }];
    }
    let pays = paying(subscription, cards);
    let another = pays.filter(|card| invoice.declined.as_ref().is_some_and(|declined| *declined != card.id));
    if let Some(card) = another {
        let next = match invoice.next_attempt {
            Some(at) => format!(
                "Stripe tries it on {}; to pay before then, press “Pay now”.",
                date::day(at)
            ),
            None => "Press “Pay now” to pay with it.".to_owned(),
        };
        return vec![format!("{card} was not tried for it yet. {next}")];
    }
    let trouble = match &invoice.trouble {
        Some(PaymentTrouble::Declined(Some(sentence))) => Some(format!("The last attempt failed: {}", sentence.trim())),
        Some(PaymentTrouble::Declined(None)) => Some("The last attempt was declined.".to_owned()),
        Some(PaymentTrouble::ActionRequired) => {
            Some("Your bank asks you to confirm the payment: press “Pay now”.".to_owned())
        }
        Some(PaymentTrouble::NoMethod) => Some("There was no payment method to take it from.".to_owned()),
        None => None,
    };
    // Without a card that is set to pay it there is nothing to try with.
    let next = match invoice.next_attempt.filter(|_| pays.is_some()) {
        Some(at) => Some(format!("Stripe tries again on {}.", date::day(at))),
        None if subscription.status == Status::PastDue && !asks => {
            Some("Stripe does not try again by itself: press “Pay now”.".to_owned())
        }
        None => None,
    };
    trouble.into_iter().chain(next).collect()
}
