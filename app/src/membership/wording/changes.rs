//! What a change does, said before it is done, and after.

use model::{date, membership::SubscriptionView, subscription::SubscriptionStatus as Status};

use super::{GIVEN, is_of_interval, name, per, period_ends, starting_name};
use crate::membership::change::Change;

/// The dialog's title.
pub fn question(change: Change, subscription: &SubscriptionView) -> String {
    let tier = name(subscription);
    match change {
        Change::Cancel => format!("Cancel {tier}?"),
        Change::Renew => format!("Keep {tier}?"),
        Change::DropPending => match paid_as_before(subscription) {
            Some(interval) => format!("Keep paying by the {interval}?"),
            None => format!("Stay on {tier}?"),
        },
    }
}

/// How often it is paid for, when only that is to change.
fn paid_as_before(subscription: &SubscriptionView) -> Option<&'static str> {
    let waits = subscription.unpaid_change.as_ref().or(subscription.pending.as_ref())?;
    let (_, interval) = subscription.price?;
    is_of_interval(subscription, waits).then(|| interval.as_str())
}

/// What will happen, when, and for how much.
pub fn explanation(change: Change, subscription: &SubscriptionView) -> String {
    let tier = name(subscription);
    let ends = date::day(period_ends(subscription));
    let price = subscription.price.map_or_else(
        || "the usual amount".to_owned(),
        |(amount, interval)| per(amount, interval),
    );
    match (change, subscription.status) {
        (Change::Cancel, Status::Active | Status::Trialing) => {
            let dropped = subscription.pending.as_ref().or(subscription.unpaid_change.as_ref());
            let dropped = dropped
                .map(|change| {
                    if is_of_interval(subscription, change) {
                        format!(" The change to paying by the {} is dropped.", change.interval.as_str())
                    } else {
                        format!(" The change to {} is dropped.", change.tier_label)
                    }
                })
                .unwrap_or_default();
            let first = if subscription.is_given {
                format!("The membership goes on until {ends}, and nothing more is charged. {GIVEN}")
            } else {
                format!("You keep {tier} until {ends}. Then it ends, and nothing more is charged.")
            };
            format!("{first}{dropped} Until then you can take this back.")
        }
        (Change::Cancel, Status::Incomplete) => format!(
            "The purchase of {tier} is cancelled, and you will not be charged for it. You can subscribe again whenever you like."
        ),
        (Change::Cancel, _) => ends_now(subscription),
        (Change::Renew, Status::Trialing) => {
            let tier = starting_name(subscription);
            format!("{tier} goes on after your trial: on {ends} you pay {price}, and so on until you cancel.")
        }
        (Change::Renew, _) => {
            let tier = starting_name(subscription);
            format!("{tier} goes on after {ends}: it renews that day and costs {price}, until you cancel.")
        }
        (Change::DropPending, _) => match (&subscription.unpaid_change, &subscription.pending) {
            (Some(change), _) => {
                let open = subscription.open_invoice.as_ref().map_or_else(
                    || "its payment is cancelled".to_owned(),
                    |invoice| format!("its payment of {} is cancelled", invoice.amount),
                );
                if is_of_interval(subscription, change) {
                    return format!(
                        "The change to paying by the {} is dropped, and {open}: you will not be charged for it. {tier} goes on for {price}.",
                        change.interval.as_str()
                    );
                }
                format!(
                    "The upgrade to {} is dropped, and {open}: you will not be charged for it. You stay on {tier} for {price}.",
                    change.tier_label
                )
            }
            (None, Some(pending)) if is_of_interval(subscription, pending) => format!(
                "The change to paying by the {} on {} is taken back. {} goes on for {price}.",
                pending.interval.as_str(),
                date::day(pending.at),
                starting_name(subscription)
            ),
            (None, Some(pending)) => format!(
                "The change to {} on {} is taken back. You stay on {tier} for {price}.",
                pending.tier_label,
                date::day(pending.at)
            ),
            (None, None) => format!("You stay on {tier} for {price}."),
        },
    }
}

/// Cancelling what is not paid for takes effect at once.
fn ends_now(subscription: &SubscriptionView) -> String {
    let tier = starting_name(subscription);
    let instead = subscription
        .role_until
        .map(|until| format!(", not on {}", date::day(until)))
        .unwrap_or_default();
    let open = match (&subscription.open_invoice, subscription.status) {
        (Some(invoice), _) => format!(
            " Its open payment of {} is cancelled: you will not be charged for it.",
            invoice.amount
        ),
        (None, Status::Paused) => " Nothing more is charged.".to_owned(),
        (None, _) => " Its open payment is cancelled: you will not be charged for it.".to_owned(),
    };
    if subscription.is_given {
        return format!("The membership is cancelled now.{open} {GIVEN}");
    }
    let ends = if subscription.role_until.is_some() {
        "ends now"
    } else {
        "is cancelled now"
    };
    format!("{tier} {ends}{instead}.{open} To come back, subscribe again.")
}

/// On the button that does it.
pub fn verb(change: Change, subscription: &SubscriptionView) -> String {
    let tier = name(subscription);
    match change {
        Change::Cancel => format!("Cancel {tier}"),
        Change::Renew => format!("Renew {tier}"),
        Change::DropPending => match paid_as_before(subscription) {
            Some(interval) => format!("Keep paying by the {interval}"),
            None => format!("Keep {tier}"),
        },
    }
}

/// On the button that does not.
pub fn leave(change: Change, status: Status) -> &'static str {
    match change {
        Change::Cancel if status == Status::Incomplete => "Go back",
        Change::Cancel => "Keep my membership",
        Change::Renew => "Let it end",
        Change::DropPending => "Go back",
    }
}

/// After it is done.
pub fn done(change: Change, subscription: &SubscriptionView) -> String {
    let tier = starting_name(subscription);
    let ends = date::day(period_ends(subscription));
    match (change, subscription.status) {
        (Change::Cancel, Status::Active | Status::Trialing) if subscription.is_given => {
            format!("The membership will end on {ends}. {GIVEN}")
        }
        (Change::Cancel, Status::Active | Status::Trialing) => format!("{tier} will end on {ends}."),
        (Change::Cancel, Status::Incomplete) => format!("The purchase of {} is cancelled.", name(subscription)),
        (Change::Cancel, _) if subscription.is_given => format!("The membership is cancelled. {GIVEN}"),
        (Change::Cancel, _) => format!("{tier} has ended."),
        (Change::Renew, Status::Trialing) => format!("{tier} goes on after your trial, on {ends}."),
        (Change::Renew, _) => format!("{tier} goes on. It renews on {ends}."),
        (Change::DropPending, _) => match &subscription.unpaid_change {
            Some(change) if is_of_interval(subscription, change) => {
                let interval = paid_as_before(subscription).unwrap_or("period as before");
                format!("The change is dropped. You go on paying by the {interval}.")
            }
            Some(upgrade) => format!(
                "The upgrade to {} is dropped. You stay on {}.",
                upgrade.tier_label,
                name(subscription)
            ),
            None => match paid_as_before(subscription) {
                Some(interval) => format!("The change is taken back. You go on paying by the {interval}."),
                None => format!("The change is taken back. You stay on {}.", name(subscription)),
            },
        },
    }
}
