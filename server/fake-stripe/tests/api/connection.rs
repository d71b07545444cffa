//! How the platform loses an account, and how it comes back.

use serde_json::{Value, json};

use crate::support::{DAY, Stripe, id, period_end};

async fn bring_to(stripe: &Stripe, account: &str, outcome: &str) {
    let path = format!("/_fake/accounts/{account}");
    stripe.control(&path, json!({"outcome": outcome})).await;
}

/// The events about access to an account: type, kind of the object, account.
async fn access_events(stripe: &Stripe) -> Vec<(String, String, String)> {
    let all = stripe.control_get("/_fake/events").await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    all["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["type"].as_str().unwrap().starts_with("account.application"))
        .map(|event| {
            (
                text(&event["type"]),
                text(&event["data"]["object"]["object"]),
                text(&event["account"]),
            )
        })
        .collect()
}

async fn reconnect(stripe: &Stripe, account: &str) -> u16 {
    let code = stripe.app_code(account);
    let answer = reqwest::Client::new()
        .post(format!("{}/oauth/token", stripe.base()))
        .header("authorization", "Bearer sk_test_1")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("grant_type=authorization_code&code={code}"));
    answer.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn revoking_and_closing_end_access_with_an_event_and_oauth_brings_it_back() {
    for outcome in ["revoked", "closed"] {
        let stripe = Stripe::connected().await;
        let account = stripe.account.clone().unwrap();
        let customer = id(&stripe.post("/v1/customers", &[]).await);
        bring_to(&stripe, &account, outcome).await;
        bring_to(&stripe, &account, outcome).await;
        let refused = stripe.refused("GET", "/v1/customers", &[]).await;
        assert_eq!((refused.status, refused.code()), (403, "account_invalid"), "{outcome}");
        assert!(refused.message().contains("Application access may have been revoked"));
        let gone = ("account.application.deauthorized", "application", account.as_str());
        let told = access_events(&stripe).await;
        let told: Vec<(&str, &str, &str)> = told
            .iter()
            .map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str()))
            .collect();
        assert_eq!(told, [gone], "{outcome}: once, however often it is said");
        assert_eq!(reconnect(&stripe, &account).await, 200);
        stripe.get(&format!("/v1/customers/{customer}"), &[]).await;
        assert_eq!(access_events(&stripe).await[1].0, "account.application.authorized");
    }
}

#[tokio::test]
async fn a_deleted_account_has_its_own_sentence_no_code_no_event_and_no_way_back() {
    let mut stripe = Stripe::connected().await;
    let account = stripe.account.clone().unwrap();
    bring_to(&stripe, &account, "deleted").await;
    let sentence = format!("The account {account} has been deleted, so we can't complete this action.");
    let own = format!("/v1/accounts/{account}");
    let refused = stripe.refused("POST", "/v1/customers", &[]).await;
    assert_eq!(refused.body["error"]["code"], Value::Null);
    assert!(refused.body["error"].as_object().unwrap().contains_key("code"));
    assert_eq!(refused.message(), sentence);
    stripe.account = None;
    assert_eq!(stripe.refused("GET", &own, &[]).await.message(), sentence);
    let link = [("account", account.as_str()), ("type", "account_onboarding")];
    assert_eq!(
        stripe.refused("POST", "/v1/account_links", &link).await.message(),
        sentence
    );
    assert!(access_events(&stripe).await.is_empty());
    assert_eq!(stripe.get("/v1/accounts", &[]).await["data"], json!([]));
    let authorize = "/oauth/authorize?client_id=ca_1&response_type=code&redirect_uri=http://127.0.0.1/";
    let page = reqwest::get(format!("{}{authorize}", stripe.base())).await.unwrap();
    assert!(!page.text().await.unwrap().contains(&account));
}

#[tokio::test]
async fn a_rejected_account_is_reachable_and_says_why() {
    let stripe = Stripe::connected().await;
    let account = stripe.account.clone().unwrap();
    bring_to(&stripe, &account, "rejected").await;
    let now = stripe.get("/v1/account", &[]).await;
    assert_eq!(now["requirements"]["disabled_reason"], "rejected.fraud");
    assert_eq!(now["charges_enabled"], false);
    assert_eq!(stripe.event_types().await.last().unwrap(), "account.updated");
}

#[tokio::test]
async fn nothing_renews_in_a_closed_account_until_it_is_back() {
    let stripe = Stripe::connected().await;
    let account = stripe.account.clone().unwrap();
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &price).await;
    bring_to(&stripe, &account, "closed").await;
    let events = stripe.control_get("/_fake/events").await;
    stripe.set_time(period_end(&subscription) + DAY).await;
    assert_eq!(stripe.control_get("/_fake/events").await, events);
    reconnect(&stripe, &account).await;
    let renewed = stripe.subscription(&id(&subscription)).await;
    assert_eq!(renewed["latest_invoice"]["billing_reason"], "subscription_cycle");
    assert_eq!(renewed["latest_invoice"]["status"], "paid");
}

#[tokio::test]
async fn events_of_a_revoked_account_do_not_reach_the_platform() {
    let stripe = Stripe::connected().await;
    stripe
        .control(
            "/_fake/webhook",
            json!({"url": "http://127.0.0.1:9/", "secret": "whsec_1"}),
        )
        .await;
    stripe.control("/_fake/outbox", json!({"mode": "hold"})).await;
    let account = stripe.account.clone().unwrap();
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &price).await;
    bring_to(&stripe, &account, "revoked").await;
    let waiting = stripe.control_get("/_fake/outbox").await["pending"].clone();
    let last = waiting.as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["type"], "account.application.deauthorized");
    stripe.set_time(period_end(&subscription) + DAY).await;
    assert_eq!(stripe.control_get("/_fake/outbox").await["pending"], waiting);
    reconnect(&stripe, &account).await;
    let renewed = stripe.subscription(&id(&subscription)).await;
    assert_eq!(renewed["latest_invoice"]["billing_reason"], "subscription_cycle");
}
