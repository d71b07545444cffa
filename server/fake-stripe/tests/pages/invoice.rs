use serde_json::Value;

use crate::{
    browser::Browser,
    support::{Stripe, id},
};

/// A subscription that waits for its first payment, with its invoice.
async fn unpaid(stripe: &Stripe) -> Value {
    let customer = id(&stripe
        .post("/v1/customers", &[("email", "ann@example.org"), ("name", "Ann Lee")])
        .await);
    let price = stripe.price("Gold", 1200, "month").await;
    let form = [
        ("customer", customer.as_str()),
        ("items[0][price]", price.as_str()),
        ("payment_behavior", "default_incomplete"),
        ("application_fee_percent", "5"),
        ("payment_settings[save_default_payment_method]", "on_subscription"),
        ("expand[]", "latest_invoice"),
    ];
    stripe.post("/v1/subscriptions", &form).await
}

fn path(subscription: &Value) -> String {
    let url = subscription["latest_invoice"]["hosted_invoice_url"].as_str().unwrap();
    url[url.find("/i/").unwrap()..].to_owned()
}

fn card(number: &str) -> [(&str, &str); 4] {
    [
        ("payment_method", "new"),
        ("card_number", number),
        ("exp", "12/34"),
        ("cvc", "123"),
    ]
}

#[tokio::test]
async fn an_open_invoice_is_paid_after_a_decline_and_becomes_a_receipt() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let subscription = unpaid(&stripe).await;
    let path = path(&subscription);
    let bill = browser.open(&path).await;
    bill.must_show("Pay $12.00");
    bill.must_show("Ann Lee, ann@example.org");
    let declined = browser.submit(&path, &card("4000000000000069")).await;
    declined.must_show("Your card has expired.");
    assert_eq!(declined.value("card_number"), "4000000000000069");
    assert_eq!(stripe.subscription(&id(&subscription)).await["status"], "incomplete");

    assert_eq!(browser.submit(&path, &card("4242424242424242")).await.location, path);
    let receipt = browser.open(&path).await;
    receipt.must_show("Receipt");
    receipt.must_show("Visa •••• 4242");
    assert!(!receipt.shows("Pay $12.00"));
    assert_eq!(stripe.subscription(&id(&subscription)).await["status"], "active");
    browser.open(&format!("{path}/receipt")).await.must_show("Receipt");
    stripe.stop().await;
}

#[tokio::test]
async fn the_platforms_fee_stands_in_the_note_for_developers() {
    let stripe = Stripe::connected().await;
    let page = Browser::new(&stripe).open(&path(&unpaid(&stripe).await)).await;
    let note = page
        .html
        .split("<aside")
        .find(|part| part.contains("For developers"))
        .unwrap()
        .to_owned();
    assert!(note.contains("$0.60"), "{note}");
    stripe.stop().await;
}

#[tokio::test]
async fn a_card_of_3d_secure_pays_once_its_bank_agrees() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let subscription = unpaid(&stripe).await;
    let path = path(&subscription);
    let question = browser.submit(&path, &card("4000002760003184")).await.location;
    assert_eq!(question, format!("{path}/authenticate"));
    browser.open(&question).await.must_show("$12.00");
    browser
        .submit(&question, &[("answer", "fail")])
        .await
        .must_show("unable to authenticate");
    assert_eq!(stripe.subscription(&id(&subscription)).await["status"], "incomplete");
    let invoice = id(&subscription["latest_invoice"]);
    let expand = [("expand[]", "payments.data.payment.payment_intent")];
    let invoice = stripe.get(&format!("/v1/invoices/{invoice}"), &expand).await;
    let intent = invoice["payments"]["data"][0]["payment"]["payment_intent"].clone();
    assert_eq!(intent["status"], "requires_payment_method");
    assert_eq!(
        intent["last_payment_error"]["code"],
        "payment_intent_authentication_failure"
    );
    browser.submit(&path, &card("4000002760003184")).await;
    assert_eq!(
        browser.submit(&question, &[("answer", "complete")]).await.location,
        path
    );
    assert_eq!(stripe.subscription(&id(&subscription)).await["status"], "active");
    // Asked again, by a second tab: there is nothing left to confirm.
    assert_eq!(browser.open(&question).await.location, path);
    stripe.stop().await;
}

#[tokio::test]
async fn a_void_invoice_cannot_be_paid() {
    let stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let subscription = unpaid(&stripe).await;
    stripe
        .post(
            &format!("/v1/invoices/{}/void", id(&subscription["latest_invoice"])),
            &[],
        )
        .await;
    let path = path(&subscription);
    let page = browser.open(&path).await;
    page.must_show("This invoice is void.");
    assert!(!page.shows("name=\"card_number\""));
    browser.submit(&path, &card("4242424242424242")).await;
    let invoice = stripe
        .get(&format!("/v1/invoices/{}", id(&subscription["latest_invoice"])), &[])
        .await;
    assert_eq!(invoice["status"], "void");
    stripe.stop().await;
}

#[tokio::test]
async fn an_invoice_is_found_only_under_its_own_account() {
    let mut stripe = Stripe::connected().await;
    let browser = Browser::new(&stripe);
    let path = path(&unpaid(&stripe).await);
    let mine = stripe.account.clone().unwrap();
    let other = stripe.connect().await;
    assert_eq!(browser.open(&path).await.status, 200);
    assert_eq!(browser.open(&path.replace(&mine, &other)).await.status, 404);
    stripe.stop().await;
}
