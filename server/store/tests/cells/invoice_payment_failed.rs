//! Section 3: `invoice.payment_failed`, by the status that is read then.

use chrono::Duration;
use model::{letter::PaymentTrouble, subscription::SubscriptionStatus as Status};
use serde_json::json;

use crate::situation::{ASKS, FAILS_LATER, Situation, waits};

const ADA: &str = "ada@example.org";

#[tokio::test]
async fn none() {
    let situation = Situation::none().await;
    let invoice = json!({ "id": "in_unknown", "object": "invoice" });
    situation
        .world
        .deliver(&situation.account, "invoice.payment_failed", invoice)
        .await;
    assert!(situation.membership().await.subscriptions.is_empty());
    situation.finish().await;
}

#[tokio::test]
async fn incomplete() {
    let situation = Situation::of(Status::Incomplete).await;
    assert_eq!(situation.pays_invoice("4000000000000002").await["outcome"], "declined");
    let view = situation.view().await;
    let invoice = view.open_invoice.expect("an open invoice");
    assert!(
        matches!(invoice.trouble, Some(PaymentTrouble::Declined(Some(_)))),
        "{invoice:?}"
    );
    assert!(view.may.pay && view.role_until.is_none());
    situation.pays_invoice(ASKS).await;
    let invoice = situation.view().await.open_invoice.expect("an open invoice");
    assert_eq!(invoice.trouble, Some(PaymentTrouble::ActionRequired));
    situation.finish().await;
}

#[tokio::test]
async fn trialing() {
    let situation = Situation::of(Status::Trialing).await;
    let invoice = situation.invoices().await.remove(0);
    situation
        .world
        .deliver(&situation.account, "invoice.payment_failed", invoice)
        .await;
    assert_eq!(situation.holds().await, ["Silver"]);
    situation.finish().await;
}

#[tokio::test]
async fn active() {
    let mut situation = Situation::none().await;
    situation.buys_with(FAILS_LATER).await;
    let up = situation.preview("Gold").await;
    waits(situation.confirm(&up).await);
    let invoice = situation.view().await.open_invoice.expect("the customer sees it");
    assert!(
        matches!(invoice.trouble, Some(PaymentTrouble::Declined(_))),
        "{invoice:?}"
    );
    assert_eq!(situation.holds().await, ["Silver"], "nothing is taken away");
    situation.finish().await;
}

#[tokio::test]
async fn past_due() {
    let situation = Situation::of(Status::PastDue).await;
    let failed = |letters: Vec<String>| {
        letters
            .iter()
            .filter(|subject| subject.contains("did not go through"))
            .count()
    };
    assert_eq!(failed(situation.letters(ADA)), 1);
    let view = situation.view().await;
    let invoice = view.open_invoice.expect("an open invoice");
    assert!(
        invoice.next_attempt.is_some() && view.role_until.is_some(),
        "the banner has its dates"
    );
    assert_eq!(owing(&situation).await, [(ADA.to_owned(), view.role_until)]);
    situation.world.pass(Duration::days(3)).await;
    assert_eq!(failed(situation.letters(ADA)), 2, "one for each failed attempt");
    assert_eq!(
        situation.view().await.role_until,
        view.role_until,
        "grace from the first"
    );
    situation.world.pass(Duration::days(5)).await;
    assert_eq!(situation.status().await, "past_due");
    assert_eq!(owing(&situation).await, [(ADA.to_owned(), None)], "beyond grace");
    situation.finish().await;
}

/// The merchant's list of whose payment is due, and until when they keep their role.
async fn owing(situation: &Situation) -> Vec<(String, Option<model::Timestamp>)> {
    let viewer = situation.world.visit(&situation.owner, crate::situation::SLUG).await;
    let viewer = viewer.member_viewer().expect("a viewer");
    let permissions = situation.world.store.permissions();
    let members = permissions.members(&viewer, 0).await.expect("members");
    let owing = members.owing.into_iter();
    owing.map(|one| (one.email, one.until)).collect()
}

#[tokio::test]
async fn past_due_because_the_bank_asks() {
    let mut situation = Situation::none().await;
    let url = situation.leads_to("Silver").await;
    let session = crate::world::session_of(&url);
    let paid = situation
        .world
        .control(
            &format!("checkout/{session}/complete"),
            json!({ "card": ASKS, "confirmed": true }),
        )
        .await;
    paid["session"]["subscription"]
        .as_str()
        .expect("it")
        .clone_into(&mut situation.subscription);
    situation.world.settle().await;
    situation.world.pass(Duration::days(31) + Duration::hours(2)).await;
    assert_eq!(situation.status().await, "past_due");
    assert!(
        situation.letters(ADA)[0].starts_with("Confirm your payment"),
        "{:?}",
        situation.letters(ADA)
    );
    situation.finish().await;
}

/// Within grace, Stripe gives up.
async fn given_up(what: &str) -> Situation {
    let mut situation = Situation::none().await;
    situation.after_failed_payments(what).await;
    situation.grace_days("30").await;
    situation.buys_with(FAILS_LATER).await;
    situation.world.pass(Duration::days(31) + Duration::hours(2)).await;
    assert_eq!(situation.holds().await, ["Silver"], "in grace");
    situation.world.pass(Duration::days(16)).await;
    situation
}

async fn role_is_over_and_told(situation: &Situation) {
    assert!(situation.holds().await.is_empty(), "the role ends now");
    let letters = situation.letters(ADA);
    assert!(
        letters.iter().any(|subject| subject.ends_with("has ended")),
        "{letters:?}"
    );
}

#[tokio::test]
async fn unpaid() {
    let situation = given_up("unpaid").await;
    assert_eq!(situation.status().await, "unpaid");
    role_is_over_and_told(&situation).await;
    let told = [
        "Your Silver membership in Club has ended",
        "Your payment for Silver in Club did not go through",
    ];
    assert_eq!(
        situation.letters(ADA),
        told,
        "the last attempt's letter says that it was one, and the end"
    );
    assert_eq!(owing(&situation).await, [(ADA.to_owned(), None)]);
    assert!(
        situation.leads_to("Silver").await.contains("cs_"),
        "offered to subscribe again"
    );
    situation.finish().await;
}

#[tokio::test]
async fn canceled() {
    let situation = given_up("cancel").await;
    assert_eq!(situation.status().await, "canceled");
    role_is_over_and_told(&situation).await;
    assert!(
        situation.leads_to("Silver").await.contains("cs_"),
        "offered to subscribe again"
    );
    situation.finish().await;
}

#[tokio::test]
async fn canceled_after_grace_was_over() {
    let mut situation = Situation::none().await;
    situation.after_failed_payments("cancel").await;
    situation.buys_with(FAILS_LATER).await;
    situation.world.pass(Duration::days(31 + 8) + Duration::hours(2)).await;
    assert_eq!(situation.status().await, "past_due");
    role_is_over_and_told(&situation).await;
    situation.world.pass(Duration::days(10)).await;
    assert_eq!(situation.status().await, "canceled");
    let cancelled = |letters: Vec<String>| {
        letters
            .iter()
            .filter(|subject| subject.ends_with("was cancelled"))
            .count()
    };
    assert_eq!(
        cancelled(situation.letters(ADA)),
        1,
        "paying does not bring it back now"
    );
    situation.finish().await;
}

#[tokio::test]
async fn paused() {
    let situation = given_up("pause").await;
    assert_eq!(situation.status().await, "paused");
    role_is_over_and_told(&situation).await;
    let view = situation.view().await;
    assert!(view.may.pay || view.may.resume, "offered to resume");
    situation.finish().await;
}

#[tokio::test]
async fn paused_after_grace_was_over() {
    let mut situation = Situation::none().await;
    situation.after_failed_payments("pause").await;
    situation.buys_with(FAILS_LATER).await;
    situation.world.pass(Duration::days(31 + 8) + Duration::hours(2)).await;
    assert_eq!(situation.status().await, "past_due");
    situation.world.pass(Duration::days(10)).await;
    assert_eq!(situation.status().await, "paused");
    let letters = situation.letters(ADA);
    let paused = letters.iter().filter(|subject| subject.ends_with("is paused")).count();
    assert_eq!(paused, 1, "offered to resume: {letters:?}");
    situation.finish().await;
}

#[tokio::test]
async fn incomplete_expired() {
    let situation = Situation::of(Status::Incomplete).await;
    situation.pays_invoice("4000000000000002").await;
    situation.world.pass(Duration::hours(24)).await;
    assert_eq!(situation.status().await, "incomplete_expired");
    assert!(situation.holds().await.is_empty());
    assert!(
        situation.leads_to("Silver").await.contains("cs_"),
        "offered to subscribe again"
    );
    situation.finish().await;
}
