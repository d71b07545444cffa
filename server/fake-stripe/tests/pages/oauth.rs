use crate::{STORE, browser::Browser, support::Stripe};

fn request(account: &str, decision: &str) -> Vec<(&'static str, String)> {
    vec![
        ("client_id", "ca_test".to_owned()),
        ("response_type", "code".to_owned()),
        ("scope", "read_write".to_owned()),
        ("state", "a&b".to_owned()),
        ("redirect_uri", format!("{STORE}/oauth?from=store")),
        ("account", account.to_owned()),
        ("decision", decision.to_owned()),
    ]
}

async fn decide(browser: &Browser, account: &str, decision: &str) -> String {
    let form = request(account, decision);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.submit("/oauth/authorize", &form).await.location
}

/// The code in the address that was called back.
fn code(location: &str) -> &str {
    location.split("code=").nth(1).unwrap().split('&').next().unwrap()
}

async fn exchange(stripe: &Stripe, code: &str) -> String {
    let form = [("grant_type", "authorization_code"), ("code", code)];
    let body: Vec<String> = form.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = reqwest::Client::new()
        .post(format!("{}/oauth/token", stripe.base()))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("authorization", "Bearer sk_test_123");
    let answer = request.body(body.join("&")).send().await.unwrap().text().await.unwrap();
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    answer["stripe_user_id"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn denying_calls_the_platform_back_with_the_reason_and_the_state() {
    let stripe = Stripe::start().await;
    let location = decide(&Browser::new(&stripe), "new", "deny").await;
    assert!(
        location.starts_with(&format!("{STORE}/oauth?from=store&error=access_denied")),
        "{location}"
    );
    assert!(location.ends_with("&state=a%26b"), "{location}");
    stripe.stop().await;
}

#[tokio::test]
async fn a_merchant_reconnects_the_account_they_had() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let account = stripe.account.clone().unwrap();
    let query =
        format!("/oauth/authorize?client_id=ca_test&response_type=code&scope=read_write&redirect_uri={STORE}/oauth");
    for lost in ["disconnect", "close"] {
        browser.submit(&format!("/dashboard/{account}/{lost}"), &[]).await;
        stripe.refused("GET", "/v1/products", &[]).await;
        browser.open(&query).await.must_show(&account);
        let location = decide(&browser, &account, "connect").await;
        assert_eq!(exchange(&stripe, code(&location)).await, account);
        stripe.get("/v1/products", &[]).await;
    }
    stripe.stop().await;
}

#[tokio::test]
async fn a_new_account_is_ready_once_its_code_is_exchanged() {
    let stripe = Stripe::start().await;
    let location = decide(&Browser::new(&stripe), "new", "connect").await;
    let account = exchange(&stripe, code(&location)).await;
    let known = stripe.get(&format!("/v1/accounts/{account}"), &[]).await;
    assert_eq!(known["charges_enabled"], true);
    stripe.stop().await;
}

#[tokio::test]
async fn a_request_that_cannot_be_called_back_is_refused_here() {
    let stripe = Stripe::start().await;
    let browser = Browser::new(&stripe);
    for query in [
        "response_type=code&redirect_uri=http://127.0.0.1:3000/x",
        "client_id=ca_test&redirect_uri=http://127.0.0.1:3000/x",
        "client_id=ca_test&response_type=code",
        "client_id=ca_test&response_type=code&redirect_uri=javascript:alert(1)",
    ] {
        assert_eq!(
            browser.open(&format!("/oauth/authorize?{query}")).await.status,
            400,
            "{query}"
        );
    }
    stripe.stop().await;
}
