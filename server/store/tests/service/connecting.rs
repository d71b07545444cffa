//! The merchant's Stripe account.

use chrono::Duration;
use model::{Problem, Refusal, account::AccountStatus, connect::PortalConfigView, interval::Interval::Month};
use sea_orm::ConnectionTrait;
use serde_json::json;
use store::Error;

use crate::world::{World, session_of};

#[tokio::test]
async fn two_managers_pressing_at_once_make_one_account() {
    let world = World::new().await;
    let owner = world.community("club").await;
    let merchant = world.visit(&owner, "club").await.merchant().expect("a merchant");
    let second = world.second_process().await;
    let (a, b) = tokio::join!(
        async { world.store.connect().start_onboarding(&merchant, "connect").await },
        async { second.connect().start_onboarding(&merchant, "connect").await }
    );
    a.expect("a link");
    b.expect("a link");
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let view = world.store.connect().view(&clerk).await.expect("a view");
    assert_eq!(view.status, AccountStatus::Incomplete);
    assert!(view.history.is_empty());
    second.database().clone().close().await;
    world.finish().await;
}

#[tokio::test]
async fn an_account_becomes_ready_by_its_event_alone() {
    let world = World::new().await;
    let owner = world.community("club").await;
    let merchant = world.visit(&owner, "club").await.merchant().expect("a merchant");
    world
        .store
        .connect()
        .start_onboarding(&merchant, "connect")
        .await
        .expect("a link");
    let account = world.account(&owner, "club").await;
    world
        .control(&format!("accounts/{account}/complete_onboarding"), json!({}))
        .await;
    world.settle().await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let view = world.store.connect().view(&clerk).await.expect("a view");
    assert_eq!(view.status, AccountStatus::Ready { due_soon: None });
    assert!(
        world
            .store
            .connect()
            .portal_config(&clerk)
            .await
            .expect("an answer")
            .expect("a configuration")
            .accepted
    );
    let refused = world
        .store
        .connect()
        .start_onboarding(&merchant, "connect")
        .await
        .expect_err("done already");
    assert!(
        matches!(refused, Error::Problem(Problem::Refused(Refusal::AlreadyConnected))),
        "{refused}"
    );
    world.finish().await;
}

#[tokio::test]
async fn revoked_access_closes_the_shop_and_keeps_everything() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let account = world.account(&owner, "club").await;
    world
        .control(&format!("accounts/{account}"), json!({ "outcome": "revoked" }))
        .await;
    world.settle().await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let view = world.store.connect().view(&clerk).await.expect("a view");
    assert_eq!(view.status, AccountStatus::Disconnected);
    assert_eq!(world.store.planning().view(&clerk).await.expect("plans").plans.len(), 1);
    world.finish().await;
}

#[tokio::test]
async fn another_platforms_key_is_told_apart_from_a_lost_account() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    let account = world.account(&owner, "club").await;
    let database = world.store.database().write();
    let noted = "INSERT INTO stripe_platform (id, account, livemode) VALUES (1, 'acct_of_another', false)";
    database.execute_unprepared(noted).await.expect("a row");
    let refused = world.store.check_platform().await.expect_err("another's");
    assert_eq!(
        refused.to_string(),
        "the database belongs to the Stripe platform acct_of_another (test mode), and the secret key to \
         acct_1FakePlatform (test mode)"
    );
    // What Stripe says of every account to whom it is not connected.
    world
        .control(&format!("accounts/{account}"), json!({ "outcome": "revoked" }))
        .await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let answer = world.store.connect().refresh(&clerk).await;
    assert!(matches!(answer, Err(Error::OtherPlatform { .. })), "{answer:?}");
    let view = world.store.connect().view(&clerk).await.expect("a view");
    assert_eq!(view.status, AccountStatus::Ready { due_soon: None });
    // With the right key it is what it says.
    let right = "UPDATE stripe_platform SET account = 'acct_1FakePlatform'";
    database.execute_unprepared(right).await.expect("a row");
    world.settle().await;
    let view = world.store.connect().view(&clerk).await.expect("a view");
    assert_eq!(view.status, AccountStatus::Disconnected);
    world.finish().await;
}

#[tokio::test]
async fn a_database_is_of_one_mode() {
    let world = World::new().await;
    world.store.check_platform().await.expect("noted");
    let live = "UPDATE stripe_platform SET livemode = true";
    world
        .store
        .database()
        .write()
        .execute_unprepared(live)
        .await
        .expect("a row");
    let second = world.second_process().await;
    let refused = second.check_platform().await.expect_err("of the other mode");
    assert!(matches!(refused, Error::OtherPlatform { .. }), "{refused}");
    second.database().clone().close().await;
    world.finish().await;
}

#[tokio::test]
async fn disconnecting_gives_access_back_and_keeps_the_history() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    let account = world.account(&owner, "club").await;
    let merchant = world.visit(&owner, "club").await.merchant().expect("a merchant");
    world.store.connect().disconnect(&merchant).await.expect("disconnected");
    world.settle().await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let view = world.store.connect().view(&clerk).await.expect("a view");
    assert_eq!(view.status, AccountStatus::Unlinked);
    assert_eq!(view.history[0].account, account);
    world.finish().await;
}

#[tokio::test]
async fn who_looked_before_the_store_was_paused_begins_no_checkout_after_it() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let (_, gold) = world.tier("club", "Gold").await;
    let ada = world.person("ada@example.org").await;
    let customer = world.visit(&ada, "club").await.customer().expect("a customer");
    let merchant = world.visit(&owner, "club").await.merchant().expect("a merchant");
    world.store.connect().pause_shop(&merchant).await.expect("paused");
    let answer = world.store.shopping().subscribe(&customer, gold, Month, "").await;
    assert!(
        matches!(answer, Err(Error::Problem(Problem::Refused(Refusal::StorePaused)))),
        "{answer:?}"
    );
    world.settle().await;
    world.finish().await;
}

#[tokio::test]
async fn a_store_that_cannot_be_disconnected_now_goes_on_selling() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let ada = world.person("ada@example.org").await;
    world.checkout(&ada, "club", "Gold", Month).await;
    let merchant = world.visit(&owner, "club").await.merchant().expect("a merchant");
    let outage = json!({ "kind": "status", "status": 500, "path_prefix": "/v1/checkout", "times": 0 });
    world.control("faults", outage).await;
    let answer = world.store.connect().disconnect(&merchant).await;
    assert!(answer.is_err(), "Stripe did not answer");
    world.behave().await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let view = world.store.connect().view(&clerk).await.expect("a view");
    assert_eq!(view.status, AccountStatus::Ready { due_soon: None });
    world.settle().await;
    world.finish().await;
}

#[tokio::test]
async fn whoever_is_on_the_checkout_page_cannot_pay_a_store_that_was_disconnected() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let account = world.account(&owner, "club").await;
    let ada = world.person("ada@example.org").await;
    let url = world.checkout(&ada, "club", "Gold", Month).await;
    let merchant = world.visit(&owner, "club").await.merchant().expect("a merchant");
    world.store.connect().disconnect(&merchant).await.expect("disconnected");
    let state = world.read_control("state").await.to_string();
    let (before, after) = state
        .split_once(&format!("\"{}\"", session_of(&url)))
        .expect("the session");
    assert!(
        !before.is_empty() && after.contains("\"status\":\"expired\""),
        "{account}"
    );
    world.settle().await;
    world.finish().await;
}

#[tokio::test]
async fn an_answer_of_stripes_oauth_page_is_taken_from_the_browser_that_asked_for_a_quarter_of_an_hour() {
    let world = World::new().await;
    let owner = world.community("club").await;
    let merchant = world.visit(&owner, "club").await.merchant().expect("a merchant");
    let connect = world.store.connect();
    let ask = async || {
        let url = connect
            .connect_existing(&owner, &merchant, "connect")
            .await
            .expect("a page")
            .url;
        let state = url.split("state=").nth(1).and_then(|rest| rest.split('&').next());
        state.expect("a state").replace("%2E", ".")
    };
    let wrong = |answer: Result<String, Error>| match answer {
        Err(Error::Problem(problem)) => problem.field() == Some("state"),
        _ => false,
    };
    let state = ask().await;
    let other_browser = world.person("owner@club.example").await;
    assert!(wrong(connect.finish_oauth(&other_browser, &state, None).await));
    assert!(wrong(connect.finish_oauth(&owner, &format!("{state}0"), None).await));
    connect.finish_oauth(&owner, &state, None).await.expect("they said no");
    world.clock.advance(Duration::minutes(16));
    assert!(wrong(connect.finish_oauth(&owner, &state, None).await), "too late");
    let state = ask().await;
    connect
        .start_onboarding(&merchant, "connect")
        .await
        .expect("connected meanwhile");
    let refused = connect
        .finish_oauth(&owner, &state, Some("ac_1"))
        .await
        .expect_err("refused");
    assert!(
        matches!(refused, Error::Problem(Problem::Refused(Refusal::AlreadyConnected))),
        "{refused}"
    );
    world.finish().await;
}

#[tokio::test]
async fn accounts_are_not_made_without_end() {
    let world = World::new().await;
    let owner = world.community("club").await;
    let merchant = world.visit(&owner, "club").await.merchant().expect("a merchant");
    let connect = world.store.connect();
    for _ in 0..5 {
        connect.start_onboarding(&merchant, "connect").await.expect("a link");
        connect.disconnect(&merchant).await.expect("disconnected");
        world.settle().await;
        world.wait(Duration::minutes(1)).await;
    }
    let refused = connect
        .start_onboarding(&merchant, "connect")
        .await
        .expect_err("refused");
    assert!(
        matches!(refused, Error::Problem(Problem::Refused(Refusal::TooManyAccounts))),
        "{refused}"
    );
    world.wait(Duration::days(1)).await;
    connect.start_onboarding(&merchant, "connect").await.expect("tomorrow");
    world.finish().await;
}

#[tokio::test]
async fn the_portals_configuration_can_be_changed() {
    let world = World::new().await;
    let owner = world.shop("club").await;
    let merchant = world.visit(&owner, "club").await.merchant().expect("a merchant");
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let connect = world.store.connect();
    let view = async || connect.portal_config(&clerk).await.expect("an answer").expect("there");
    let PortalConfigView {
        shown,
        settings: mut wanted,
        ..
    } = view().await;
    wanted.headline = "Club members".to_owned();
    wanted.subscription_cancel = false;
    let saved = connect
        .change_portal_config(&merchant, &shown, wanted.clone())
        .await
        .expect("changed");
    assert_eq!(view().await.shown, saved);
    let account = world.account(&owner, "club").await;
    let listed = world.stripe(&account, "billing_portal/configurations").await;
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(listed["data"][0]["business_profile"]["headline"], "Club members");
    assert_eq!(listed["data"][0]["features"]["subscription_cancel"]["enabled"], false);
    wanted.privacy_policy_url = "http://insecure.example".to_owned();
    let refused = connect
        .change_portal_config(&merchant, &saved, wanted.clone())
        .await
        .expect_err("refused");
    assert_eq!(
        refused
            .problem()
            .and_then(|problem| problem.field().map(str::to_owned))
            .as_deref(),
        Some("privacy_policy_url")
    );
    // Somebody else's form was opened before the first change.
    wanted.privacy_policy_url = String::new();
    wanted.headline = "Another headline".to_owned();
    let refused = connect
        .change_portal_config(&merchant, &shown, wanted.clone())
        .await
        .expect_err("refused");
    assert!(
        matches!(&refused, Error::Problem(Problem::EditedMeanwhile { now }) if *now == saved),
        "{refused}"
    );
    // What Stripe refuses is not kept.
    let fault = json!({ "kind": "status", "status": 400, "method": "POST", "path_prefix": "/v1/billing_portal/conf" });
    world.control("faults", fault).await;
    let refused = connect.change_portal_config(&merchant, &saved, wanted.clone()).await;
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(view().await.settings.headline, "Club members");
    connect
        .change_portal_config(&merchant, &saved, wanted)
        .await
        .expect("changed");
    let listed = world.stripe(&account, "billing_portal/configurations").await;
    assert_eq!(listed["data"][0]["business_profile"]["headline"], "Another headline");
    assert_eq!(view().await.settings.headline, "Another headline");
    world.finish().await;
}
