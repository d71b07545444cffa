use serde_json::Value;

use crate::{
    STORE,
    browser::Browser,
    support::{Stripe, id, period_end},
};

/// A portal session with these features, and its customer.
struct Portal {
    stripe: Stripe,
    browser: Browser,
    customer: String,
    /// The page's path.
    path: String,
}

async fn portal(features: &[&str], more: &[(&str, &str)]) -> Portal {
    let stripe = Stripe::connected().await;
    let customer = stripe.customer("pm_card_visa").await;
    let names: Vec<String> = features
        .iter()
        .map(|feature| format!("features[{feature}][enabled]"))
        .collect();
    let mut form: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "true")).collect();
    if features.is_empty() {
        form.push(("features[invoice_history][enabled]", "false"));
    }
    form.extend([
        ("business_profile[headline]", "Nova Club: your membership"),
        ("business_profile[privacy_policy_url]", "https://example.org/privacy"),
        ("business_profile[terms_of_service_url]", "https://example.org/terms"),
    ]);
    if features.contains(&"customer_update") {
        form.push(("features[customer_update][allowed_updates][0]", "email"));
    }
    form.extend(more);
    let configuration = id(&stripe.post("/v1/billing_portal/configurations", &form).await);
    let return_url = format!("{STORE}/membership");
    let session = [
        ("customer", customer.as_str()),
        ("configuration", configuration.as_str()),
        ("return_url", return_url.as_str()),
    ];
    let session = stripe.post("/v1/billing_portal/sessions", &session).await;
    let url = session["url"].as_str().unwrap();
    let path = url[url.find("/p/").unwrap()..].to_owned();
    Portal {
        browser: Browser::new(&stripe),
        stripe,
        customer,
        path,
    }
}

impl Portal {
    async fn subscription(&self, mode: &str) -> Value {
        let price = self.stripe.price("Gold", 1200, "month").await;
        let form = [
            ("customer", self.customer.as_str()),
            ("items[0][price]", &price),
            ("billing_mode[type]", mode),
        ];
        self.stripe.post("/v1/subscriptions", &form).await
    }
}

#[tokio::test]
async fn cancelling_sets_the_end_under_flexible_billing_and_is_told_by_an_event() {
    let portal = portal(&["subscription_cancel"], &[]).await;
    let subscription = portal.subscription("flexible").await;
    let cancel = format!("{}/subscriptions/{}/cancel", portal.path, id(&subscription));
    portal.browser.open(&cancel).await.must_show("It stays yours until");
    let next = portal.browser.submit(&cancel, &[]).await.location;
    let page = portal.browser.open(&next).await;
    page.must_show("Your subscription is canceled.");
    page.must_show("Don’t cancel subscription");
    let now = portal.stripe.subscription(&id(&subscription)).await;
    assert_eq!(now["cancel_at"], period_end(&subscription));
    assert_eq!(now["cancel_at_period_end"], false);
    let types = portal.stripe.event_types().await;
    assert_eq!(
        types.last().map(String::as_str),
        Some("customer.subscription.updated"),
        "{types:?}"
    );
    portal.stripe.stop().await;
}

#[tokio::test]
async fn cancelling_sets_the_flag_under_classic_billing() {
    let portal = portal(&["subscription_cancel"], &[]).await;
    let subscription = portal.subscription("classic").await;
    portal
        .browser
        .submit(
            &format!("{}/subscriptions/{}/cancel", portal.path, id(&subscription)),
            &[],
        )
        .await;
    let now = portal.stripe.subscription(&id(&subscription)).await;
    assert_eq!(now["cancel_at_period_end"], true);
    portal.stripe.stop().await;
}

#[tokio::test]
async fn a_cancellation_can_be_taken_back() {
    let portal = portal(&["subscription_cancel"], &[]).await;
    let subscription = id(&portal.subscription("flexible").await);
    let base = format!("{}/subscriptions/{subscription}", portal.path);
    portal.browser.submit(&format!("{base}/cancel"), &[]).await;
    portal.browser.submit(&format!("{base}/renew"), &[]).await;
    let now = portal.stripe.subscription(&subscription).await;
    assert!(now["cancel_at"].is_null());
    portal
        .browser
        .open(&portal.path)
        .await
        .must_show("Renews on 28 February 2026.");
    portal.stripe.stop().await;
}

#[tokio::test]
async fn features_that_are_off_are_neither_shown_nor_served() {
    let portal = portal(&[], &[]).await;
    let subscription = id(&portal.subscription("flexible").await);
    let page = portal.browser.open(&portal.path).await;
    page.must_show("Gold");
    for hidden in [
        "Cancel subscription",
        "Add payment method",
        "Invoice history",
        "Billing information",
    ] {
        assert!(!page.shows(hidden), "{hidden} is shown");
    }
    let cancel = format!("{}/subscriptions/{subscription}/cancel", portal.path);
    assert_eq!(portal.browser.open(&cancel).await.status, 404);
    assert!(portal.browser.submit(&cancel, &[]).await.location.is_empty());
    assert!(portal.stripe.subscription(&subscription).await["cancel_at"].is_null());
    for path in ["/payment-methods/add", "/customer"] {
        assert_eq!(
            portal.browser.open(&format!("{}{path}", portal.path)).await.status,
            404,
            "{path}"
        );
    }
    portal.stripe.stop().await;
}

#[tokio::test]
async fn the_page_shows_the_configurations_words_and_the_way_back() {
    let portal = portal(&["invoice_history"], &[]).await;
    let page = portal.browser.open(&portal.path).await;
    page.must_show("Nova Club: your membership");
    page.must_show("https://example.org/privacy");
    page.must_show("https://example.org/terms");
    page.must_show(&format!("href=\"{STORE}/membership\""));
    page.must_show("Return to");
    portal.stripe.stop().await;
}

#[tokio::test]
async fn a_card_is_added_after_a_decline_and_becomes_the_default() {
    let portal = portal(&["payment_method_update"], &[]).await;
    let add = format!("{}/payment-methods/add", portal.path);
    let card = |number| {
        [
            ("card_number", number),
            ("exp", "1/30"),
            ("cvc", "123"),
            ("name", "Ann Lee"),
        ]
    };
    portal
        .browser
        .submit(&add, &card("4000000000000002"))
        .await
        .must_show("Your card was declined.");
    let next = portal.browser.submit(&add, &card("5555555555554444")).await.location;
    portal.browser.open(&next).await.must_show("Mastercard •••• 4444");
    let customer = portal
        .stripe
        .get(&format!("/v1/customers/{}", portal.customer), &[])
        .await;
    let default = customer["invoice_settings"]["default_payment_method"]
        .as_str()
        .unwrap()
        .to_owned();
    let method = portal.stripe.get(&format!("/v1/payment_methods/{default}"), &[]).await;
    assert_eq!(
        (&method["card"]["last4"], &method["card"]["exp_year"]),
        (&"4444".into(), &2030.into())
    );
    portal.stripe.stop().await;
}

#[tokio::test]
async fn a_card_of_3d_secure_is_saved_once_its_bank_agrees() {
    let portal = portal(&["payment_method_update"], &[]).await;
    let add = format!("{}/payment-methods/add", portal.path);
    let card = [("card_number", "4000002500003155"), ("exp", "1/30"), ("cvc", "123")];
    let question = portal.browser.submit(&add, &card).await.location;
    portal
        .browser
        .open(&question)
        .await
        .must_show("Complete authentication");
    portal
        .browser
        .submit(&question, &[("answer", "fail")])
        .await
        .must_show("unable to authenticate");
    portal.browser.submit(&add, &card).await;
    portal.browser.submit(&question, &[("answer", "complete")]).await;
    portal.browser.open(&portal.path).await.must_show("Visa •••• 3155");
    portal.stripe.stop().await;
}

#[tokio::test]
async fn a_card_can_be_preferred_and_removed() {
    let portal = portal(&["payment_method_update"], &[]).await;
    let first = {
        let saved = portal
            .stripe
            .get(&format!("/v1/customers/{}/payment_methods", portal.customer), &[])
            .await;
        id(&saved["data"][0])
    };
    let second = portal.stripe.give_card(&portal.customer, "pm_card_mastercard").await;
    portal
        .browser
        .submit(&format!("{}/payment-methods/{first}/default", portal.path), &[])
        .await;
    let customer = portal
        .stripe
        .get(&format!("/v1/customers/{}", portal.customer), &[])
        .await;
    assert_eq!(customer["invoice_settings"]["default_payment_method"], first.as_str());
    portal
        .browser
        .submit(&format!("{}/payment-methods/{second}/remove", portal.path), &[])
        .await;
    let saved = portal
        .stripe
        .get(&format!("/v1/customers/{}/payment_methods", portal.customer), &[])
        .await;
    assert_eq!(saved["data"].as_array().unwrap().len(), 1);
    portal.stripe.stop().await;
}

#[tokio::test]
async fn only_the_allowed_information_can_be_changed() {
    let portal = portal(&["customer_update"], &[]).await;
    let customer = format!("{}/customer", portal.path);
    let form = portal.browser.open(&customer).await;
    assert!(form.shows("name=\"email\"") && !form.shows("name=\"phone\""));
    let bad = portal.browser.submit(&customer, &[("email", "nobody")]).await;
    bad.must_show("Your e-mail address is invalid.");
    assert_eq!(bad.value("email"), "nobody");
    portal
        .browser
        .submit(&customer, &[("email", "new@example.org"), ("name", "Someone Else")])
        .await;
    let known = portal
        .stripe
        .get(&format!("/v1/customers/{}", portal.customer), &[])
        .await;
    assert_eq!(known["email"], "new@example.org");
    assert_ne!(known["name"], "Someone Else");
    portal.stripe.stop().await;
}

#[tokio::test]
async fn another_customers_subscription_does_not_exist_here() {
    let portal = portal(&["subscription_cancel"], &[]).await;
    let other = portal.stripe.customer("pm_card_visa").await;
    let price = portal.stripe.price("Silver", 500, "month").await;
    let theirs = id(&portal.stripe.subscribe(&other, &price).await);
    let cancel = format!("{}/subscriptions/{theirs}/cancel", portal.path);
    assert_eq!(portal.browser.open(&cancel).await.status, 404);
    assert_eq!(portal.browser.submit(&cancel, &[]).await.status, 404);
    assert!(!portal.browser.open(&portal.path).await.shows("Silver"));
    assert_eq!(portal.browser.open("/p/session/nonsense").await.status, 404);
    portal.stripe.stop().await;
}

#[tokio::test]
async fn invoices_lead_to_their_receipts() {
    let portal = portal(&["invoice_history"], &[]).await;
    let subscription = portal.subscription("flexible").await;
    let invoice = portal.stripe.subscription(&id(&subscription)).await["latest_invoice"].clone();
    let page = portal.browser.open(&portal.path).await;
    page.must_show("$12.00");
    page.must_show(invoice["hosted_invoice_url"].as_str().unwrap());
    portal
        .browser
        .open(invoice["hosted_invoice_url"].as_str().unwrap())
        .await
        .must_show("Receipt");
    portal.stripe.stop().await;
}

#[tokio::test]
async fn a_session_for_one_task_opens_there_and_ends_where_it_says() {
    let portal = portal(&["payment_method_update"], &[]).await;
    let after = format!("{STORE}/after");
    let form = [
        ("customer", portal.customer.as_str()),
        ("flow_data[type]", "payment_method_update"),
        ("flow_data[after_completion][type]", "redirect"),
        ("flow_data[after_completion][redirect][return_url]", after.as_str()),
        ("return_url", STORE),
    ];
    let session = portal.stripe.post("/v1/billing_portal/sessions", &form).await;
    let add = portal.browser.open(session["url"].as_str().unwrap()).await.location;
    portal.browser.open(&add).await.must_show("Add a payment method");
    let card = [("card_number", "4242424242424242"), ("exp", "1/30"), ("cvc", "123")];
    assert_eq!(portal.browser.submit(&add, &card).await.location, after);
    portal.stripe.stop().await;
}
