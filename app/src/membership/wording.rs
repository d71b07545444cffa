//! A subscription's state, and what changing it does, in plain words with dates and amounts.

use model::{
    Timestamp, date,
    entitlement::told_end,
    interval::Interval,
    membership::{AccountTrouble, PendingChange, SubscriptionView},
    money::Money,
    subscription::SubscriptionStatus as Status,
};

use crate::ui::Tone;

mod changes;
mod due;

pub use self::{
    changes::{done, explanation, leave, question, verb},
    due::{Due, due},
};

/// Said in place of what would be lost.
const GIVEN: &str = "You keep your access: the role was given to you as well.";

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
    let no_access = if subscription.is_given {
        GIVEN
    } else {
        "You have no access."
    };
    let access = || match subscription.role_until {
        _ if subscription.is_given => GIVEN.to_owned(),
        Some(until) => format!("You keep access until {}.", date::day(until)),
        None => "Until it is paid, you have no access.".to_owned(),
    };
    match (subscription.status, subscription.ends_at) {
        (status, _) if subscription.on_former_account && !status.is_over() => {
            let until = told_until(subscription).map(|until| format!("You keep access until {}. ", date::day(until)));
            format!(
                "It runs on a Stripe account that this community does not use any more. {}Nothing about it can be changed here. If you are charged for it all the same, ask the people who run the community to cancel it there.",
                until.unwrap_or_default()
            )
        }
        _ if subscription.is_unknown() => {
            "What this subscription is for cannot be told right now, so it opens nothing. The community's merchant sees it too.".into()
        }
        (Status::Active | Status::Trialing, None) if !subscription.renews && subscription.role_until.is_some() => {
            let until = told_until(subscription).map(date::day).unwrap_or_default();
            if subscription.is_given {
                format!("It runs until {until}, and does not renew for now. {GIVEN}")
            } else {
                format!("You keep it until {until}. It does not renew for now.")
            }
        }
        (Status::Trialing, Some(ends)) => {
            format!("Your trial ends on {}, and nothing is charged.", date::day(ends))
        }
        (Status::Trialing, None) => {
            let end = subscription.trial_end.map_or(period_end, date::day);
            format!("Your trial ends on {end}. Then {amount} is charged.")
        }
        (Status::Active, Some(ends)) if subscription.is_given => {
            format!("Ends on {}, and nothing more is charged. {GIVEN}", date::day(ends))
        }
        (Status::Active, Some(ends)) => {
            format!("Ends on {}. You keep it until then, and nothing more is charged.", date::day(ends))
        }
        (Status::Active, None) => match &subscription.pending {
            Some(pending) if is_of_interval(subscription, pending) => {
                let at = date::day(pending.at);
                let costs = pending.amount.map_or_else(
                    || format!("is paid by the {}", pending.interval.as_str()),
                    |amount| format!("costs {}", per(amount, pending.interval)),
                );
                format!("Renews on {at}. From then on it {costs}.")
            }
            Some(pending) => {
                let at = date::day(pending.at);
                let then = pending.amount.map(|amount| format!(" for {}", per(amount, pending.interval)));
                format!("Changes to {} on {at}{}.", pending.tier_label, then.unwrap_or_default())
            }
            None => format!("Renews on {period_end} for {amount}."),
        },
        (Status::PastDue, _) => format!("The last payment did not go through. {}", access()),
        (Status::Incomplete, _) if subscription.is_given => {
            format!("The first payment is not finished. {GIVEN}")
        }
        (Status::Incomplete, _) => "The first payment is not finished. Finish it to get access.".into(),
        (Status::Unpaid, _) => format!("The last payment was not made, and Stripe tries no more. {}", access()),
        (Status::Paused, _) if subscription.open_invoice.is_some() => {
            let due = subscription.open_invoice.as_ref().map(|invoice| invoice.amount.to_string());
            format!("It is paused until {} is paid. {no_access}", due.unwrap_or_default())
        }
        (Status::Paused, _) => format!("It is paused, and nothing is charged. {no_access}"),
        (Status::IncompleteExpired, _) => "Its first payment was not made, and nothing was charged. You can subscribe again whenever you like.".into(),
        (Status::Canceled, _) => "It has ended. You can subscribe again whenever you like.".into(),
    }
}

/// Until when they have the role, as they are told it.
fn told_until(subscription: &SubscriptionView) -> Option<Timestamp> {
    let until = subscription.role_until?;
    Some(told_end(subscription.status, subscription.period_end, until))
}

/// What somebody still holds by a former account, where it can be bought anew.
pub fn formerly(subscription: &SubscriptionView) -> String {
    if subscription.is_given {
        return format!(
            "What you bought runs on a Stripe account that this community does not use any more. {GIVEN} If you are charged for it all the same, ask the people who run the community to cancel it there."
        );
    }
    let until =
        told_until(subscription).map_or_else(|| "for now".to_owned(), |until| format!("until {}", date::day(until)));
    format!(
        "You have it {until}, by a Stripe account that this community does not use any more. To have it after that, subscribe anew; if you are charged for both, ask the people who run the community to cancel the old one."
    )
}

/// A merchant's account that takes no payments: a title, and what it means for members.
pub const fn trouble(trouble: AccountTrouble) -> (&'static str, &'static str) {
    match trouble {
        AccountTrouble::NoPayments => (
            "No payments are taken at the moment",
            "This community's Stripe account has to be put in order by the people who run the community. You keep what you paid for. A payment that falls due before then is not taken. You can still cancel.",
        ),
        AccountTrouble::Rejected => (
            "Nothing renews at the moment",
            "Stripe does not let this community take payments any more. You keep what you paid for until it ends, and you can still cancel.",
        ),
        AccountTrouble::OutOfReach => (
            "Nothing renews at the moment",
            "This community's Stripe account cannot be reached from here any more. You keep what you paid for until it ends, and nothing can be changed here. If you are charged all the same, it is by the community's own Stripe account: ask the people who run the community to cancel it there.",
        ),
    }
}

/// The status in a word or two, and how it feels.
pub fn badge(subscription: &SubscriptionView) -> (&'static str, Tone) {
    if subscription.on_former_account && !subscription.status.is_over() {
        return ("former account", Tone::Neutral);
    }
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

/// Whether it is not known what was bought.
trait Unknown {
    fn is_unknown(&self) -> bool;
}

impl Unknown for SubscriptionView {
    fn is_unknown(&self) -> bool {
        self.tier.is_none() && !self.status.is_over()
    }
}

/// Whether the tier stays, and only how often it is paid for changes.
fn is_of_interval(subscription: &SubscriptionView, change: &PendingChange) -> bool {
    subscription.tier == Some(change.tier)
}

/// When the period that is paid for (or the trial) is over.
fn period_ends(subscription: &SubscriptionView) -> Timestamp {
    match (subscription.status, subscription.trial_end) {
        (Status::Trialing, Some(end)) => end,
        _ => subscription.period_end,
    }
}

/// Its name; what is flagged may have none.
fn name(subscription: &SubscriptionView) -> &str {
    if subscription.tier_label.is_empty() {
        "this subscription"
    } else {
        &subscription.tier_label
    }
}

/// The same at the start of a sentence.
fn starting_name(subscription: &SubscriptionView) -> &str {
    if subscription.tier_label.is_empty() {
        "This subscription"
    } else {
        &subscription.tier_label
    }
}

#[cfg(test)]
mod tests;
