//! Until when an idempotency key is trusted, and what is done then.

use std::collections::HashMap;

use chrono::Duration;
use sea_orm::EntityTrait;
use serde_json::json;

use super::between::{Asked, Bench, Step};
use crate::{
    Mailer, Parts, Randomness, Settings, Store,
    entity::stripe_write,
    stripe::{StripeError, error::Refused},
};

async fn create(bench: &Bench, account: &str) -> Result<String, StripeError> {
    bench
        .stripe
        .on(account)
        .create_customer("customer:1", "a@example.org", HashMap::new())
        .await
}

fn look() -> Asked {
    Asked {
        what: "GET /customers".to_owned(),
        key: None,
    }
}

fn send(key: &str) -> Asked {
    Asked {
        what: "POST /customers".to_owned(),
        key: Some(key.to_owned()),
    }
}

#[tokio::test]
async fn a_5xx_that_was_not_replayed_is_sent_again_under_its_key_which_alone_is_sure_not_to_do_it_twice() {
    let bench = Bench::new().await;
    let account = bench.account().await;
    bench.plan(vec![Step::say(504); 3]);
    create(&bench, &account).await.expect_err("no answer");
    bench.asked();
    create(&bench, &account).await.expect("a customer");
    assert_eq!(bench.asked(), [send("customer:1")]);
    bench.finish().await;
}

#[tokio::test]
async fn after_stripe_cannot_be_working_on_it_any_more_it_is_looked_up_first() {
    let bench = Bench::new().await;
    let account = bench.account().await;
    bench.plan(vec![Step::say(504); 6]);
    create(&bench, &account).await.expect_err("no answer");
    bench.clock.advance(Duration::seconds(90));
    create(&bench, &account).await.expect_err("no answer");
    bench.clock.advance(Duration::seconds(31));
    bench.asked();
    create(&bench, &account).await.expect("a customer");
    assert_eq!(
        bench.asked(),
        [look(), send("customer:1#1")],
        "two minutes from the first failure"
    );
    bench.finish().await;
}

#[tokio::test]
async fn a_look_that_fails_sends_nothing() {
    let bench = Bench::new().await;
    let account = bench.account().await;
    bench.plan([Step::Stick { done: true }]);
    create(&bench, &account).await.expect_err("a saved failure");
    bench.asked();
    bench.plan([Step::say(403)]);
    create(&bench, &account).await.expect_err("nobody knows");
    assert_eq!(bench.asked(), [look()]);
    create(&bench, &account).await.expect("the customer");
    assert_eq!(
        (bench.asked(), bench.count(&account, "customers").await),
        (vec![look()], 1)
    );
    bench.finish().await;
}

#[tokio::test]
async fn a_key_that_stripe_may_have_forgotten_is_not_sent_again() {
    let bench = Bench::new().await;
    let account = bench.account().await;
    let first = create(&bench, &account).await.expect("a customer");
    bench.clock.advance(Duration::hours(22));
    assert_eq!(create(&bench, &account).await.expect("the customer"), first);
    bench.clock.advance(Duration::hours(2));
    bench.asked();
    assert_eq!(create(&bench, &account).await.expect("the customer"), first);
    assert_eq!(bench.asked(), [look()]);
    bench.finish().await;
}

#[tokio::test]
async fn a_refusal_is_followed_by_a_new_call_without_a_look() {
    let bench = Bench::new().await;
    let account = bench.account().await;
    bench.plan([Step::say(400)]);
    let error = create(&bench, &account).await.expect_err("refused");
    assert!(error.is_definite() && !error.is_unavailable());
    bench.asked();
    create(&bench, &account).await.expect("a customer");
    assert_eq!(bench.asked(), [send("customer:1#1")]);
    bench.finish().await;
}

#[tokio::test]
async fn a_refusal_after_a_call_without_an_answer_proves_nothing() {
    let bench = Bench::new().await;
    let account = bench.account().await;
    bench.plan(vec![Step::DoBut(503); 3]);
    create(&bench, &account)
        .await
        .expect_err("no answer, though it was made");
    bench.plan([Step::say(403)]);
    create(&bench, &account)
        .await
        .expect_err("refused before the key was looked at");
    bench.asked();
    create(&bench, &account).await.expect("the customer");
    assert_eq!(
        (bench.asked(), bench.count(&account, "customers").await),
        (vec![look()], 1)
    );
    bench.finish().await;
}

#[tokio::test]
async fn other_parameters_under_a_used_key_are_no_refusal_but_looked_up_at_once() {
    let bench = Bench::new().await;
    let account = bench.account().await;
    let stripe = bench.stripe.on(&account);
    bench.plan(vec![Step::DoBut(503); 3]);
    let lost = stripe.create_product("product:1", "Gold", "", HashMap::new()).await;
    lost.expect_err("no answer, though it was made");
    let renamed = stripe.create_product("product:1", "Golden", "", HashMap::new()).await;
    assert_eq!(renamed.expect("the product"), "product_1");
    assert_eq!(bench.count(&account, "products").await, 1);
    bench.asked();
    // A change has nothing to look for: it is made under a new key.
    stripe
        .update_product("name:1", "product_1", "Gilded", "", true)
        .await
        .expect("changed");
    stripe
        .update_product("name:1", "product_1", "Silver", "", true)
        .await
        .expect("changed");
    let keys: Vec<_> = bench.asked().into_iter().filter_map(|asked| asked.key).collect();
    assert_eq!(keys, ["name:1", "name:1", "name:1#1"]);
    assert_eq!(
        bench.stripe_has(&account, "products/product_1").await["name"],
        json!("Silver")
    );
    bench.finish().await;
}

#[test]
fn what_stripe_says_of_keys_is_neither_definite_nor_for_people() {
    let refused = |kind: &str| {
        StripeError::Refused(Box::new(Refused {
            status: 400,
            kind: kind.to_owned(),
            message: Some("said".to_owned()),
            ..Refused::default()
        }))
    };
    let error = refused("idempotency_error");
    assert!(!error.is_definite() && error.message_for_people().is_none());
    let error = refused("invalid_request_error");
    assert!(error.is_definite() && error.message_for_people().is_some());
}

#[tokio::test]
async fn two_that_find_a_key_spent_at_once_make_one_thing() {
    let bench = Bench::new().await;
    let account = bench.account().await;
    bench.plan([Step::Stick { done: false }]);
    create(&bench, &account).await.expect_err("a saved failure");
    let (a, b) = tokio::join!(create(&bench, &account), create(&bench, &account));
    assert_eq!(a.expect("a customer"), b.expect("the same"));
    assert_eq!(bench.count(&account, "customers").await, 1);
    bench.finish().await;
}

#[tokio::test]
async fn notes_go_when_they_were_answered_long_ago_and_stay_while_nobody_knows() {
    let bench = Bench::new().await;
    let account = bench.account().await;
    let stripe = bench.stripe.on(&account);
    let customer = async |key: &str| stripe.create_customer(key, "a@example.org", HashMap::new()).await;
    customer("made").await.expect("a customer");
    bench.plan([Step::say(400)]);
    customer("refused").await.expect_err("refused");
    bench.plan(vec![Step::say(504); 3]);
    customer("unknown").await.expect_err("no answer");
    customer("unknown again").await.expect("a customer");
    bench.plan(vec![Step::say(504); 3]);
    customer("unknown again").await.expect_err("no answer");
    bench.plan([Step::Stick { done: true }]);
    customer("found").await.expect_err("a saved failure");
    customer("found").await.expect("the customer");

    let store = store(&bench);
    bench.clock.advance(Duration::days(29));
    store.tidy_up().await.expect("tidy");
    assert_eq!(notes(&bench).await.len(), 6);
    bench.clock.advance(Duration::days(2));
    store.tidy_up().await.expect("tidy");
    assert_eq!(notes(&bench).await, ["unknown", "unknown again"]);
    bench.finish().await;
}

async fn notes(bench: &Bench) -> Vec<String> {
    let rows = stripe_write::Entity::find()
        .all(bench.database.read())
        .await
        .expect("rows");
    let mut notes: Vec<String> = rows.into_iter().map(|row| row.id).collect();
    notes.sort();
    notes
}

fn store(bench: &Bench) -> Store {
    Store::new(Parts {
        database: bench.database.clone(),
        stripe: bench.stripe.clone(),
        mailer: Mailer::kept(false),
        clock: bench.clock.clone(),
        randomness: Randomness::seeded(1),
        public_url: "http://127.0.0.1:3000".to_owned(),
        settings: Settings {
            fee_hundredths: 0,
            client_id: None,
            connect_base: String::new(),
            dashboard: String::new(),
            livemode: false,
            webhook_secrets: Vec::new(),
            platform_admins: Vec::new(),
            state_secret: String::new(),
        },
    })
}
