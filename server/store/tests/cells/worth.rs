//! Section 1: what a status is worth.

use chrono::Duration;
use model::{attention::AttentionKind, subscription::SubscriptionStatus as Status};

use crate::situation::Situation;

#[tokio::test]
async fn none() {
    let situation = Situation::none().await;
    assert!(situation.holds().await.is_empty());
    situation.finish().await;
}

#[tokio::test]
async fn trialing() {
    let situation = Situation::of(Status::Trialing).await;
    let view = situation.view().await;
    assert_eq!(view.role_until, view.trial_end, "until the trial's end, no longer");
    assert!(view.trial_end.is_some());
    situation.finish().await;
}

#[tokio::test]
async fn active() {
    let situation = Situation::of(Status::Active).await;
    let view = situation.view().await;
    assert_eq!(view.role_until, Some(view.period_end + Duration::days(1)));
    situation.change(&[("cancel_at_period_end", "true")]).await;
    let ending = situation.view().await;
    assert_eq!(
        ending.role_until,
        Some(ending.period_end),
        "exactly the end when it will end"
    );
    situation.finish().await;
}

#[tokio::test]
async fn past_due() {
    let situation = Situation::of(Status::PastDue).await;
    let first_attempt = situation.invoices().await[0]["status_transitions"]["finalized_at"].clone();
    let grace_ends = first_attempt.as_i64().expect("a time") + 7 * 86_400;
    let until = situation.view().await.role_until.expect("in grace");
    assert_eq!(until.timestamp(), grace_ends);
    // Whatever is tried in between.
    situation.world.pass(Duration::days(4)).await;
    assert_eq!(
        situation.view().await.role_until,
        Some(until),
        "from the first failure on"
    );
    situation.world.pass(Duration::days(4)).await;
    assert!(situation.holds().await.is_empty(), "then nothing");
    situation.finish().await;
}

#[tokio::test]
async fn past_due_follows_the_communitys_grace_days_when_they_change() {
    let situation = Situation::of(Status::PastDue).await;
    let until = situation.view().await.role_until.expect("in grace");
    situation.grace_days("10").await;
    assert_eq!(situation.view().await.role_until, Some(until + Duration::days(3)));
    situation.grace_days("0").await;
    assert!(situation.holds().await.is_empty());
    situation.finish().await;
}

macro_rules! worth_nothing {
    ($($name:ident: $status:ident;)*) => {$(
        #[tokio::test]
        async fn $name() {
            let situation = Situation::of(Status::$status).await;
            assert!(situation.holds().await.is_empty());
            situation.finish().await;
        }
    )*};
}

worth_nothing! {
    incomplete: Incomplete;
    incomplete_expired: IncompleteExpired;
    unpaid: Unpaid;
    canceled: Canceled;
    paused: Paused;
}

#[tokio::test]
async fn unknown_price() {
    let situation = Situation::of(Status::Active).await;
    situation.foreign_price().await;
    assert!(situation.holds().await.is_empty());
    assert_eq!(situation.attention().await, [AttentionKind::UnknownPrice]);
    // Put right again, nothing is left to look at.
    let item = situation.at_stripe().await["items"]["data"][0]["id"].clone();
    let price = situation.price("Silver").await;
    situation
        .change(&[
            ("items[0][id]", item.as_str().expect("an id")),
            ("items[0][price]", &price),
        ])
        .await;
    assert_eq!(situation.holds().await, ["Silver"]);
    assert!(situation.attention().await.is_empty());
    situation.finish().await;
}

#[tokio::test]
async fn zero_items() {
    let situation = Situation::of(Status::Active).await;
    situation.strip_items().await;
    assert!(situation.holds().await.is_empty());
    assert_eq!(situation.attention().await, [AttentionKind::ZeroItems]);
    situation.finish().await;
}
