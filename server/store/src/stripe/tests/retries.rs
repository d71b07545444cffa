//! Which failures are asked again, when, and how often.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, atomic::AtomicU64},
    time::Duration,
};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use serde_json::json;

use super::between::{Bench, Step};
use crate::stripe::{StripeError, background};

/// A call that only reads.
async fn read(bench: &Bench) -> Result<(), StripeError> {
    bench.stripe.on("acct_1").active_prices().await.map(drop)
}

fn limited(headers: Vec<(&'static str, &'static str)>) -> Step {
    Step::Say(
        429,
        headers,
        json!({ "error": { "type": "invalid_request_error", "code": "rate_limit" } }),
    )
}

fn locked() -> Step {
    Step::Say(
        429,
        Vec::new(),
        json!({ "error": { "type": "invalid_request_error", "code": "lock_timeout" } }),
    )
}

#[tokio::test]
async fn a_call_is_made_three_times_at_most_under_one_key() {
    let bench = Bench::new().await;
    for status in [409, 429, 500, 503] {
        bench.plan(vec![Step::say(status); 3]);
        let account = bench.stripe.on("acct_1");
        let answer = account
            .create_customer(&format!("customer:{status}"), "a@b.c", HashMap::new())
            .await;
        assert!(answer.expect_err("no answer").is_unavailable());
        let asked = bench.asked();
        assert_eq!(asked.len(), 3, "{status}");
        assert!(
            asked
                .iter()
                .all(|asked| asked.key.as_deref() == Some(&*format!("customer:{status}")))
        );
        bench.plan([Step::say(400)]);
        read(&bench).await.expect_err("a refusal, which is an answer");
        assert_eq!(bench.asked().len(), 1);
    }
    let waited = bench.waited();
    assert!(
        waited > Duration::ZERO && waited < Duration::from_secs(4 * 3 / 2),
        "{waited:?}"
    );
    bench.finish().await;
}

#[tokio::test]
async fn what_stripe_says_about_asking_again_wins_over_the_status() {
    let bench = Bench::new().await;
    let saying = |status, again| Step::Say(status, vec![("stripe-should-retry", again)], json!({}));
    for (status, again, times) in [
        (500, "false", 1),
        (429, "false", 1),
        (400, "true", 3),
        (400, "perhaps", 1),
    ] {
        bench.plan(vec![saying(status, again); times]);
        read(&bench).await.expect_err("refused");
        assert_eq!(bench.asked().len(), times, "{status} {again}");
    }
    bench.finish().await;
}

#[tokio::test]
async fn retry_after_is_waited_for_as_long_as_the_caller_can() {
    let bench = Bench::new().await;
    bench.always(Step::empty_page());
    let after = |seconds| limited(vec![("retry-after", seconds)]);
    let between = |wait: Duration, least: u64| {
        let least = Duration::from_secs(least);
        assert!(wait >= least && wait <= least + Duration::from_millis(500), "{wait:?}");
    };
    bench.plan([after("4")]);
    read(&bench).await.expect("the second time");
    between(bench.waited(), 4);
    bench.plan([after("6")]);
    assert!(read(&bench).await.expect_err("too long for a person").is_unavailable());
    assert_eq!(bench.waited(), Duration::ZERO);
    bench.plan([after("6")]);
    background(read(&bench)).await.expect("work can wait");
    between(bench.waited(), 6);
    bench.plan([after("86400")]);
    background(read(&bench)).await.expect_err("but not a day");
    assert_eq!(bench.waited(), Duration::ZERO);
    for nonsense in ["-1", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999999999999"] {
        bench.plan([after(nonsense)]);
        read(&bench).await.expect("the second time");
    }
    assert!(bench.waited() <= Duration::from_secs(2));
    bench.finish().await;
}

#[tokio::test]
async fn a_locked_object_is_asked_for_again_soon() {
    let bench = Bench::new().await;
    bench.always(Step::empty_page());
    for _ in 0..5 {
        bench.plan([locked(), locked()]);
        read(&bench).await.expect("the third time");
    }
    assert!(bench.waited() <= Duration::from_millis(5 * 450), "{:?}", bench.waited());
    bench.plan(vec![locked(); 3]);
    assert!(read(&bench).await.expect_err("still locked").is_unavailable());
    bench.finish().await;
}

#[tokio::test]
async fn an_outage_is_not_multiplied() {
    let bench = Bench::new().await;
    bench.always(Step::say(503));
    for n in 0..100 {
        // Each its own account, so that no circuit opens.
        let account = bench.stripe.on(&format!("acct_{n}"));
        account.active_prices().await.expect_err("an outage");
    }
    let retries = bench.asked().len() - 100;
    let refilled = bench.waited().as_secs() / 5 + 1;
    assert!(retries >= 19, "a reserve of ten and a tenth of the calls: {retries}");
    assert!(retries <= 20 + usize::try_from(refilled).expect("few"), "{retries}");
    bench.finish().await;
}

#[tokio::test]
async fn why_stripe_limits_us_is_counted_in_known_words() {
    let counters = Counters::default();
    let _here = metrics::set_default_local_recorder(&counters);
    let bench = Bench::new().await;
    bench.always(Step::empty_page());
    bench.plan([limited(vec![("stripe-rate-limited-reason", "endpoint-rate")])]);
    read(&bench).await.expect("the second time");
    bench.plan([limited(vec![("stripe-rate-limited-reason", "<script>")]), locked()]);
    read(&bench).await.expect("the third time");
    assert_eq!(
        counters.named("stripe_limited_total"),
        [
            ("endpoint-rate".to_owned(), 1),
            ("lock".to_owned(), 1),
            ("other".to_owned(), 1)
        ]
    );
    bench.finish().await;
}

/// Counters by name and the value of their label.
#[derive(Default)]
struct Counters(Mutex<HashMap<(String, String), Arc<AtomicU64>>>);

impl Counters {
    fn named(&self, name: &str) -> Vec<(String, u64)> {
        let counters = self.0.lock().expect("a lock");
        let ours = counters.iter().filter(|((counter, _), _)| counter == name);
        let mut counted: Vec<_> = ours
            .map(|((_, label), count)| (label.clone(), count.load(std::sync::atomic::Ordering::SeqCst)))
            .collect();
        counted.sort();
        counted
    }
}

impl Recorder for Counters {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let label = key.labels().map(|label| label.value().to_owned()).collect();
        let mut counters = self.0.lock().expect("a lock");
        let counter = counters.entry((key.name().to_owned(), label)).or_default();
        Counter::from_arc(Arc::clone(counter))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}
