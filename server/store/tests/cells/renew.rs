//! Section 2: the customer takes a cancellation back.

use model::{Refusal, subscription::SubscriptionStatus as Status};
use serde_json::json;

use crate::situation::{Situation, refused};

async fn renew(situation: &Situation) -> store::Result<()> {
    let customer = situation.customer().await;
    let renewed = situation.world.store.shopping().renew(&customer, situation.plan).await;
    situation.world.settle().await;
    renewed
}

#[tokio::test]
async fn none() {
    let situation = Situation::none().await;
    refused(renew(&situation).await, Refusal::NotEnding);
    situation.finish().await;
}

macro_rules! not_ending {
    ($($name:ident: $status:ident;)*) => {$(
        #[tokio::test]
        async fn $name() {
            let situation = Situation::of(Status::$status).await;
            assert!(!situation.view().await.may.renew);
            refused(renew(&situation).await, Refusal::NotEnding);
            situation.finish().await;
        }
    )*};
}

not_ending! {
    incomplete: Incomplete;
    incomplete_expired: IncompleteExpired;
    unpaid: Unpaid;
    canceled: Canceled;
    past_due: PastDue;
    paused: Paused;
}

async fn goes_on(status: Status) {
    let situation = Situation::of(status).await;
    refused(renew(&situation).await, Refusal::NotEnding);
    situation.change(&[("cancel_at_period_end", "true")]).await;
    assert!(situation.view().await.may.renew);
    renew(&situation).await.expect("renewed");
    let view = situation.view().await;
    assert_eq!((view.ends_at, view.may.cancel), (None, true));
    assert_eq!(situation.holds().await, ["Silver"]);
    situation.finish().await;
}

#[tokio::test]
async fn trialing() {
    goes_on(Status::Trialing).await;
}

#[tokio::test]
async fn active() {
    goes_on(Status::Active).await;
}

#[tokio::test]
async fn what_the_portal_cancelled_by_a_date_is_cleared_too() {
    let situation = Situation::of(Status::Active).await;
    let customer = situation.customer().await;
    let portal = situation
        .world
        .store
        .portal()
        .open(&customer, "")
        .await
        .expect("a portal");
    let token = portal.url.rsplit('/').next().expect("a token").to_owned();
    situation
        .world
        .control(
            &format!("portal/{token}"),
            json!({ "action": "cancel", "subscription": situation.subscription }),
        )
        .await;
    situation.world.settle().await;
    let at_stripe = situation.at_stripe().await;
    assert!(at_stripe["cancel_at"].is_i64() && at_stripe["cancel_at_period_end"] == false);
    renew(&situation).await.expect("renewed");
    assert!(situation.at_stripe().await["cancel_at"].is_null());
    situation.finish().await;
}
