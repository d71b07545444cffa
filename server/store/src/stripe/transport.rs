//! HTTP under async-stripe's typed requests: pooled keep-alive connections, a time-out for each attempt, and retries
//! as Stripe's own clients make them (<https://docs.stripe.com/error-low-level>): two, 0.5 s doubling up to 5 s with
//! jitter, for connection errors, 409, 429 and 5xx; `Stripe-Should-Retry` wins over all of that.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{
    Method, Response, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, RETRY_AFTER},
};
use stripe_client_core::{
    ConfigOverride, CustomizedStripeRequest, RequestBuilder, StripeClient, StripeMethod, VERSION,
};

use super::{
    StripeConfig,
    error::{Refused, StripeError},
};
use crate::Randomness;

const RETRIES: u32 = 2;
const BASE_DELAY: Duration = Duration::from_millis(500);
const LONGEST_DELAY: Duration = Duration::from_secs(5);

const STRIPE_ACCOUNT: HeaderName = HeaderName::from_static("stripe-account");
const STRIPE_VERSION: HeaderName = HeaderName::from_static("stripe-version");
const SHOULD_RETRY: HeaderName = HeaderName::from_static("stripe-should-retry");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// The HTTP client.
#[derive(Debug)]
pub(super) struct Transport {
    client: reqwest::Client,
    config: StripeConfig,
    randomness: Randomness,
}

/// What an attempt came to.
enum Attempt {
    Answer(Bytes),
    Failed {
        error: StripeError,
        retry: bool,
        wait: Option<Duration>,
    },
}

impl Transport {
    pub(super) fn new(config: StripeConfig, randomness: Randomness) -> Result<Self, StripeError> {
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
        Ok(Self {
            client,
            config,
            randomness,
        })
    }

    pub(super) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    pub(super) fn secret_key(&self) -> &str {
        &self.config.secret_key
    }

    async fn attempt(&self, request: &RequestBuilder, options: &ConfigOverride) -> Attempt {
        match self.request(request, options).send().await {
            Err(error) => Attempt::Failed {
                error: StripeError::NoAnswer(error),
                retry: true,
                wait: None,
            },
            Ok(response) => read(response).await,
        }
    }

    fn request(&self, request: &RequestBuilder, options: &ConfigOverride) -> reqwest::RequestBuilder {
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
        if let Some(account) = &options.account_id {
            http = http.header(STRIPE_ACCOUNT, account.as_str());
        }
        if let Some(key) = options
            .request_strategy
            .as_ref()
            .and_then(stripe_client_core::RequestStrategy::get_key)
        {
            http = http.header(IDEMPOTENCY_KEY, key.as_str());
        }
        if let Some(body) = &request.body {
            http = http
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(ordered(body));
        }
        http
    }

    /// Exponential, capped, with half of it left to chance.
    fn delay(&self, retry: u32) -> Duration {
        let whole = BASE_DELAY.saturating_mul(1 << retry.min(8)).min(LONGEST_DELAY);
        whole.mul_f64(0.5 + self.randomness.fraction() / 2.0)
    }
}

impl StripeClient for Transport {
    type Err = StripeError;

    async fn execute(&self, request: CustomizedStripeRequest) -> Result<Bytes, StripeError> {
        let (request, options) = request.into_pieces();
        let mut retries = 0;
        loop {
            match self.attempt(&request, &options).await {
                Attempt::Answer(body) => return Ok(body),
                Attempt::Failed { error, retry, .. } if !retry || retries == RETRIES => return Err(error),
                Attempt::Failed { error, wait, .. } => {
                    tracing::warn!(%error, path = request.path, "asking Stripe again");
                    metrics::counter!("stripe_retries_total").increment(1);
                    tokio::time::sleep(wait.unwrap_or_else(|| self.delay(retries)).min(LONGEST_DELAY)).await;
                    retries += 1;
                }
            }
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

async fn read(response: Response) -> Attempt {
    let status = response.status();
    let headers = response.headers().clone();
    let body = match response.bytes().await {
        Ok(body) => body,
        Err(error) => {
            return Attempt::Failed {
                error: StripeError::NoAnswer(error),
                retry: true,
                wait: None,
            };
        }
    };
    metrics::counter!("stripe_answers_total", "status" => status.as_str().to_owned()).increment(1);
    if status.is_success() {
        return Attempt::Answer(body);
    }
    let retry = match text(&headers, &SHOULD_RETRY) {
        Some("true") => true,
        Some("false") => false,
        _ => matches!(status, StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS) || status.is_server_error(),
    };
    let wait = text(&headers, &RETRY_AFTER)
        .and_then(|seconds| seconds.parse().ok())
        .map(Duration::from_secs);
    Attempt::Failed {
        error: refused(status, &headers, &body),
        retry,
        wait,
    }
}

fn refused(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> StripeError {
    #[derive(serde::Deserialize)]
    struct Envelope {
        error: Refused,
    }
    let refused = serde_json::from_slice::<Envelope>(body)
        .map(|envelope| envelope.error)
        .unwrap_or_default();
    StripeError::Refused(Box::new(Refused {
        status: status.as_u16(),
        request_id: text(headers, &REQUEST_ID).map(str::to_owned),
        ..refused
    }))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
