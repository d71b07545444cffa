use chrono::DateTime;
use model::{
    Timestamp,
    card::Card,
    letter::{OpenInvoice, PaymentTrouble},
    membership::{Actions, PendingChange},
    money::Currency,
};

use super::*;
use crate::membership::Change;

const ID: &str = "0190c9f4-7b1e-7000-8000-000000000001";
const OTHER_ID: &str = "0190c9f4-7b1e-7000-8000-000000000002";
const OTHER: &str = "0190c9f4-7b1e-7000-8000-000000000002";

fn at(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(seconds, 0).expect("a time")
}

fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::parse("eur").expect("known"))
}

/// Gold for €9.00 per month, paid until 3 March 2027.
fn gold(status: Status) -> SubscriptionView {
    SubscriptionView {
        id: ID.parse().expect("an id"),
        plan: ID.parse().expect("an id"),
        plan_label: "Club".into(),
        tier: Some(ID.parse().expect("an id")),
        tier_label: "Gold".into(),
        status,
        price: Some((euros(900), Interval::Month)),
        period_end: at(1_804_082_700),
        trial_end: None,
        ends_at: None,
        pending: None,
        role_until: None,
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
fn an_active_subscription_says_when_and_for_how_much_it_renews() {
    assert_eq!(standing(&gold(Status::Active)), "Renews on 3 March 2027 for €9.00.");
}

#[test]
fn one_that_is_set_to_end_says_when_and_that_nothing_more_is_charged() {
    let ending = SubscriptionView {
        ends_at: Some(at(1_804_082_700)),
        ..gold(Status::Active)
    };
    let text = standing(&ending);
    assert!(
        text.contains("Ends on 3 March 2027") && text.contains("nothing more is charged"),
        "{text}"
    );
    assert_eq!(badge(&ending).0, "ending");
}

#[test]
fn a_coming_change_says_to_what_when_and_at_which_price() {
    let pending = PendingChange {
        tier: OTHER.parse().expect("an id"),
        tier_label: "Silver".into(),
        interval: Interval::Month,
        amount: Some(euros(500)),
        at: at(1_804_082_700),
    };
    let changing = SubscriptionView {
        pending: Some(pending),
        ..gold(Status::Active)
    };
    assert_eq!(
        standing(&changing),
        "Changes to Silver on 3 March 2027 for €5.00 per month."
    );
    assert!(explanation(Change::Cancel, &changing).contains("The change to Silver is dropped."));
    assert!(explanation(Change::DropPending, &changing).contains("stay on Gold for €9.00 per month"));
}

#[test]
fn a_coming_change_of_the_interval_says_what_it_costs_from_when_on() {
    let pending = PendingChange {
        tier: ID.parse().expect("an id"),
        tier_label: "Gold".into(),
        interval: Interval::Month,
        amount: Some(euros(900)),
        at: at(1_804_082_700),
    };
    let changing = SubscriptionView {
        price: Some((euros(9000), Interval::Year)),
        pending: Some(pending),
        ..gold(Status::Active)
    };
    assert_eq!(
        standing(&changing),
        "Renews on 3 March 2027. From then on it costs €9.00 per month."
    );
    assert_eq!(question(Change::DropPending, &changing), "Keep paying by the year?");
    assert_eq!(verb(Change::DropPending, &changing), "Keep paying by the year");
    let text = explanation(Change::DropPending, &changing);
    assert!(
        text.contains("paying by the month on 3 March 2027 is taken back") && text.contains("€90.00 per year"),
        "{text}"
    );
}

#[test]
fn a_due_payment_says_whether_there_still_is_access() {
    let due = gold(Status::PastDue);
    assert!(standing(&due).contains("no access"));
    let in_grace = SubscriptionView {
        role_until: Some(at(1_804_082_700)),
        ..due
    };
    assert!(standing(&in_grace).contains("access until 3 March 2027"));
}

#[test]
fn cancelling_keeps_a_paid_period_and_ends_an_unpaid_one_at_once() {
    assert!(explanation(Change::Cancel, &gold(Status::Active)).contains("keep Gold until 3 March 2027"));
    for status in [Status::PastDue, Status::Unpaid, Status::Paused] {
        let text = explanation(Change::Cancel, &gold(status));
        assert!(text.contains("Gold is cancelled now"), "{status:?}: {text}");
    }
    let incomplete = gold(Status::Incomplete);
    assert!(explanation(Change::Cancel, &incomplete).contains("purchase of Gold is cancelled"));
    assert_eq!(done(Change::Cancel, &incomplete), "The purchase of Gold is cancelled.");
    assert_eq!(leave(Change::Cancel, Status::Incomplete), "Go back");
}

#[test]
fn what_is_not_known_is_said_so_instead_of_promised() {
    let flagged = SubscriptionView {
        tier: None,
        ..gold(Status::Active)
    };
    assert!(standing(&flagged).contains("cannot be told"));
    assert_eq!(badge(&flagged).0, "needs attention");
}

/// €9.00 open, by how the last attempt went.
#[expect(clippy::unnecessary_wraps, reason = "as the view has it")]
fn open(trouble: Option<PaymentTrouble>, next_attempt: Option<i64>) -> Option<OpenInvoice> {
    Some(OpenInvoice {
        id: "in_1".into(),
        amount: euros(900),
        attempts: 1,
        trouble,
        declined: None,
        next_attempt: next_attempt.map(at),
    })
}

#[expect(clippy::unnecessary_wraps, reason = "as the view has it")]
fn upgrade() -> Option<PendingChange> {
    Some(PendingChange {
        tier: OTHER_ID.parse().expect("an id"),
        tier_label: "Platinum".into(),
        interval: Interval::Month,
        amount: Some(euros(1900)),
        at: at(1_804_000_000),
    })
}

/// Gold as it is, paid by the year.
fn yearly() -> Option<PendingChange> {
    Some(PendingChange {
        tier: ID.parse().expect("an id"),
        tier_label: "Gold".into(),
        interval: Interval::Year,
        ..upgrade()?
    })
}

/// 3 March 2027.
const END: i64 = 1_804_082_700;

#[test]
fn what_is_due_is_said_for_every_status() {
    let declined = PaymentTrouble::Declined(Some("Your card has insufficient funds.".into()));
    let with = |status, invoice, role_until: Option<i64>| owing(status, invoice, role_until);
    let table = [
        (
            with(Status::PastDue, open(Some(declined.clone()), Some(END)), Some(END)),
            "You keep Gold until 3 March 2027",
            "€9.00 is due. Pay before then, or your access ends. \
             The last attempt failed: Your card has insufficient funds. Stripe tries again on 3 March 2027.",
        ),
        (
            with(Status::PastDue, open(Some(PaymentTrouble::Declined(None)), None), None),
            "Your access to Gold has ended",
            "€9.00 is due. Once it is paid, you have Gold again. The last attempt was declined. Stripe does not try \
             again by itself: press “Pay now”.",
        ),
        (
            with(Status::PastDue, None, Some(END)),
            "You keep Gold until 3 March 2027",
            "A payment is due. Pay before then, or your access ends.",
        ),
        (
            with(Status::Unpaid, open(None, None), None),
            "Gold is not paid",
            "€9.00 is due, and Stripe tries no more by itself. Once you pay it, you have Gold again.",
        ),
        (
            with(
                Status::Incomplete,
                open(Some(PaymentTrouble::ActionRequired), None),
                None,
            ),
            "Gold waits for its first payment",
            "€9.00 is due. Finish the payment to get access. If it is not made within a day, the purchase lapses and \
             nothing is charged. Your bank asks you to confirm the payment: press “Pay now”.",
        ),
        (
            with(Status::Paused, open(None, None), None),
            "Gold waits for its payment",
            "€9.00 is due before Gold goes on after its pause.",
        ),
        (
            with(Status::Active, open(None, None), Some(END)),
            "€9.00 is due for Gold",
            "Nothing is taken away for now. Pay it, so that it stays that way.",
        ),
        (
            SubscriptionView {
                unpaid_change: upgrade(),
                ..with(Status::Active, open(Some(declined), None), Some(END))
            },
            "Your upgrade to Platinum waits for its payment",
            "€9.00 is due by 2 March 2027, 15:06 UTC. Until it is paid you stay on Gold; after that the upgrade is \
             dropped. The last attempt failed: Your card has insufficient funds.",
        ),
        (
            SubscriptionView {
                unpaid_change: yearly(),
                ..with(Status::Active, open(None, None), Some(END))
            },
            "Paying Gold by the year waits for its payment",
            "€9.00 is due by 2 March 2027, 15:06 UTC. Until it is paid, nothing changes; after that the change is dropped.",
        ),
        (
            SubscriptionView {
                ends_at: Some(at(END)),
                ..with(Status::PastDue, None, Some(END))
            },
            "You keep Gold until 3 March 2027",
            "A payment is due. Pay before then, or your access ends. It ends on 3 March 2027 all the same; once it is paid, \
             you can take that back.",
        ),
    ];
    for (subscription, title, text) in table {
        let due = due(&subscription, &[visa("pm_1")]).expect("something is due");
        assert_eq!((due.title.as_str(), due.sentences.join(" ").as_str()), (title, text));
    }
}

/// The customer's default card.
fn visa(id: &str) -> Card {
    Card {
        id: id.into(),
        brand: "visa".into(),
        last4: Some("4242".into()),
        is_default: true,
        ..Card::default()
    }
}

/// Gold with a payment open, which can be paid.
fn owing(status: Status, invoice: Option<OpenInvoice>, role_until: Option<i64>) -> SubscriptionView {
    SubscriptionView {
        may: Actions {
            pay: invoice.is_some(),
            ..Actions::default()
        },
        open_invoice: invoice,
        role_until: role_until.map(at),
        ..gold(status)
    }
}

/// What is said of the attempts to pay, after the first sentence.
fn attempts_of(subscription: &SubscriptionView, cards: &[Card]) -> String {
    due(subscription, cards).expect("something is due").sentences[1..].join(" ")
}

fn declined(with: &str) -> Option<OpenInvoice> {
    let declined = Some(with.to_owned());
    let trouble = Some(PaymentTrouble::Declined(None));
    open(trouble, Some(END)).map(|invoice| OpenInvoice { declined, ..invoice })
}

#[test]
fn without_a_payment_method_nothing_is_said_of_the_bank_or_the_next_attempt() {
    for status in [Status::PastDue, Status::Unpaid, Status::Incomplete] {
        assert_eq!(
            attempts_of(&owing(status, declined("pm_1"), Some(END)), &[]),
            "No payment method is saved. Add one, and it pays this at once.",
            "{status:?}"
        );
    }
    for status in [Status::Paused, Status::Active] {
        assert_eq!(
            attempts_of(&owing(status, declined("pm_1"), None), &[]),
            "No payment method is saved: press “Pay now” to pay it with a card.",
            "{status:?}"
        );
    }
    let asked = owing(
        Status::Incomplete,
        open(Some(PaymentTrouble::ActionRequired), None),
        None,
    );
    assert!(
        attempts_of(&asked, &[]).contains("asks you to confirm"),
        "the card of a first payment is saved when it is paid"
    );
    let own = SubscriptionView {
        card: Some("pm_gone".into()),
        ..owing(Status::PastDue, declined("pm_gone"), Some(END))
    };
    assert!(
        !attempts_of(&own, &[visa("pm_1")]).contains("Stripe tries again"),
        "no saved card is set to pay it"
    );
}

#[test]
fn where_no_payments_are_taken_nobody_is_told_to_pay() {
    let away = |status, role_until| SubscriptionView {
        may: Actions::default(),
        ..owing(status, declined("pm_1"), role_until)
    };
    let cards = [visa("pm_1")];
    for status in [
        Status::PastDue,
        Status::Unpaid,
        Status::Incomplete,
        Status::Paused,
        Status::Active,
    ] {
        let text = attempts_of(&away(status, None), &cards);
        assert_eq!(text, "No payments are taken for it at the moment.", "{status:?}");
    }
    let grace = due(&away(Status::PastDue, Some(END)), &cards).expect("due");
    assert_eq!(
        grace.sentences[0],
        "€9.00 is due. If it is not paid by then, your access ends."
    );
    let rejected = SubscriptionView {
        renews: false,
        ..owing(Status::PastDue, declined("pm_1"), None)
    };
    assert!(!attempts_of(&rejected, &cards).contains("tries"));
}

#[test]
fn a_card_that_was_saved_since_is_not_the_one_that_was_declined() {
    let cards = [visa("pm_2")];
    let due = |next| SubscriptionView {
        open_invoice: declined("pm_1").map(|invoice| OpenInvoice {
            next_attempt: next,
            ..invoice
        }),
        ..owing(Status::PastDue, declined("pm_1"), Some(END))
    };
    assert_eq!(
        attempts_of(&due(Some(at(END))), &cards),
        "Visa ending in 4242 was not tried for it yet. Stripe tries it on 3 March 2027; to pay before then, press “Pay \
         now”."
    );
    assert_eq!(
        attempts_of(&due(None), &cards),
        "Visa ending in 4242 was not tried for it yet. Press “Pay now” to pay with it."
    );
    assert!(attempts_of(&due(None), &[visa("pm_1")]).starts_with("The last attempt was declined."));
}

#[test]
fn who_was_given_the_role_as_well_is_not_told_that_access_ends() {
    for role_until in [Some(END), None] {
        let given = SubscriptionView {
            is_given: true,
            ..owing(Status::PastDue, declined("pm_1"), role_until)
        };
        let due = due(&given, &[visa("pm_1")]).expect("due");
        assert_eq!(due.title, "€9.00 is due for Gold");
        let text = [standing(&given), due.sentences.join(" ")].concat();
        assert!(!text.contains("access ends") && !text.contains("no access"), "{text}");
        assert!(text.contains("given to you as well"), "{text}");
    }
    for status in [Status::Unpaid, Status::Paused, Status::Incomplete, Status::Active] {
        let given = SubscriptionView {
            is_given: true,
            ..owing(status, declined("pm_1"), Some(END))
        };
        let due = due(&given, &[]).expect("due");
        let text = [
            due.title,
            due.sentences.join(" "),
            standing(&given),
            explanation(Change::Cancel, &given),
            done(Change::Cancel, &given),
        ]
        .join(" ");
        for said in ["no access", "to get access", "have Gold again", "Gold has ended"] {
            assert!(!text.contains(said), "{status:?}: {text}");
        }
        assert!(text.contains("given to you as well"), "{status:?}: {text}");
    }
}

#[test]
fn nothing_is_due_where_nothing_is_open() {
    for status in [
        Status::Active,
        Status::Trialing,
        Status::Paused,
        Status::Canceled,
        Status::IncompleteExpired,
    ] {
        assert_eq!(due(&gold(status), &[]), None, "{status:?}");
    }
    let former = SubscriptionView {
        on_former_account: true,
        ..gold(Status::PastDue)
    };
    assert_eq!(due(&former, &[]), None);
    assert!(
        standing(&former).contains("does not use any more"),
        "{}",
        standing(&former)
    );
}

#[test]
fn what_a_former_account_gave_says_until_when_and_that_it_is_bought_anew() {
    let former = SubscriptionView {
        on_former_account: true,
        role_until: Some(at(1_804_000_000)),
        ..gold(Status::Active)
    };
    let text = formerly(&former);
    assert!(
        text.contains(&format!("until {}", date::day(at(1_804_000_000)))),
        "{text}"
    );
    assert!(text.contains("subscribe anew"), "{text}");
}

#[test]
fn cancelling_says_for_every_status_what_ends_and_what_is_not_charged() {
    let trial = SubscriptionView {
        trial_end: Some(at(1_804_000_000)),
        ..gold(Status::Trialing)
    };
    let grace = SubscriptionView {
        open_invoice: open(None, None),
        role_until: Some(at(END)),
        ..gold(Status::PastDue)
    };
    let unpaid = SubscriptionView {
        open_invoice: open(None, None),
        ..gold(Status::Unpaid)
    };
    let table = [
        (
            gold(Status::Active),
            "You keep Gold until 3 March 2027. Then it ends, and nothing more is charged. Until then you can take this back.",
        ),
        (
            trial,
            "You keep Gold until 2 March 2027. Then it ends, and nothing more is charged. Until then you can take this back.",
        ),
        (
            grace,
            "Gold ends now, not on 3 March 2027. Its open payment of €9.00 is cancelled: you will not be charged for it. \
             To come back, subscribe again.",
        ),
        (
            unpaid,
            "Gold is cancelled now. Its open payment of €9.00 is cancelled: you will not be charged for it. To come back, \
             subscribe again.",
        ),
        (
            gold(Status::Incomplete),
            "The purchase of Gold is cancelled, and you will not be charged for it. You can subscribe again whenever you like.",
        ),
        (
            gold(Status::Paused),
            "Gold is cancelled now. Nothing more is charged. To come back, subscribe again.",
        ),
    ];
    for (subscription, text) in table {
        assert_eq!(
            explanation(Change::Cancel, &subscription),
            text,
            "{:?}",
            subscription.status
        );
    }
}

#[test]
fn renewing_says_when_the_next_payment_is() {
    let trial = SubscriptionView {
        trial_end: Some(at(1_804_000_000)),
        ..gold(Status::Trialing)
    };
    assert!(explanation(Change::Renew, &trial).contains("on 2 March 2027 you pay €9.00 per month"));
    let text = explanation(Change::Renew, &gold(Status::Active));
    assert!(
        text.contains("after 3 March 2027") && text.contains("€9.00 per month"),
        "{text}"
    );
}

#[test]
fn dropping_an_unpaid_upgrade_says_that_it_is_not_charged() {
    let waiting = SubscriptionView {
        unpaid_change: upgrade(),
        open_invoice: open(None, None),
        ..gold(Status::Active)
    };
    assert_eq!(
        explanation(Change::DropPending, &waiting),
        "The upgrade to Platinum is dropped, and its payment of €9.00 is cancelled: you will not be charged for it. You \
         stay on Gold for €9.00 per month."
    );
    assert_eq!(verb(Change::DropPending, &waiting), "Keep Gold");
    assert_eq!(
        done(Change::DropPending, &waiting),
        "The upgrade to Platinum is dropped. You stay on Gold."
    );
}

#[test]
fn a_change_of_the_interval_that_was_not_paid_is_not_called_one_of_the_tier() {
    let waiting = SubscriptionView {
        unpaid_change: yearly(),
        open_invoice: open(None, None),
        ..gold(Status::Active)
    };
    assert_eq!(question(Change::DropPending, &waiting), "Keep paying by the month?");
    assert_eq!(verb(Change::DropPending, &waiting), "Keep paying by the month");
    assert_eq!(
        done(Change::DropPending, &waiting),
        "The change is dropped. You go on paying by the month."
    );
    let text = explanation(Change::Cancel, &waiting);
    assert!(text.contains("The change to paying by the year is dropped."), "{text}");
}

#[test]
fn what_has_no_name_is_still_called_something() {
    let flagged = SubscriptionView {
        tier: None,
        tier_label: String::new(),
        ..gold(Status::Active)
    };
    assert_eq!(verb(Change::Cancel, &flagged), "Cancel this subscription");
    assert!(explanation(Change::Cancel, &flagged).starts_with("You keep this subscription until"));
}

#[test]
fn what_does_not_renew_says_until_when_it_is_kept() {
    for status in [Status::Active, Status::Trialing] {
        let held = SubscriptionView {
            role_until: Some(gold(status).period_end),
            renews: false,
            ..gold(status)
        };
        assert_eq!(
            standing(&held),
            "You keep it until 3 March 2027. It does not renew for now."
        );
        let ending = SubscriptionView {
            ends_at: Some(held.period_end),
            ..held
        };
        assert_eq!(
            standing(&ending),
            standing(&SubscriptionView {
                renews: true,
                ..ending.clone()
            })
        );
    }
}
