//! Section 2: the customer updates the payment method. Here no event arrives: the page that asks is enough.

use model::{card::CardState, subscription::SubscriptionStatus as Status};
use serde_json::json;

use crate::situation::{FAILS_LATER, GOOD, Situation};

/// Saves a card; what became of it.
async fn saves(situation: &Situation, card: &str) -> CardState {
    situation.world.control("outbox", json!({ "mode": "drop" })).await;
    let customer = situation.customer().await;
    let cards = situation.world.store.cards();
    let page = cards.update(&customer, "card").await.expect("a page");
    let saved = situation.world.pay(&page.url, card).await;
    assert_eq!(saved["outcome"], "done", "{saved:#}");
    let state = cards.state(&customer).await.expect("a state");
    situation.world.settle().await;
    state
}

/// The saved card is the customer's default, and the subscription's unless that is over.
async fn is_in_use(situation: &Situation) {
    let card = situation.membership().await.cards.remove(0);
    assert_eq!(card.to_string(), "Visa ending in 4242");
    if !situation.subscription.is_empty() {
        let subscription = situation.at_stripe().await;
        let is_over = ["canceled", "incomplete_expired"].contains(&subscription["status"].as_str().expect("it"));
        assert!(
            is_over || subscription["default_payment_method"] == card.id,
            "{subscription:#}"
        );
    }
}

async fn nothing_more(situation: Situation) {
    let before = (situation.subscription.clone(), situation.holds().await);
    assert_eq!(saves(&situation, GOOD).await, CardState::Saved);
    is_in_use(&situation).await;
    assert_eq!((situation.subscription.clone(), situation.holds().await), before);
    situation.finish().await;
}

#[tokio::test]
async fn none() {
    nothing_more(Situation::none().await).await;
}

macro_rules! nothing_more {
    ($($name:ident: $status:ident;)*) => {$(
        #[tokio::test]
        async fn $name() {
            nothing_more(Situation::of(Status::$status).await).await;
        }
    )*};
}

nothing_more! {
    incomplete_expired: IncompleteExpired;
    canceled: Canceled;
    trialing: Trialing;
    active: Active;
    paused: Paused;
}

macro_rules! pays_what_is_owed {
    ($($name:ident: $status:ident;)*) => {$(
        #[tokio::test]
        async fn $name() {
            let situation = Situation::of(Status::$status).await;
            assert_eq!(saves(&situation, GOOD).await, CardState::Saved);
            is_in_use(&situation).await;
            assert_eq!(situation.status().await, "active");
            assert_eq!(situation.holds().await, ["Silver"]);
            situation.finish().await;
        }
    )*};
}

pays_what_is_owed! {
    incomplete: Incomplete;
    past_due: PastDue;
    unpaid: Unpaid;
}

#[tokio::test]
async fn a_draft_is_finalised_before_it_is_paid() {
    let situation = Situation::of(Status::Unpaid).await;
    // The next period's invoice stays a draft while it is unpaid.
    situation.world.pass(chrono::Duration::days(20)).await;
    assert_eq!(situation.invoices().await[0]["status"], "draft");
    assert_eq!(saves(&situation, GOOD).await, CardState::Saved);
    assert_eq!(situation.status().await, "active");
    assert_eq!(situation.invoices().await[0]["status"], "paid");
    situation.finish().await;
}

#[tokio::test]
async fn a_card_that_is_saved_but_refused_says_so_and_grace_goes_on() {
    let situation = Situation::of(Status::PastDue).await;
    assert_eq!(saves(&situation, FAILS_LATER).await, CardState::SavedButRefused);
    assert_eq!(situation.status().await, "past_due");
    assert_eq!(situation.holds().await, ["Silver"], "in grace");
    situation.finish().await;
}

#[tokio::test]
async fn a_window_that_was_left_changes_nothing() {
    let situation = Situation::of(Status::Active).await;
    let customer = situation.customer().await;
    let cards = situation.world.store.cards();
    let first = cards.update(&customer, "card").await.expect("a page");
    assert_eq!(cards.state(&customer).await.expect("a state"), CardState::Nothing);
    let again = cards.update(&customer, "card").await.expect("a page");
    assert_eq!(again, first, "the same page, while it is open");
    situation.finish().await;
}
