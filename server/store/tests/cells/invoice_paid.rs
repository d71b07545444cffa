//! Section 3: `invoice.paid`, by the status that is read then.

use model::{attention::AttentionKind, subscription::SubscriptionStatus as Status};
use serde_json::{Value, json};

use crate::situation::{GOOD, Situation};

/// Says that this invoice was paid; what is so is read.
async fn says_paid(situation: &Situation, invoice: &Value) {
    situation
        .world
        .deliver(&situation.account, "invoice.paid", invoice.clone())
        .await;
}

#[tokio::test]
async fn none() {
    let situation = Situation::none().await;
    // Another program's subscription on the same account.
    let customer = situation.stripe_customer().await;
    let price = situation.price("Gold").await;
    situation
        .world
        .stripe_post(
            &situation.account,
            "subscriptions",
            &[
                ("customer", &customer),
                ("items[0][price]", &price),
                ("payment_behavior", "default_incomplete"),
            ],
        )
        .await;
    situation.world.settle().await;
    let invoices = situation.world.stripe(&situation.account, "invoices").await;
    let id = invoices["data"][0]["id"].as_str().expect("an id");
    situation
        .world
        .control(&format!("invoices/{id}/pay"), json!({ "card": GOOD }))
        .await;
    situation.world.settle().await;
    assert!(
        situation.membership().await.subscriptions.is_empty(),
        "recorded, nothing else"
    );
    assert!(situation.holds().await.is_empty());
    situation.finish().await;
}

#[tokio::test]
async fn trialing() {
    let situation = Situation::of(Status::Trialing).await;
    let invoice = situation.invoices().await.remove(0);
    says_paid(&situation, &invoice).await;
    assert_eq!(situation.holds().await, ["Silver"]);
    situation.finish().await;
}

#[tokio::test]
async fn active() {
    let situation = Situation::of(Status::PastDue).await;
    assert!(situation.view().await.open_invoice.is_some());
    situation.pays_invoice(GOOD).await;
    let view = situation.view().await;
    assert_eq!(view.status, Status::Active);
    assert!(view.open_invoice.is_none(), "the note is cleared");
    assert_eq!(view.role_until, Some(view.period_end + chrono::Duration::days(1)));
    situation.finish().await;
}

#[tokio::test]
async fn incomplete() {
    let situation = Situation::of(Status::Incomplete).await;
    let invoice = situation.invoices().await.remove(0);
    says_paid(&situation, &invoice).await;
    assert!(situation.holds().await.is_empty(), "an invoice is still open");
    situation.finish().await;
}

#[tokio::test]
async fn past_due() {
    let situation = {
        let mut situation = Situation::none().await;
        situation.after_failed_payments("past_due").await;
        situation.buys_with(crate::situation::FAILS_LATER).await;
        situation.world.pass(chrono::Duration::days(31 + 31)).await;
        situation
    };
    let open: Vec<Value> = situation
        .invoices()
        .await
        .into_iter()
        .filter(|invoice| invoice["status"] == "open")
        .collect();
    assert_eq!(open.len(), 2, "{open:#?}");
    let older = open[1]["id"].as_str().expect("an id").to_owned();
    situation
        .world
        .control(&format!("invoices/{older}/pay"), json!({ "card": GOOD }))
        .await;
    situation.world.settle().await;
    assert_eq!(situation.status().await, "past_due", "the newest is still open");
    let view = situation.view().await;
    assert_eq!(
        view.open_invoice.map(|invoice| invoice.id).as_deref(),
        open[0]["id"].as_str()
    );
    situation.finish().await;
}

#[tokio::test]
async fn paused() {
    let situation = Situation::of(Status::Paused).await;
    let invoice = situation.invoices().await.remove(0);
    says_paid(&situation, &invoice).await;
    assert!(situation.holds().await.is_empty());
    situation.finish().await;
}

#[tokio::test]
async fn unpaid() {
    let situation = Situation::of(Status::Unpaid).await;
    situation.world.pass(chrono::Duration::days(31)).await;
    let invoices = situation.invoices().await;
    let older = invoices
        .iter()
        .find(|invoice| invoice["status"] == "open")
        .expect("the older one");
    let id = older["id"].as_str().expect("an id");
    situation
        .world
        .control(&format!("invoices/{id}/pay"), json!({ "card": GOOD }))
        .await;
    situation.world.settle().await;
    assert_eq!(situation.status().await, "unpaid");
    assert!(situation.holds().await.is_empty(), "no role yet");
    let view = situation.view().await;
    assert!(view.may.pay, "the newest can be paid");
    assert_eq!(
        view.open_invoice.map(|invoice| invoice.id).as_deref(),
        invoices[0]["id"].as_str()
    );
    situation.finish().await;
}

async fn comes_in_for_nothing(situation: Situation) {
    situation.pays_invoice(GOOD).await;
    assert!(situation.holds().await.is_empty());
    assert_eq!(situation.attention().await, [AttentionKind::PaidForNothing]);
    situation.finish().await;
}

#[tokio::test]
async fn incomplete_expired() {
    let situation = Situation::of(Status::Incomplete).await;
    // Cancelled in the dashboard, which leaves its invoice open.
    situation.cancel_at_stripe().await;
    assert_eq!(situation.status().await, "incomplete_expired");
    situation.world.pass(chrono::Duration::minutes(1)).await;
    comes_in_for_nothing(situation).await;
}

#[tokio::test]
async fn canceled() {
    let situation = Situation::of(Status::PastDue).await;
    situation.cancel_at_stripe().await;
    situation.world.pass(chrono::Duration::minutes(1)).await;
    comes_in_for_nothing(situation).await;
}
