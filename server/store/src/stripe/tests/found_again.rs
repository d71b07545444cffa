//! Stripe saves a 500 under the key of a write and replays it for a day, whether the write happened or not. Each thing
//! we make can be found again then, so it is made exactly once.

use std::collections::HashMap;

use model::{
    connect::PortalSettings,
    interval::Interval,
    money::{Currency, Money},
    subscription::SubscriptionStatus,
};
use serde_json::json;

use super::between::{Bench, Step};
use crate::stripe::{Downgrade, NewCheckout, NewPrice, StripeError, StripeSubscription, Switch};

/// Makes one thing whose 500 sticks though it was made, and one whose 500 sticks and it was not.
async fn is_made_once<T>(bench: &Bench, list: (&str, &str), make: impl AsyncFn(&str) -> Result<T, StripeError>) {
    for done in [true, false] {
        let key = format!("made:{}:{done}", list.1);
        survives(bench, list, &key, done, async || make(&key).await).await;
    }
}

/// `key`: the key of the call that sticks. `list`: an account and where in it things of the kind are listed.
async fn survives<T>(
    bench: &Bench,
    (account, list): (&str, &str),
    key: &str,
    done: bool,
    make: impl AsyncFn() -> Result<T, StripeError>,
) {
    let before = bench.count(account, list).await;
    bench.asked();
    bench.plan([Step::Stick { done }]);
    let error = make().await.err().expect("a saved failure");
    assert!(error.is_unavailable(), "{list}: {error}");
    let asked = bench.asked();
    let writes = asked.iter().filter(|asked| asked.key.is_some()).count();
    assert_eq!(writes, 2, "{list}: the replay is not asked for again");
    assert_eq!(bench.count(account, list).await, before + usize::from(done), "{list}");
    assert!(make().await.is_ok(), "{list}, done: {done}");
    let asked = bench.asked();
    let again = asked.iter().any(|asked| asked.key == Some(format!("{key}#1")));
    assert_eq!(again, !done, "{list}, done: {done}: {asked:?}");
    assert!(
        asked.iter().all(|asked| asked.key.as_deref() != Some(key)),
        "{list}: {asked:?}"
    );
    assert_eq!(bench.count(account, list).await, before + 1, "{list}, done: {done}");
}

pub(super) fn mark() -> HashMap<String, String> {
    HashMap::from([("community".to_owned(), "c1".to_owned())])
}

fn gold(minor: i64) -> Money {
    Money::new(minor, Currency::parse("eur").expect("a currency"))
}

async fn price(bench: &Bench, account: &str, minor: i64) -> String {
    let stripe = bench.stripe.on(account);
    let product = stripe
        .create_product(&format!("product:{minor}"), "Gold", "", HashMap::new())
        .await;
    let new = NewPrice {
        product: &product.expect("a product"),
        amount: gold(minor),
        interval: Interval::Month,
        metadata: mark(),
    };
    let made = stripe.create_price(&format!("price:{minor}"), new).await;
    made.expect("a price")
}

fn checkout<'a>(customer: &str, price: &'a str) -> NewCheckout<'a> {
    NewCheckout {
        customer: customer.to_owned(),
        price,
        success_url: "http://127.0.0.1:3000/paid".to_owned(),
        cancel_url: "http://127.0.0.1:3000/left".to_owned(),
        metadata: mark(),
        fee_percent: None,
    }
}

/// A subscription that was paid with `card`.
pub(super) async fn subscription(bench: &Bench, account: &str, card: &str) -> StripeSubscription {
    let stripe = bench.stripe.on(account);
    let price = price(bench, account, 1500).await;
    let customer = stripe
        .create_customer("customer:payer", "a@example.org", HashMap::new())
        .await;
    let customer = customer.expect("a customer");
    let session = stripe
        .create_checkout("checkout:payer", checkout(&customer, &price))
        .await;
    let id = session.expect("a session").id;
    bench
        .control(&format!("checkout/{id}/complete"), json!({ "card": card }))
        .await;
    let session = stripe.checkout(&id).await.expect("a session");
    let subscription = stripe.subscription(&session.subscription.expect("paid")).await;
    bench.asked();
    subscription.expect("a subscription")
}

#[tokio::test]
async fn a_connected_account_is_made_once() {
    let bench = Bench::new().await;
    is_made_once(&bench, ("", "accounts"), async |key| {
        bench.stripe.create_account(key, "c1", "owner@example.org").await
    })
    .await;
    bench.finish().await;
}

#[tokio::test]
async fn customers_and_checkouts_are_made_once() {
    let bench = Bench::new().await;
    let account = bench.account().await;
    let stripe = bench.stripe.on(&account);
    is_made_once(&bench, (&account, "customers"), async |key| {
        stripe.create_customer(key, "a@example.org", HashMap::new()).await
    })
    .await;
    let customer = stripe
        .create_customer("customer:1", "a@example.org", HashMap::new())
        .await;
    let (customer, price) = (customer.expect("a customer"), price(&bench, &account, 1500).await);
    is_made_once(&bench, (&account, "checkout/sessions"), async |key| {
        stripe.create_checkout(key, checkout(&customer, &price)).await
    })
    .await;
    bench.finish().await;
}

#[tokio::test]
async fn products_prices_and_portal_configurations_are_made_once() {
    let bench = Bench::new().await;
    let account = bench.account().await;
    let stripe = bench.stripe.on(&account);
    is_made_once(&bench, (&account, "products"), async |key| {
        stripe.create_product(key, "Gold", "", HashMap::new()).await
    })
    .await;
    let product = stripe.create_product("product:1", "Gold", "", HashMap::new()).await;
    let product = product.expect("a product");
    is_made_once(&bench, (&account, "prices"), async |key| {
        let new = NewPrice {
            product: &product,
            amount: gold(1500),
            interval: Interval::Month,
            metadata: mark(),
        };
        stripe.create_price(key, new).await
    })
    .await;
    is_made_once(&bench, (&account, "billing_portal/configurations"), async |key| {
        let wanted = PortalSettings {
            headline: String::new(),
            privacy_policy_url: String::new(),
            terms_of_service_url: String::new(),
            customer_update: true,
            invoice_history: true,
            payment_method_update: true,
            subscription_cancel: true,
        };
        stripe.create_portal_config(key, &wanted, "http://127.0.0.1:3000").await
    })
    .await;
    bench.finish().await;
}

#[tokio::test]
async fn a_product_and_a_price_whose_notes_were_lost_are_not_made_again() {
    let bench = Bench::new().await;
    let account = bench.account().await;
    let first = price(&bench, &account, 1500).await;
    // As if the notes were gone, and Stripe had forgotten the keys.
    let other = Bench::new().await;
    let stripe = super::between::stripe(&bench.api_base, None, &other.database, &bench.clock);
    bench.always(Step::PassUnkeyed);
    let product = stripe
        .on(&account)
        .create_product("product:1500", "Gold", "", HashMap::new())
        .await;
    assert_eq!(product.expect("the product"), "product_1500");
    let new = NewPrice {
        product: "product_1500",
        amount: gold(1500),
        interval: Interval::Month,
        metadata: mark(),
    };
    let again = stripe.on(&account).create_price("price:1500", new).await;
    assert_eq!(again.expect("the price"), first);
    other.finish().await;
    bench.finish().await;
}

#[tokio::test]
async fn a_switch_is_charged_once() {
    let bench = Bench::new().await;
    let account = bench.account().await;
    let held = subscription(&bench, &account, "4242424242424242").await;
    let stripe = bench.stripe.on(&account);
    let prices = [price(&bench, &account, 2500).await, price(&bench, &account, 3500).await];
    is_made_once(&bench, (&account, "invoices"), async |key| {
        let price = &prices[usize::from(key.ends_with("false"))];
        let switch = Switch {
            subscription: &held.id,
            item: &held.items[0].id,
            price,
            metadata: mark(),
            charged: true,
            keeps: false,
            proration_date: Some(bench.clock.now()),
        };
        let now = stripe.switch(key, switch).await?;
        assert_eq!(&now.items[0].price, price);
        Ok(())
    })
    .await;
    bench.finish().await;
}

#[tokio::test]
async fn a_subscription_is_resumed_once() {
    let bench = Bench::new().await;
    let account = bench.account().await;
    let held = subscription(&bench, &account, "4242424242424242").await;
    let stripe = bench.stripe.on(&account);
    for done in [true, false] {
        let path = format!("/v1/subscriptions/{}/pause", held.id);
        bench.post(&account, &path, "type=subscription").await;
        let key = format!("resume:{done}");
        bench.plan([Step::Stick { done }]);
        stripe.resume(&key, &held.id).await.expect_err("a saved failure");
        bench.asked();
        let now = stripe.resume(&key, &held.id).await.expect("resumed");
        assert_ne!(now.status, SubscriptionStatus::Paused);
        let keys: Vec<_> = bench.asked().into_iter().filter_map(|asked| asked.key).collect();
        assert_eq!(keys.is_empty(), done);
    }
    bench.finish().await;
}

#[tokio::test]
async fn a_downgrade_makes_one_schedule() {
    let bench = Bench::new().await;
    let account = bench.account().await;
    let held = subscription(&bench, &account, "4242424242424242").await;
    let stripe = bench.stripe.on(&account);
    let cheaper = price(&bench, &account, 500).await;
    for done in [true, false] {
        let downgrade = Downgrade {
            subscription: &held.id,
            current_price: &held.items[0].price,
            price: &cheaper,
            period_start: held.items[0].period_start,
            period_end: held.items[0].period_end,
            metadata: mark(),
        };
        let key = format!("downgrade:{done}");
        let list = (&*account, "subscription_schedules");
        survives(&bench, list, &format!("{key}:create"), done, async || {
            let made = stripe.schedule_downgrade(&key, None, &downgrade).await?;
            assert_eq!(made.next.expect("a change").0, cheaper);
            Ok(())
        })
        .await;
        let schedule = stripe
            .subscription(&held.id)
            .await
            .expect("it")
            .schedule
            .expect("a schedule");
        stripe
            .release_schedule(&format!("release:{done}"), &schedule)
            .await
            .expect("released");
    }
    bench.finish().await;
}
