//! HTTP under async-stripe's typed requests: pooled keep-alive connections, a time-out for each attempt, and manners for
//! bad times. Two retries a call (see [`answer`] for which, [`backoff`] for when), as long as the [`budget`] of this
//! process grants them; a turn within Stripe's [`limits`] before every attempt; and [`circuits`] that fail calls at once
//! while Stripe is not answering. All of them go by one [`timer`].

use std::time::Duration;

use bytes::Bytes;
use reqwest::{
    Method,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderName},
};
use stripe_client_core::{IdempotencyKey, RequestBuilder, StripeMethod, VERSION};
use stripe_shared::AccountId;

use self::{
    answer::Failed,
    budget::RetryBudget,
    circuits::Circuits,
    limits::{Buckets, Turn},
    priority::Priority,
    timer::{Timer, since},
};
use super::{StripeConfig, error::StripeError};
use crate::{Clock, Randomness};

mod answer;
mod backoff;
mod budget;
pub(super) mod circuits;
mod endpoint;
pub(super) mod limits;
pub(super) mod priority;
mod timer;

const RETRIES: u32 = 2;

const STRIPE_ACCOUNT: HeaderName = HeaderName::from_static("stripe-account");
const STRIPE_VERSION: HeaderName = HeaderName::from_static("stripe-version");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The HTTP client.
#[derive(Debug)]
pub(super) struct Transport {
    client: reqwest::Client,
    config: StripeConfig,
    randomness: Randomness,
    timer: Timer,
    budget: RetryBudget,
    buckets: Option<Buckets>,
    circuits: Circuits,
}

/// A call: the same for each of its attempts.
struct Call {
    request: RequestBuilder,
    /// Empty: the platform's own.
    account: String,
    key: Option<IdempotencyKey>,
    endpoint: String,
    priority: Priority,
}

impl Transport {
    pub(super) fn new(config: StripeConfig, clock: Clock, randomness: Randomness) -> Result<Self, StripeError> {
        // An error means that one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .user_agent(concat!("xiome-store/", env!("CARGO_PKG_VERSION")))
            .timeout(config.timeout)
            .connect_timeout(Duration::from_secs(5))
            .pool_idle_timeout(Duration::from_mins(1))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(StripeError::NoAnswer)?;
        let timer = Timer::new(clock);
        Ok(Self {
            client,
            randomness,
            budget: RetryBudget::new(timer.now()),
            buckets: config.limits.map(Buckets::new),
            circuits: Circuits::default(),
            timer,
            config,
        })
    }

    pub(super) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    pub(super) fn secret_key(&self) -> &str {
        &self.config.secret_key
    }

    /// Whether calls for this account (`""`: the platform's own) are let through.
    pub(super) fn is_answering(&self, account: &str) -> bool {
        self.circuits.is_closed(account, self.timer.now())
    }

    /// Whether there is no reason to tell people that Stripe does not answer for this account.
    pub(super) fn seems_well(&self, account: &str) -> bool {
        self.circuits.seems_well(account, self.timer.now())
    }

    /// The time that all of this goes by.
    #[cfg(test)]
    pub(super) fn now(&self) -> model::Timestamp {
        self.timer.now()
    }

    /// One attempt, in its turn, if the circuit is closed.
    async fn attempt(&self, call: &Call) -> Result<Bytes, Failed> {
        let not_answering = || Failed::not_sent(StripeError::NotAnswering);
        if !self.is_answering(&call.account) {
            return Err(not_answering());
        }
        self.turn(call).await.map_err(Failed::not_sent)?;
        let pass = self
            .circuits
            .enter(&call.account, self.timer.now())
            .ok_or_else(not_answering)?;
        let answer = match self.http(call).send().await {
            Err(error) => Err(Failed::no_answer(error)),
            Ok(response) => answer::read(response).await,
        };
        match &answer {
            Err(failed) if failed.is_silence() => pass.failed(self.timer.now()),
            _ => pass.answered(),
        }
        answer
    }

    /// Waits for a turn within the limits.
    async fn turn(&self, call: &Call) -> Result<(), StripeError> {
        let Some(buckets) = &self.buckets else { return Ok(()) };
        let (began, patience) = (self.timer.now(), buckets.patience(call.priority));
        loop {
            let now = self.timer.now();
            match buckets.turn(&call.account, &call.endpoint, call.priority, now) {
                Turn::Taken(wait) => {
                    if !wait.is_zero() {
                        self.timer.wait(wait).await;
                    }
                    return Ok(());
                }
                Turn::NotYet(wait) if since(began, now) + wait <= patience => self.timer.wait(wait).await,
                Turn::NotYet(_) => {
                    tracing::warn!(
                        account = call.account,
                        endpoint = call.endpoint,
                        "no turn to ask Stripe"
                    );
                    metrics::counter!("stripe_turns_refused_total").increment(1);
                    return Err(StripeError::TooBusy);
                }
            }
        }
    }

    /// How long to wait before the next attempt; none when there is to be none.
    fn wait_after(&self, failed: &Failed, retries: u32, priority: Priority) -> Option<Duration> {
        let backoff = failed.again.filter(|_| retries < RETRIES)?;
        if failed.at_least.is_some_and(|at_least| at_least > priority.patience()) {
            return None;
        }
        if !self.budget.spend(self.timer.now()) {
            metrics::counter!("stripe_retries_refused_total").increment(1);
            return None;
        }
        Some(backoff.wait(retries, failed.at_least, &self.randomness))
    }

    fn http(&self, call: &Call) -> reqwest::RequestBuilder {
        let request = &call.request;
        let base = self.config.api_base.trim_end_matches('/');
        let query = request.query.as_deref().filter(|query| !query.is_empty());
        let url = match query {
            Some(query) => format!("{base}/v1{}?{query}", request.path),
            None => format!("{base}/v1{}", request.path),
        };
        let method = match request.method {
            StripeMethod::Get => Method::GET,
            StripeMethod::Post => Method::POST,
            StripeMethod::Delete => Method::DELETE,
        };
        let mut http = self
            .client
            .request(method, url)
            .header(AUTHORIZATION, format!("Bearer {}", self.config.secret_key))
            .header(STRIPE_VERSION, VERSION.as_str());
        if !call.account.is_empty() {
            http = http.header(STRIPE_ACCOUNT, &call.account);
        }
        if let Some(key) = &call.key {
            http = http.header(IDEMPOTENCY_KEY, key.as_str());
        }
        if let Some(body) = &request.body {
            http = http
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(ordered(body));
        }
        http
    }
}

impl Transport {
    /// The body of Stripe's answer to a finished request.
    pub(super) async fn send(
        &self,
        request: RequestBuilder,
        account: Option<&AccountId>,
        key: Option<IdempotencyKey>,
    ) -> Result<Bytes, StripeError> {
        let call = Call {
            account: account.map_or("", AccountId::as_str).to_owned(),
            endpoint: endpoint::name(&request),
            priority: Priority::current(),
            request,
            key,
        };
        self.budget.earn(self.timer.now());
        let mut retries = 0;
        let mut before: Option<StripeError> = None;
        loop {
            let failed = match self.attempt(&call).await {
                Ok(body) => return Ok(body),
                Err(failed) => failed,
            };
            // What Stripe said to the attempt before tells more than that there was no other.
            if let (true, Some(before)) = (failed.error.is_unsent(), before.take()) {
                return Err(before);
            }
            let Some(wait) = self.wait_after(&failed, retries, call.priority) else {
                return Err(failed.error);
            };
            tracing::warn!(error = %failed.error, endpoint = call.endpoint, "asking Stripe again");
            metrics::counter!("stripe_retries_total").increment(1);
            self.timer.wait(wait).await;
            retries += 1;
            before = Some(failed.error);
        }
    }
}

/// The same parameters in the same order each time: async-stripe keeps metadata in hash maps, and a repeated call must be
/// the same call. Values of one key keep their order.
fn ordered(form: &str) -> String {
    let mut pairs: Vec<&str> = form.split('&').collect();
    pairs.sort_by_key(|pair| pair.split('=').next());
    pairs.join("&")
}
