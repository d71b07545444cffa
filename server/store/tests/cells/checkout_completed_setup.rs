//! Section 3: Checkout completed in setup mode. The popup was closed by hand: only the event tells.

use model::subscription::SubscriptionStatus as Status;

use crate::situation::{GOOD, Situation};

async fn saves_and_closes_the_window(situation: &Situation) {
    let customer = situation.customer().await;
    let page = situation
        .world
        .store
        .cards()
        .update(&customer, "card")
        .await
        .expect("a page");
    assert_eq!(situation.world.pay(&page.url, GOOD).await["outcome"], "done");
    situation.world.settle().await;
    let cards = situation.membership().await.cards;
    assert_eq!(cards[0].to_string(), "Visa ending in 4242");
}

#[tokio::test]
async fn none() {
    let situation = Situation::none().await;
    saves_and_closes_the_window(&situation).await;
    situation.finish().await;
}

macro_rules! becomes {
    ($($name:ident: $status:ident becomes $after:literal;)*) => {$(
        #[tokio::test]
        async fn $name() {
            let situation = Situation::of(Status::$status).await;
            saves_and_closes_the_window(&situation).await;
            assert_eq!(situation.status().await, $after);
            let expected: &[&str] = if ["active", "trialing"].contains(&$after) { &["Silver"] } else { &[] };
            assert_eq!(situation.holds().await, expected);
            situation.finish().await;
        }
    )*};
}

becomes! {
    incomplete_expired: IncompleteExpired becomes "incomplete_expired";
    canceled: Canceled becomes "canceled";
    trialing: Trialing becomes "trialing";
    active: Active becomes "active";
    paused: Paused becomes "paused";
    incomplete: Incomplete becomes "active";
    past_due: PastDue becomes "active";
    unpaid: Unpaid becomes "active";
}
