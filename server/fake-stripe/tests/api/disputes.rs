//! Disputes: from the test card or on demand, decided by the bank or given up.

use serde_json::{Value, json};

use crate::support::{Stripe, id};

async fn paid_charge(stripe: &Stripe, token: &str) -> Value {
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer(token).await;
    stripe.subscribe(&customer, &price).await;
    stripe.get("/v1/charges", &[("customer", &customer)]).await["data"][0].clone()
}

async fn dispute_events(stripe: &Stripe) -> Vec<String> {
    let types = stripe.event_types().await;
    let of_disputes = types.into_iter().filter(|kind| kind.starts_with("charge.dispute."));
    of_disputes.map(|kind| kind.replace("charge.dispute.", "")).collect()
}

#[tokio::test]
async fn the_dispute_card_pays_and_is_disputed_at_once() {
    let stripe = Stripe::connected().await;
    let charge = paid_charge(&stripe, "pm_card_createDispute").await;
    assert_eq!((&charge["paid"], &charge["disputed"]), (&json!(true), &json!(true)));
    let listed = stripe.get("/v1/disputes", &[("charge", &id(&charge))]).await;
    let dispute = &listed["data"][0];
    assert_eq!(
        (
            dispute["amount"].as_i64(),
            dispute["reason"].as_str(),
            dispute["status"].as_str()
        ),
        (Some(1000), Some("fraudulent"), Some("needs_response"))
    );
    assert_eq!(dispute["payment_intent"], charge["payment_intent"]);
    assert_eq!(dispute_events(&stripe).await, ["created", "funds_withdrawn"]);
    let refused = stripe.refused("POST", "/v1/refunds", &[("charge", &id(&charge))]).await;
    assert_eq!(refused.code(), "charge_disputed");
    assert!(
        refused
            .message()
            .ends_with("has been charged back; cannot issue a refund.")
    );
}

#[tokio::test]
async fn a_won_dispute_brings_the_money_back_and_may_then_be_refunded() {
    let stripe = Stripe::connected().await;
    let charge = id(&paid_charge(&stripe, "pm_card_visa").await);
    let path = format!("/_fake/charges/{charge}/dispute");
    let dispute = stripe
        .control(&path, json!({"amount": 400, "reason": "subscription_canceled"}))
        .await;
    assert_eq!(
        (dispute["amount"].as_i64(), dispute["charge"].as_str()),
        (Some(400), Some(charge.as_str()))
    );
    assert_eq!(stripe.control_status(&path, json!({})).await, 400, "disputed already");
    let own = format!("/v1/disputes/{}", id(&dispute));
    let evidence = [("evidence[uncategorized_text]", "They asked for it.")];
    let answered = stripe.post(&own, &evidence).await;
    assert_eq!(answered["status"], "under_review");
    assert_eq!(answered["evidence_details"]["submission_count"], 1);
    let decided = format!("/_fake/disputes/{}", id(&dispute));
    assert_eq!(
        stripe.control(&decided, json!({"outcome": "won"})).await["status"],
        "won"
    );
    assert_eq!(
        dispute_events(&stripe).await,
        [
            "created",
            "funds_withdrawn",
            "updated",
            "updated",
            "closed",
            "funds_reinstated"
        ]
    );
    assert_eq!(stripe.refused("POST", &format!("{own}/close"), &[]).await.status, 400);
    assert_eq!(stripe.post("/v1/refunds", &[("charge", &charge)]).await["amount"], 1000);
}

#[tokio::test]
async fn a_dispute_is_lost_by_decision_or_by_giving_in() {
    let stripe = Stripe::connected().await;
    for gives_in in [false, true] {
        let charge = id(&paid_charge(&stripe, "pm_card_visa").await);
        let dispute = id(&stripe
            .control(&format!("/_fake/charges/{charge}/dispute"), json!({}))
            .await);
        let lost = if gives_in {
            stripe.post(&format!("/v1/disputes/{dispute}/close"), &[]).await
        } else {
            stripe
                .control(&format!("/_fake/disputes/{dispute}"), json!({"outcome": "lost"}))
                .await
        };
        assert_eq!(
            (&lost["status"], &lost["is_charge_refundable"]),
            (&json!("lost"), &json!(false))
        );
        assert_eq!(dispute_events(&stripe).await.last().unwrap(), "closed");
    }
}

#[tokio::test]
async fn only_what_was_paid_can_be_disputed() {
    let stripe = Stripe::connected().await;
    let charge = id(&paid_charge(&stripe, "pm_card_visa").await);
    let path = format!("/_fake/charges/{charge}/dispute");
    for wrong in [json!({"amount": 1001}), json!({"amount": 0}), json!({"reason": "mood"})] {
        assert_eq!(stripe.control_status(&path, wrong).await, 400);
    }
    assert_eq!(
        stripe.control_status("/_fake/charges/ch_none/dispute", json!({})).await,
        404
    );
}
