//! Section 2: the customer disconnects the payment method, after being told what that means.

use model::{
    Refusal,
    card::{WithoutCard, without_card},
    subscription::SubscriptionStatus as Status,
};
use serde_json::json;

use crate::situation::{GOOD, Situation, refused};

async fn disconnect(situation: &Situation) -> store::Result<()> {
    let customer = situation.customer().await;
    let done = situation.world.store.cards().disconnect(&customer).await;
    situation.world.settle().await;
    done
}

/// Saves a card in Stripe's portal, which pays nothing.
async fn saves_in_portal(situation: &Situation) {
    let customer = situation.customer().await;
    let portal = situation
        .world
        .store
        .portal()
        .open(&customer, "")
        .await
        .expect("a portal");
    let token = portal.url.rsplit('/').next().expect("a token").to_owned();
    let action = json!({ "action": "add_card", "card": GOOD });
    situation.world.control(&format!("portal/{token}"), action).await;
    situation.world.settle().await;
}

async fn detached(situation: &Situation) {
    assert!(!situation.membership().await.cards.is_empty(), "saved before");
    disconnect(situation).await.expect("disconnected");
    assert!(situation.membership().await.cards.is_empty());
    refused(disconnect(situation).await, Refusal::NoCard);
}

#[tokio::test]
async fn no_saved_method() {
    let situation = Situation::none().await;
    refused(disconnect(&situation).await, Refusal::NoCard);
    situation.finish().await;
}

#[tokio::test]
async fn none() {
    let situation = Situation::none().await;
    situation.stripe_customer().await;
    saves_in_portal(&situation).await;
    detached(&situation).await;
    situation.finish().await;
}

macro_rules! means {
    ($($name:ident: $status:ident => $meaning:pat),* $(,)?) => {$(
        #[tokio::test]
        async fn $name() {
            let situation = Situation::of(Status::$status).await;
            if situation.membership().await.cards.is_empty() {
                saves_in_portal(&situation).await;
            }
            let meaning = without_card(&situation.view().await);
            assert!(matches!(meaning, $meaning), "{meaning:?}");
            let before = situation.status().await;
            detached(&situation).await;
            assert_eq!(situation.status().await, before);
            situation.finish().await;
        }
    )*};
}

means! {
    incomplete_expired: IncompleteExpired => WithoutCard::Nothing,
    canceled: Canceled => WithoutCard::Nothing,
    paused: Paused => WithoutCard::Nothing,
    incomplete: Incomplete => WithoutCard::Lapses,
    trialing: Trialing => WithoutCard::CannotPay { amount: Some(_), .. },
    active: Active => WithoutCard::CannotPay { amount: Some(_), .. },
    past_due: PastDue => WithoutCard::AccessEnds { on: Some(_) },
    unpaid: Unpaid => WithoutCard::AccessEnds { on: None },
}
