//! Turns to ask Stripe: people's and other work's.

use std::time::Duration;

use super::between::{Bench, Step};
use crate::stripe::{Limits, Rate, StripeError, background};

async fn bench(burst: u32, person_waits: u64, background_waits: u64) -> Bench {
    let rate = Rate { burst, per_second: 1 };
    let endpoint = Rate {
        burst: 100,
        per_second: 100,
    };
    let bench = Bench::with(Some(Limits {
        account: rate,
        endpoint,
        reserved: Rate {
            burst: 0,
            per_second: 0,
        },
        person_waits: Duration::from_secs(person_waits),
        background_waits: Duration::from_secs(background_waits),
    }))
    .await;
    bench.always(Step::empty_page());
    bench
}

async fn call(bench: &Bench, account: &str) -> Result<(), StripeError> {
    bench.stripe.on(account).active_prices().await.map(drop)
}

#[tokio::test]
async fn whoever_comes_too_fast_waits_and_not_for_long() {
    let bench = bench(2, 3, 60).await;
    let (patient, calls) = (bench.stripe.on("acct_1"), 6);
    let all = (0..calls).map(|_| patient.active_prices());
    let mut answers = Vec::new();
    for answer in all {
        answers.push(answer.await.is_ok());
    }
    assert_eq!(answers, [true; 6]);
    let waited = bench.waited();
    assert!(
        waited >= Duration::from_secs(3) && waited <= Duration::from_secs(4),
        "{waited:?}"
    );
    assert_eq!(bench.asked().len(), 6);
    bench.finish().await;
}

#[tokio::test]
async fn a_person_gets_no_answer_rather_than_a_long_wait_and_work_waits_longer() {
    let bench = bench(1, 0, 20).await;
    call(&bench, "acct_1").await.expect("the first");
    let error = call(&bench, "acct_1").await.expect_err("no turn in time");
    assert!(matches!(error, StripeError::TooBusy), "{error}");
    assert!(error.is_unavailable() && !error.is_definite());
    assert_eq!(bench.asked().len(), 1, "nothing was sent");
    call(&bench, "acct_2").await.expect("another account");
    background(call(&bench, "acct_1")).await.expect("work waits");
    assert!(bench.waited() >= Duration::from_secs(1));
    bench.finish().await;
}

#[tokio::test]
async fn work_leaves_the_last_turns_to_people() {
    let bench = bench(4, 0, 0).await;
    for _ in 0..2 {
        background(call(&bench, "acct_1")).await.expect("enough for all");
    }
    let error = background(call(&bench, "acct_1"))
        .await
        .expect_err("the rest is people's");
    assert!(error.is_unavailable());
    for _ in 0..2 {
        call(&bench, "acct_1").await.expect("a person");
    }
    assert_eq!((bench.asked().len(), bench.waited()), (4, Duration::ZERO));
    bench.finish().await;
}
