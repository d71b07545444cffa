//! The state file.

use fake_stripe::{Clock, Options};
use serde_json::json;

use crate::support::{HOUR, START, Stripe, id, period_end};

#[tokio::test]
async fn everything_is_there_again_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("stripe.json");
    let options = Options {
        clock: Clock::Fixed(START),
        state: Some(state.clone()),
        webhook_url: Some("http://127.0.0.1:9/dead".into()),
        ..Options::default()
    };
    let mut stripe = Stripe::with(options.clone()).await;
    let form = [
        ("url", "http://127.0.0.1:9/dead"),
        ("connect", "true"),
        ("enabled_events[]", "*"),
    ];
    let endpoint = id(&stripe.post("/v1/webhook_endpoints", &form).await);
    let account = stripe.connect().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &price).await;
    let key = [("idempotency-key", "k1")];
    let made = stripe.send("POST", "/v1/customers", &[("name", "a")], &key).await;
    let waiting = stripe.control_get("/_fake/outbox").await["pending"]
        .as_array()
        .unwrap()
        .len();
    assert!(waiting > 5);
    stripe.stop().await;

    let mut stripe = Stripe::with(options).await;
    let endpoints = stripe.get("/v1/webhook_endpoints", &[]).await;
    assert_eq!(endpoints["data"][0]["id"], endpoint.as_str());
    stripe.account = Some(account);
    assert_eq!(
        stripe.control_get("/_fake/outbox").await["pending"]
            .as_array()
            .unwrap()
            .len(),
        waiting
    );
    assert_eq!(
        stripe
            .get(&format!("/v1/subscriptions/{}", id(&subscription)), &[])
            .await,
        subscription
    );
    let again = stripe.send("POST", "/v1/customers", &[("name", "a")], &key).await;
    assert_eq!((again.replayed, &again.body), (true, &made.body));
    let fresh = id(&stripe.post("/v1/customers", &[]).await);
    assert_ne!(fresh, made.body["id"].as_str().unwrap());
    stripe.set_time(period_end(&subscription) + HOUR).await;
    assert_eq!(
        stripe.subscription(&id(&subscription)).await["latest_invoice"]["billing_reason"],
        "subscription_cycle"
    );
    stripe.stop().await;
    assert!(!state.with_extension("new").exists(), "written beside, then moved");
}

#[tokio::test]
async fn a_broken_state_file_is_told_and_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("stripe.json");
    std::fs::write(&state, "{").unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let started = fake_stripe::FakeStripe::start(
        listener,
        Options {
            state: Some(state.clone()),
            ..Options::default()
        },
    )
    .await;
    assert!(started.is_err());
    assert_eq!(std::fs::read_to_string(&state).unwrap(), "{");
}

#[tokio::test]
async fn the_same_seed_makes_the_same_ids() {
    let first = Stripe::connected().await;
    let second = Stripe::connected().await;
    assert_eq!(first.account, second.account);
    assert_eq!(
        first.control("/_fake/clock", json!({"advance": 1})).await["now"],
        START + 1
    );
}
