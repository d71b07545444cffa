//! What nobody needs any more is deleted, and nothing else.

use chrono::Duration;
use serde_json::json;

use crate::member::Member;

#[tokio::test]
async fn events_worked_long_ago_are_forgotten_and_others_are_not() {
    let member = Member::of_bronze().await;
    let world = &member.world;
    let account = member.account().await;
    world.wait(Duration::days(41)).await;
    let object = json!({ "id": "prod_unknown", "object": "product" });
    world.arrives(&account, "product.updated", object).await;
    assert!(!world.event_states("customer.subscription.created").await.is_empty());
    world.store.tidy_up().await.expect("tidied up");
    assert_eq!(world.event_states("customer.subscription.created").await, [""; 0]);
    assert_eq!(world.event_states("product.updated").await, ["received"]);
    member.world.settle().await;
    member.world.finish().await;
}

#[tokio::test]
async fn of_a_letter_sent_long_ago_only_stays_that_it_was_written() {
    // The card is taken once and refused from then on.
    let member = Member::of_with_card("Bronze", &[("Bronze", "9", "90")], "4000000000000341").await;
    let world = &member.world;
    world.pass(Duration::days(31) + Duration::hours(2)).await;
    let subject = "Your payment for Bronze in Club did not go through";
    assert_eq!(world.kept_letters().await, [("ada@example.org", subject)].map(owned));
    world.wait(Duration::days(39)).await;
    world.store.tidy_up().await.expect("tidied up");
    assert_eq!(world.kept_letters().await, [("ada@example.org", subject)].map(owned));
    world.wait(Duration::days(2)).await;
    world.store.tidy_up().await.expect("tidied up");
    assert_eq!(world.kept_letters().await, [("", "")].map(owned));
    member.world.settle().await;
    member.world.finish().await;
}

fn owned((recipient, subject): (&str, &str)) -> (String, String) {
    (recipient.to_owned(), subject.to_owned())
}
