//! What an attempt came to, and whether Stripe should be asked again
//! (<https://docs.stripe.com/error-low-level>): `Stripe-Should-Retry` wins over everything; without it, after connection
//! errors, 409, 429 and 5xx, but not after a 5xx that was replayed, for that is what the same key will always get.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{
    Response, StatusCode,
    header::{HeaderMap, HeaderName, RETRY_AFTER},
};

use super::backoff::Backoff;
use crate::stripe::error::{Refused, StripeError};

const SHOULD_RETRY: HeaderName = HeaderName::from_static("stripe-should-retry");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
const LIMITED_REASON: HeaderName = HeaderName::from_static("stripe-rate-limited-reason");
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// Why a rate was limited, in Stripe's words; another word is outside input, and no label of ours.
const REASONS: [&str; 5] = [
    "global-rate",
    "global-concurrency",
    "endpoint-rate",
    "endpoint-concurrency",
    "resource-specific",
];

/// A failed attempt.
#[derive(Debug)]
pub(super) struct Failed {
    pub error: StripeError,
    /// None: the same would happen again.
    pub again: Option<Backoff>,
    /// Stripe's `Retry-After`.
    pub at_least: Option<Duration>,
}

impl Failed {
    pub(super) fn no_answer(error: reqwest::Error) -> Self {
        Self {
            error: StripeError::NoAnswer(error),
            again: Some(Backoff::Usual),
            at_least: None,
        }
    }

    /// Nothing was sent.
    pub(super) fn not_sent(error: StripeError) -> Self {
        Self {
            error,
            again: None,
            at_least: None,
        }
    }

    /// Whether this means that Stripe is not there. A refusal is an answer, and so is the replay of an old failure.
    pub(super) fn is_silence(&self) -> bool {
        match &self.error {
            StripeError::NoAnswer(_) => true,
            StripeError::Refused(refused) => refused.status >= 500 && !refused.replayed,
            _ => false,
        }
    }
}

pub(super) async fn read(response: Response) -> Result<Bytes, Failed> {
    let status = response.status();
    let headers = response.headers().clone();
    let body = response.bytes().await.map_err(Failed::no_answer)?;
    metrics::counter!("stripe_answers_total", "status" => status.as_str().to_owned()).increment(1);
    if status.is_success() {
        return Ok(body);
    }
    let refused = refused(status, &headers, &body);
    let is_lock = status == StatusCode::TOO_MANY_REQUESTS && refused.code.as_deref() == Some("lock_timeout");
    if status == StatusCode::TOO_MANY_REQUESTS {
        limited(&headers, is_lock, &refused);
    }
    let retried = match text(&headers, &SHOULD_RETRY) {
        Some("true") => true,
        Some("false") => false,
        _ => {
            matches!(status, StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS)
                || (status.is_server_error() && !refused.replayed)
        }
    };
    let backoff = if is_lock { Backoff::Lock } else { Backoff::Usual };
    Err(Failed {
        error: StripeError::Refused(Box::new(refused)),
        again: retried.then_some(backoff),
        at_least: text(&headers, &RETRY_AFTER)
            .and_then(|seconds| seconds.trim().parse().ok())
            .map(Duration::from_secs),
    })
}

fn limited(headers: &HeaderMap, is_lock: bool, refused: &Refused) {
    let said = text(headers, &LIMITED_REASON);
    let reason = match said {
        _ if is_lock => "lock",
        None => "unsaid",
        Some(said) => REASONS.into_iter().find(|reason| *reason == said).unwrap_or("other"),
    };
    tracing::warn!(reason, said, %refused, "Stripe limits us");
    metrics::counter!("stripe_limited_total", "reason" => reason).increment(1);
}

fn refused(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Refused {
    #[derive(serde::Deserialize)]
    struct Envelope {
        error: Refused,
    }
    let refused = serde_json::from_slice::<Envelope>(body)
        .map(|envelope| envelope.error)
        .unwrap_or_default();
    Refused {
        status: status.as_u16(),
        replayed: text(headers, &REPLAYED) == Some("true"),
        request_id: text(headers, &REQUEST_ID).map(str::to_owned),
        ..refused
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
