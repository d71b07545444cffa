//! Members of an account that the store has lost are told before their access ends.

use chrono::Duration;
use model::interval::Interval::Month;
use serde_json::json;
use store::mail::Letter;

use crate::{member::Member, world::World};

const ADA: &str = "ada@example.org";

/// What was sent to Ada about an end, newest first.
fn told(world: &World) -> Vec<Letter> {
    let letters = world.store.mailer().letters();
    let about_an_end = |letter: &Letter| letter.subject.contains("ends") || letter.subject.contains("ended");
    letters
        .into_iter()
        .filter(|letter| letter.to == ADA && about_an_end(letter))
        .collect()
}

async fn account_is(member: &Member, outcome: &str) {
    let path = format!("accounts/{}", member.account().await);
    member.world.control(&path, json!({ "outcome": outcome })).await;
    member.world.settle().await;
}

/// Bought on 10 March, paid until 10 April.
async fn member() -> Member {
    Member::of("Gold", &[("Gold", "15", "")]).await
}

#[tokio::test]
async fn who_is_on_an_account_that_is_gone_is_told_once_before_the_end_and_once_after_it() {
    for (outcome, why) in [
        ("revoked", "no longer connected"),
        ("closed", "no longer connected"),
        ("rejected", "does not let this community take payments"),
    ] {
        let member = member().await;
        member.world.pass(Duration::days(3)).await;
        account_is(&member, outcome).await;
        member.world.pass(Duration::days(24)).await;
        assert!(told(&member.world).is_empty(), "{outcome}: not yet");
        member.world.pass(Duration::days(2)).await;
        member.world.pass(Duration::hours(6)).await;
        let letters = told(&member.world);
        assert_eq!(letters.len(), 1, "{outcome}: {letters:#?}");
        let letter = &letters[0];
        assert_eq!(letter.subject, "Your Gold membership in Club ends on 10 April 2026");
        for part in [
            why,
            "Nothing more is charged",
            "Once the store is open again",
            "/c/club",
        ] {
            assert!(
                letter.text.contains(part) && letter.html.contains(part),
                "{part}: {}",
                letter.text
            );
        }
        if outcome != "rejected" {
            member.world.pass(Duration::days(3)).await;
            let letters = told(&member.world);
            assert_eq!(letters.len(), 2, "{letters:#?}");
            assert_eq!(letters[0].subject, "Your Gold membership in Club has ended");
            assert!(letters[0].text.contains("Nothing is sold there"), "{}", letters[0].text);
        }
        member.world.finish().await;
    }
}

#[tokio::test]
async fn an_account_that_came_back_ends_nothing() {
    let member = member().await;
    member.world.pass(Duration::days(3)).await;
    account_is(&member, "revoked").await;
    member.world.pass(Duration::days(5)).await;
    account_is(&member, "ready").await;
    member.world.pass(Duration::days(21)).await;
    assert!(told(&member.world).is_empty(), "{:#?}", told(&member.world));
    member.world.pass(Duration::days(4)).await;
    assert_eq!(member.holds().await, ["Gold"]);
    member.world.finish().await;
}

#[tokio::test]
async fn who_cancelled_before_the_account_was_lost_is_not_told_that_they_can_take_it_back() {
    let member = member().await;
    let plan = member.held().await.plan;
    let shopping = member.world.store.shopping();
    shopping
        .cancel(&member.customer().await, plan)
        .await
        .expect("cancelled");
    account_is(&member, "revoked").await;
    member.world.pass(Duration::days(29)).await;
    let letters = told(&member.world);
    assert_eq!(letters.len(), 1, "{letters:#?}");
    assert!(letters[0].text.contains("It was cancelled"), "{}", letters[0].text);
    assert!(!letters[0].text.contains("take that back"), "{}", letters[0].text);
    member.world.finish().await;
}

#[tokio::test]
async fn who_is_on_a_former_account_is_told_how_to_subscribe_anew_unless_they_did() {
    for buys in [false, true] {
        let member = member().await;
        member.world.moves("Gold").await;
        if buys {
            member.world.buy(&member.ada, "club", "Gold", Month).await;
        }
        member.world.pass(Duration::days(29)).await;
        let letters = told(&member.world);
        if buys {
            let ends = letters.iter().any(|letter| letter.subject.contains("ends on"));
            assert!(!ends, "she goes on: {letters:#?}");
        } else {
            assert_eq!(letters.len(), 1, "{letters:#?}");
            assert!(
                letters[0].text.contains("subscribe anew to go on"),
                "{}",
                letters[0].text
            );
        }
        member.world.finish().await;
    }
}
