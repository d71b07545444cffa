//! What the store page says when something is the matter, and when nothing is.

use chrono::Duration;
use model::{
    account::AccountStatus,
    attention::{AttentionKind, AttentionPage, PARTLY},
};
use serde_json::json;
use store::actor::Session;

use crate::{member::Member, world::World};

const FAILS_LATER: &str = "4000000000000341";

async fn page(world: &World, owner: &Session) -> AttentionPage {
    let clerk = world.visit(owner, "club").await.clerk().expect("a clerk");
    world.store.attention().list(&clerk).await.expect("a page")
}

async fn account_is(world: &World, owner: &Session, outcome: &str) {
    let account = world.account(owner, "club").await;
    world
        .control(&format!("accounts/{account}"), json!({ "outcome": outcome }))
        .await;
    world.settle().await;
}

#[tokio::test]
async fn members_who_owe_and_an_account_that_is_lost_need_attention() {
    let member = Member::of_with_card("Silver", &[("Silver", "14", "")], FAILS_LATER).await;
    let world = &member.world;
    let owner = world.person("owner@club.example").await;
    assert!(page(world, &owner).await.is_empty());
    world.pass(Duration::days(31) + Duration::hours(2)).await;
    let owing = page(world, &owner).await;
    assert_eq!((owing.in_grace, owing.account, owing.may_view_members), (1, None, true));
    account_is(world, &owner, "revoked").await;
    let lost = page(world, &owner).await;
    assert_eq!(lost.account, Some(AccountStatus::Disconnected));
    assert!(!lost.is_empty());
    member.world.finish().await;
}

#[tokio::test]
async fn a_new_store_needs_nothing_and_speaks_of_no_members() {
    let world = World::new().await;
    let owner = world.community("club").await;
    assert!(page(&world, &owner).await.is_empty(), "not connected yet");
    let merchant = world.visit(&owner, "club").await.merchant().expect("a merchant");
    world
        .store
        .connect()
        .start_onboarding(&merchant, "connect")
        .await
        .expect("a link");
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let view = world.store.connect().refresh(&clerk).await.expect("a reading");
    assert_eq!(view.status, AccountStatus::Incomplete);
    assert!(!view.has_subscribers && view.asks_for_something());
    let onboarding = page(&world, &owner).await;
    assert!(
        onboarding.is_empty() && onboarding.stripe_asks,
        "still at the onboarding"
    );
    account_is(&world, &owner, "under_review").await;
    let view = world.store.connect().view(&clerk).await.expect("a view");
    assert_eq!(view.status, AccountStatus::Restricted);
    assert!(!view.asks_for_something(), "nothing is due");
    world.finish().await;
}

#[tokio::test]
async fn a_payment_for_something_that_is_not_ours_is_nobody_s_business() {
    let member = Member::of("Silver", &[("Silver", "14", "")]).await;
    let world = &member.world;
    let owner = world.person("owner@club.example").await;
    let account = world.account(&owner, "club").await;
    let ours = member.newest("subscriptions").await;
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    let form = [
        ("customer", text(&ours["customer"])),
        ("items[0][price]", text(&ours["items"]["data"][0]["price"]["id"])),
        ("default_payment_method", text(&ours["default_payment_method"])),
    ];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    world.stripe_post(&account, "subscriptions", &form).await;
    world.settle().await;
    let charge = text(&member.newest("charges").await["id"]);
    world
        .stripe_post(&account, "refunds", &[("charge", &charge), ("amount", "300")])
        .await;
    world.control(&format!("charges/{charge}/dispute"), json!({})).await;
    world.settle().await;
    assert_eq!(page(world, &owner).await.notices, []);
    let to_owner =
        |letter: &store::mail::Letter| letter.to == "owner@club.example" && letter.subject.contains("disput");
    assert!(!world.store.mailer().letters().iter().any(to_owner));
    assert_eq!(world.store.reconcile(false).await.expect("compared"), []);
    member.world.finish().await;
}

#[tokio::test]
async fn a_refund_of_a_part_is_told_from_one_in_full() {
    let member = Member::of("Silver", &[("Silver", "14", "")]).await;
    let world = &member.world;
    let owner = world.person("owner@club.example").await;
    let account = world.account(&owner, "club").await;
    let charges = world.stripe(&account, "charges?limit=1").await;
    let charge = charges["data"][0]["id"].as_str().expect("a charge").to_owned();
    for (amount, shown, standing) in [("500", "€5.00", Some(PARTLY)), ("900", "€14.00", None)] {
        let form = [("charge", charge.as_str()), ("amount", amount)];
        world.stripe_post(&account, "refunds", &form).await;
        world.settle().await;
        let notices = page(world, &owner).await.notices;
        assert_eq!(notices.len(), 1);
        assert_eq!(
            (
                notices[0].kind,
                notices[0].amount.map(|amount| amount.to_string()).as_deref(),
                notices[0].standing.as_deref()
            ),
            (AttentionKind::Refund, Some(shown), standing)
        );
    }
    member.world.finish().await;
}

#[tokio::test]
async fn a_refund_that_failed_is_taken_back_and_is_news_when_it_is_made_again() {
    let member = Member::of("Silver", &[("Silver", "14", "")]).await;
    let world = &member.world;
    let owner = world.person("owner@club.example").await;
    let account = member.account().await;
    let charge = member.newest("charges").await["id"].as_str().expect("an id").to_owned();
    let refund = world.stripe_post(&account, "refunds", &[("charge", &charge)]).await;
    world.settle().await;
    assert_eq!(page(world, &owner).await.notices.len(), 1);
    world
        .rewrite(&charge, json!({ "amount_refunded": 0, "refunded": false }))
        .await;
    world.deliver(&account, "refund.failed", refund.clone()).await;
    assert_eq!(page(world, &owner).await.notices, []);
    let found = world.store.reconcile(false).await.expect("compared");
    assert!(found.is_empty(), "{found:#?}");
    world
        .rewrite(&charge, json!({ "amount_refunded": 1400, "refunded": true }))
        .await;
    world.deliver(&account, "refund.updated", refund).await;
    assert_eq!(page(world, &owner).await.notices.len(), 1);
    member.world.finish().await;
}
