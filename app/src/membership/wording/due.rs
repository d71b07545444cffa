//! What a payment that is open means: until when access lasts, why the bank did not pay, when it is tried again.

use model::{
    date,
    letter::{OpenInvoice, PaymentTrouble},
    membership::SubscriptionView,
    subscription::SubscriptionStatus as Status,
};

use super::{is_of_interval, name};
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

/// Nothing while nothing is due.
pub fn due(subscription: &SubscriptionView) -> Option<Due> {
    if subscription.on_former_account {
        return None;
    }
    let tier = name(subscription);
    let invoice = subscription.open_invoice.as_ref();
    let amount = invoice.map_or_else(|| "A payment".to_owned(), |invoice| invoice.amount.to_string());
    let (tone, title, first) = match (subscription.status, subscription.role_until) {
        (Status::PastDue, Some(until)) => (
            Tone::Warning,
            format!("You keep {tier} until {}", date::day(until)),
            format!("{amount} is due. Pay before then, or your access ends."),
        ),
        (Status::PastDue, None) => (
            Tone::Danger,
            format!("Your access to {tier} has ended"),
            format!("{amount} is due. Once it is paid, you have {tier} again."),
        ),
        (Status::Unpaid, _) => (
            Tone::Danger,
            format!("{tier} is not paid"),
            format!("{amount} is due, and Stripe tries no more by itself. Once you pay it, you have {tier} again."),
        ),
        (Status::Incomplete, _) => (
            Tone::Warning,
            format!("{tier} waits for its first payment"),
            format!(
                "{amount} is due. Finish the payment to get access. If it is not made {}, the purchase lapses and nothing is charged.",
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
    sentences.extend(invoice.into_iter().flat_map(attempts));
    let says_it_all = !matches!(subscription.status, Status::Active | Status::Trialing);
    Some(Due {
        tone,
        title,
        sentences,
        says_it_all,
    })
}

/// How the attempts to pay went, and when the next one is.
fn attempts(invoice: &OpenInvoice) -> impl Iterator<Item = String> + use<> {
    let trouble = match &invoice.trouble {
        Some(PaymentTrouble::Declined(Some(sentence))) => Some(format!("The last attempt failed: {}", sentence.trim())),
        Some(PaymentTrouble::Declined(None)) => Some("The last attempt was declined.".to_owned()),
        Some(PaymentTrouble::ActionRequired) => {
            Some("Your bank asks you to confirm the payment: press “Pay now”.".to_owned())
        }
        Some(PaymentTrouble::NoMethod) => Some("There was no payment method to take it from.".to_owned()),
        None => None,
    };
    let next = invoice
        .next_attempt
        .map(|at| format!("Stripe tries again on {}.", date::day(at)));
    trouble.into_iter().chain(next)
}
