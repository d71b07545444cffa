use crate::{
    browser::Browser,
    support::{Stripe, id},
};

#[tokio::test]
async fn payments_are_listed_with_the_platforms_fee() {
    let stripe = Stripe::connected().await;
    let customer = stripe.customer("pm_card_visa").await;
    let price = stripe.price("Gold", 1200, "month").await;
    let form = [
        ("customer", customer.as_str()),
        ("items[0][price]", &price),
        ("application_fee_percent", "5"),
    ];
    stripe.post("/v1/subscriptions", &form).await;
    let path = format!("/dashboard/{}", stripe.account.as_deref().unwrap());
    let page = Browser::new(&stripe).open(&path).await;
    for text in [
        "$12.00",
        "$0.60",
        "buyer@example.com",
        "Gold",
        "$12.00 per month",
        "Ready",
    ] {
        page.must_show(text);
    }
    stripe.stop().await;
}

#[tokio::test]
async fn the_switch_isolates_every_hosted_page() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let path = format!("/dashboard/{}", stripe.account.as_deref().unwrap());
    let pages = [
        path.as_str(),
        "/dashboard",
        "/c/pay/cs_none",
        "/p/session/none",
        "/i/acct_none/none",
    ];
    for page in pages {
        assert_eq!(browser.open(page).await.opener_policy, None, "{page}");
    }
    browser.submit(&format!("{path}/opener"), &[("isolated", "yes")]).await;
    for page in pages {
        assert_eq!(
            browser.open(page).await.opener_policy.as_deref(),
            Some("same-origin"),
            "{page}"
        );
    }
    browser.submit(&format!("{path}/opener"), &[("isolated", "no")]).await;
    assert_eq!(browser.open(&path).await.opener_policy, None);
    stripe.stop().await;
}

#[tokio::test]
async fn disconnecting_takes_the_platforms_access_away() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let path = format!("/dashboard/{}", stripe.account.as_deref().unwrap());
    browser.submit(&format!("{path}/disconnect"), &[]).await;
    assert_eq!(
        stripe.refused("GET", "/v1/products", &[]).await.code(),
        "account_invalid"
    );
    browser.open(&path).await.must_show("Not connected");
    stripe.stop().await;
}

#[tokio::test]
async fn closing_an_account_makes_it_unusable() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let path = format!("/dashboard/{}", stripe.account.as_deref().unwrap());
    browser.submit(&format!("{path}/close"), &[]).await;
    assert_eq!(
        stripe.refused("GET", "/v1/products", &[]).await.code(),
        "account_invalid"
    );
    browser.open(&path).await.must_show("Closed");
    stripe.stop().await;
}

#[tokio::test]
async fn the_accounts_state_can_be_changed_and_is_told() {
    let mut stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let account = stripe.account.clone().unwrap();
    let path = format!("/dashboard/{account}");
    browser
        .submit(&format!("{path}/outcome"), &[("outcome", "due_soon")])
        .await;
    let page = browser.open(&path).await;
    page.must_show("Due soon");
    page.must_show("Individual: verification, document");
    browser
        .submit(&format!("{path}/outcome"), &[("outcome", "rejected")])
        .await;
    assert_eq!(
        stripe.event_types().await.last().map(String::as_str),
        Some("account.updated")
    );
    stripe.account = None;
    let known = stripe.get(&format!("/v1/accounts/{account}"), &[]).await;
    assert_eq!(known["requirements"]["disabled_reason"], "rejected.fraud");
    assert_eq!(
        browser
            .submit(&format!("{path}/outcome"), &[("outcome", "nonsense")])
            .await
            .status,
        400
    );
    assert_eq!(browser.open("/dashboard/acct_none").await.status, 404);
    assert_eq!(id(&known), account);
    stripe.stop().await;
}
