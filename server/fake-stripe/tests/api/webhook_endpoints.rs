//! Webhook endpoints as objects: what they are, and which events they get.

use fake_stripe::{Clock, Options};
use serde_json::{Value, json};

use crate::{
    receiver::Receiver,
    support::{START, Stripe, id},
};

/// Makes an endpoint at a new receiver, which verifies with the endpoint's secret.
async fn endpoint(stripe: &Stripe, events: &[&str], more: &[(&str, &str)]) -> (String, Receiver) {
    let receiver = Receiver::default();
    let url = receiver.listen().await;
    let mut form = vec![("url", url.as_str())];
    form.extend(events.iter().map(|event| ("enabled_events[]", *event)));
    form.extend(more);
    let made = stripe.post("/v1/webhook_endpoints", &form).await;
    receiver.trust(&made["secret"]);
    (id(&made), receiver)
}

/// Sends everything that waits; answers how much was taken.
async fn flush(stripe: &Stripe) -> i64 {
    let sent = stripe.control("/_fake/outbox/flush", json!({})).await;
    assert_eq!(sent["failed"], 0);
    sent["delivered"].as_i64().unwrap()
}

async fn hold(stripe: &Stripe) {
    stripe.control("/_fake/outbox", json!({"mode": "hold"})).await;
}

#[tokio::test]
async fn an_endpoint_is_made_changed_listed_and_deleted() {
    let stripe = Stripe::start().await;
    let form = [
        ("url", "https://example.com/hook"),
        ("enabled_events[0]", "invoice.paid"),
        ("enabled_events[1]", "customer.created"),
        ("description", "books"),
        ("metadata[for]", "books"),
        ("api_version", "2026-08-26.dahlia"),
    ];
    let made = stripe.post("/v1/webhook_endpoints", &form).await;
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
    assert_eq!(made["enabled_events"], json!(["invoice.paid", "customer.created"]));
    assert_eq!(
        (
            &made["status"],
            &made["api_version"],
            &made["application"],
            &made["metadata"]
        ),
        (
            &json!("enabled"),
            &json!("2026-08-26.dahlia"),
            &Value::Null,
            &json!({"for": "books"})
        )
    );
    let path = format!("/v1/webhook_endpoints/{}", id(&made));
    let shown = stripe.get(&path, &[]).await;
    assert_eq!((shown.get("secret"), &shown["created"]), (None, &json!(START)));
    let form = [
        ("url", "http://127.0.0.1:1/other"),
        ("enabled_events[]", "*"),
        ("description", ""),
        ("disabled", "true"),
    ];
    let changed = stripe.post(&path, &form).await;
    assert_eq!(
        (
            &changed["url"],
            &changed["enabled_events"],
            &changed["description"],
            &changed["status"]
        ),
        (
            &json!("http://127.0.0.1:1/other"),
            &json!(["*"]),
            &Value::Null,
            &json!("disabled")
        )
    );
    assert_eq!(changed.get("secret"), None);
    assert_eq!(stripe.post(&path, &[("disabled", "false")]).await["status"], "enabled");
    let other = stripe
        .post(
            "/v1/webhook_endpoints",
            &[("url", "https://example.com"), ("enabled_events[]", "*")],
        )
        .await;
    let list = stripe.get("/v1/webhook_endpoints", &[("limit", "1")]).await;
    assert_eq!(
        (&list["data"][0]["id"], &list["has_more"]),
        (&other["id"], &json!(true))
    );
    assert_eq!(
        stripe.delete(&path, &[]).await,
        json!({"id": made["id"], "object": "webhook_endpoint", "deleted": true})
    );
    let gone = stripe.refused("GET", &path, &[]).await;
    assert_eq!((gone.status, gone.code()), (404, "resource_missing"));
    assert_eq!(gone.message(), format!("No such webhook endpoint: '{}'", id(&made)));
    assert!(stripe.event_types().await.is_empty(), "Stripe tells nobody");
}

#[tokio::test]
async fn what_is_no_endpoint_is_refused() {
    let stripe = Stripe::start().await;
    let good = ("url", "https://example.com/hook");
    let all = ("enabled_events[]", "*");
    for (form, code, param) in [
        (vec![all], "parameter_missing", "url"),
        (vec![good], "parameter_missing", "enabled_events"),
        (
            vec![good, ("enabled_events", "")],
            "parameter_invalid_array",
            "enabled_events",
        ),
        (vec![good, ("enabled_events[]", "")], "", "enabled_events[0]"),
        (
            vec![good, ("enabled_events[]", "invoice.eaten")],
            "",
            "enabled_events[0]",
        ),
        (vec![("url", "example.com/hook"), all], "url_invalid", "url"),
        (vec![("url", "mailto://example.com"), all], "url_invalid", "url"),
        (vec![good, all, ("api_version", "latest")], "", "api_version"),
    ] {
        let refused = stripe.refused("POST", "/v1/webhook_endpoints", &form).await;
        assert_eq!(
            (refused.status, refused.code(), refused.body["error"]["param"].as_str()),
            (400, code, Some(param)),
            "{form:?}: {}",
            refused.message()
        );
    }
    for _ in 0..16 {
        stripe.post("/v1/webhook_endpoints", &[good, all]).await;
    }
    let refused = stripe.refused("POST", "/v1/webhook_endpoints", &[good, all]).await;
    assert_eq!(
        refused.message(),
        "You have reached the maximum of 16 test webhook endpoints."
    );
    let first = id(&stripe.get("/v1/webhook_endpoints", &[]).await["data"][0]);
    let path = format!("/v1/webhook_endpoints/{first}");
    let refused = stripe.refused("POST", &path, &[("url", "nowhere")]).await;
    assert_eq!(refused.code(), "url_invalid");
}

#[tokio::test]
async fn each_endpoint_gets_the_events_it_asks_for_signed_with_its_secret() {
    let mut stripe = Stripe::start().await;
    hold(&stripe).await;
    let (_, own) = endpoint(&stripe, &["*"], &[]).await;
    let (_, connect) = endpoint(&stripe, &["*"], &[("connect", "true")]).await;
    let (_, chosen) = endpoint(&stripe, &["customer.created", "invoice.paid"], &[("connect", "true")]).await;
    stripe.post("/v1/products", &[("name", "Gold")]).await;
    let account = stripe.connect().await;
    let (_, theirs) = endpoint(&stripe, &["*"], &[]).await;
    stripe.post("/v1/customers", &[]).await;
    assert_eq!(flush(&stripe).await, 5);
    assert_eq!(own.types(), ["product.created"]);
    assert_eq!(connect.types(), ["account.updated", "customer.created"]);
    assert_eq!(chosen.types(), ["customer.created"]);
    assert_eq!(theirs.types(), ["customer.created"]);
    let account_in = |receiver: &Receiver| receiver.got.lock().unwrap().last().unwrap().1["account"].clone();
    assert_eq!(account_in(&connect), account.as_str());
    assert_eq!(account_in(&theirs), Value::Null, "it knows whose it is");
    assert_eq!(account_in(&own), Value::Null);
}

/// One account does not see the endpoints of another, nor of the platform.
#[tokio::test]
async fn endpoints_belong_to_their_account() {
    let mut stripe = Stripe::start().await;
    let (platforms, _) = endpoint(&stripe, &["*"], &[]).await;
    stripe.connect().await;
    let path = format!("/v1/webhook_endpoints/{platforms}");
    assert_eq!(stripe.refused("GET", &path, &[]).await.status, 404);
    assert_eq!(stripe.refused("DELETE", &path, &[]).await.status, 404);
    let (theirs, _) = endpoint(&stripe, &["*"], &[]).await;
    let shown = stripe.get(&format!("/v1/webhook_endpoints/{theirs}"), &[]).await;
    assert!(shown["application"].as_str().unwrap().starts_with("ca_"));
    stripe.account = None;
    let list = stripe.get("/v1/webhook_endpoints", &[]).await;
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_configured_endpoint_gets_everything_beside_the_others() {
    let configured = Receiver::default();
    let options = Options {
        webhook_url: Some(configured.listen().await),
        webhook_secret: crate::receiver::SECRET.into(),
        clock: Clock::Fixed(START),
        ..Options::default()
    };
    let stripe = Stripe::with(options).await;
    let (_, made) = endpoint(&stripe, &["customer.created"], &[]).await;
    stripe.post("/v1/products", &[("name", "Gold")]).await;
    stripe.post("/v1/customers", &[]).await;
    configured.until(2).await;
    made.until(1).await;
    assert_eq!(configured.types(), ["product.created", "customer.created"]);
    assert_eq!(made.types(), ["customer.created"]);
    let pending = made.got.lock().unwrap()[0].1["pending_webhooks"].clone();
    assert!(pending == 1 || pending == 2, "{pending}");
    flush(&stripe).await;
    let event = stripe.get("/v1/events", &[]).await["data"][0].clone();
    assert_eq!(event["pending_webhooks"], 0);
}

/// What one endpoint refuses comes to it again, and to no other.
#[tokio::test]
async fn a_refusing_endpoint_holds_no_other_up() {
    let stripe = Stripe::start().await;
    let form = [("url", "http://127.0.0.1:9/dead"), ("enabled_events[]", "*")];
    let dead = id(&stripe.post("/v1/webhook_endpoints", &form).await);
    let (_, refusing) = endpoint(&stripe, &["*"], &[]).await;
    let (_, other) = endpoint(&stripe, &["*"], &[]).await;
    *refusing.refuse_next.lock().unwrap() = 2;
    for _ in 0..5 {
        stripe.post("/v1/customers", &[]).await;
    }
    other.until(5).await;
    refusing.until(5).await;
    // Everything that came is noted by then.
    let flushed = stripe.control("/_fake/outbox/flush", json!({})).await;
    assert_eq!(flushed, json!({"delivered": 0, "failed": 5}));
    assert_eq!((other.types().len(), refusing.types().len()), (5, 5));
    let waiting = stripe.control_get("/_fake/outbox").await["pending"].clone();
    let waiting: Vec<&Value> = waiting.as_array().unwrap().iter().map(|one| &one["endpoint"]).collect();
    assert!(
        waiting.iter().all(|endpoint| **endpoint == dead.as_str()),
        "{waiting:?}"
    );
    assert_eq!(waiting.len(), 5);
    let missed = stripe.get("/v1/events", &[("delivery_success", "false")]).await;
    assert_eq!(missed["data"].as_array().unwrap().len(), 5);
    assert_eq!(missed["data"][0]["pending_webhooks"], 1);
    stripe.delete(&format!("/v1/webhook_endpoints/{dead}"), &[]).await;
    assert_eq!(stripe.control_get("/_fake/outbox").await["pending"], json!([]));
}

#[tokio::test]
async fn a_disabled_endpoint_gets_nothing() {
    let stripe = Stripe::start().await;
    hold(&stripe).await;
    let (endpoint, receiver) = endpoint(&stripe, &["*"], &[]).await;
    let path = format!("/v1/webhook_endpoints/{endpoint}");
    stripe.post("/v1/customers", &[]).await;
    stripe.post(&path, &[("disabled", "true")]).await;
    stripe.post("/v1/customers", &[]).await;
    assert_eq!(flush(&stripe).await, 0);
    stripe.post(&path, &[("disabled", "false")]).await;
    stripe.post("/v1/products", &[("name", "Gold")]).await;
    assert_eq!(flush(&stripe).await, 1);
    assert_eq!(receiver.types(), ["product.created"]);
}

#[tokio::test]
async fn chosen_events_go_to_the_endpoints_that_ask_for_them() {
    let stripe = Stripe::start().await;
    assert_eq!(
        stripe
            .control_status("/_fake/outbox/deliver", json!({"events": []}))
            .await,
        400,
        "there is no endpoint"
    );
    stripe.post("/v1/customers", &[]).await;
    stripe.post("/v1/products", &[("name", "Gold")]).await;
    let (_, all) = endpoint(&stripe, &["*"], &[]).await;
    let (_, chosen) = endpoint(&stripe, &["product.created"], &[]).await;
    let events = stripe.control_get("/_fake/events").await;
    let events: Vec<&Value> = events["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| &event["id"])
        .collect();
    assert_eq!(
        stripe
            .control("/_fake/outbox/deliver", json!({"events": [events[1], events[0]]}))
            .await,
        json!({"delivered": 3, "failed": 0})
    );
    assert_eq!(all.types(), ["product.created", "customer.created"]);
    assert_eq!(chosen.types(), ["product.created"]);
}

#[tokio::test]
async fn nothing_comes_from_accounts_without_access_but_that_it_is_gone() {
    let mut stripe = Stripe::start().await;
    hold(&stripe).await;
    let (_, connect) = endpoint(&stripe, &["*"], &[("connect", "true")]).await;
    let account = stripe.connect().await;
    let (_, theirs) = endpoint(&stripe, &["*"], &[]).await;
    let customer = id(&stripe.post("/v1/customers", &[]).await);
    stripe
        .control(&format!("/_fake/accounts/{account}"), json!({"outcome": "revoked"}))
        .await;
    stripe
        .app()
        .act(|engine| {
            engine.emit(&customer, "customer.updated");
            Ok(())
        })
        .unwrap();
    flush(&stripe).await;
    assert_eq!(
        connect.types(),
        [
            "account.updated",
            "customer.created",
            "account.application.deauthorized"
        ]
    );
    assert_eq!(theirs.types(), ["customer.created"]);
}
