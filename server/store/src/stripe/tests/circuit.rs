//! While Stripe does not answer, nobody waits for it.

use std::time::Duration;

use serde_json::json;
use tokio::net::TcpListener;

use super::between::{Bench, Step, stripe};
use crate::stripe::StripeError;

async fn call(bench: &Bench, account: &str) -> Result<(), StripeError> {
    bench.stripe.on(account).active_prices().await.map(drop)
}

#[tokio::test]
async fn after_failures_in_a_row_calls_fail_at_once_until_one_is_answered() {
    let bench = Bench::new().await;
    bench.always(Step::say(503));
    for _ in 0..2 {
        assert!(bench.stripe.is_answering("acct_1"));
        call(&bench, "acct_1").await.expect_err("an outage");
    }
    assert_eq!(bench.asked().len(), 6);
    assert!(!bench.stripe.is_answering("acct_1"));
    let error = call(&bench, "acct_1").await.expect_err("not asked");
    assert!(matches!(error, StripeError::NotAnswering), "{error}");
    assert!(error.is_unavailable() && !error.is_definite());
    assert_eq!(bench.asked().len(), 0);
    assert!(bench.stripe.is_answering("acct_2"));

    bench.clock.advance(chrono::Duration::seconds(31));
    assert!(bench.stripe.is_answering("acct_1"), "the next call finds out");
    let error = call(&bench, "acct_1").await.expect_err("still an outage");
    assert!(matches!(error, StripeError::Refused(_)), "what Stripe said: {error}");
    assert_eq!(bench.asked().len(), 1, "one alone finds out");
    call(&bench, "acct_1").await.expect_err("not asked");
    assert_eq!(bench.asked().len(), 0);

    bench.always(Step::empty_page());
    bench.clock.advance(chrono::Duration::seconds(31));
    for _ in 0..2 {
        call(&bench, "acct_1").await.expect("an answer");
    }
    bench.finish().await;
}

#[tokio::test]
async fn refusals_limits_and_replays_are_answers() {
    let bench = Bench::new().await;
    let replayed = Step::Say(500, vec![("idempotent-replayed", "true")], json!({}));
    for step in [
        Step::say(400),
        Step::say(402),
        Step::say(403),
        Step::say(409),
        Step::say(429),
        replayed,
    ] {
        bench.always(step.clone());
        for _ in 0..8 {
            call(&bench, "acct_1").await.expect_err("refused");
        }
        assert!(bench.stripe.is_answering("acct_1"), "{step:?}");
    }
    bench.finish().await;
}

#[tokio::test]
async fn an_address_where_nobody_listens_is_not_asked_for_ever() {
    let bench = Bench::new().await;
    let nobody = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = nobody.local_addr().expect("an address");
    drop(nobody);
    let stripe = stripe(&format!("http://{address}"), None, &bench.database, &bench.clock);
    let mut errors = Vec::new();
    for _ in 0..3 {
        errors.push(stripe.account("acct_1").await.expect_err("nobody"));
    }
    assert!(errors.iter().all(StripeError::is_unavailable));
    assert!(matches!(
        errors[..],
        [
            StripeError::NoAnswer(_),
            StripeError::NoAnswer(_),
            StripeError::NotAnswering
        ]
    ));
    assert!(!stripe.is_answering(""), "the platform's own calls");
    let waited = stripe.transport.now() - bench.clock.now();
    assert!(waited.to_std().expect("forward") < Duration::from_secs(5));
    bench.finish().await;
}
