//! `Idempotency-Key`.

use serde_json::json;

use crate::support::{Stripe, id};

#[tokio::test]
async fn the_same_request_under_a_key_happens_once() {
    let stripe = Stripe::connected().await;
    let key = [("idempotency-key", "k1")];
    let first = stripe.send("POST", "/v1/customers", &[("name", "a")], &key).await;
    let again = stripe.send("POST", "/v1/customers", &[("name", "a")], &key).await;
    assert_eq!((first.replayed, again.replayed), (false, true));
    assert_eq!(first.body, again.body);
    assert_eq!(
        stripe.get("/v1/customers", &[]).await["data"].as_array().unwrap().len(),
        1
    );
    let other = stripe.send("POST", "/v1/customers", &[("name", "b")], &key).await;
    assert_eq!(
        (other.status, other.body["error"]["type"].as_str()),
        (400, Some("idempotency_error"))
    );
}

#[tokio::test]
async fn a_refusal_is_remembered_unless_the_parameters_were_at_fault() {
    let stripe = Stripe::connected().await;
    let key = [("idempotency-key", "k1")];
    assert_eq!(
        stripe
            .send("POST", "/v1/customers", &[("colour", "red")], &key)
            .await
            .status,
        400
    );
    assert_eq!(
        stripe
            .send("POST", "/v1/customers", &[("name", "a")], &key)
            .await
            .status,
        200
    );
    let customer = id(&stripe.post("/v1/customers", &[]).await);
    let path = "/v1/payment_methods/pm_card_chargeDeclined/attach";
    let key = [("idempotency-key", "k2")];
    let declined = stripe.send("POST", path, &[("customer", &customer)], &key).await;
    let again = stripe.send("POST", path, &[("customer", &customer)], &key).await;
    assert_eq!((declined.status, again.status, again.replayed), (402, 402, true));
}

#[tokio::test]
async fn keys_of_different_accounts_do_not_meet() {
    let mut stripe = Stripe::connected().await;
    let key = [("idempotency-key", "k1")];
    let first = stripe.send("POST", "/v1/customers", &[("name", "a")], &key).await;
    stripe.connect().await;
    let second = stripe.send("POST", "/v1/customers", &[("name", "b")], &key).await;
    assert_eq!(second.status, 200);
    assert_ne!(first.body["id"], second.body["id"]);
}

#[tokio::test]
async fn a_request_that_is_still_worked_on_is_a_conflict() {
    let stripe = Stripe::connected().await;
    stripe
        .control(
            "/_fake/faults",
            json!({"kind": "slow", "path_prefix": "/v1/customers", "delay_ms": 400}),
        )
        .await;
    let key = [("idempotency-key", "k1")];
    let (slow, fast) = tokio::join!(stripe.send("POST", "/v1/customers", &[("name", "a")], &key), async {
        // The slow one is taken up first: it is in the log of faults as soon as it was hit.
        while stripe.control_get("/_fake/faults").await["data"] != json!([]) {
            tokio::task::yield_now().await;
        }
        stripe.send("POST", "/v1/customers", &[("name", "a")], &key).await
    });
    assert_eq!(
        (slow.status, fast.status, fast.code()),
        (200, 409, "idempotency_key_in_use")
    );
}
