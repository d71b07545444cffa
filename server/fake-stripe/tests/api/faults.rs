//! Faults on order, and the log of requests.

use futures_util::future::join_all;
use serde_json::json;

use crate::support::{Stripe, id};

#[tokio::test]
async fn a_fault_hits_as_often_as_it_was_told() {
    let stripe = Stripe::connected().await;
    stripe.control("/_fake/faults", json!({"kind": "status", "status": 503, "times": 2, "method": "POST", "path_prefix": "/v1/customers", "headers": {"Stripe-Should-Retry": "true"}})).await;
    for status in [503, 503, 200] {
        assert_eq!(stripe.send("POST", "/v1/customers", &[], &[]).await.status, status);
    }
    let log = stripe.control_get("/_fake/requests").await;
    let statuses: Vec<i64> = log["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|r| r["path"] == "/v1/customers")
        .map(|r| r["status"].as_i64().unwrap())
        .collect();
    assert_eq!(statuses, [503, 503, 200]);
    stripe.control("/_fake/faults", json!({"kind": "rate_limit"})).await;
    assert_eq!(stripe.send("GET", "/v1/customers", &[], &[]).await.code(), "rate_limit");
    stripe.control("/_fake/faults", json!({"kind": "lock_timeout"})).await;
    let locked = stripe.send("GET", "/v1/customers", &[], &[]).await;
    assert_eq!((locked.status, locked.code()), (429, "lock_timeout"));
}

#[tokio::test]
async fn an_answer_can_be_lost_after_the_work_was_done() {
    let stripe = Stripe::connected().await;
    stripe
        .control(
            "/_fake/faults",
            json!({"kind": "reset", "after_processing": true, "path_prefix": "/v1/customers"}),
        )
        .await;
    let http = reqwest::Client::new();
    let send = || {
        http.post(format!("{}/v1/customers", stripe.base()))
            .header("authorization", "Bearer sk_test_1")
            .header("stripe-account", stripe.account.clone().unwrap())
            .header("idempotency-key", "k1")
            .header("content-type", "application/x-www-form-urlencoded")
            .body("name=a")
            .send()
    };
    let lost = send().await;
    assert!(lost.is_err() || lost.unwrap().text().await.is_err());
    let answer: serde_json::Value = serde_json::from_str(&send().await.unwrap().text().await.unwrap()).unwrap();
    let listed = stripe.get("/v1/customers", &[]).await;
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
    assert_eq!(id(&listed["data"][0]), id(&answer));
}

/// Sends the same purchase under the same key; answers its status and whether that is a replay.
async fn purchase(stripe: &Stripe) -> (u16, bool) {
    let key = [("idempotency-key", "k1")];
    let answer = stripe.send("POST", "/v1/customers", &[("name", "a")], &key).await;
    (answer.status, answer.replayed)
}

async fn customers(stripe: &Stripe) -> usize {
    let listed = stripe.get("/v1/customers", &[]).await;
    listed["data"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_failure_while_a_request_ran_is_replayed_for_a_day() {
    for (after_processing, made) in [(false, 0), (true, 1)] {
        let stripe = Stripe::connected().await;
        let fault = json!({"kind": "status", "sticks": true, "after_processing": after_processing, "method": "POST"});
        stripe.control("/_fake/faults", fault).await;
        assert_eq!(purchase(&stripe).await, (500, false));
        assert_eq!(purchase(&stripe).await, (500, true));
        assert_eq!(customers(&stripe).await, made);
        stripe.advance(24 * 3600 - 1).await;
        assert_eq!(purchase(&stripe).await, (500, true));
        stripe.advance(1).await;
        assert_eq!(purchase(&stripe).await, (200, false));
        assert_eq!(customers(&stripe).await, made + 1);
    }
}

#[tokio::test]
async fn a_failure_before_a_request_ran_and_a_limit_are_not_remembered() {
    let stripe = Stripe::connected().await;
    for (fault, status) in [
        (json!({"kind": "status"}), 500),
        (json!({"kind": "rate_limit"}), 429),
        (json!({"kind": "lock_timeout"}), 429),
    ] {
        stripe.control("/_fake/faults", fault).await;
        assert_eq!(purchase(&stripe).await, (status, false));
    }
    assert_eq!(purchase(&stripe).await, (200, false));
    for fault in [
        json!({"kind": "rate_limit", "sticks": true}),
        json!({"kind": "status", "status": 429, "sticks": true}),
        json!({"kind": "status", "reason": "global-rate"}),
    ] {
        assert_eq!(stripe.control_status("/_fake/faults", fault).await, 400);
    }
}

#[tokio::test]
async fn a_limit_says_which_it_was() {
    let stripe = Stripe::connected().await;
    for reason in [
        "global-concurrency",
        "global-rate",
        "endpoint-concurrency",
        "endpoint-rate",
        "resource-specific",
    ] {
        let fault = json!({"kind": "rate_limit", "reason": reason});
        stripe.control("/_fake/faults", fault).await;
        let refused = stripe.refused("GET", "/v1/customers", &[]).await;
        assert_eq!((refused.status, refused.code()), (429, "rate_limit"));
        assert_eq!(refused.limited.as_deref(), Some(reason));
    }
    stripe.control("/_fake/faults", json!({"kind": "lock_timeout"})).await;
    assert_eq!(stripe.refused("GET", "/v1/customers", &[]).await.limited, None);
}

#[tokio::test]
async fn limits_hold_while_they_are_set() {
    let stripe = Stripe::connected().await;
    let burst = || join_all((0..20).map(|_| stripe.send("GET", "/v1/customers", &[], &[])));
    for (limits, reason) in [
        (json!({"endpoint_per_second": 2}), "endpoint-rate"),
        (json!({"account_per_second": 2}), "global-rate"),
    ] {
        stripe.control("/_fake/limits", limits).await;
        let answers = burst().await;
        assert_eq!(answers[0].status, 200);
        let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 429).collect();
        assert!(!refused.is_empty());
        assert!(refused.iter().all(|answer| answer.limited.as_deref() == Some(reason)));
    }
    stripe.control("/_fake/limits", json!({})).await;
    assert!(burst().await.iter().all(|answer| answer.status == 200));
}

#[tokio::test]
async fn the_same_seed_draws_the_same_faults() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let stripe = Stripe::connected().await;
        let fault = json!({"kind": "status", "probability": 0.5, "times": 0});
        stripe.control("/_fake/faults", fault).await;
        let mut statuses = Vec::new();
        for _ in 0..20 {
            statuses.push(stripe.send("GET", "/v1/customers", &[], &[]).await.status);
        }
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].contains(&200) && runs[0].contains(&500));
}
