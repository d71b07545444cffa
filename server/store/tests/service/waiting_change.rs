//! What waits for the period's end, a downgrade or the end itself, stands aside while another change is tried, and is never
//! lost by that.

use chrono::Duration;
use model::{Problem, Refusal, interval::Interval::Month, purchase::SwitchPreview};
use serde_json::json;
use store::Error;

use crate::member::Member;

/// The card pays once, and then no more.
const FAILS_LATER: &str = "4000000000000341";

/// Ada is on Silver, which changes to Bronze at the period's end, and is shown what Gold costs now.
async fn about_to_upgrade(card: &str) -> (Member, SwitchPreview) {
    let tiers = [("Bronze", "9", ""), ("Silver", "14", ""), ("Gold", "19", "")];
    let member = Member::of_with_card("Silver", &tiers, card).await;
    let down = member.preview("Bronze", Month).await;
    member.confirm(&down).await.expect("down");
    member.world.settle().await;
    assert_eq!(waits(&member).await.as_deref(), Some("Bronze"));
    member.world.pass(Duration::days(10)).await;
    let preview = member.preview("Gold", Month).await;
    (member, preview)
}

/// The tier that the membership changes to.
async fn waits(member: &Member) -> Option<String> {
    member.held().await.pending.map(|pending| pending.tier_label)
}

/// Stripe answers no change of a subscription.
async fn goes_silent(member: &Member, after_processing: bool) {
    fails(member, "/v1/subscriptions", after_processing).await;
}

async fn fails(member: &Member, path: &str, after_processing: bool) {
    let fault = json!({
        "kind": "status", "status": 503, "times": 0,
        "method": "POST", "path_prefix": path, "after_processing": after_processing,
    });
    member.world.control("faults", fault).await;
}

async fn confirm_in_vain(member: &Member, preview: &SwitchPreview) {
    let error = member.confirm(preview).await.expect_err("no answer");
    assert_eq!(error.problem(), Some(Problem::StripeUnavailable));
}

#[tokio::test]
async fn an_upgrade_that_nobody_came_to_the_end_of_brings_it_back() {
    let (member, preview) = about_to_upgrade("4242424242424242").await;
    goes_silent(&member, false).await;
    confirm_in_vain(&member, &preview).await;
    member.world.behave().await;
    member.world.settle().await;
    assert_eq!(waits(&member).await, None, "a schedule refuses an upgrade beside it");
    member.world.pass(Duration::minutes(4)).await;
    assert_eq!(waits(&member).await.as_deref(), Some("Bronze"));
    member.world.pass(Duration::days(25)).await;
    assert_eq!(member.holds().await, ["Bronze"]);
    member.world.finish().await;
}

#[tokio::test]
async fn an_upgrade_that_was_made_without_an_answer_drops_it() {
    let (member, preview) = about_to_upgrade("4242424242424242").await;
    goes_silent(&member, true).await;
    confirm_in_vain(&member, &preview).await;
    member.world.behave().await;
    member.world.pass(Duration::minutes(4)).await;
    assert_eq!(
        (member.holds().await, waits(&member).await),
        (vec!["Gold".to_owned()], None)
    );
    member.world.finish().await;
}

#[tokio::test]
async fn an_upgrade_that_succeeds_at_the_second_try_drops_it() {
    let (member, preview) = about_to_upgrade("4242424242424242").await;
    goes_silent(&member, false).await;
    confirm_in_vain(&member, &preview).await;
    member.world.behave().await;
    member.world.wait(Duration::minutes(1)).await;
    let preview = member.preview("Gold", Month).await;
    member.confirm(&preview).await.expect("up");
    let jobs = member.world.jobs().await;
    assert!(!jobs.iter().any(|job| job.contains("set_aside")), "{jobs:?}");
    member.world.pass(Duration::minutes(4)).await;
    assert_eq!(
        (member.holds().await, waits(&member).await),
        (vec!["Gold".to_owned()], None)
    );
    member.world.finish().await;
}

#[tokio::test]
async fn an_upgrade_that_is_refused_at_the_second_try_brings_it_back_at_once() {
    let (member, preview) = about_to_upgrade(FAILS_LATER).await;
    goes_silent(&member, false).await;
    confirm_in_vain(&member, &preview).await;
    member.world.behave().await;
    member.world.wait(Duration::minutes(1)).await;
    let preview = member.preview("Gold", Month).await;
    let refused = member.confirm(&preview).await.expect_err("refused");
    assert!(
        matches!(refused, Error::Problem(Problem::Refused(Refusal::PaymentNotTaken))),
        "{refused}"
    );
    assert_eq!(waits(&member).await.as_deref(), Some("Bronze"));
    member.world.finish().await;
}

#[tokio::test]
async fn one_that_cannot_be_brought_back_at_once_is_brought_back_later() {
    let (member, preview) = about_to_upgrade("4242424242424242").await;
    goes_silent(&member, false).await;
    confirm_in_vain(&member, &preview).await;
    member.world.behave().await;
    // The schedule is made, and gets no phases.
    fails(&member, "/v1/subscription_schedules/", false).await;
    member.world.pass(Duration::minutes(4)).await;
    assert_eq!(waits(&member).await, None);
    member.world.behave().await;
    member.world.pass(Duration::minutes(10)).await;
    assert_eq!(waits(&member).await.as_deref(), Some("Bronze"));
    member.world.finish().await;
}

#[tokio::test]
async fn what_the_customer_dropped_meanwhile_does_not_come_back() {
    let (member, preview) = about_to_upgrade("4242424242424242").await;
    let (plan, _) = member.world.tier("club", "Gold").await;
    let shopping = member.world.store.shopping();
    goes_silent(&member, false).await;
    confirm_in_vain(&member, &preview).await;
    member.world.behave().await;
    member.world.wait(Duration::minutes(1)).await;
    shopping
        .cancel(&member.customer().await, plan)
        .await
        .expect("cancelled");
    shopping.renew(&member.customer().await, plan).await.expect("renewed");
    member.world.pass(Duration::minutes(4)).await;
    assert_eq!(waits(&member).await, None);
    member.world.finish().await;
}

/// Ada's Silver is set to end, and she is shown what changing to Bronze means.
async fn about_to_stay_on_less() -> (Member, SwitchPreview) {
    let tiers = [("Bronze", "9", ""), ("Silver", "14", ""), ("Gold", "19", "")];
    let member = Member::of("Silver", &tiers).await;
    let (plan, _) = member.world.tier("club", "Silver").await;
    let shopping = member.world.store.shopping();
    shopping
        .cancel(&member.customer().await, plan)
        .await
        .expect("cancelled");
    member.world.settle().await;
    let preview = member.preview("Bronze", Month).await;
    (member, preview)
}

#[tokio::test]
async fn who_cancelled_stays_cancelled_when_the_downgrade_came_to_nothing() {
    let (member, preview) = about_to_stay_on_less().await;
    fails(&member, "/v1/subscription_schedules", false).await;
    confirm_in_vain(&member, &preview).await;
    member.world.behave().await;
    member.world.pass(Duration::minutes(4)).await;
    assert!(member.held().await.ends_at.is_some(), "as it was");
    member.world.pass(Duration::days(40)).await;
    assert!(member.holds().await.is_empty(), "nothing was charged again");
    member.world.finish().await;
}

#[tokio::test]
async fn a_downgrade_that_stripe_refuses_leaves_the_end_as_it_was() {
    let (member, preview) = about_to_stay_on_less().await;
    let account = member.account().await;
    let prices = member.world.stripe(&account, "prices?active=true").await;
    let bronze = prices["data"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|price| price["unit_amount"] == 900)
        .expect("Bronze's");
    let id = bronze["id"].as_str().expect("an id");
    member
        .world
        .stripe_post(&account, &format!("prices/{id}"), &[("active", "false")])
        .await;
    assert!(member.confirm(&preview).await.is_err(), "Stripe refuses the price");
    assert!(member.held().await.ends_at.is_some(), "as it was");
    let subscriptions = member.world.stripe(&account, "subscriptions").await;
    assert!(subscriptions["data"][0]["schedule"].is_null(), "{subscriptions}");
    member.world.settle().await;
    member.world.finish().await;
}

#[tokio::test]
async fn a_downgrade_drops_an_upgrade_that_waits_for_its_payment() {
    let tiers = [("Bronze", "9", ""), ("Silver", "14", ""), ("Gold", "19", "")];
    let member = Member::of_with_card("Silver", &tiers, FAILS_LATER).await;
    member.world.pass(Duration::days(10)).await;
    let up = member.preview("Gold", Month).await;
    assert!(member.confirm(&up).await.is_err(), "the card does not pay");
    let down = member.preview("Bronze", Month).await;
    member.confirm(&down).await.expect("down");
    assert_eq!(waits(&member).await.as_deref(), Some("Bronze"));
    member.world.finish().await;
}
