//! Connected accounts: onboarding, namespaces, losing access.

use serde_json::json;

use crate::support::{Stripe, id};

#[tokio::test]
async fn a_new_account_is_incomplete_until_it_is_onboarded() {
    let stripe = Stripe::start().await;
    let account = stripe
        .post(
            "/v1/accounts",
            &[("type", "standard"), ("country", "DE"), ("metadata[community]", "c1")],
        )
        .await;
    assert_eq!(account["details_submitted"], false);
    assert_eq!(account["default_currency"], "eur");
    assert!(!account["requirements"]["currently_due"].as_array().unwrap().is_empty());
    for (outcome, charges, reason) in [
        ("restricted", false, json!("requirements.past_due")),
        ("rejected", false, json!("rejected.fraud")),
        ("due_soon", true, json!(null)),
        ("ready", true, json!(null)),
    ] {
        stripe
            .control(
                &format!("/_fake/accounts/{}", id(&account)),
                json!({"outcome": outcome}),
            )
            .await;
        let now = stripe.get(&format!("/v1/accounts/{}", id(&account)), &[]).await;
        assert_eq!(now["charges_enabled"], charges, "{outcome}");
        assert_eq!(now["requirements"]["disabled_reason"], reason, "{outcome}");
        assert_eq!(now["requirements"]["current_deadline"].is_null(), outcome != "due_soon");
    }
}

#[tokio::test]
async fn a_link_leads_to_onboarding_once() {
    let stripe = Stripe::start().await;
    let account = id(&stripe.post("/v1/accounts", &[("type", "standard")]).await);
    let form = [
        ("account", account.as_str()),
        ("type", "account_onboarding"),
        ("refresh_url", "http://127.0.0.1:3000/r"),
        ("return_url", "http://127.0.0.1:3000/d"),
    ];
    let link = stripe.post("/v1/account_links", &form).await;
    let path = link["url"]
        .as_str()
        .unwrap()
        .split_once("localhost")
        .unwrap()
        .1
        .split_once('/')
        .unwrap()
        .1
        .to_owned();
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let first = browser.get(format!("{}/{path}", stripe.base())).send().await.unwrap();
    assert_ne!(
        first.headers().get("location").map(|to| to.to_str().unwrap()),
        Some("http://127.0.0.1:3000/r")
    );
    let second = browser.get(format!("{}/{path}", stripe.base())).send().await.unwrap();
    assert!(second.status().is_redirection());
    assert_eq!(second.headers()["location"], "http://127.0.0.1:3000/r");
    let missing = stripe.refused("POST", "/v1/account_links", &form[..2]).await;
    assert_eq!(missing.code(), "parameter_missing");
}

#[tokio::test]
async fn standard_accounts_have_no_login_links() {
    let stripe = Stripe::start().await;
    let account = id(&stripe.post("/v1/accounts", &[("type", "standard")]).await);
    assert_eq!(
        stripe
            .refused("POST", &format!("/v1/accounts/{account}/login_links"), &[])
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn another_accounts_objects_do_not_exist() {
    let mut stripe = Stripe::connected().await;
    let customer = id(&stripe.post("/v1/customers", &[]).await);
    stripe.connect().await;
    let refused = stripe.refused("GET", &format!("/v1/customers/{customer}"), &[]).await;
    assert_eq!((refused.status, refused.code()), (404, "resource_missing"));
    assert_eq!(refused.message(), format!("No such customer: '{customer}'"));
    assert_eq!(stripe.get("/v1/customers", &[]).await["data"], json!([]));
    stripe.account = None;
    assert_eq!(
        stripe
            .refused("GET", &format!("/v1/customers/{customer}"), &[])
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_revoked_account_is_out_of_reach_and_says_so_by_an_event() {
    let mut stripe = Stripe::connected().await;
    let account = stripe.account.clone().unwrap();
    stripe
        .control(&format!("/_fake/accounts/{account}"), json!({"outcome": "revoked"}))
        .await;
    let refused = stripe.refused("GET", "/v1/customers", &[]).await;
    assert_eq!((refused.status, refused.code()), (403, "account_invalid"));
    assert!(refused.message().contains("Application access may have been revoked"));
    stripe.account = None;
    assert_eq!(
        stripe
            .refused("GET", &format!("/v1/accounts/{account}"), &[])
            .await
            .code(),
        "account_invalid"
    );
    stripe.account = Some("acct_unknown".into());
    assert_eq!(
        stripe.refused("GET", "/v1/customers", &[]).await.code(),
        "account_invalid"
    );
}

#[tokio::test]
async fn oauth_takes_access_away_and_gives_it_back() {
    let mut stripe = Stripe::connected().await;
    let account = stripe.account.take().unwrap();
    let http = reqwest::Client::new();
    let form = |path: &str, body: String| {
        http.post(format!("{}{path}", stripe.base()))
            .header("authorization", "Bearer sk_test_1")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    };
    let gone = form("/oauth/deauthorize", format!("client_id=ca_1&stripe_user_id={account}"))
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), 200);
    assert_eq!(
        stripe
            .refused("GET", &format!("/v1/accounts/{account}"), &[])
            .await
            .code(),
        "account_invalid"
    );
    let code = stripe.app_code(&account);
    let token = form("/oauth/token", format!("grant_type=authorization_code&code={code}"))
        .send()
        .await
        .unwrap();
    let token: serde_json::Value = serde_json::from_str(&token.text().await.unwrap()).unwrap();
    assert_eq!(token["stripe_user_id"], account.as_str());
    stripe.get(&format!("/v1/accounts/{account}"), &[]).await;
    let again = form("/oauth/token", format!("grant_type=authorization_code&code={code}"))
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 400);
}
