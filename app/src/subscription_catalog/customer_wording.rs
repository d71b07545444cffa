//! What the button of a tier says to somebody who has something on the plan, and what pressing it begins.

use model::{
    catalog::TierAction, date, id::TierId, interval::Interval, membership::SubscriptionView,
    subscription::SubscriptionStatus as Status,
};

/// How pressing begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begins {
    /// A page of Stripe's, in a popup that must open in the click.
    Popup,
    /// A preview in a dialog.
    Preview,
}

/// A button that leads to a tier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    pub verb: &'static str,
    /// Between the verb and the tier, for those who do not see which card it is in.
    pub joined_by: &'static str,
    pub begins: Begins,
    /// Something else comes first; what is wanted follows it.
    pub goes_on: bool,
    /// What comes first.
    pub note: Option<String>,
}

impl Press {
    const fn new(verb: &'static str, joined_by: &'static str, begins: Begins) -> Self {
        Self {
            verb,
            joined_by,
            begins,
            goes_on: false,
            note: None,
        }
    }
}

/// Nothing for actions that are no wish for the tier.
pub fn press(action: TierAction, yours: Option<&SubscriptionView>, tier: TierId, interval: Interval) -> Option<Press> {
    let upgrade_waits = yours
        .and_then(|yours| yours.unpaid_change.as_ref())
        .is_some_and(|change| change.tier == tier && change.interval == interval);
    let other_interval = yours
        .is_some_and(|yours| yours.tier == Some(tier) && yours.price.is_some_and(|(_, paid_by)| paid_by != interval));
    Some(match action {
        TierAction::Upgrade | TierAction::Downgrade | TierAction::Switch if other_interval && !upgrade_waits => {
            let verb = match interval {
                Interval::Month => "Pay monthly",
                Interval::Year => "Pay yearly",
            };
            Press::new(verb, " for ", Begins::Preview)
        }
        TierAction::Subscribe => Press {
            note: yours.and_then(what_it_replaces),
            ..Press::new("Subscribe", " to ", Begins::Popup)
        },
        TierAction::Upgrade if upgrade_waits && !other_interval => Press {
            note: yours.and_then(what_waits),
            ..Press::new("Pay for the upgrade", " to ", Begins::Popup)
        },
        TierAction::Upgrade | TierAction::Switch if upgrade_waits => Press {
            note: yours.and_then(what_waits),
            ..Press::new("Pay for the change", " to ", Begins::Popup)
        },
        TierAction::Upgrade => Press::new("Upgrade", " to ", Begins::Preview),
        TierAction::Downgrade => Press::new("Downgrade", " to ", Begins::Preview),
        TierAction::Switch => Press::new("Switch", " to ", Begins::Preview),
        TierAction::FinishPayment => first(yours, tier, interval),
        _ => return None,
    })
}

/// A subscription that is not paid any more ends when another one is bought, and so does what is due for it.
fn what_it_replaces(yours: &SubscriptionView) -> Option<String> {
    let invoice = yours.open_invoice.as_ref().filter(|_| yours.status == Status::Unpaid)?;
    Some(format!(
        "{} is due for {}. A new membership takes its place, and that payment is cancelled.",
        invoice.amount, yours.tier_label
    ))
}

/// How much an upgrade waits for, and until when.
fn what_waits(yours: &SubscriptionView) -> Option<String> {
    let (invoice, change) = (yours.open_invoice.as_ref()?, yours.unpaid_change.as_ref()?);
    let by = date::moment(change.at);
    Some(format!("{} is due by {by}; after that it is dropped.", invoice.amount))
}

/// What is open, or paused, comes before anything else.
fn first(yours: Option<&SubscriptionView>, tier: TierId, interval: Interval) -> Press {
    let finish = Press::new("Finish payment", " for ", Begins::Popup);
    let Some(yours) = yours else { return finish };
    let is_it = yours.tier == Some(tier) && yours.price.is_some_and(|(_, paid_by)| paid_by == interval);
    let begins = if yours.may.pay { Begins::Popup } else { Begins::Preview };
    let (verb, note) = match (yours.status, is_it) {
        (Status::PastDue, false) => {
            let amount = yours
                .open_invoice
                .as_ref()
                .map_or_else(|| "A payment".to_owned(), |invoice| invoice.amount.to_string());
            let note = format!("{amount} is due for {}: that is paid first.", yours.tier_label);
            return Press {
                goes_on: true,
                note: Some(note),
                ..Press::new("Pay, then switch", " to ", Begins::Popup)
            };
        }
        (Status::Paused, false) => {
            let note = format!("{} is paused: it goes on first.", yours.tier_label);
            return Press {
                goes_on: true,
                note: Some(note),
                ..Press::new("Resume, then switch", " to ", begins)
            };
        }
        (Status::Paused, true) if yours.may.pay => ("Pay and resume", "It is paused."),
        (Status::Paused, true) => ("Resume", "It is paused."),
        _ => return finish,
    };
    Press {
        note: Some(note.to_owned()),
        ..Press::new(verb, " ", begins)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use model::{
        letter::OpenInvoice,
        membership::{Actions, PendingChange},
        money::{Currency, Money},
    };

    use super::*;

    const SILVER: &str = "0190c9f4-7b1e-7000-8000-000000000001";
    const GOLD: &str = "0190c9f4-7b1e-7000-8000-000000000002";

    fn tier(id: &str) -> TierId {
        id.parse().expect("an id")
    }

    fn euros(minor: i64) -> Money {
        Money::new(minor, Currency::parse("eur").expect("known"))
    }

    /// Silver by month; `pay`: a payment of €5.00 is open.
    fn silver(status: Status, pay: bool) -> SubscriptionView {
        SubscriptionView {
            id: SILVER.parse().expect("an id"),
            plan: SILVER.parse().expect("an id"),
            plan_label: "Club".into(),
            tier: Some(tier(SILVER)),
            tier_label: "Silver".into(),
            status,
            price: Some((euros(500), Interval::Month)),
            period_end: DateTime::UNIX_EPOCH,
            trial_end: None,
            ends_at: None,
            pending: None,
            unpaid_change: None,
            open_invoice: pay.then(|| OpenInvoice {
                id: "in_1".into(),
                amount: euros(500),
                attempts: 1,
                trouble: None,
                declined: None,
                next_attempt: None,
            }),
            role_until: None,
            is_given: false,
            card: None,
            lapses_at: None,
            on_former_account: false,
            renews: true,
            may: Actions {
                pay,
                ..Actions::default()
            },
        }
    }

    #[test]
    fn the_button_says_what_comes_first_and_what_follows() {
        let first = TierAction::FinishPayment;
        let table = [
            (
                silver(Status::Incomplete, true),
                first,
                SILVER,
                "Finish payment for ",
                Begins::Popup,
                false,
            ),
            (
                silver(Status::PastDue, true),
                first,
                GOLD,
                "Pay, then switch to ",
                Begins::Popup,
                true,
            ),
            (
                silver(Status::Paused, false),
                first,
                SILVER,
                "Resume ",
                Begins::Preview,
                false,
            ),
            (
                silver(Status::Paused, true),
                first,
                SILVER,
                "Pay and resume ",
                Begins::Popup,
                false,
            ),
            (
                silver(Status::Paused, false),
                first,
                GOLD,
                "Resume, then switch to ",
                Begins::Preview,
                true,
            ),
            (
                silver(Status::Paused, true),
                first,
                GOLD,
                "Resume, then switch to ",
                Begins::Popup,
                true,
            ),
            (
                silver(Status::Active, false),
                TierAction::Upgrade,
                GOLD,
                "Upgrade to ",
                Begins::Preview,
                false,
            ),
            (
                silver(Status::Unpaid, true),
                TierAction::Subscribe,
                GOLD,
                "Subscribe to ",
                Begins::Popup,
                false,
            ),
        ];
        for (yours, action, wanted, words, begins, goes_on) in table {
            let press = press(action, Some(&yours), tier(wanted), Interval::Month).expect("a button");
            let said = [press.verb, press.joined_by].concat();
            assert_eq!(
                (said.as_str(), press.begins, press.goes_on),
                (words, begins, goes_on),
                "{:?} {wanted}",
                yours.status
            );
        }
    }

    #[test]
    fn what_is_due_first_is_named_with_its_amount() {
        let press = press(
            TierAction::FinishPayment,
            Some(&silver(Status::PastDue, true)),
            tier(GOLD),
            Interval::Month,
        );
        let note = press.and_then(|press| press.note);
        assert_eq!(note.as_deref(), Some("€5.00 is due for Silver: that is paid first."));
    }

    #[test]
    fn what_is_not_paid_any_more_gives_way_and_says_so() {
        let note = |status| {
            let yours = silver(status, true);
            let press = press(TierAction::Subscribe, Some(&yours), tier(GOLD), Interval::Month);
            press.and_then(|press| press.note)
        };
        let said = note(Status::Unpaid).expect("a note");
        assert!(said.starts_with("€5.00 is due for Silver. A new membership"), "{said}");
        assert_eq!(note(Status::Canceled), None);
    }

    #[test]
    fn an_upgrade_that_waits_for_its_payment_is_paid_and_another_one_is_previewed() {
        let waiting = SubscriptionView {
            unpaid_change: Some(PendingChange {
                tier: tier(GOLD),
                tier_label: "Gold".into(),
                interval: Interval::Month,
                amount: None,
                at: DateTime::UNIX_EPOCH,
            }),
            ..silver(Status::Active, true)
        };
        let begins = |interval| {
            let press = press(TierAction::Upgrade, Some(&waiting), tier(GOLD), interval);
            press.map(|press| press.begins)
        };
        let paid = press(TierAction::Upgrade, Some(&waiting), tier(GOLD), Interval::Month);
        let note = paid.and_then(|press| press.note);
        assert_eq!(
            note.as_deref(),
            Some("€5.00 is due by 1 January 1970, 00:00 UTC; after that it is dropped.")
        );
        let yearly = SubscriptionView {
            unpaid_change: Some(PendingChange {
                tier: tier(SILVER),
                tier_label: "Silver".into(),
                interval: Interval::Year,
                amount: None,
                at: DateTime::UNIX_EPOCH,
            }),
            ..silver(Status::Active, true)
        };
        let paid = press(TierAction::Upgrade, Some(&yearly), tier(SILVER), Interval::Year);
        assert_eq!(paid.map(|press| press.verb), Some("Pay for the change"));
        assert_eq!(begins(Interval::Month), Some(Begins::Popup));
        assert_eq!(begins(Interval::Year), Some(Begins::Preview));
    }

    #[test]
    fn what_is_no_wish_for_the_tier_has_no_such_button() {
        for action in [
            TierAction::Yours,
            TierAction::Renew,
            TierAction::Coming,
            TierAction::Unavailable,
        ] {
            assert_eq!(press(action, None, tier(GOLD), Interval::Month), None, "{action:?}");
        }
    }
}
