//! Faults on order, and the log of requests.

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
