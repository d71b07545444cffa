//! What disconnecting the payment method means for each subscription, in plain words with date and amount.

use model::{
    card::{Card, WithoutCard, paying, without_card},
    date,
    membership::SubscriptionView,
    subscription::SubscriptionStatus,
};

/// A sentence for each subscription that it means something for; what it means otherwise when there is none.
pub fn without(subscriptions: &[SubscriptionView]) -> Vec<String> {
    let here = subscriptions.iter().filter(|one| !one.on_former_account);
    let sentences: Vec<String> = here.filter_map(sentence).collect();
    if sentences.is_empty() {
        vec!["Nothing that you hold here needs it: no payment is coming.".to_owned()]
    } else {
        sentences
    }
}

fn sentence(subscription: &SubscriptionView) -> Option<String> {
    let tier = &subscription.tier_label;
    Some(match without_card(subscription) {
        WithoutCard::Nothing => return None,
        WithoutCard::Lapses => format!("Your purchase of {tier} lapses: its first payment is not made."),
        WithoutCard::StaysPaused { amount } => {
            format!("{tier} stays paused: the {amount} that are due for it cannot be paid.")
        }
        WithoutCard::CannotPay { on, amount } => {
            // From then on it is another tier's.
            let coming = subscription.pending.as_ref().filter(|pending| pending.amount.is_some());
            let tier = coming.map_or(tier, |pending| &pending.tier_label);
            let amount = amount.map_or_else(|| "the next payment".to_owned(), |amount| amount.to_string());
            format!("On {}, {amount} for {tier} cannot be paid.", date::day(on))
        }
        WithoutCard::AccessEnds { .. } if subscription.is_given => {
            format!("{tier} stays unpaid. You keep your access: the role was given to you as well.")
        }
        WithoutCard::AccessEnds { on: Some(on) } => format!(
            "Your access to {tier} ends on {} unless you add another payment method.",
            date::day(on)
        ),
        WithoutCard::AccessEnds { on: None } => {
            format!("Your access to {tier} has ended. It does not come back without a payment method.")
        }
    })
}

/// What is coming while no card is saved.
pub fn cannot_be_paid(subscriptions: &[SubscriptionView]) -> Vec<String> {
    let coming = subscriptions.iter().filter(|one| {
        let renews = matches!(one.status, SubscriptionStatus::Active | SubscriptionStatus::Trialing);
        !one.on_former_account && renews
    });
    coming.filter_map(sentence).collect()
}

/// What the card pays, to be said where not every card pays everything: `pays`, `pays for Gold and Stage`.
pub fn pays(card: &Card, cards: &[Card], subscriptions: &[SubscriptionView]) -> Option<String> {
    let live: Vec<_> = charged(subscriptions).collect();
    let paid = live.iter().filter(|one| paying(one, cards) == Some(card));
    let tiers: Vec<&str> = paid.map(|one| one.tier_label.as_str()).collect();
    match tiers.len() {
        _ if cards.len() < 2 => None,
        // Nothing is charged: it is what the next purchase is offered to be paid with.
        0 => (live.is_empty() && card.is_default).then(|| "default".to_owned()),
        paid if paid == live.len() => Some("pays".to_owned()),
        _ => Some(["pays for ", &tiers.join(" and ")].concat()),
    }
}

/// Subscriptions that none of the saved cards pays.
pub fn paid_by_none(cards: &[Card], subscriptions: &[SubscriptionView]) -> Option<String> {
    let without = charged(subscriptions).filter(|one| paying(one, cards).is_none());
    let tiers: Vec<&str> = without.map(|one| one.tier_label.as_str()).collect();
    (!cards.is_empty() && !tiers.is_empty()).then(|| {
        format!(
            "No saved card is set to pay for {}: update the payment method to choose one.",
            tiers.join(" and ")
        )
    })
}

/// What goes on being charged for.
fn charged(subscriptions: &[SubscriptionView]) -> impl Iterator<Item = &SubscriptionView> {
    let live = |one: &&SubscriptionView| !one.on_former_account && !one.status.is_over() && one.tier.is_some();
    subscriptions.iter().filter(live).filter(|one| one.ends_at.is_none())
}

/// What saving a card pays at once: the newest invoice of what is not paid for (`€9.00 for Gold`).
pub fn owed(subscriptions: &[SubscriptionView]) -> Vec<String> {
    let owing = subscriptions.iter().filter(|one| {
        use SubscriptionStatus::{Incomplete, PastDue, Unpaid};
        !one.on_former_account && matches!(one.status, Incomplete | PastDue | Unpaid)
    });
    owing
        .filter_map(|one| {
            let amount = one.open_invoice.as_ref()?.amount;
            Some(format!("{amount} for {}", one.tier_label))
        })
        .collect()
}

/// Before a card is saved.
pub fn pays_at_once(owed: &[String]) -> Option<String> {
    (!owed.is_empty()).then(|| {
        let sums = owed.join(" and ");
        format!("Due: {sums}. The card you save pays it at once.")
    })
}

/// What saving a card leaves open: a payment that the customer makes by themselves, because going on after a pause, or a
/// change, is theirs to want.
pub fn stays_due(subscriptions: &[SubscriptionView]) -> Vec<String> {
    use SubscriptionStatus::{Active, Paused, Trialing};
    let open = subscriptions.iter().filter(|one| one.may.pay);
    open.filter_map(|one| {
        let amount = one.open_invoice.as_ref()?.amount;
        let tier = &one.tier_label;
        let what = match one.status {
            Paused => format!("{tier} stays paused until {amount} is paid"),
            Active | Trialing => format!("{amount} for {tier} stays due"),
            _ => return None,
        };
        Some(format!(
            "{what}: saving a payment method does not pay it. Press “Pay now” for that."
        ))
    })
    .collect()
}

/// After it was, and paid what was due before.
pub fn saved(owed: &[String]) -> String {
    let paid = if owed.is_empty() {
        String::new()
    } else {
        format!(" {} was paid with it.", owed.join(" and "))
    };
    format!("Your card is saved.{paid} It pays for your memberships here from now on.")
}

/// `expires 04/2027`; not everything does.
pub fn expires(card: &Card) -> Option<String> {
    let (month, year) = (card.exp_month?, card.exp_year?);
    Some(format!("expires {month:02}/{year}"))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use model::{
        Timestamp,
        interval::Interval,
        letter::OpenInvoice,
        membership::Actions,
        money::{Currency, Money},
        subscription::SubscriptionStatus as Status,
    };

    use super::*;

    const ID: &str = "0190c9f4-7b1e-7000-8000-000000000001";

    fn at(seconds: i64) -> Timestamp {
        DateTime::from_timestamp(seconds, 0).expect("a time")
    }

    /// Gold for €9.00 per month, paid until 3 March 2027.
    fn gold(status: Status, role_until: Option<i64>) -> SubscriptionView {
        SubscriptionView {
            id: ID.parse().expect("an id"),
            plan: ID.parse().expect("an id"),
            plan_label: "Club".into(),
            tier: Some(ID.parse().expect("an id")),
            tier_label: "Gold".into(),
            status,
            price: Some((Money::new(900, Currency::parse("eur").expect("known")), Interval::Month)),
            period_end: at(1_804_082_700),
            trial_end: None,
            ends_at: None,
            pending: None,
            role_until: role_until.map(at),
            is_given: false,
            unpaid_change: None,
            open_invoice: None,
            card: None,
            lapses_at: None,
            on_former_account: false,
            renews: true,
            may: Actions::default(),
        }
    }

    #[test]
    fn every_status_says_what_disconnecting_means() {
        let nothing = "Nothing that you hold here needs it: no payment is coming.";
        let table = [
            (
                gold(Status::Active, None),
                "On 3 March 2027, €9.00 for Gold cannot be paid.",
            ),
            (
                gold(Status::Trialing, None),
                "On 3 March 2027, €9.00 for Gold cannot be paid.",
            ),
            (
                gold(Status::PastDue, Some(1_804_082_700)),
                "Your access to Gold ends on 3 March 2027 unless you add another payment method.",
            ),
            (
                gold(Status::Unpaid, None),
                "Your access to Gold has ended. It does not come back without a payment method.",
            ),
            (
                gold(Status::Incomplete, None),
                "Your purchase of Gold lapses: its first payment is not made.",
            ),
            (gold(Status::Paused, None), nothing),
            (gold(Status::Canceled, None), nothing),
            (gold(Status::IncompleteExpired, None), nothing),
        ];
        for (subscription, text) in table {
            assert_eq!(
                without(std::slice::from_ref(&subscription)),
                [text],
                "{:?}",
                subscription.status
            );
        }
        assert_eq!(without(&[]), [nothing]);
        assert_eq!(
            cannot_be_paid(&[gold(Status::Active, None), gold(Status::Unpaid, None)]),
            ["On 3 March 2027, €9.00 for Gold cannot be paid."]
        );
    }

    #[test]
    fn what_is_due_is_named_before_and_after_the_card_paid_it() {
        let mut due = gold(Status::PastDue, None);
        assert_eq!(pays_at_once(&owed(std::slice::from_ref(&due))), None);
        due.open_invoice = Some(OpenInvoice {
            id: "in_1".into(),
            amount: Money::new(900, Currency::parse("eur").expect("known")),
            attempts: 1,
            trouble: None,
            declined: None,
            next_attempt: None,
        });
        let owed = owed(&[due, gold(Status::Active, None)]);
        let before = pays_at_once(&owed).expect("a sentence");
        assert_eq!(before, "Due: €9.00 for Gold. The card you save pays it at once.");
        assert!(saved(&owed).contains("€9.00 for Gold was paid with it."));
        assert!(!saved(&[]).contains("paid with"));
    }

    #[test]
    fn what_saving_a_card_does_not_pay_is_said() {
        let open = |status| SubscriptionView {
            open_invoice: Some(OpenInvoice {
                id: "in_1".into(),
                amount: Money::new(900, Currency::parse("eur").expect("known")),
                attempts: 1,
                trouble: None,
                declined: None,
                next_attempt: None,
            }),
            may: Actions {
                pay: true,
                ..Actions::default()
            },
            ..gold(status, None)
        };
        assert_eq!(
            stays_due(&[open(Status::Paused), open(Status::Active), gold(Status::Paused, None)]),
            [
                "Gold stays paused until €9.00 is paid: saving a payment method does not pay it. Press “Pay now” for that.",
                "€9.00 for Gold stays due: saving a payment method does not pay it. Press “Pay now” for that.",
            ]
        );
        for status in [Status::PastDue, Status::Unpaid, Status::Incomplete] {
            assert_eq!(stays_due(&[open(status)]), Vec::<String>::new(), "{status:?}");
            assert_eq!(owed(&[open(status)]), ["€9.00 for Gold"], "{status:?}");
        }
    }

    #[test]
    fn who_was_given_the_role_as_well_loses_no_access_without_a_card() {
        let given = SubscriptionView {
            is_given: true,
            ..gold(Status::PastDue, Some(1_804_082_700))
        };
        assert_eq!(
            without(&[given]),
            ["Gold stays unpaid. You keep your access: the role was given to you as well."]
        );
    }

    #[test]
    fn only_cards_expire() {
        assert_eq!(expires(&card("pm_1", true)).as_deref(), Some("expires 04/2030"));
        assert_eq!(expires(&Card::default()), None);
    }

    #[test]
    fn paused_with_a_payment_open_says_that_it_stays_so() {
        let mut paused = gold(Status::Paused, None);
        paused.open_invoice = Some(OpenInvoice {
            id: "in_1".into(),
            amount: Money::new(900, Currency::parse("eur").expect("known")),
            attempts: 1,
            trouble: None,
            declined: None,
            next_attempt: None,
        });
        assert_eq!(
            without(&[paused]),
            ["Gold stays paused: the €9.00 that are due for it cannot be paid."]
        );
    }

    fn card(id: &str, is_default: bool) -> Card {
        Card {
            id: id.into(),
            brand: "visa".into(),
            last4: Some("4242".into()),
            exp_month: Some(4),
            exp_year: Some(2030),
            is_default,
            ..Card::default()
        }
    }

    #[test]
    fn each_card_says_what_it_pays() {
        let cards = [card("pm_1", true), card("pm_2", false)];
        let said = |subscriptions: &[SubscriptionView]| {
            let of = |card| pays(card, &cards, subscriptions).unwrap_or_default();
            [of(&cards[0]), of(&cards[1])]
        };
        let by_default = gold(Status::Active, None);
        let mut own = gold(Status::Active, None);
        own.card = Some("pm_2".into());
        own.tier_label = "Stage".into();
        assert_eq!(said(&[]), ["default", ""]);
        assert_eq!(said(std::slice::from_ref(&by_default)), ["pays", ""]);
        assert_eq!(said(std::slice::from_ref(&own)), ["", "pays"]);
        let both = [by_default.clone(), own.clone()];
        assert_eq!(said(&both), ["pays for Gold", "pays for Stage"]);
        assert_eq!(pays(&cards[0], &cards[..1], &both), None, "one card needs no word");
        assert_eq!(paid_by_none(&cards, &both), None);
        let other = [card("pm_3", false)];
        let none = paid_by_none(&other, &both).expect("a sentence");
        assert!(none.contains("Gold and Stage"), "{none}");
        own.ends_at = Some(at(1));
        assert_eq!(paid_by_none(&other, &[own]), None, "nothing more is charged for it");
        assert_eq!(paid_by_none(&[], &[by_default]), None, "that is said otherwise");
    }

    #[test]
    fn several_subscriptions_have_a_sentence_each() {
        let both = [
            gold(Status::Active, None),
            gold(Status::Canceled, None),
            gold(Status::Incomplete, None),
        ];
        assert_eq!(without(&both).len(), 2);
    }
}
