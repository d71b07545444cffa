//! Plans, tiers, prices.

use chrono::Duration;
use model::{Problem, Refusal, catalog::TierAction, interval::Interval::Month};
use serde_json::json;

use crate::{
    member::Member,
    world::{World, draft, session_of},
};

#[tokio::test]
async fn each_tier_is_exactly_one_product_with_its_prices() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world
        .plan(&owner, "club", "Support", &[("Bronze", "5", "50"), ("Gold", "15", "")])
        .await;
    let account = world.account(&owner, "club").await;
    let products = world.stripe(&account, "products").await;
    assert_eq!(products["data"].as_array().map(Vec::len), Some(2));
    let prices = world.stripe(&account, "prices?active=true").await;
    assert_eq!(prices["data"].as_array().map(Vec::len), Some(3));
    world.finish().await;
}

#[tokio::test]
async fn a_changed_price_is_a_new_one_and_subscribers_keep_theirs() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let ada = world.person("ada@example.org").await;
    world.buy(&ada, "club", "Gold", Month).await;
    let (_, tier) = world.tier("club", "Gold").await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let shown = world.tier_view(&clerk, tier).await.shown;
    let new_price = world
        .store
        .planning()
        .edit_tier(&clerk, tier, &shown, &draft("Gold", "18", ""))
        .await
        .expect("changed");
    assert!(new_price);
    world.settle().await;
    let catalog = world.catalog(&ada, "club").await;
    assert_eq!(catalog.plans[0].tiers[0].prices[0].amount.to_string(), "€18.00");
    let (amount, _) = catalog.plans[0]
        .yours
        .as_ref()
        .and_then(|yours| yours.price)
        .expect("a price");
    assert_eq!(amount.to_string(), "€15.00");
    assert_eq!(world.holds(&ada, "club").await, ["Gold"]);
    let account = world.account(&owner, "club").await;
    assert_eq!(
        world.stripe(&account, "prices?active=true").await["data"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    world.finish().await;
}

#[tokio::test]
async fn subscribers_who_pay_nothing_are_told_apart() {
    let member = Member::of_with_card("Silver", &[("Silver", "14", "")], "4000000000000341").await;
    let world = &member.world;
    let owner = world.person("owner@club.example").await;
    let account = world.account(&owner, "club").await;
    let unpaid = json!({ "after_failed_payments": "unpaid" });
    world.control(&format!("accounts/{account}"), unpaid).await;
    let counted = async || {
        let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
        let view = world.store.planning().view(&clerk).await.expect("plans");
        (view.plans[0].tiers[0].subscribers, view.plans[0].tiers[0].not_paying)
    };
    assert_eq!(counted().await, (1, 0));
    world.pass(Duration::days(31) + Duration::hours(2)).await;
    assert_eq!(counted().await, (1, 0), "Stripe still tries");
    world.pass(Duration::days(40)).await;
    assert_eq!(counted().await, (1, 1));
    member.world.finish().await;
}

#[tokio::test]
async fn an_unchanged_tier_makes_nothing_new_at_stripe() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "150")]).await;
    let (_, tier) = world.tier("club", "Gold").await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let shown = world.tier_view(&clerk, tier).await.shown;
    let new_price = world
        .store
        .planning()
        .edit_tier(&clerk, tier, &shown, &draft("Golden", "15.00", "150"))
        .await
        .expect("renamed");
    assert!(!new_price);
    let account = world.account(&owner, "club").await;
    assert_eq!(
        world.stripe(&account, "prices").await["data"].as_array().map(Vec::len),
        Some(2)
    );
    world.finish().await;
}

#[tokio::test]
async fn an_archived_plan_is_not_sold_and_can_be_restored() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let (plan, tier) = world.tier("club", "Gold").await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    world
        .store
        .planning()
        .archive_plan(&clerk, plan, true)
        .await
        .expect("archived");
    let late = draft("Late", "5", "");
    let late = world.store.planning().add_tier(&clerk, plan, &late).await;
    let late = late.expect_err("of a page that was open");
    assert_eq!(late.problem(), Some(Refusal::PlanArchived.into()));
    assert!(world.catalog(&owner, "club").await.plans.is_empty());
    let customer = world.visit(&owner, "club").await.customer().expect("a customer");
    let refused = world
        .store
        .shopping()
        .subscribe(&customer, tier, Month, "")
        .await
        .expect_err("refused");
    assert_eq!(refused.to_string(), "This plan is not sold any more.");
    world
        .store
        .planning()
        .archive_plan(&clerk, plan, false)
        .await
        .expect("restored");
    assert_eq!(world.catalog(&owner, "club").await.plans.len(), 1);
    world.finish().await;
}

#[tokio::test]
async fn at_most_twelve_tiers_and_twenty_plans() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Tier", "5", "")]).await;
    let (plan, _) = world.tier("club", "Tier").await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let planning = world.store.planning();
    for number in 1..12 {
        planning
            .add_tier(&clerk, plan, &draft(&format!("Tier {number}"), "5", ""))
            .await
            .expect("a tier");
    }
    let refused = planning
        .add_tier(&clerk, plan, &draft("One more", "5", ""))
        .await
        .expect_err("refused");
    assert_eq!(refused.to_string(), "A plan can have at most 12 tiers.");
    for number in 1..20 {
        planning
            .create_plan(&clerk, &format!("Plan {number}"), &draft("Tier", "5", ""))
            .await
            .expect("a plan");
    }
    let refused = planning
        .create_plan(&clerk, "One more", &draft("Tier", "5", ""))
        .await
        .expect_err("refused");
    assert_eq!(refused.to_string(), "A community can have at most 20 plans.");
    world.finish().await;
}

/// The field a refusal is about, and what it says.
fn refused(answer: Result<(), store::Error>) -> (String, String) {
    match answer.expect_err("refused").problem() {
        Some(Problem::Invalid { field, message }) => (field, message),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn no_two_tiers_of_a_plan_and_no_two_plans_for_sale_are_called_the_same() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world
        .plan(&owner, "club", "Support", &[("Gold", "15", ""), ("Silver", "5", "")])
        .await;
    let (plan, gold) = world.tier("club", "Gold").await;
    let (_, silver) = world.tier("club", "Silver").await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let planning = world.store.planning();
    let (field, message) = refused(planning.add_tier(&clerk, plan, &draft(" gOLD ", "5", "")).await);
    assert_eq!(field, "tier_label");
    assert_eq!(
        message,
        "Tier name “gOLD” is used by another tier of this plan. Choose another one."
    );
    let shown = world.tier_view(&clerk, silver).await.shown;
    let (field, _) = refused(
        planning
            .edit_tier(&clerk, silver, &shown, &draft("GOLD", "5", ""))
            .await
            .map(drop),
    );
    assert_eq!(field, "tier_label");
    let shown = world.tier_view(&clerk, gold).await.shown;
    planning
        .edit_tier(&clerk, gold, &shown, &draft("GOLD", "15", ""))
        .await
        .expect("its own name, written otherwise");
    let (field, message) = refused(planning.create_plan(&clerk, "support", &draft("Gold", "5", "")).await);
    assert_eq!(field, "plan_label");
    assert_eq!(
        message,
        "Plan name “support” is used by another plan. Choose another one."
    );
    // An archived plan is in nobody's way, until it comes back.
    planning.archive_plan(&clerk, plan, true).await.expect("archived");
    planning
        .create_plan(&clerk, "support", &draft("Gold", "5", ""))
        .await
        .expect("the name is free, and another plan's tiers are no matter");
    let (field, _) = refused(planning.archive_plan(&clerk, plan, false).await);
    assert_eq!(field, "plan_label");
    let shown = world.plan_view(&clerk, plan).await.shown;
    planning
        .rename_plan(&clerk, plan, &shown, "Old support")
        .await
        .expect("renamed");
    planning.archive_plan(&clerk, plan, false).await.expect("restored");
    let shown = world.plan_view(&clerk, plan).await.shown;
    let (field, _) = refused(planning.rename_plan(&clerk, plan, &shown, "SUPPORT").await);
    assert_eq!(field, "plan_label");
    world.finish().await;
}

#[tokio::test]
async fn a_price_that_is_not_sold_any_more_cannot_be_paid_on_a_page_that_is_open() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "150")]).await;
    let account = world.account(&owner, "club").await;
    let (_, tier) = world.tier("club", "Gold").await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let status = async |url: &str| {
        let session = world
            .stripe(&account, &format!("checkout/sessions/{}", session_of(url)))
            .await;
        session["status"].as_str().expect("a status").to_owned()
    };
    let (ada, bob) = (
        world.person("ada@example.org").await,
        world.person("bob@example.org").await,
    );
    let monthly = world.checkout(&ada, "club", "Gold", Month).await;
    let yearly = world
        .checkout(&bob, "club", "Gold", model::interval::Interval::Year)
        .await;
    let planning = world.store.planning();
    let shown = world.tier_view(&clerk, tier).await.shown;
    planning
        .edit_tier(&clerk, tier, &shown, &draft("Gold", "18", "150"))
        .await
        .expect("changed");
    world.settle().await;
    assert_eq!(status(&monthly).await, "expired");
    assert_eq!(status(&yearly).await, "open", "this price did not change");
    let again = world.checkout(&ada, "club", "Gold", Month).await;
    assert_ne!(session_of(&again), session_of(&monthly));
    planning.activate_tier(&clerk, tier, false).await.expect("deactivated");
    world.settle().await;
    assert_eq!(status(&again).await, "expired");
    assert_eq!(status(&yearly).await, "expired");
    world.pass(Duration::seconds(1)).await;
    planning.activate_tier(&clerk, tier, true).await.expect("sold again");
    let (plan, _) = world.tier("club", "Gold").await;
    let archived = world.checkout(&ada, "club", "Gold", Month).await;
    planning.archive_plan(&clerk, plan, true).await.expect("archived");
    world.settle().await;
    assert_eq!(status(&archived).await, "expired");
    planning.archive_plan(&clerk, plan, false).await.expect("restored");
    let paused = world.checkout(&ada, "club", "Gold", Month).await;
    let merchant = world.visit(&owner, "club").await.merchant().expect("a merchant");
    world.store.connect().pause_shop(&merchant).await.expect("paused");
    world.settle().await;
    assert_eq!(status(&paused).await, "expired", "no new sales");
    world.store.connect().resume_shop(&merchant).await.expect("resumed");
    world.buy(&ada, "club", "Gold", Month).await;
    assert_eq!(world.holds(&ada, "club").await, ["Gold"]);
    world.finish().await;
}

#[tokio::test]
async fn what_stripe_did_not_answer_to_is_completed_by_itself() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Silver", "5", "")]).await;
    let (plan, silver) = world.tier("club", "Silver").await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let planning = world.store.planning();
    world
        .control(
            "faults",
            serde_json::json!({ "kind": "status", "status": 503, "times": 0 }),
        )
        .await;
    planning
        .add_tier(&clerk, plan, &draft("Gold", "15", ""))
        .await
        .expect("noted");
    let shown = world.tier_view(&clerk, silver).await.shown;
    planning
        .edit_tier(&clerk, silver, &shown, &draft("Silver", "7", ""))
        .await
        .expect("noted");
    let view = planning.view(&clerk).await.expect("the plans");
    assert!(view.plans[0].tiers.iter().all(|tier| tier.waits_for_stripe));
    world.behave().await;
    world.pass(Duration::minutes(2)).await;
    let view = planning.view(&clerk).await.expect("the plans");
    assert!(!view.plans[0].tiers.iter().any(|tier| tier.waits_for_stripe));
    let catalog = world.catalog(&owner, "club").await;
    let mut prices: Vec<i64> = catalog.plans[0]
        .tiers
        .iter()
        .map(|tier| tier.prices[0].amount.minor)
        .collect();
    // Made at the same moment: the clock stands.
    prices.sort_unstable();
    assert_eq!(prices, [700, 1500]);
    world.finish().await;
}

#[tokio::test]
async fn who_is_on_a_former_account_is_told_and_can_subscribe_anew() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let ada = world.person("ada@example.org").await;
    world.buy(&ada, "club", "Gold", Month).await;
    let (_, gold) = world.tier("club", "Gold").await;
    let visitor = world.visit(&owner, "club").await;
    let (merchant, clerk) = (
        visitor.merchant().expect("a merchant"),
        visitor.clerk().expect("a clerk"),
    );
    let connect = world.store.connect();
    connect.disconnect(&merchant).await.expect("disconnected");
    world.wait(Duration::hours(1)).await;
    connect
        .start_onboarding(&merchant, "connect")
        .await
        .expect("another account");
    let account = world.account(&owner, "club").await;
    world
        .control(
            &format!("accounts/{account}/complete_onboarding"),
            serde_json::json!({}),
        )
        .await;
    connect.refresh(&clerk).await.expect("a reading");
    world
        .store
        .planning()
        .offer_on_current_account(&clerk, gold)
        .await
        .expect("offered");
    world.settle().await;
    let catalog = world.catalog(&ada, "club").await;
    let yours = catalog.plans[0].yours.as_ref().expect("what she still holds");
    assert!(yours.on_former_account && yours.role_until.is_some());
    assert_eq!(catalog.plans[0].tiers[0].prices[0].action, TierAction::Subscribe);
    world.buy(&ada, "club", "Gold", Month).await;
    let catalog = world.catalog(&ada, "club").await;
    let yours = catalog.plans[0].yours.as_ref().expect("hers");
    assert!(!yours.on_former_account, "what is here counts");
    world.finish().await;
}
