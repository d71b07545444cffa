use chrono::DateTime;
use model::{
    Timestamp,
    membership::{Actions, PendingChange},
    money::Currency,
};

use super::*;

const ID: &str = "0190c9f4-7b1e-7000-8000-000000000001";

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
        unpaid_change: None,
        open_invoice: None,
        on_former_account: false,
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
        tier: ID.parse().expect("an id"),
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
    for status in [Status::Incomplete, Status::PastDue, Status::Unpaid, Status::Paused] {
        let text = explanation(Change::Cancel, &gold(status));
        assert!(text.contains("ends now"), "{status:?}: {text}");
    }
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
