//! Who cancelled and then asks for an upgrade goes on when it is paid, and only then.

use chrono::Duration;
use model::{interval::Interval::Month, purchase::SwitchPreview};
use serde_json::{Value, json};

use crate::member::Member;

/// The card pays once, and then no more.
const FAILS_LATER: &str = "4000000000000341";
const GOOD: &str = "4242424242424242";
/// The two ways in which a subscription is set to end: here (`cancel_at_period_end`), in Stripe's portal (`cancel_at`).
const WAYS: [&str; 2] = ["here", "in the portal"];

/// Ada's Bronze is set to end, and she is shown what Gold costs now.
async fn about_to_upgrade(way: &str, card: &str) -> (Member, SwitchPreview) {
    let member = Member::of_with_card("Bronze", &[("Bronze", "9", ""), ("Gold", "19", "")], card).await;
    member.world.pass(Duration::days(10)).await;
    let customer = member.customer().await;
    if way == "here" {
        let plan = member.held().await.plan;
        let cancelled = member.world.store.shopping().cancel(&customer, plan).await;
        cancelled.expect("cancelled");
    } else {
        let opened = member.world.store.portal().open(&customer, "portal").await;
        let address = opened.expect("an address").url;
        let session = address.rsplit('/').next().expect("a session");
        let body = json!({ "action": "cancel", "subscription": at_stripe(&member).await["id"] });
        member.world.control(&format!("portal/{session}"), body).await;
    }
    member.world.settle().await;
    assert!(ends(&member).await, "{way}");
    let preview = member.preview("Gold", Month).await;
    assert!(preview.takes_back_ending);
    (member, preview)
}

async fn at_stripe(member: &Member) -> Value {
    member.newest("subscriptions").await
}

/// What Stripe has and what we show is the same.
async fn ends(member: &Member) -> bool {
    let ends = at_stripe(member).await["cancel_at"].is_i64();
    assert_eq!(member.held().await.ends_at.is_some(), ends);
    ends
}

async fn fails(member: &Member, after_processing: bool) {
    let fault = json!({
        "kind": "status", "status": 503, "times": 0,
        "method": "POST", "path_prefix": "/v1/subscriptions", "after_processing": after_processing,
    });
    member.world.control("faults", fault).await;
}

async fn pays(member: &Member) {
    let invoice = member.newest("invoices?status=open").await["id"].clone();
    let path = format!("invoices/{}/pay", invoice.as_str().expect("an id"));
    member.world.control(&path, json!({ "card": GOOD })).await;
    member.world.settle().await;
}

/// How often a subscription was changed at Stripe.
async fn changes(member: &Member) -> usize {
    let log = member.world.ask("requests").await;
    let changed = |one: &&Value| {
        let text = one.to_string();
        text.contains("POST") && text.contains("/v1/subscriptions/sub_")
    };
    log["data"].as_array().expect("a list").iter().filter(changed).count()
}

#[tokio::test]
async fn an_upgrade_that_is_paid_goes_on() {
    for way in WAYS {
        let (member, preview) = about_to_upgrade(way, GOOD).await;
        let before = changes(&member).await;
        member.confirm(&preview).await.expect("up");
        let calls = if way == "here" { 1 } else { 2 };
        assert_eq!(changes(&member).await - before, calls, "{way}");
        assert!(!ends(&member).await, "{way}");
        member.world.pass(Duration::days(32)).await;
        assert_eq!(member.holds().await, ["Gold"], "{way}");
        member.world.finish().await;
    }
}

#[tokio::test]
async fn one_that_is_not_paid_leaves_the_end_as_it_was() {
    for way in WAYS {
        let (member, preview) = about_to_upgrade(way, FAILS_LATER).await;
        let before = at_stripe(&member).await["cancel_at"].clone();
        assert!(member.confirm(&preview).await.is_err(), "{way}: the card does not pay");
        assert!(ends(&member).await, "{way}");
        member.world.pass(Duration::days(2)).await;
        assert!(member.held().await.unpaid_change.is_none(), "{way}: it lapsed");
        assert_eq!(at_stripe(&member).await["cancel_at"], before, "{way}");
        assert!(ends(&member).await, "{way}");
        member.world.pass(Duration::days(25)).await;
        assert!(member.holds().await.is_empty(), "{way}: nothing was charged again");
        assert_eq!(at_stripe(&member).await, Value::Null, "{way}");
        member.world.finish().await;
    }
}

#[tokio::test]
async fn one_that_is_paid_later_goes_on() {
    for way in WAYS {
        let (member, preview) = about_to_upgrade(way, FAILS_LATER).await;
        assert!(member.confirm(&preview).await.is_err(), "{way}: the card does not pay");
        // The job that remembers the date has looked, and waits on.
        member.world.pass(Duration::minutes(10)).await;
        assert!(ends(&member).await, "{way}");
        pays(&member).await;
        assert_eq!(member.holds().await, ["Gold"], "{way}");
        assert!(!ends(&member).await, "{way}");
        member.world.finish().await;
    }
}

#[tokio::test]
async fn one_that_was_made_without_an_answer_goes_on() {
    for way in WAYS {
        let (member, preview) = about_to_upgrade(way, GOOD).await;
        fails(&member, true).await;
        assert!(member.confirm(&preview).await.is_err(), "{way}: no answer");
        member.world.behave().await;
        member.world.pass(Duration::minutes(4)).await;
        assert_eq!(member.holds().await, ["Gold"], "{way}");
        assert!(!ends(&member).await, "{way}");
        member.world.finish().await;
    }
}

#[tokio::test]
async fn one_that_never_reached_stripe_leaves_the_end_as_it_was() {
    for way in WAYS {
        let (member, preview) = about_to_upgrade(way, GOOD).await;
        fails(&member, false).await;
        assert!(member.confirm(&preview).await.is_err(), "{way}: no answer");
        member.world.behave().await;
        member.world.pass(Duration::minutes(4)).await;
        assert_eq!(member.holds().await, ["Bronze"], "{way}");
        assert!(ends(&member).await, "{way}");
        member.world.finish().await;
    }
}

#[tokio::test]
async fn an_end_that_was_asked_for_after_the_payment_stays() {
    let (member, preview) = about_to_upgrade("in the portal", GOOD).await;
    fails(&member, true).await;
    assert!(member.confirm(&preview).await.is_err(), "no answer");
    member.world.behave().await;
    let id = at_stripe(&member).await["id"].as_str().expect("an id").to_owned();
    let account = member.account().await;
    // As the merchant does in Stripe's dashboard.
    let later = (member.world.store.now() + Duration::days(12)).timestamp().to_string();
    let form = [("cancel_at", later.as_str()), ("proration_behavior", "none")];
    member
        .world
        .stripe_post(&account, &format!("subscriptions/{id}"), &form)
        .await;
    member.world.pass(Duration::minutes(4)).await;
    assert!(ends(&member).await);
    member.world.finish().await;
}
