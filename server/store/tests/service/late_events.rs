//! What is decided ends or charges something, so it is decided by what Stripe has now, however late its events are.

use chrono::Duration;
use model::{
    Problem,
    interval::Interval::Month,
    purchase::{Outcome, SwitchKind},
    subscription::SubscriptionStatus as Status,
};
use serde_json::json;

use crate::{member::Member, world::session_of};

const FAILS_LATER: &str = "4000000000000341";

/// The newest open invoice is paid, and nobody has told us.
async fn pays_unnoticed(member: &Member) {
    let invoice = member.newest("invoices?status=open").await;
    let id = invoice["id"].as_str().expect("an open invoice");
    let card = json!({ "card": "4242424242424242" });
    let paid = member.world.control(&format!("invoices/{id}/pay"), card).await;
    assert_eq!(paid["outcome"], "done", "{paid}");
}

async fn owing() -> Member {
    let tiers = [("Silver", "14", ""), ("Gold", "19", "")];
    let member = Member::of_with_card("Silver", &tiers, FAILS_LATER).await;
    member.world.pass(Duration::days(31) + Duration::hours(2)).await;
    assert_eq!(member.held().await.status, Status::PastDue);
    member
}

#[tokio::test]
async fn what_was_just_paid_is_cancelled_for_its_end_and_not_at_once() {
    let member = owing().await;
    pays_unnoticed(&member).await;
    assert_eq!(member.held().await.status, Status::PastDue, "nobody has told us");
    let (plan, _) = member.world.tier("club", "Silver").await;
    let shopping = member.world.store.shopping();
    shopping
        .cancel(&member.customer().await, plan)
        .await
        .expect("cancelled");
    assert_eq!(member.newest("subscriptions").await["status"], "active");
    assert_eq!(member.holds().await, ["Silver"]);
    member.world.finish().await;
}

#[tokio::test]
async fn what_was_just_paid_is_upgraded_and_not_paid_for_again() {
    let member = owing().await;
    pays_unnoticed(&member).await;
    assert_eq!(member.preview("Gold", Month).await.kind, SwitchKind::Upgrade);
    member.world.finish().await;
}

#[tokio::test]
async fn a_checkout_beside_what_was_paid_meanwhile_cannot_be_paid_any_more() {
    let member = owing().await;
    let account = member.account().await;
    member
        .world
        .control(
            &format!("accounts/{account}"),
            json!({ "after_failed_payments": "unpaid" }),
        )
        .await;
    member.world.pass(Duration::days(40)).await;
    assert_eq!(member.held().await.status, Status::Unpaid);
    let (_, gold) = member.world.tier("club", "Gold").await;
    let shopping = member.world.store.shopping();
    let outcome = shopping
        .subscribe(&member.customer().await, gold, Month, "")
        .await
        .expect("an outcome");
    let Outcome::GoTo { url } = outcome else {
        panic!("{outcome:?}")
    };
    let cards = member.world.store.cards();
    let page = cards.update(&member.customer().await, "").await.expect("a page");
    let path = format!("checkout/{}/complete", session_of(&page.url));
    member.world.control(&path, json!({ "card": "4242424242424242" })).await;
    member.world.settle().await;
    assert_eq!(member.held().await.status, Status::Active, "the saved card paid");
    let session = member
        .world
        .stripe(&account, &format!("checkout/sessions/{}", session_of(&url)))
        .await;
    assert_eq!(session["status"], "expired", "the old tab sells nothing twice");
    member.world.finish().await;
}

#[tokio::test]
async fn a_cancellation_that_would_be_another_than_was_shown_is_not_made() {
    let member = owing().await;
    let (plan, _) = member.world.tier("club", "Silver").await;
    let shopping = member.world.store.shopping();
    let shown_before_it_failed = shopping.cancel_as_shown(&member.customer().await, plan, false).await;
    let problem = shown_before_it_failed.expect_err("refused").problem();
    assert_eq!(problem, Some(Problem::ChangedMeanwhile));
    assert_eq!(member.newest("subscriptions").await["status"], "past_due");
    shopping
        .cancel_as_shown(&member.customer().await, plan, true)
        .await
        .expect("cancelled");
    assert_eq!(member.held().await.status, Status::Canceled);
    member.world.finish().await;
}

#[tokio::test]
async fn a_membership_that_was_paused_unpaid_is_resumed_for_one_payment() {
    let tiers = [("Silver", "14", ""), ("Gold", "19", "")];
    let member = Member::of_with_card("Silver", &tiers, FAILS_LATER).await;
    let account = member.account().await;
    member
        .world
        .control(
            &format!("accounts/{account}"),
            json!({ "after_failed_payments": "pause_at_once" }),
        )
        .await;
    member.world.pass(Duration::days(31) + Duration::hours(2)).await;
    assert_eq!(member.held().await.status, Status::Paused);
    let shopping = member.world.store.shopping();
    let membership = shopping
        .membership(&member.customer().await)
        .await
        .expect("a membership");
    let may = membership.subscriptions[0].may;
    assert!(may.resume && !may.pay, "paying what was due would not end the pause");
    let cards = member.world.store.cards();
    let page = cards.update(&member.customer().await, "").await.expect("a page");
    let path = format!("checkout/{}/complete", session_of(&page.url));
    member.world.control(&path, json!({ "card": "4242424242424242" })).await;
    member.world.settle().await;
    let preview = member.preview("Silver", Month).await;
    assert_eq!((preview.kind, preview.due_now.minor), (SwitchKind::Resume, 1400));
    member.confirm(&preview).await.expect("resumed");
    member.world.settle().await;
    assert_eq!(member.holds().await, ["Silver"]);
    let invoices = member.world.stripe(&account, "invoices").await;
    let states: Vec<&str> = invoices["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|invoice| invoice["status"].as_str().expect("a status"))
        .collect();
    assert_eq!(
        states,
        ["paid", "void", "paid"],
        "the renewal is not paid beside the new period"
    );
    member.world.finish().await;
}

#[tokio::test]
async fn a_card_that_became_the_default_elsewhere_does_not_pay_what_has_its_own() {
    let member = Member::of_bronze().await;
    let account = member.account().await;
    let subscription = member.newest("subscriptions").await;
    let (own, customer) = (&subscription["default_payment_method"], &subscription["customer"]);
    let customer = customer.as_str().expect("a customer");
    let attached = member
        .world
        .stripe_post(
            &account,
            "payment_methods/pm_card_mastercard/attach",
            &[("customer", customer)],
        )
        .await;
    let other = attached["id"].as_str().expect("an id");
    let default = [("invoice_settings[default_payment_method]", other)];
    let path = format!("customers/{customer}");
    member.world.stripe_post(&account, &path, &default).await;
    member.world.settle().await;
    let shopping = member.world.store.shopping();
    let view = shopping
        .membership(&member.customer().await)
        .await
        .expect("a membership");
    assert_eq!((view.cards[0].id.as_str(), view.cards[0].is_default), (other, true));
    let paying = model::card::paying(&view.subscriptions[0], &view.cards).expect("a card");
    assert_eq!(Some(paying.id.as_str()), own.as_str(), "it pays the next renewal too");
    member.world.finish().await;
}
