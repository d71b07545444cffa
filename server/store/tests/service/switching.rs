//! Switching, cancelling and renewing.

use chrono::Duration;
use model::{
    Problem, Refusal,
    catalog::TierAction,
    interval::Interval::{Month, Year},
    purchase::SwitchKind,
};
use serde_json::json;
use store::Error;

use crate::member::Member;

#[tokio::test]
async fn an_upgrade_is_previewed_then_charged_and_takes_effect_at_once() {
    let member = Member::of_bronze().await;
    member.world.pass(Duration::days(10)).await;
    let preview = member.preview("Gold", Month).await;
    assert_eq!(preview.kind, SwitchKind::Upgrade);
    // 21 of 31 days are left: 19.00 × 21/31 − 9.00 × 21/31.
    assert_eq!(preview.due_now.minor, 677);
    member.confirm(&preview).await.expect("switched");
    assert_eq!(member.holds().await, ["Gold"]);
    member.world.settle().await;
    assert_eq!(member.holds().await, ["Gold"]);
    member.world.finish().await;
}

#[tokio::test]
async fn an_amount_that_was_not_shown_is_not_charged() {
    let member = Member::of_bronze().await;
    member.world.pass(Duration::days(10)).await;
    let mut preview = member.preview("Gold", Month).await;
    preview.due_now.minor -= 1;
    let refused = member.confirm(&preview).await.expect_err("refused");
    assert!(
        matches!(refused, Error::Problem(Problem::Refused(Refusal::PriceNotShown))),
        "{refused}"
    );
    assert_eq!(member.holds().await, ["Bronze"]);
    member.world.finish().await;
}

#[tokio::test]
async fn a_downgrade_waits_for_the_periods_end_and_can_be_undone() {
    let member = Member::of_bronze().await;
    let up = member.preview("Gold", Month).await;
    member.confirm(&up).await.expect("up");
    member.world.settle().await;
    let down = member.preview("Bronze", Month).await;
    assert_eq!((down.kind, down.due_now.minor), (SwitchKind::Downgrade, 0));
    member.confirm(&down).await.expect("down");
    member.world.settle().await;
    assert_eq!(member.holds().await, ["Gold"]);
    let catalog = member.world.catalog(&member.ada, "club").await;
    let bronze = catalog.plans[0]
        .tiers
        .iter()
        .find(|tier| tier.label == "Bronze")
        .expect("bronze");
    assert_eq!(bronze.prices[0].action, TierAction::Coming);
    let (plan, _) = member.world.tier("club", "Bronze").await;
    member
        .world
        .store
        .shopping()
        .drop_pending_change(&member.customer().await, plan)
        .await
        .expect("undone");
    member.world.pass(Duration::days(32)).await;
    assert_eq!(member.holds().await, ["Gold"]);
    member
        .confirm(&member.preview("Bronze", Month).await)
        .await
        .expect("down again");
    member.world.pass(Duration::days(32)).await;
    assert_eq!(member.holds().await, ["Bronze"]);
    member.world.finish().await;
}

#[tokio::test]
async fn month_to_year_is_up_and_now() {
    let member = Member::of_bronze().await;
    let preview = member.preview("Bronze", Year).await;
    assert_eq!(preview.kind, SwitchKind::Upgrade);
    assert_eq!(preview.due_now.minor, 9000 - 900);
    member.confirm(&preview).await.expect("switched");
    member.world.settle().await;
    assert_eq!(member.preview("Bronze", Month).await.kind, SwitchKind::Downgrade);
    member.world.finish().await;
}

#[tokio::test]
async fn a_cancelled_membership_lasts_to_its_end_and_can_be_renewed() {
    let member = Member::of_bronze().await;
    let (plan, _) = member.world.tier("club", "Bronze").await;
    let shopping = member.world.store.shopping();
    shopping
        .cancel(&member.customer().await, plan)
        .await
        .expect("cancelled");
    assert_eq!(member.holds().await, ["Bronze"]);
    let again = shopping
        .cancel(&member.customer().await, plan)
        .await
        .expect_err("refused");
    assert!(
        matches!(again, Error::Problem(Problem::Refused(Refusal::AlreadyEnding))),
        "{again}"
    );
    shopping.renew(&member.customer().await, plan).await.expect("renewed");
    let again = shopping
        .renew(&member.customer().await, plan)
        .await
        .expect_err("refused");
    assert!(
        matches!(again, Error::Problem(Problem::Refused(Refusal::NotEnding))),
        "{again}"
    );
    member.world.pass(Duration::days(32)).await;
    assert_eq!(member.holds().await, ["Bronze"]);
    shopping
        .cancel(&member.customer().await, plan)
        .await
        .expect("cancelled");
    member.world.pass(Duration::days(32)).await;
    assert!(member.holds().await.is_empty());
    member.world.finish().await;
}

#[tokio::test]
async fn what_is_done_in_the_portal_shows_here_by_webhooks_alone() {
    let member = Member::of_bronze().await;
    let customer = member.customer().await;
    let address = member
        .world
        .store
        .portal()
        .open(&customer, "portal")
        .await
        .expect("an address");
    let session = address.url.rsplit('/').next().expect("a session").to_owned();
    let account = member.account().await;
    let subscriptions = member.world.stripe(&account, "subscriptions").await;
    let subscription = subscriptions["data"][0]["id"]
        .as_str()
        .expect("a subscription")
        .to_owned();
    let ends_at = async || {
        let membership = member.world.store.shopping().membership(&customer).await;
        membership.expect("a membership").subscriptions[0].ends_at
    };
    assert_eq!(ends_at().await, None);
    for (action, ends) in [("cancel", true), ("renew", false)] {
        let body = json!({ "action": action, "subscription": subscription });
        let answer = member.world.control(&format!("portal/{session}"), body).await;
        assert_eq!(answer["outcome"], "done", "{answer}");
        assert_ne!(ends_at().await.is_some(), ends, "{action}: nobody has told us yet");
        member.world.settle().await;
        assert_eq!(ends_at().await.is_some(), ends, "{action}");
    }
    member.world.finish().await;
}

#[tokio::test]
async fn what_the_portal_cancelled_is_renewed_here() {
    let member = Member::of_bronze().await;
    let customer = member.customer().await;
    let (plan, _) = member.world.tier("club", "Bronze").await;
    let opened = member.world.store.portal().open(&customer, "portal").await;
    let address = opened.expect("an address").url;
    let session = address.rsplit('/').next().expect("a session");
    let account = member.account().await;
    let subscription = async || member.world.stripe(&account, "subscriptions").await["data"][0].clone();
    let body = json!({ "action": "cancel", "subscription": subscription().await["id"] });
    member.world.control(&format!("portal/{session}"), body).await;
    member.world.settle().await;
    assert!(subscription().await["cancel_at"].is_i64(), "the portal names a date");
    assert_eq!(subscription().await["cancel_at_period_end"], false);
    member
        .world
        .store
        .shopping()
        .renew(&customer, plan)
        .await
        .expect("renewed");
    assert!(subscription().await["cancel_at"].is_null());
    member.world.finish().await;
}

#[tokio::test]
async fn a_second_downgrade_follows_a_first_that_took_effect() {
    let tiers = [("Bronze", "9", ""), ("Silver", "14", ""), ("Gold", "19", "")];
    let member = Member::of("Gold", &tiers).await;
    for tier in ["Silver", "Bronze"] {
        let preview = member.preview(tier, Month).await;
        assert_eq!(preview.kind, SwitchKind::Downgrade);
        member.confirm(&preview).await.expect("confirmed");
        member.world.pass(Duration::days(32)).await;
        assert_eq!(member.holds().await, [tier]);
    }
    member.world.finish().await;
}

#[tokio::test]
async fn the_tier_one_has_is_refused_with_its_own_sentence() {
    let member = Member::of_bronze().await;
    let (plan, tier) = member.world.tier("club", "Bronze").await;
    let shopping = member.world.store.shopping();
    let refused = shopping
        .subscribe(&member.customer().await, tier, Month, "")
        .await
        .expect_err("refused");
    assert_eq!(refused.to_string(), "This is your tier already.");
    shopping
        .cancel(&member.customer().await, plan)
        .await
        .expect("cancelled");
    let refused = shopping
        .subscribe(&member.customer().await, tier, Month, "")
        .await
        .expect_err("refused");
    assert_eq!(
        refused.to_string(),
        "This is your tier, and it is set to end. Renew it to keep it."
    );
    member.world.finish().await;
}

#[tokio::test]
async fn a_downgrade_keeps_the_fee_that_the_subscription_was_sold_with() {
    let member = Member::of("Gold", &[("Bronze", "9", ""), ("Gold", "19", "")]).await;
    let account = member.account().await;
    let subscription = member.newest("subscriptions").await;
    let path = format!("subscriptions/{}", subscription["id"].as_str().expect("an id"));
    // As if it had been sold when the platform took one percent.
    let form = [("application_fee_percent", "1")];
    member.world.stripe_post(&account, &path, &form).await;
    member
        .confirm(&member.preview("Bronze", Month).await)
        .await
        .expect("waits");
    let fee = async || member.newest("subscriptions").await["application_fee_percent"].clone();
    assert_eq!(fee().await, 1.0);
    member.world.pass(Duration::days(31) + Duration::hours(2)).await;
    assert_eq!(member.holds().await, ["Bronze"]);
    assert_eq!(fee().await, 1.0);
    member.world.finish().await;
}

#[tokio::test]
async fn what_has_two_prices_at_stripe_is_not_switched_and_nothing_is_charged() {
    let member = Member::of_bronze().await;
    let account = member.account().await;
    let subscription = member.newest("subscriptions").await;
    let prices = member.world.stripe(&account, "prices?limit=100").await;
    let other = prices["data"]
        .as_array()
        .expect("prices")
        .iter()
        .find(|price| price["unit_amount"] == 1900 && price["recurring"]["interval"] == "month");
    let form = [
        ("subscription", subscription["id"].as_str().expect("an id")),
        ("price", other.expect("Gold")["id"].as_str().expect("an id")),
        ("proration_behavior", "none"),
    ];
    member.world.stripe_post(&account, "subscription_items", &form).await;
    member.world.settle().await;
    let (_, gold) = member.world.tier("club", "Gold").await;
    let shopping = member.world.store.shopping();
    let refused = shopping.subscribe(&member.customer().await, gold, Month, "").await;
    let refused = refused.expect_err("refused");
    assert!(
        matches!(refused, Error::Problem(Problem::Refused(Refusal::SeveralPrices))),
        "{refused}"
    );
    assert!(!member.held().await.may.change, "nothing is offered that is refused");
    member.world.finish().await;
}

#[tokio::test]
async fn a_preview_alone_opens_no_page_of_stripes_and_says_what_comes_first() {
    let member = Member::of_bronze().await;
    let (_, gold) = member.world.tier("club", "Gold").await;
    let shopping = member.world.store.shopping();
    let shown = shopping.preview_switch(&member.customer().await, gold, Month).await;
    assert_eq!(shown.expect("a preview"), member.preview("Gold", Month).await);
    let bob = member.world.person("bob@example.org").await;
    let bob = member.world.visit(&bob, "club").await.customer().expect("a customer");
    let account = member.account().await;
    let before = member.world.stripe(&account, "checkout/sessions").await;
    let refused = shopping.preview_switch(&bob, gold, Month).await.expect_err("refused");
    assert_eq!(
        refused.problem(),
        Some(Problem::Refused(Refusal::NothingToSwitch)),
        "Ada's membership is not Bob's"
    );
    assert_eq!(member.world.stripe(&account, "checkout/sessions").await, before);
    member.world.finish().await;
}

#[tokio::test]
async fn while_a_payment_is_open_there_is_nothing_to_preview() {
    let tiers = [("Bronze", "9", ""), ("Gold", "19", "")];
    let member = Member::of_with_card("Bronze", &tiers, "4000000000000341").await;
    let (_, gold) = member.world.tier("club", "Gold").await;
    let up = member.preview("Gold", Month).await;
    assert!(member.confirm(&up).await.is_err(), "the card does not pay");
    for later in [Duration::zero(), Duration::days(32)] {
        member.world.pass(later).await;
        let shopping = member.world.store.shopping();
        let refused = shopping.preview_switch(&member.customer().await, gold, Month).await;
        assert_eq!(
            refused.expect_err("refused").problem(),
            Some(Problem::Refused(Refusal::PaymentDue))
        );
    }
    member.world.finish().await;
}
