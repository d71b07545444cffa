//! What a person can act on. `Display` is the sentence shown; nothing internal ever gets in here.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Timestamp, date, fingerprint::Fingerprint, letter::PaymentTrouble, money::Money};

/// A reason why something a person asked for was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Problem {
    /// Nobody is signed in, and this needs somebody.
    SignInNeeded,
    /// The signed-in user lacks a privilege; the text is the privilege's name.
    NotAllowed { privilege: String },
    /// There is no such thing in this community (or it is another community's, which is not told).
    NotFound { what: String },
    /// What was typed into `field` is not allowed; the text says what is.
    Invalid { field: String, message: String },
    /// The same of several fields at once, in the order of the form.
    InvalidFields(Vec<WrongField>),
    /// The situation does not allow it; each case has its own sentence.
    Refused(Refusal),
    /// Too many attempts; the number is in seconds.
    TooMany { retry_after: u64 },
    /// Stripe refused, and said so in words a merchant can act on.
    Stripe { message: String },
    /// Stripe does not answer now. What was asked may have happened or not (after a time-out nobody can say), so no more
    /// than that is claimed; asking again is the same call for Stripe.
    StripeUnavailable,
    /// Somebody else changed the same thing meanwhile.
    ChangedMeanwhile,
    /// An upgrade's payment was not taken: the tier stays as it was, and the upgrade waits for the payment.
    UpgradeWaits(UnpaidUpgrade),
    /// What a form edits was changed elsewhere since it was shown; saving with the fingerprint of what is there `now`
    /// replaces that.
    EditedMeanwhile { now: Fingerprint },
}

/// What an upgrade waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnpaidUpgrade {
    pub amount: Money,
    /// Only how often the tier is paid for would change.
    pub same_tier: bool,
    /// Why it was not taken, if Stripe said so.
    pub trouble: Option<PaymentTrouble>,
    /// Stripe drops it by then.
    #[serde(with = "chrono::serde::ts_seconds")]
    pub until: Timestamp,
}

impl fmt::Display for UnpaidUpgrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            amount,
            same_tier,
            trouble,
            until,
        } = self;
        let until = date::moment(*until);
        let (what, stays) = if *same_tier {
            ("change", "you pay as before")
        } else {
            ("upgrade", "your tier stays as it was")
        };
        match trouble {
            Some(PaymentTrouble::ActionRequired) => write!(
                f,
                "Your bank asks you to confirm the payment of {amount}. The {what} waits for that until {until}: close this, press “Pay for the {what}”, and confirm it. Until then {stays}."
            ),
            Some(PaymentTrouble::Declined(said)) => {
                let said = said.as_ref().map(|said| format!(" ({})", said.trim_end_matches('.')));
                write!(
                    f,
                    "Your bank did not take the payment of {amount}{}, so {stays}. The {what} waits until {until}: close this and press “Pay for the {what}” to pay with another card, or leave it.",
                    said.unwrap_or_default()
                )
            }
            Some(PaymentTrouble::NoMethod) | None => write!(
                f,
                "The payment of {amount} could not be taken, so {stays}. The {what} waits until {until}: close this and press “Pay for the {what}” to pay with a card, or leave it."
            ),
        }
    }
}

/// A field of [`Problem::InvalidFields`], and what is allowed in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongField {
    pub field: String,
    pub message: String,
}

impl Problem {
    /// `what` is a word of the design: "plan", "tier", "post".
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound { what: what.into() }
    }

    /// `field` is the form field's name, `message` a whole sentence that names it and says what is allowed.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid {
            field: field.into(),
            message: message.into(),
        }
    }

    /// What is wrong with a form as a whole: its fields' problems together, or the first that is about something else.
    pub fn together(problems: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut wrong = Vec::new();
        for problem in problems {
            match problem {
                Self::Invalid { field, message } => wrong.push(WrongField { field, message }),
                Self::InvalidFields(fields) => wrong.extend(fields),
                other => return Some(other),
            }
        }
        match wrong.len() {
            0 => None,
            1 => wrong
                .pop()
                .map(|WrongField { field, message }| Self::Invalid { field, message }),
            _ => Some(Self::InvalidFields(wrong)),
        }
    }

    /// The form field this is about, if it is about one; the first of several.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Invalid { field, .. } => Some(field),
            Self::InvalidFields(wrong) => wrong.first().map(|wrong| wrong.field.as_str()),
            _ => None,
        }
    }

    /// The fields this is about, each with its sentence.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let (one, several) = match self {
            Self::Invalid { field, message } => (Some((field.as_str(), message.as_str())), [].as_slice()),
            Self::InvalidFields(wrong) => (None, wrong.as_slice()),
            _ => (None, [].as_slice()),
        };
        let several = several
            .iter()
            .map(|wrong| (wrong.field.as_str(), wrong.message.as_str()));
        one.into_iter().chain(several)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignInNeeded => f.write_str("Please sign in first."),
            Self::NotAllowed { privilege } => {
                write!(f, "You need the privilege “{privilege}” in this community to do this.")
            }
            Self::NotFound { what } => write!(f, "This {what} does not exist (any more)."),
            Self::Invalid { message, .. } => f.write_str(message),
            Self::InvalidFields(wrong) => {
                let sentences: Vec<&str> = wrong.iter().map(|wrong| wrong.message.as_str()).collect();
                f.write_str(&sentences.join(" "))
            }
            Self::Refused(refusal) => refusal.fmt(f),
            Self::TooMany { retry_after } => {
                let minutes = retry_after.div_ceil(60);
                let unit = if minutes == 1 { "minute" } else { "minutes" };
                write!(f, "Too many attempts. Try again in {minutes} {unit}.")
            }
            Self::Stripe { message } => write!(f, "Stripe said: {message}"),
            Self::StripeUnavailable => {
                f.write_str("Stripe is not answering right now, so this may not have gone through. Try again shortly: repeating it is safe, nothing is done twice.")
            }
            Self::UpgradeWaits(upgrade) => upgrade.fmt(f),
            Self::ChangedMeanwhile => {
                f.write_str("This was changed somewhere else at the same moment. Look at the page again and repeat it if it is still needed.")
            }
            Self::EditedMeanwhile { .. } => {
                f.write_str("This was changed elsewhere while you had it open, so it was not saved. What you entered is still here. See how it is now; saving again replaces that with yours.")
            }
        }
    }
}

impl std::error::Error for Problem {}

/// Why the situation does not allow what was asked (the refusals of the buying, cancelling and renewing tables).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    StoreNotOpen,
    AccountGone,
    StorePaused,
    TierInactive,
    PlanArchived,
    PriceOld,
    YourTier,
    YourTierEnding,
    NothingToCancel,
    AlreadyEnding,
    NotEnding,
    PaymentDue,
    NothingPending,
    NothingToSwitch,
    PriceNotShown,
    SeveralPrices,
    AlreadyConnected,
    TooManyAccounts,
    NotConnected,
    LastPrice,
    TooManyPlans,
    TooManyTiers,
    BuiltIn,
    PaymentNotTaken,
    ResumeNotPaid,
    OwnerStays,
    NeverConnected,
    Confirming,
    NothingToManage,
    NoCard,
    CardRefused,
    RoleHeld,
    PrivilegeAsked,
    PrivilegeCarried,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StoreNotOpen => "This store is not open: payments cannot be taken.",
            Self::AccountGone => {
                "This community's Stripe account is out of reach: access to it was revoked, or it was closed. Nothing can be bought, paid or changed there now."
            }
            Self::StorePaused => "This store takes no new sales at the moment.",
            Self::TierInactive => "This tier is not sold any more.",
            Self::PlanArchived => "This plan is not sold any more.",
            Self::PriceOld => "This price has changed. Look at the new one before you subscribe.",
            Self::YourTier => "This is your tier already.",
            Self::YourTierEnding => "This is your tier, and it is set to end. Renew it to keep it.",
            Self::NothingToCancel => "There is nothing to cancel.",
            Self::AlreadyEnding => "This subscription is set to end already.",
            Self::NotEnding => "This subscription is not set to end, so there is nothing to renew.",
            Self::PaymentDue => "A payment is due on this subscription. Pay it first.",
            Self::NothingPending => "No change is waiting.",
            Self::NothingToSwitch => "You have no membership of this plan that could be changed.",
            Self::PriceNotShown => "What is charged changed since you looked. Check the new amount and confirm again.",
            Self::SeveralPrices => {
                "This membership has more than one price at Stripe, so it cannot be switched here. Ask the managers of the community to leave one."
            }
            Self::AlreadyConnected => "A Stripe account is connected already.",
            Self::TooManyAccounts => {
                "Several Stripe accounts were connected within a day. Connect one of them again, or another one tomorrow."
            }
            Self::NotConnected => "No Stripe account is connected.",
            Self::LastPrice => "A tier needs a price by month or by year. Deactivate the tier to stop selling it.",
            Self::TooManyPlans => "A community can have at most 20 plans.",
            Self::TooManyTiers => "A plan can have at most 12 tiers.",
            Self::BuiltIn => "Built-in roles and privileges cannot be changed here.",
            Self::PaymentNotTaken => {
                "Your bank did not take the payment, so your tier stays as it was. Update your payment method and try again."
            }
            Self::ResumeNotPaid => {
                "The payment was not taken, so it stays paused. Close this and press “Pay now” to pay it, with another card if you like."
            }
            Self::OwnerStays => "The owner's role cannot be given or taken away.",
            Self::NothingToManage => "Nothing was bought here yet, so there is nothing to manage at Stripe.",
            Self::NoCard => "No payment method is saved, so there is nothing to disconnect.",
            Self::CardRefused => "Your card was saved, but your bank did not take the open payment with it. Pay it on Stripe's page, or try another card.",
            Self::RoleHeld => "Somebody was given this role. Take it back from everybody first.",
            Self::PrivilegeAsked => "A post asks for this privilege. Let it ask for another one first, or delete it.",
            Self::PrivilegeCarried => "A role carries this privilege. Take it out of every role first.",
            Self::Confirming => "Your purchase is being confirmed with Stripe. One moment.",
            Self::NeverConnected => "Connect a Stripe account first: tiers are sold on it.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_the_interval_that_waits_is_not_called_an_upgrade() {
        let waits = |same_tier, trouble| {
            let amount = Money::new(900, crate::money::Currency::parse("eur").expect("known"));
            let until = Timestamp::UNIX_EPOCH;
            UnpaidUpgrade {
                amount,
                same_tier,
                trouble,
                until,
            }
            .to_string()
        };
        for trouble in [
            None,
            Some(PaymentTrouble::ActionRequired),
            Some(PaymentTrouble::Declined(None)),
        ] {
            let (interval, upgrade) = (waits(true, trouble.clone()), waits(false, trouble));
            assert!(interval.contains("“Pay for the change”"), "{interval}");
            assert!(
                !interval.contains("upgrade") && !interval.contains("your tier"),
                "{interval}"
            );
            assert!(upgrade.contains("“Pay for the upgrade”"), "{upgrade}");
        }
    }

    #[test]
    fn the_problems_of_a_forms_fields_are_told_together() {
        let (name, price) = (
            Problem::invalid("name", "Name is empty."),
            Problem::invalid("price", "Price is empty."),
        );
        assert_eq!(Problem::together([]), None);
        assert_eq!(Problem::together([name.clone()]), Some(name.clone()));
        let both = Problem::together([name.clone(), price.clone()]).expect("both");
        let fields: Vec<_> = both.fields().collect();
        assert_eq!(fields, [("name", "Name is empty."), ("price", "Price is empty.")]);
        assert_eq!(both.field(), Some("name"));
        assert_eq!(both.to_string(), "Name is empty. Price is empty.");
        let other = Problem::together([name, Problem::SignInNeeded, price]);
        assert_eq!(other, Some(Problem::SignInNeeded));
    }
}
