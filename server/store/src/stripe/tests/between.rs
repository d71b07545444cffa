//! A proxy before fake-stripe that does to each request what the test planned, and keeps what was asked.

use std::{
    cell::Cell,
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, Response, Uri},
};
use fake_stripe::{Clock as FakeClock, FakeStripe, Options};
use migrations::{Migrator, MigratorTrait};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    Clock, Database, Randomness,
    stripe::{Limits, Stripe, StripeConfig},
};

/// 2026-03-10 12:00:00 UTC
const START: i64 = 1_773_144_000;

/// What becomes of a request. When the plan is at its end, requests pass.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Pass,
    /// Carried out as if the key had never been seen: Stripe forgets.
    PassUnkeyed,
    /// It is not carried out.
    Say(u16, Vec<(&'static str, &'static str)>, Value),
    /// It is carried out, but this is what is said.
    DoBut(u16),
    /// 500, saved under the key and replayed, after it was carried out or not.
    Stick {
        done: bool,
    },
}

impl Step {
    /// An answer to a read: nothing is listed.
    pub(super) fn empty_page() -> Self {
        let page = json!({ "object": "list", "data": [], "has_more": false, "url": "/v1/prices" });
        Self::Say(200, Vec::new(), page)
    }

    pub(super) fn say(status: u16) -> Self {
        Self::Say(status, Vec::new(), json!({ "error": { "type": "api_error" } }))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// `POST /customers`, without a query.
    pub what: String,
    pub key: Option<String>,
}

#[derive(Debug)]
struct Between {
    target: String,
    http: reqwest::Client,
    plan: Mutex<VecDeque<Step>>,
    /// For all requests after the plan.
    rest: Mutex<Step>,
    asked: Mutex<Vec<Asked>>,
    stuck: Mutex<HashMap<String, u16>>,
}

pub(super) struct Bench {
    pub stripe: Stripe,
    pub clock: Clock,
    pub database: Database,
    pub api_base: String,
    between: Arc<Between>,
    fake: FakeStripe,
    serving: JoinHandle<()>,
    waited: Cell<chrono::Duration>,
    _folder: tempfile::TempDir,
}

impl Bench {
    pub(super) async fn new() -> Self {
        Self::with(None).await
    }

    pub(super) async fn with(limits: Option<Limits>) -> Self {
        let options = Options {
            clock: FakeClock::Fixed(START),
            ..Options::default()
        };
        let fake = FakeStripe::start(TcpListener::bind("127.0.0.1:0").await.expect("a port"), options)
            .await
            .expect("fake");
        let between = Arc::new(Between {
            target: fake.api_base(),
            http: reqwest::Client::new(),
            plan: Mutex::default(),
            rest: Mutex::new(Step::Pass),
            asked: Mutex::default(),
            stuck: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let api_base = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&between));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.expect("served") });
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("store.sqlite").display());
        let database = Database::connect(&url).await.expect("a database");
        Migrator::up(database.write(), None).await.expect("migrations");
        let clock = Clock::manual(START);
        let stripe = stripe(&api_base, limits, &database, &clock);
        Self {
            stripe,
            clock,
            database,
            api_base,
            between,
            fake,
            serving,
            waited: Cell::default(),
            _folder: folder,
        }
    }

    pub(super) fn plan(&self, steps: impl IntoIterator<Item = Step>) {
        self.between.plan.lock().expect("a lock").extend(steps);
    }

    /// For every request from now on.
    pub(super) fn always(&self, step: Step) {
        *self.between.rest.lock().expect("a lock") = step;
    }

    /// What was asked since this was called last.
    pub(super) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.between.asked.lock().expect("a lock"))
    }

    /// How long was waited since this was asked last.
    pub(super) fn waited(&self) -> Duration {
        let all = self.stripe.transport.now() - self.clock.now();
        (all - self.waited.replace(all)).to_std().expect("waiting goes forward")
    }

    /// What is there, as the account's owner sees it.
    pub(super) async fn stripe_has(&self, account: &str, path: &str) -> Value {
        let request = self
            .between
            .http
            .get(format!("{}/v1/{path}", self.fake.api_base()))
            .bearer_auth("sk_test_1")
            .header("stripe-account", account);
        let body = request.send().await.expect("an answer").bytes().await.expect("a body");
        serde_json::from_slice(&body).expect("JSON")
    }

    pub(super) async fn count(&self, account: &str, path: &str) -> usize {
        let list = self.stripe_has(account, path).await;
        list["data"].as_array().expect("a list").len()
    }

    pub(super) async fn control(&self, path: &str, body: Value) {
        let request = self
            .between
            .http
            .post(format!("{}/_fake/{path}", self.fake.api_base()))
            .header("content-type", "application/json")
            .body(body.to_string());
        let response = request.send().await.expect("an answer");
        assert!(response.status().is_success(), "{path}: {:?}", response.text().await);
    }

    /// What the account's owner does, by a form.
    pub(super) async fn post(&self, account: &str, path: &str, form: &'static str) {
        let request = self
            .between
            .http
            .post(format!("{}{path}", self.fake.api_base()))
            .bearer_auth("sk_test_1")
            .header("stripe-account", account)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let response = request.send().await.expect("an answer");
        assert!(response.status().is_success(), "{path}: {:?}", response.text().await);
    }

    /// A connected account that takes payments.
    pub(super) async fn account(&self) -> String {
        let account = self
            .stripe
            .create_account("account:1", "c1", "owner@example.org")
            .await
            .expect("an account")
            .account;
        self.control(&format!("accounts/{account}/complete_onboarding"), json!({}))
            .await;
        self.asked();
        account
    }

    pub(super) async fn finish(self) {
        self.serving.abort();
        self.fake.stop().await;
        self.database.close().await;
    }
}

pub(super) fn stripe(api_base: &str, limits: Option<Limits>, database: &Database, clock: &Clock) -> Stripe {
    let config = StripeConfig {
        secret_key: "sk_test_1".to_owned(),
        api_base: api_base.to_owned(),
        timeout: Duration::from_secs(20),
        limits,
    };
    Stripe::new(config, database.clone(), clock.clone(), Randomness::seeded(1)).expect("a client")
}

async fn answer(
    State(between): State<Arc<Between>>,
    method: Method,
    uri: Uri,
    mut headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let key = headers
        .get("idempotency-key")
        .map(|key| key.to_str().expect("a key").to_owned());
    let path = uri.path().strip_prefix("/v1").expect("the API");
    between.asked.lock().expect("a lock").push(Asked {
        what: format!("{method} {path}"),
        key: key.clone(),
    });
    if let Some(status) = key
        .as_ref()
        .and_then(|key| between.stuck.lock().expect("a lock").get(key).copied())
    {
        return said(
            status,
            &[("idempotent-replayed", "true")],
            &json!({ "error": { "type": "api_error" } }),
        );
    }
    let planned = between.plan.lock().expect("a lock").pop_front();
    let step = planned.unwrap_or_else(|| between.rest.lock().expect("a lock").clone());
    match step {
        Step::Pass => between.pass(method, &uri, headers, body).await,
        Step::PassUnkeyed => {
            headers.remove("idempotency-key");
            between.pass(method, &uri, headers, body).await
        }
        Step::Say(status, headers, body) => said(status, &headers, &body),
        Step::DoBut(status) => {
            between.pass(method, &uri, headers, body).await;
            said(status, &[], &json!({ "error": { "type": "api_error" } }))
        }
        Step::Stick { done } => {
            if done {
                between.pass(method, &uri, headers, body).await;
            }
            between.stuck.lock().expect("a lock").insert(key.expect("a write"), 500);
            said(500, &[], &json!({ "error": { "type": "api_error" } }))
        }
    }
}

fn said(status: u16, headers: &[(&str, &str)], body: &Value) -> Response<Body> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(Body::from(body.to_string())).expect("a response")
}

impl Between {
    async fn pass(&self, method: Method, uri: &Uri, mut headers: HeaderMap, body: Bytes) -> Response<Body> {
        headers.remove("host");
        headers.remove("content-length");
        let request = self
            .http
            .request(method, format!("{}{uri}", self.target))
            .headers(headers);
        let answer = request.body(body).send().await.expect("an answer");
        let mut response = Response::builder().status(answer.status());
        for name in ["idempotent-replayed", "request-id"] {
            if let Some(value) = answer.headers().get(name) {
                response = response.header(name, value);
            }
        }
        response
            .body(Body::from(answer.bytes().await.expect("a body")))
            .expect("a response")
    }
}
