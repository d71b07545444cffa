//! A subscription's state, and what changing it does, in plain words with dates and amounts.

use model::{
    date, interval::Interval, membership::SubscriptionView, money::Money, subscription::SubscriptionStatus as Status,
};

use super::change::Change;
use crate::ui::Tone;

/// `€9.00 per month`
pub fn per(amount: Money, interval: Interval) -> String {
    format!("{amount} per {}", interval.as_str())
}

/// What it is now and what comes next.
pub fn standing(subscription: &SubscriptionView) -> String {
    let amount = subscription
        .price
        .map_or_else(|| "the usual amount".to_owned(), |(amount, _)| amount.to_string());
    let period_end = date::day(subscription.period_end);
    let access = || match subscription.role_until {
        Some(until) => format!("You keep access until {}.", date::day(until)),
        None => "Until it is paid, you have no access.".to_owned(),
    };
    match (subscription.status, subscription.ends_at) {
        _ if subscription.is_unknown() => {
            "What this subscription is for cannot be told right now, so it opens nothing. The community's merchant sees it too.".into()
        }
        (Status::Trialing, Some(ends)) => {
            format!("Your trial ends on {}, and nothing is charged.", date::day(ends))
        }
        (Status::Trialing, None) => {
            let end = subscription.trial_end.map_or(period_end, date::day);
            format!("Your trial ends on {end}. Then {amount} is charged.")
        }
        (Status::Active, Some(ends)) => {
            format!("Ends on {}. You keep it until then, and nothing more is charged.", date::day(ends))
        }
        (Status::Active, None) => match &subscription.pending {
            Some(pending) => {
                let at = date::day(pending.at);
                let then = pending.amount.map(|amount| format!(" for {}", per(amount, pending.interval)));
                format!("Changes to {} on {at}{}.", pending.tier_label, then.unwrap_or_default())
            }
            None => format!("Renews on {period_end} for {amount}."),
        },
        (Status::PastDue, _) => format!("The last payment did not go through. {}", access()),
        (Status::Incomplete, _) => "The first payment is not finished. Finish it to get access.".into(),
        (Status::Unpaid, _) => format!("A payment is still open. {}", access()),
        (Status::Paused, _) => "It is paused: nothing is charged, and you have no access.".into(),
        (Status::IncompleteExpired, _) => "The first payment was not finished in time, so it lapsed.".into(),
        (Status::Canceled, _) => "It has ended. You can subscribe again whenever you like.".into(),
    }
}

/// The status in a word or two, and how it feels.
pub fn badge(subscription: &SubscriptionView) -> (&'static str, Tone) {
    if subscription.is_unknown() {
        return ("needs attention", Tone::Warning);
    }
    match subscription.status {
        Status::Active | Status::Trialing if subscription.ends_at.is_some() => ("ending", Tone::Warning),
        Status::Active => ("active", Tone::Success),
        Status::Trialing => ("trial", Tone::Info),
        status @ (Status::PastDue | Status::Incomplete) => (status.label(), Tone::Warning),
        status @ (Status::Unpaid | Status::Paused) => (status.label(), Tone::Danger),
        status @ (Status::IncompleteExpired | Status::Canceled) => (status.label(), Tone::Neutral),
    }
}

/// The dialog's title.
pub fn question(change: Change, subscription: &SubscriptionView) -> String {
    let tier = &subscription.tier_label;
    match change {
        Change::Cancel => format!("Cancel {tier}?"),
        Change::Renew => format!("Keep {tier}?"),
        Change::DropPending => format!("Stay on {tier}?"),
    }
}

/// What will happen, and when.
pub fn explanation(change: Change, subscription: &SubscriptionView) -> String {
    let SubscriptionView { tier_label: tier, .. } = subscription;
    let end = date::day(subscription.period_end);
    let price = subscription.price.map_or_else(
        || "the usual amount".to_owned(),
        |(amount, interval)| per(amount, interval),
    );
    match (change, subscription.status) {
        (Change::Cancel, Status::Active | Status::Trialing) => {
            let end = match (subscription.status, subscription.trial_end) {
                (Status::Trialing, Some(trial_end)) => date::day(trial_end),
                _ => end,
            };
            let pending = subscription
                .pending
                .as_ref()
                .map(|pending| format!(" The change to {} is dropped.", pending.tier_label))
                .unwrap_or_default();
            format!(
                "You keep {tier} until {end}. Then it ends, and nothing more is charged.{pending} Until then you can take this back."
            )
        }
        (Change::Cancel, _) => {
            format!(
                "{tier} ends now, and its open payment is cancelled: you will not be charged for it. To come back, subscribe again."
            )
        }
        (Change::Renew, _) => {
            format!("{tier} goes on after {end}: it renews that day and costs {price}, until you cancel.")
        }
        (Change::DropPending, _) => match &subscription.pending {
            Some(pending) => format!(
                "The change to {} on {} is taken back. You stay on {tier} for {price}.",
                pending.tier_label,
                date::day(pending.at)
            ),
            None => format!("You stay on {tier} for {price}."),
        },
    }
}

/// On the button that does it.
pub fn verb(change: Change, subscription: &SubscriptionView) -> String {
    let tier = &subscription.tier_label;
    match change {
        Change::Cancel => format!("Cancel {tier}"),
        Change::Renew => format!("Renew {tier}"),
        Change::DropPending => format!("Keep {tier}"),
    }
}

/// On the button that does not.
pub fn leave(change: Change) -> &'static str {
    match change {
        Change::Cancel => "Keep my membership",
        Change::Renew => "Let it end",
        Change::DropPending => "Leave the change",
    }
}

/// After it is done.
pub fn done(change: Change, subscription: &SubscriptionView) -> String {
    let tier = &subscription.tier_label;
    let end = date::day(subscription.period_end);
    match (change, subscription.status) {
        (Change::Cancel, Status::Active | Status::Trialing) => format!("{tier} will end on {end}."),
        (Change::Cancel, _) => format!("{tier} has ended."),
        (Change::Renew, _) => format!("{tier} goes on. It renews on {end}."),
        (Change::DropPending, _) => format!("The change is taken back. You stay on {tier}."),
    }
}

/// Whether it is not known what was bought.
trait Unknown {
    fn is_unknown(&self) -> bool;
}

impl Unknown for SubscriptionView {
    fn is_unknown(&self) -> bool {
        self.tier.is_none() && !self.status.is_over()
    }
}

#[cfg(test)]
mod tests;
