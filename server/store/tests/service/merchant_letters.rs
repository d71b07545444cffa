//! Letters to those who run the community: one for each thing that happens, whatever the events do.

use chrono::Duration;
use model::{account::AccountStatus, interval::Interval::Month};
use serde_json::json;
use store::{actor::Session, mail::Letter};

use crate::world::World;

const OWNER: &str = "owner@club.example";
const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";

/// Ada holds Gold; Bob was given a role that carries `control stripe account`.
async fn shop_with_treasurer() -> (World, Session, String) {
    let world = World::new().await;
    let owner = world.shop("club").await;
    world.plan(&owner, "club", "Support", &[("Gold", "15", "")]).await;
    let ada = world.person(ADA).await;
    world.buy(&ada, "club", "Gold", Month).await;
    let bob = world.person(BOB).await;
    let customer = world.visit(&bob, "club").await.customer().expect("a customer");
    world.store.communities().join(&customer).await.expect("joined");
    let visitor = world.visit(&owner, "club").await;
    let manager = visitor.permission_manager().expect("a manager");
    let permissions = world.store.permissions();
    permissions.create_role(&manager, "Treasurer").await.expect("a role");
    let view = permissions.view(&manager).await.expect("permissions");
    let role = view.roles.iter().find(|role| role.label == "Treasurer").expect("it");
    let (role, shown) = (role.id, role.privileges_shown.clone());
    let stripe = view
        .privileges
        .iter()
        .find(|one| one.label == "control stripe account")
        .expect("it")
        .id;
    permissions
        .set_role_privileges(&manager, role, &shown, &[stripe])
        .await
        .expect("set");
    let user = bob.signed_in().expect("bob").user;
    permissions
        .give_role(&visitor.freebie_giver().expect("a giver"), user, role, "")
        .await
        .expect("given");
    let account = world.account(&owner, "club").await;
    (world, owner, account)
}

/// Newest first, without those that somebody signed in with.
fn letters(world: &World, to: &str) -> Vec<Letter> {
    let letters = world.store.mailer().letters().into_iter();
    letters
        .filter(|letter| letter.to == to && !letter.subject.ends_with("sign-in code"))
        .collect()
}

fn subjects(world: &World, to: &str) -> Vec<String> {
    letters(world, to).into_iter().map(|letter| letter.subject).collect()
}

async fn disputed(world: &World, account: &str) -> String {
    let charges = world.stripe(account, "charges?limit=1").await;
    let charge = charges["data"][0]["id"].as_str().expect("a charge");
    let dispute = world.control(&format!("charges/{charge}/dispute"), json!({})).await;
    dispute["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_dispute_and_its_outcome_are_one_letter_each_to_every_merchant() {
    let (world, _, account) = shop_with_treasurer().await;
    let dispute = disputed(&world, &account).await;
    world.settle().await;
    let opened = "ada@example.org disputes a payment of €15.00 in Club";
    for merchant in [OWNER, BOB] {
        let letters = letters(&world, merchant);
        assert_eq!(letters.len(), 1, "{merchant}: {letters:#?}");
        assert_eq!(letters[0].subject, opened);
        for body in [&letters[0].text, &letters[0].html] {
            for part in [
                "€15.00 for Gold",
                "dashboard by 1",
                "http://127.0.0.1:3000/c/club/manage/store",
            ] {
                assert!(body.contains(part), "{part}: {body}");
            }
        }
    }
    assert!(subjects(&world, ADA).is_empty(), "the customer knows");
    world
        .control(&format!("disputes/{dispute}"), json!({ "outcome": "won" }))
        .await;
    world.settle().await;
    let object = json!({ "id": dispute, "object": "dispute" });
    for kind in ["closed", "created", "updated", "created"] {
        world
            .deliver(&account, &format!("charge.dispute.{kind}"), object.clone())
            .await;
    }
    let won = "The dispute of ada@example.org in Club is decided for you";
    assert_eq!(subjects(&world, BOB), [won, opened]);
    assert_eq!(subjects(&world, OWNER), [won, opened]);
    world.finish().await;
}

#[tokio::test]
async fn a_dispute_that_is_decided_before_we_hear_of_it_is_one_letter() {
    let (world, _, account) = shop_with_treasurer().await;
    let dispute = disputed(&world, &account).await;
    world
        .control(&format!("disputes/{dispute}"), json!({ "outcome": "lost" }))
        .await;
    world.settle().await;
    assert_eq!(
        subjects(&world, OWNER),
        ["The dispute of ada@example.org in Club is decided for the customer"]
    );
    world.finish().await;
}

#[tokio::test]
async fn a_lost_account_is_told_once_and_again_when_it_is_lost_again() {
    let (world, owner, account) = shop_with_treasurer().await;
    let path = format!("accounts/{account}");
    let lost = "Club lost its Stripe account";
    for times in 1..=2 {
        world.control(&path, json!({ "outcome": "revoked" })).await;
        world.settle().await;
        let application = json!({ "id": "ca_test", "object": "application" });
        for _ in 0..2 {
            world
                .deliver(&account, "account.application.deauthorized", application.clone())
                .await;
        }
        assert_eq!(subjects(&world, OWNER), vec![lost; times]);
        assert_eq!(subjects(&world, BOB), vec![lost; times]);
        assert!(
            letters(&world, OWNER)[0]
                .text
                .contains("Connect the same account again")
        );
        world.wait(Duration::hours(1)).await;
        world.control(&path, json!({ "outcome": "ready" })).await;
        world.settle().await;
    }
    world.control(&path, json!({ "outcome": "deleted" })).await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let view = world.store.connect().refresh(&clerk).await.expect("a reading");
    assert!(view.deleted && !view.comes_back(), "{view:?}");
    world.settle().await;
    world.settle().await;
    assert_eq!(subjects(&world, OWNER).len(), 3);
    assert!(letters(&world, OWNER)[0].text.contains("was deleted"));
    world.finish().await;
}

#[tokio::test]
async fn an_account_that_stops_is_told_once_with_what_is_due() {
    let (world, owner, account) = shop_with_treasurer().await;
    let is = async |outcome: &str| {
        world
            .control(&format!("accounts/{account}"), json!({ "outcome": outcome }))
            .await;
        world.settle().await;
    };
    let stopped = "Stripe takes no payments for Club right now";
    is("restricted").await;
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    world.store.connect().refresh(&clerk).await.expect("a reading");
    let object = json!({ "id": account, "object": "account" });
    world.deliver(&account, "account.updated", object).await;
    assert_eq!(subjects(&world, OWNER), [stopped]);
    assert_eq!(subjects(&world, BOB), [stopped]);
    let text = letters(&world, OWNER)[0].text.clone();
    assert!(
        text.contains("Stripe needs: Individual: verification document."),
        "{text}"
    );
    world.wait(Duration::hours(1)).await;
    is("ready").await;
    is("under_review").await;
    assert_eq!(subjects(&world, OWNER), [stopped, stopped]);
    assert!(letters(&world, OWNER)[0].text.contains("Nothing is asked of you"));
    is("rejected").await;
    assert_eq!(subjects(&world, OWNER)[0], "Stripe rejected the account of Club");
    assert_eq!(subjects(&world, OWNER).len(), 3);
    world.finish().await;
}

#[tokio::test]
async fn an_older_reading_of_the_account_replaces_no_newer_one() {
    let (world, owner, account) = shop_with_treasurer().await;
    let path = format!("accounts/{account}");
    let clerk = world.visit(&owner, "club").await.clerk().expect("a clerk");
    let refreshed = || {
        let (store, clerk) = (world.store.clone(), clerk.clone());
        tokio::spawn(async move { store.connect().refresh(&clerk).await.expect("a reading") })
    };
    let late = json!({
        "kind": "slow", "delay_ms": 1500, "after_processing": true, "method": "GET", "path_prefix": format!("/v1/{path}"),
    });
    world.control("faults", late).await;
    let older = refreshed();
    // Until its answer, which says that all is well, is under way.
    while world.ask("faults").await["data"] != json!([]) {}
    world.control(&path, json!({ "outcome": "restricted" })).await;
    let newer = refreshed();
    older.await.expect("no panic");
    newer.await.expect("no panic");
    // Before any event comes to put it right.
    let view = world.store.connect().view(&clerk).await.expect("a view");
    assert_eq!(view.status, AccountStatus::Restricted);
    world.settle().await;
    assert_eq!(subjects(&world, OWNER), ["Stripe takes no payments for Club right now"]);
    world.finish().await;
}

#[tokio::test]
async fn what_the_merchant_does_is_no_letter() {
    let (world, owner, account) = shop_with_treasurer().await;
    let charges = world.stripe(&account, "charges?limit=1").await;
    let charge = charges["data"][0]["id"].as_str().expect("a charge");
    world.stripe_post(&account, "refunds", &[("charge", charge)]).await;
    world.settle().await;
    let merchant = world.visit(&owner, "club").await.merchant().expect("a merchant");
    world.store.connect().disconnect(&merchant).await.expect("disconnected");
    world.settle().await;
    assert!(subjects(&world, OWNER).is_empty() && subjects(&world, BOB).is_empty());
    world.finish().await;
}
