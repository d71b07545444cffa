//! Addresses that lead nowhere.

use crate::{browser::Browser, support::Stripe};

#[tokio::test]
async fn an_unknown_address_says_so_in_words_and_that_it_is_fake() {
    let stripe = Stripe::start().await;
    let browser = Browser::new(&stripe);
    for path in ["/nowhere", "/dashboard/acct_1/nothing/at/all", "/i/a", "/c/pay/"] {
        let page = browser.open(path).await;
        assert_eq!(page.status, 404, "{path}");
        page.must_show("There is no such page");
        page.must_show("This is a fake Stripe.");
    }
    let page = browser.open("/p/session/x/subscriptions/sub_1/renew").await;
    assert_eq!(page.status, 405, "only its form goes there");
    page.must_show("Go back and try again.");
    page.must_show("This is a fake Stripe.");
    for path in ["/_fake/nothing", "/v1", "/oauth/nothing"] {
        let page = browser.open(path).await;
        assert_eq!(page.status, 404, "{path}");
        let refusal: serde_json::Value = serde_json::from_str(&page.html).unwrap();
        assert_eq!(refusal["error"]["type"], "invalid_request_error");
    }
    stripe.stop().await;
}
