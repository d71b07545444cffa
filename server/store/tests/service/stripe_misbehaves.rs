//! What people and the work notice while Stripe misbehaves, and after.

use model::{Problem, interval::Interval::Month};
use serde_json::{Value, json};
use store::actor::Session;

use crate::world::World;

async fn fails(world: &World, times: u32, fault: Value) {
    let mut fault = fault;
    fault["times"] = json!(times);
    world.control("faults", fault).await;
}

fn outage() -> Value {
    json!({ "kind": "status", "status": 503 })
}

/// What a customer who presses "Subscribe" is told.
async fn problem(world: &World, session: &Session) -> Option<Problem> {
    let (_, tier) = world.tier("club", "Gold").await;
    let customer = world.visit(session, "club").await.customer().expect("a customer");
    let shopping = world.store.shopping();
    let answer = shopping.subscribe(&customer, tier, Month, "subscribe").await;
    answer
        .err()
        .map(|error| error.problem().expect("a sentence for people"))
}

async fn asked(world: &World) -> usize {
    world.ask("requests").await["data"].as_array().expect("a list").len()
}

#[tokio::test]
async fn a_customer_is_told_what_is_true_and_asking_again_makes_one_checkout() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let account = world.account(&owner, "club").await;
    let ada = world.person("ada@example.org").await;
    let lost = json!({ "kind": "reset", "method": "POST", "path_prefix": "/v1/checkout", "after_processing": true });
    fails(&world, 3, lost).await;
    let problem = problem(&world, &ada).await.expect("no answer came");
    assert_eq!(problem, Problem::StripeUnavailable);
    let said = problem.to_string();
    assert!(
        said.contains("may not have gone through") && !said.contains("Nothing was changed"),
        "{said}"
    );
    world.buy(&ada, "club", "Gold", Month).await;
    assert_eq!(world.holds(&ada, "club").await, ["Gold"]);
    for list in ["checkout/sessions", "customers", "subscriptions"] {
        let there = world.stripe(&account, list).await;
        assert_eq!(there["data"].as_array().expect("a list").len(), 1, "{list}");
    }
    world.finish().await;
}

#[tokio::test]
async fn while_stripe_is_down_nobody_waits_for_it_and_then_buying_goes_on() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let ada = world.person("ada@example.org").await;
    fails(&world, 6, outage()).await;
    for _ in 0..2 {
        assert_eq!(problem(&world, &ada).await, Some(Problem::StripeUnavailable));
    }
    let before = asked(&world).await;
    assert_eq!(problem(&world, &ada).await, Some(Problem::StripeUnavailable));
    assert_eq!(asked(&world).await, before, "Stripe was not asked");
    world.pass(chrono::Duration::seconds(31)).await;
    world.buy(&ada, "club", "Gold", Month).await;
    assert_eq!(world.holds(&ada, "club").await, ["Gold"]);
    world.finish().await;
}

#[tokio::test]
async fn events_that_arrive_during_an_outage_are_worked_after_it() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let ada = world.person("ada@example.org").await;
    let url = world.checkout(&ada, "club", "Gold", Month).await;
    world.pay(&url, "4242424242424242").await;
    // Until it is over.
    fails(&world, 0, outage()).await;
    world.settle().await;
    assert!(world.holds(&ada, "club").await.is_empty());
    world.behave().await;
    world.pass(chrono::Duration::minutes(2)).await;
    assert_eq!(world.holds(&ada, "club").await, ["Gold"]);
    // Whoever came while one call alone tried whether Stripe is back was sent away once more.
    world.pass(chrono::Duration::minutes(5)).await;
    world.finish().await;
}

/// The next write there fails, and Stripe keeps saying so whenever its key comes back.
async fn sticks(world: &World, path: &str, after_processing: bool) {
    let fault = json!({
        "kind": "status", "status": 500, "sticks": true,
        "method": "POST", "path_prefix": path, "after_processing": after_processing,
    });
    fails(world, 1, fault).await;
}

#[tokio::test]
async fn a_failure_that_sticks_to_its_key_stops_no_purchase_and_makes_nothing_twice() {
    for done in [true, false] {
        let world = World::new().await;
        let owner = world.shop("club").await;
        world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
        let account = world.account(&owner, "club").await;
        let ada = world.person("ada@example.org").await;
        for path in ["/v1/customers", "/v1/checkout/sessions"] {
            sticks(&world, path, done).await;
            assert_eq!(problem(&world, &ada).await, Some(Problem::StripeUnavailable), "{path}");
        }
        world.buy(&ada, "club", "Gold", Month).await;
        assert_eq!(world.holds(&ada, "club").await, ["Gold"]);
        for list in ["checkout/sessions", "customers", "subscriptions"] {
            let there = world.stripe(&account, list).await;
            assert_eq!(
                there["data"].as_array().expect("a list").len(),
                1,
                "{list}, done: {done}"
            );
        }
        world.finish().await;
    }
}

#[tokio::test]
async fn a_failure_that_sticks_to_its_key_makes_no_second_account() {
    for done in [true, false] {
        let world = World::new().await;
        let owner = world.community("club").await;
        let merchant = world.visit(&owner, "club").await.merchant().expect("a merchant");
        sticks(&world, "/v1/accounts", done).await;
        let error = world.store.connect().start_onboarding(&merchant, "connect").await;
        assert_eq!(
            error.expect_err("a failure").problem(),
            Some(Problem::StripeUnavailable)
        );
        world
            .store
            .connect()
            .start_onboarding(&merchant, "connect")
            .await
            .expect("a link");
        let accounts = world.stripe("", "accounts").await;
        assert_eq!(accounts["data"].as_array().expect("a list").len(), 1, "done: {done}");
        world.finish().await;
    }
}
