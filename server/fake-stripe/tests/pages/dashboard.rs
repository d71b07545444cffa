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

#[tokio::test]
async fn a_payment_is_refunded_and_disputed_by_hand() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let customer = stripe.customer("pm_card_visa").await;
    let price = stripe.price("Gold", 1200, "month").await;
    stripe.subscribe(&customer, &price).await;
    let path = format!("/dashboard/{}", stripe.account.as_deref().unwrap());
    let charge = id(&stripe.get("/v1/charges", &[]).await["data"][0]);
    let payment = format!("{path}/payments/{charge}");
    browser.open(&path).await.must_show(&payment);
    let part = browser.submit(&payment, &[("act", "refund"), ("amount", "2.50")]).await;
    browser.open(&part.location).await.must_show("partly refunded");
    let refunded = stripe.get(&format!("/v1/charges/{charge}"), &[]).await;
    assert_eq!(refunded["amount_refunded"], 250);
    for wrong in ["2.505", "much", "-1"] {
        let refused = browser.submit(&payment, &[("act", "refund"), ("amount", wrong)]).await;
        assert_eq!(refused.status, 400, "{wrong}");
    }
    browser.submit(&payment, &[("act", "dispute"), ("amount", "")]).await;
    browser.open(&path).await.must_show("disputed");
    let disputed = id(&stripe.get("/v1/disputes", &[]).await["data"][0]);
    let invoice = id(&stripe.get("/v1/invoices", &[]).await["data"][0]);
    let row = format!("{path}#{invoice}");
    browser.open(&path).await.must_show(&format!("<tr id=\"{invoice}\">"));
    for address in [
        payment.clone(),
        format!("{path}/disputes/{disputed}"),
        format!("{path}/invoices/{invoice}"),
    ] {
        assert_eq!(browser.open(&address).await.location, row, "{address}");
    }
    for address in ["payments/ch_none", "disputes/du_none", "invoices/in_none"] {
        assert_eq!(
            browser.open(&format!("{path}/{address}")).await.status,
            404,
            "{address}"
        );
    }
    browser.submit(&payment, &[("act", "won")]).await;
    let dispute = stripe.get("/v1/disputes", &[]).await["data"][0].clone();
    assert_eq!((&dispute["status"], &dispute["amount"]), (&"won".into(), &1200.into()));
    browser.submit(&payment, &[("act", "refund"), ("amount", "")]).await;
    browser.open(&path).await.must_show(">refunded<");
    assert_eq!(browser.submit(&payment, &[("act", "nonsense")]).await.status, 400);
}

#[tokio::test]
async fn a_subscription_is_changed_by_hand() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let customer = stripe.customer("pm_card_visa").await;
    let price = stripe.price("Gold", 1200, "month").await;
    let subscription = id(&stripe.subscribe(&customer, &price).await);
    let path = format!("/dashboard/{}", stripe.account.as_deref().unwrap());
    let own = format!("{path}/subscriptions/{subscription}");
    assert_eq!(browser.open(&own).await.location, format!("{path}#{subscription}"));
    let now = async || stripe.get(&format!("/v1/subscriptions/{subscription}"), &[]).await;
    for (act, shown) in [
        ("end", "Ends soon"),
        ("go_on", "Active"),
        ("pause", "Paused"),
        ("resume", "Active"),
        ("strip", "It has no items"),
        ("cancel", "Canceled"),
    ] {
        browser.open(&path).await.must_show(&format!("value=\"{act}\""));
        let done = browser.submit(&own, &[("act", act)]).await;
        browser.open(&done.location).await.must_show(shown);
    }
    assert_eq!(
        (&now().await["status"], &now().await["items"]["data"]),
        (&"canceled".into(), &serde_json::json!([]))
    );
    assert_eq!(browser.submit(&own, &[("act", "pause")]).await.status, 400);
    assert!(!browser.open(&path).await.shows(&own));
}

#[tokio::test]
async fn what_follows_failed_payments_is_chosen_and_an_account_can_be_deleted() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let path = format!("/dashboard/{}", stripe.account.as_deref().unwrap());
    let form = format!("{path}/after_failed_payments");
    browser.submit(&form, &[("after", "pause")]).await;
    browser.open(&path).await.must_show("<option value=\"pause\" selected>");
    assert_eq!(browser.submit(&form, &[("after", "nothing")]).await.status, 400);
    browser.submit(&format!("{path}/delete"), &[]).await;
    browser.open(&path).await.must_show("Deleted");
    let refused = stripe.refused("GET", "/v1/products", &[]).await;
    assert!(refused.message().contains("has been deleted"));
}
