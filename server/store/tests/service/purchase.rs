//! Buying: Checkout, the signed webhook, the role.

use model::{
    catalog::TierAction,
    interval::Interval::{Month, Year},
    membership::PurchaseState,
};
use serde_json::json;
use tokio::task::JoinSet;

use crate::world::World;

#[tokio::test]
async fn a_purchase_grants_the_role_when_its_webhooks_were_worked() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world
        .plan(&owner, "club", "Support", &[("Bronze", "5", ""), ("Gold", "15", "150")])
        .await;
    let ada = world.person("ada@example.org").await;
    let url = world.checkout(&ada, "club", "Gold", Month).await;
    assert!(world.holds(&ada, "club").await.is_empty());
    assert_eq!(world.pay(&url, "4242424242424242").await["outcome"], "done");
    world.settle().await;
    assert_eq!(world.holds(&ada, "club").await, ["Gold"]);
    assert!(world.visit(&ada, "club").await.community_view().joined);
    let customer = world.visit(&ada, "club").await.customer().expect("a customer");
    let membership = world
        .store
        .shopping()
        .membership(&customer)
        .await
        .expect("a membership");
    let role_until = membership.subscriptions[0].role_until.expect("a window");
    // One month, and a day for the renewal's events.
    assert_eq!(model::date::day(role_until), "11 April 2026");
    world.finish().await;
}

#[tokio::test]
async fn the_same_event_any_number_of_times_grants_the_role_once() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let ada = world.person("ada@example.org").await;
    world.control("outbox", json!({ "mode": "hold" })).await;
    let url = world.checkout(&ada, "club", "Gold", Month).await;
    world.pay(&url, "4242424242424242").await;
    world
        .control("outbox", json!({ "mode": "deliver", "duplicate": 3, "shuffle": true }))
        .await;
    world.settle().await;
    assert_eq!(world.holds(&ada, "club").await, ["Gold"]);
    world.finish().await;
}

#[tokio::test]
async fn a_declined_card_can_be_tried_again_in_the_same_checkout() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let ada = world.person("ada@example.org").await;
    let url = world.checkout(&ada, "club", "Gold", Month).await;
    assert_eq!(world.pay(&url, "4000000000000002").await["outcome"], "declined");
    world.settle().await;
    assert!(world.holds(&ada, "club").await.is_empty());
    assert_eq!(world.pay(&url, "4242424242424242").await["outcome"], "done");
    world.settle().await;
    assert_eq!(world.holds(&ada, "club").await, ["Gold"]);
    world.finish().await;
}

#[tokio::test]
async fn asking_again_gives_the_same_checkout_and_another_tier_expires_it() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world
        .plan(&owner, "club", "Support", &[("Bronze", "5", ""), ("Gold", "15", "")])
        .await;
    let ada = world.person("ada@example.org").await;
    let first = world.checkout(&ada, "club", "Gold", Month).await;
    assert_eq!(world.checkout(&ada, "club", "Gold", Month).await, first);
    let other = world.checkout(&ada, "club", "Bronze", Month).await;
    assert_ne!(other, first);
    let account = world.account(&owner, "club").await;
    let session = world
        .stripe(
            &account,
            &format!("checkout/sessions/{}", crate::world::session_of(&first)),
        )
        .await;
    assert_eq!(session["status"], "expired");
    world.finish().await;
}

#[tokio::test]
async fn many_presses_at_once_open_one_checkout() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let ada = world.person("ada@example.org").await;
    let (_, tier) = world.tier("club", "Gold").await;
    let second = world.second_process().await;
    let customer = world.visit(&ada, "club").await.customer().expect("a customer");
    let press = |store: store::Store| {
        let customer = customer.clone();
        async move { store.shopping().subscribe(&customer, tier, Month, "subscribe").await }
    };
    let (a, b, c, d) = tokio::join!(
        press(world.store.clone()),
        press(second.clone()),
        press(world.store.clone()),
        press(second.clone())
    );
    let addresses: Vec<_> = [a, b, c, d]
        .into_iter()
        .map(|outcome| outcome.expect("an address"))
        .collect();
    assert!(addresses.windows(2).all(|pair| pair[0] == pair[1]), "{addresses:?}");
    second.database().clone().close().await;
    world.finish().await;
}

#[tokio::test]
async fn a_lost_webhook_is_made_up_for_when_the_page_asks() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let ada = world.person("ada@example.org").await;
    let (plan, _) = world.tier("club", "Gold").await;
    world.control("outbox", json!({ "mode": "drop" })).await;
    let url = world.checkout(&ada, "club", "Gold", Month).await;
    let customer = world.visit(&ada, "club").await.customer().expect("a customer");
    let state = async || world.store.shopping().purchase_state(&customer, plan).await;
    assert_eq!(state().await.expect("a state"), PurchaseState::Nothing);
    world.pay(&url, "4242424242424242").await;
    let (_, gold) = world.tier("club", "Gold").await;
    assert_eq!(
        state().await.expect("a state"),
        PurchaseState::Done { tier: Some(gold) }
    );
    assert_eq!(world.holds(&ada, "club").await, ["Gold"]);
    world.finish().await;
}

#[tokio::test]
async fn two_plans_are_two_subscriptions() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    world.plan(&owner, "club", "Videos", &[("All videos", "", "90")]).await;
    let ada = world.person("ada@example.org").await;
    world.buy(&ada, "club", "Gold", Month).await;
    world.buy(&ada, "club", "All videos", Year).await;
    assert_eq!(world.holds(&ada, "club").await, ["All videos", "Gold"]);
    world.finish().await;
}

#[tokio::test]
async fn the_platforms_fee_is_on_the_subscription_and_its_invoice() {
    let world = World::with_fee(250).await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "20", "")]).await;
    let ada = world.person("ada@example.org").await;
    world.buy(&ada, "club", "Gold", Month).await;
    let account = world.account(&owner, "club").await;
    let subscriptions = world.stripe(&account, "subscriptions").await;
    assert_eq!(subscriptions["data"][0]["application_fee_percent"], 2.5);
    assert_eq!(
        subscriptions["data"][0]["metadata"]["tier"],
        world.tier("club", "Gold").await.1.to_string()
    );
    world.finish().await;
}

#[tokio::test]
async fn a_subscription_that_is_not_ours_is_left_alone() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "20", "")]).await;
    let ada = world.person("ada@example.org").await;
    world.buy(&ada, "club", "Gold", Month).await;
    let catalog = world.catalog(&ada, "club").await;
    assert_eq!(catalog.plans[0].tiers[0].prices[0].action, TierAction::Yours);
    let other = world.shop("other").await;
    assert!(world.holds(&other, "other").await.is_empty());
    world.finish().await;
}

#[tokio::test]
async fn a_renewal_prolongs_the_role() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "20", "")]).await;
    let ada = world.person("ada@example.org").await;
    world.buy(&ada, "club", "Gold", Month).await;
    world.pass(chrono::Duration::days(32)).await;
    assert_eq!(world.holds(&ada, "club").await, ["Gold"]);
    world.finish().await;
}

#[tokio::test]
async fn fifty_presses_of_different_tiers_from_two_processes_leave_one_open_checkout() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    let tiers = [("Bronze", "9", ""), ("Silver", "14", ""), ("Gold", "19", "")];
    world.plan(&owner, "club", "Support", &tiers).await;
    let ada = world.person("ada@example.org").await;
    let other = world.second_process().await;
    let mut presses = JoinSet::new();
    for press in 0..50 {
        let (_, tier) = world.tier("club", tiers[press % tiers.len()].0).await;
        let store = if press % 2 == 0 {
            world.store.clone()
        } else {
            other.clone()
        };
        let customer = world.visit(&ada, "club").await.customer().expect("a customer");
        presses.spawn(async move { store.shopping().subscribe(&customer, tier, Month, "").await });
    }
    let outcomes = presses.join_all().await;
    assert!(outcomes.iter().any(Result::is_ok), "{outcomes:?}");
    let account = world.account(&owner, "club").await;
    let sessions = world.stripe(&account, "checkout/sessions?limit=100").await;
    let open = |session: &&serde_json::Value| session["status"] == "open";
    let sessions = sessions["data"].as_array().expect("a list");
    assert!(sessions.iter().filter(open).count() <= 1, "{sessions:?}");
    world.finish().await;
}

#[tokio::test]
async fn a_subscription_we_know_stays_ours_when_its_marks_are_removed_at_stripe() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "20", "")]).await;
    let ada = world.person("ada@example.org").await;
    world.buy(&ada, "club", "Gold", Month).await;
    let account = world.account(&owner, "club").await;
    let subscriptions = world.stripe(&account, "subscriptions").await;
    let id = subscriptions["data"][0]["id"].as_str().expect("an id").to_owned();
    let path = format!("subscriptions/{id}");
    world
        .stripe_post(
            &account,
            &path,
            &[("metadata[community]", ""), ("cancel_at_period_end", "true")],
        )
        .await;
    world.settle().await;
    let customer = world.visit(&ada, "club").await.customer().expect("a customer");
    let membership = world.store.shopping().membership(&customer).await.expect("a page");
    assert!(
        membership.subscriptions[0].ends_at.is_some(),
        "what changed is projected all the same"
    );
    world.finish().await;
}

#[tokio::test]
async fn however_many_read_the_same_subscription_at_once_each_gets_an_answer() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let (plan, _) = world.tier("club", "Gold").await;
    let ada = world.person("ada@example.org").await;
    let url = world.checkout(&ada, "club", "Gold", Month).await;
    world.pay(&url, "4000000000000341").await;
    world.settle().await;
    world.pass(chrono::Duration::days(32)).await;
    let customer = world.visit(&ada, "club").await.customer().expect("a customer");
    let mut asking = JoinSet::new();
    for _ in 0..40 {
        let (store, customer) = (world.store.clone(), customer.clone());
        asking.spawn(async move { store.shopping().purchase_state(&customer, plan).await });
    }
    for answer in asking.join_all().await {
        assert_eq!(answer.expect("an answer"), PurchaseState::Nothing);
    }
    world.finish().await;
}

#[tokio::test]
async fn a_renewal_whose_events_were_lost_ends_no_role_and_nobody_is_told_that_it_did() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let ada = world.person("ada@example.org").await;
    world.buy(&ada, "club", "Gold", Month).await;
    world.control("outbox", json!({ "mode": "drop" })).await;
    world.pass(chrono::Duration::days(35)).await;
    assert_eq!(world.holds(&ada, "club").await, ["Gold"]);
    let letters = world.store.mailer().letters();
    let ended = letters.iter().find(|letter| letter.subject.contains("has ended"));
    assert!(ended.is_none(), "{ended:?}");
    world.finish().await;
}
