use serde_json::Value;

use crate::{
    STORE,
    browser::Browser,
    support::{Stripe, id},
};

const GOOD: &str = "4242 4242 4242 4242";

fn card(number: &str) -> Vec<(&str, &str)> {
    vec![
        ("payment_method", "new"),
        ("card_number", number),
        ("exp", "12 / 34"),
        ("cvc", "987"),
        ("name", "Ann Lee"),
    ]
}

/// A session for a customer, with whatever else is given.
async fn session(stripe: &Stripe, customer: &str, more: &[(&str, &str)]) -> Value {
    let price = stripe.price("Gold", 1200, "month").await;
    let (success, cancel) = (
        format!("{STORE}/ok?s={{CHECKOUT_SESSION_ID}}"),
        format!("{STORE}/c/nova"),
    );
    let mut form = vec![
        ("mode", "subscription"),
        ("success_url", success.as_str()),
        ("cancel_url", cancel.as_str()),
        ("line_items[0][price]", price.as_str()),
        ("line_items[0][quantity]", "1"),
        ("subscription_data[application_fee_percent]", "5"),
    ];
    if !customer.is_empty() {
        form.push(("customer", customer));
    }
    form.extend(more);
    stripe.post("/v1/checkout/sessions", &form).await
}

async fn customer(stripe: &Stripe) -> String {
    id(&stripe.post("/v1/customers", &[("email", "ann@example.org")]).await)
}

async fn again(stripe: &Stripe, session: &Value) -> Value {
    stripe.get(&format!("/v1/checkout/sessions/{}", id(session)), &[]).await
}

fn path(session: &Value) -> String {
    format!("/c/pay/{}", id(session))
}

#[tokio::test]
async fn the_page_says_what_is_bought_and_hides_the_platforms_fee() {
    let stripe = Stripe::connected().await;
    let session = session(&stripe, &customer(&stripe).await, &[]).await;
    let page = Browser::new(&stripe).open(session["url"].as_str().unwrap()).await;
    for text in [
        "Subscribe to Gold",
        "$12.00",
        "per month",
        "Total due today",
        "ann@example.org",
        "no money moves",
    ] {
        page.must_show(text);
    }
    page.must_show(&format!("href=\"{STORE}/c/nova\""));
    assert!(
        !page.shows("0.60") && !page.shows("application fee"),
        "the fee is not the customer's business"
    );
    stripe.stop().await;
}

#[tokio::test]
async fn a_declined_card_can_be_tried_again_on_the_same_page() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let session = session(&stripe, &customer(&stripe).await, &[]).await;
    let declined = browser.submit(&path(&session), &card("4000 0000 0000 9995")).await;
    declined.must_show("Your card has insufficient funds.");
    assert_eq!(declined.value("card_number"), "4000 0000 0000 9995");
    assert_eq!(declined.value("name"), "Ann Lee");
    assert_eq!(declined.value("cvc"), "");
    assert_eq!(again(&stripe, &session).await["status"], "open");

    let paid = browser.submit(&path(&session), &card(GOOD)).await;
    assert_eq!(paid.location, format!("{STORE}/ok?s={}", id(&session)));
    let done = again(&stripe, &session).await;
    assert_eq!(
        (&done["status"], &done["payment_status"]),
        (&"complete".into(), &"paid".into())
    );
    let types = stripe.event_types().await;
    assert!(types.contains(&"checkout.session.completed".to_owned()), "{types:?}");
    stripe.stop().await;
}

#[tokio::test]
async fn what_cannot_be_a_card_is_told_at_its_field() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let session = session(&stripe, &customer(&stripe).await, &[]).await;
    let typed = [("card_number", "4242 4242"), ("exp", "01 / 20"), ("cvc", "x")];
    let page = browser.submit(&path(&session), &typed).await;
    page.must_show("Your card number is incomplete.");
    page.must_show(
        "Your card&#39;s expiration year is in the past."
            .replace("&#39;", "'")
            .as_str(),
    );
    page.must_show("Your card's security code is incomplete.");
    browser
        .submit(&path(&session), &card("4111 1111 1111 1111"))
        .await
        .must_show("Your card number is incorrect.");
    stripe.stop().await;
}

#[tokio::test]
async fn a_card_of_3d_secure_asks_its_bank_first() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let session = session(&stripe, &customer(&stripe).await, &[]).await;
    let question = browser
        .submit(&path(&session), &card("4000 0027 6000 3184"))
        .await
        .location;
    let page = browser.open(&question).await;
    page.must_show("Complete authentication");
    page.must_show("$12.00");

    let failed = browser.submit(&question, &[("answer", "fail")]).await;
    failed.must_show("We are unable to authenticate your payment method.");
    assert_eq!(again(&stripe, &session).await["status"], "open");
    // The question is answered: without another attempt there is nothing to confirm.
    assert_eq!(
        browser.submit(&question, &[("answer", "complete")]).await.location,
        path(&session)
    );

    browser.submit(&path(&session), &card("4000 0027 6000 3184")).await;
    let done = browser.submit(&question, &[("answer", "complete")]).await;
    assert_eq!(done.location, format!("{STORE}/ok?s={}", id(&session)));
    assert_eq!(again(&stripe, &session).await["status"], "complete");
    stripe.stop().await;
}

#[tokio::test]
async fn a_saved_card_pays_without_typing() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let customer = stripe.customer("pm_card_visa").await;
    let session = session(&stripe, &customer, &[("subscription_data[trial_period_days]", "7")]).await;
    let page = browser.open(&path(&session)).await;
    page.must_show("Visa •••• 4242");
    page.must_show("7 days free");
    let saved = stripe
        .get(&format!("/v1/customers/{customer}/payment_methods"), &[])
        .await;
    let method = id(&saved["data"][0]);
    let done = browser.submit(&path(&session), &[("payment_method", &method)]).await;
    assert_eq!(done.location, format!("{STORE}/ok?s={}", id(&session)));
    let subscription = again(&stripe, &session).await["subscription"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(stripe.subscription(&subscription).await["status"], "trialing");
    stripe.stop().await;
}

#[tokio::test]
async fn another_customers_card_does_not_exist_here() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let other = stripe.customer("pm_card_visa").await;
    let theirs = id(&stripe.get(&format!("/v1/customers/{other}/payment_methods"), &[]).await["data"][0]);
    let session = session(&stripe, &customer(&stripe).await, &[]).await;
    assert_eq!(
        browser
            .submit(&path(&session), &[("payment_method", &theirs)])
            .await
            .status,
        404
    );
    assert_eq!(again(&stripe, &session).await["status"], "open");
    stripe.stop().await;
}

#[tokio::test]
async fn a_completed_session_says_so_and_charges_nothing_again() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let customer = customer(&stripe).await;
    let session = session(&stripe, &customer, &[]).await;
    browser.submit(&path(&session), &card(GOOD)).await;
    let page = browser.open(&path(&session)).await;
    page.must_show("This checkout is completed.");
    page.must_show(&format!("{STORE}/ok?s={}", id(&session)));
    assert_eq!(
        browser.submit(&path(&session), &card(GOOD)).await.location,
        path(&session)
    );
    let subscriptions = stripe.get("/v1/subscriptions", &[("customer", &customer)]).await;
    assert_eq!(subscriptions["data"].as_array().unwrap().len(), 1);
    stripe.stop().await;
}

#[tokio::test]
async fn an_expired_session_says_so_with_a_way_back() {
    let stripe = Stripe::connected().await;
    let session = session(&stripe, &customer(&stripe).await, &[]).await;
    stripe
        .post(&format!("/v1/checkout/sessions/{}/expire", id(&session)), &[])
        .await;
    let page = Browser::new(&stripe).open(&path(&session)).await;
    page.must_show("This page has expired");
    page.must_show(&format!("href=\"{STORE}/c/nova\""));
    stripe.stop().await;
}

#[tokio::test]
async fn a_new_customer_gives_an_email_address() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let session = session(&stripe, "", &[]).await;
    browser
        .submit(&path(&session), &card(GOOD))
        .await
        .must_show("Enter your e-mail address");
    let mut form = card(GOOD);
    form.push(("email", "new@example.org"));
    browser.submit(&path(&session), &form).await;
    let done = again(&stripe, &session).await;
    assert_eq!(done["customer_details"]["email"], "new@example.org");
    assert!(done["customer_email"].is_null());
    stripe.stop().await;
}

#[tokio::test]
async fn setup_mode_saves_a_card_and_charges_nothing() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let customer = customer(&stripe).await;
    let success = format!("{STORE}/ok");
    let form = [
        ("mode", "setup"),
        ("currency", "eur"),
        ("customer", customer.as_str()),
        ("success_url", &success),
    ];
    let session = stripe.post("/v1/checkout/sessions", &form).await;
    browser.open(&path(&session)).await.must_show("Nothing is charged now.");
    assert_eq!(browser.submit(&path(&session), &card(GOOD)).await.location, success);
    let saved = stripe
        .get(&format!("/v1/customers/{customer}/payment_methods"), &[])
        .await;
    assert_eq!(saved["data"][0]["billing_details"]["name"], "Ann Lee");
    assert_eq!(saved["data"][0]["card"]["exp_year"], 2034);
    stripe.stop().await;
}

#[tokio::test]
async fn a_test_card_is_filled_in_without_script() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let session = session(&stripe, "", &[]).await;
    let pressed = [("email", "ann@example.org"), ("test_card", "5555555555554444")];
    let page = browser.submit(&path(&session), &pressed).await;
    assert_eq!(page.value("card_number"), "5555 5555 5555 4444");
    assert_eq!(page.value("email"), "ann@example.org");
    assert_eq!(again(&stripe, &session).await["status"], "open");
    stripe.stop().await;
}
