//! Section 2: the customer cancels the plan.

use model::{Refusal, subscription::SubscriptionStatus as Status};

use crate::situation::{Situation, refused};

#[tokio::test]
async fn none() {
    let situation = Situation::none().await;
    refused(situation.cancel().await, Refusal::NothingToCancel);
    situation.finish().await;
}

macro_rules! nothing_to_cancel {
    ($($name:ident: $status:ident;)*) => {$(
        #[tokio::test]
        async fn $name() {
            let situation = Situation::of(Status::$status).await;
            assert!(!situation.view().await.may.cancel);
            refused(situation.cancel().await, Refusal::NothingToCancel);
            situation.finish().await;
        }
    )*};
}

nothing_to_cancel! {
    incomplete_expired: IncompleteExpired;
    canceled: Canceled;
}

macro_rules! ends_now {
    ($($name:ident: $status:ident becomes $after:literal;)*) => {$(
        #[tokio::test]
        async fn $name() {
            let situation = Situation::of(Status::$status).await;
            assert!(situation.view().await.may.cancel);
            situation.cancel().await.expect("cancelled");
            assert_eq!(situation.status().await, $after);
            assert_eq!(situation.open_invoices().await, 0, "open invoices are voided, drafts too");
            assert!(situation.holds().await.is_empty(), "the role ends now");
            situation.finish().await;
        }
    )*};
}

ends_now! {
    incomplete: Incomplete becomes "incomplete_expired";
    unpaid: Unpaid becomes "canceled";
    past_due: PastDue becomes "canceled";
    paused: Paused becomes "canceled";
}

async fn ends_with_its_period(status: Status) {
    let situation = Situation::of(status).await;
    situation.cancel().await.expect("cancelled");
    let view = situation.view().await;
    assert_eq!(view.ends_at, Some(view.period_end));
    assert_eq!(situation.holds().await, ["Silver"], "the role stays until then");
    refused(situation.cancel().await, Refusal::AlreadyEnding);
    situation
        .world
        .pass(view.period_end - situation.world.store.now())
        .await;
    assert!(situation.holds().await.is_empty(), "and not longer");
    situation.finish().await;
}

#[tokio::test]
async fn trialing() {
    ends_with_its_period(Status::Trialing).await;
}

#[tokio::test]
async fn active() {
    ends_with_its_period(Status::Active).await;
}

#[tokio::test]
async fn a_pending_downgrade_is_dropped() {
    let situation = Situation::of(Status::Active).await;
    let down = situation.preview("Bronze").await;
    situation.confirm(&down).await.expect("scheduled");
    situation.cancel().await.expect("cancelled");
    let view = situation.view().await;
    assert!(view.pending.is_none() && view.ends_at.is_some());
    situation.finish().await;
}
