//! A request to Stripe's API: limits and faults first, then the work (`v1/keyed.rs`, `v1/work.rs`), then its answer.

mod faulty;
mod keyed;
mod work;

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header::CONTENT_TYPE},
    response::Response,
};
use serde_json::Value;

use super::{faults::Fault, limits::Reason, request_log::LoggedRequest};
use crate::{
    app::App,
    description::{Description, VERSION},
    error::StripeError,
};

/// A request as it came in.
struct Incoming<'a> {
    method: &'a Method,
    uri: &'a Uri,
    headers: &'a HeaderMap,
    body: &'a [u8],
    /// Ours, for the answer's `Request-Id`.
    id: String,
}

impl Incoming<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Whose objects it is about; empty for the platform's own.
    fn account(&self) -> &str {
        self.header("stripe-account").unwrap_or_default()
    }

    /// What counts as one endpoint: the same operation for other objects is the same endpoint.
    fn endpoint(&self) -> String {
        let operation = Description::get().operation(self.method.as_str(), self.uri.path());
        let path = operation.map_or(self.uri.path(), |(operation, _)| operation.path.as_str());
        format!("{} {path}", self.method)
    }
}

struct Answered {
    status: u16,
    body: Value,
    replayed: bool,
    /// Which limit it ran into.
    limited: Option<Reason>,
}

impl From<StripeError> for Answered {
    fn from(error: StripeError) -> Self {
        Self {
            status: error.status,
            body: error.body(),
            replayed: false,
            limited: None,
        }
    }
}

pub async fn answer(State(app): State<App>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let id = app.engine().ids.next("req_");
    let incoming = Incoming {
        method: &method,
        uri: &uri,
        headers: &headers,
        body: &body,
        id,
    };
    // Limits are looked at before everything else, so a 429 is never remembered under a key.
    let limited = app
        .limits()
        .hit(incoming.account(), &incoming.endpoint(), std::time::Instant::now());
    let (fault, answered) = if let Some(reason) = limited {
        (None, Some(faulty::rate_limited(reason)))
    } else {
        let fault = app.draw_fault(method.as_str(), uri.path());
        let answered = faulty::with_fault(&app, fault.as_ref(), &incoming).await;
        (fault, answered)
    };
    app.log().add(LoggedRequest {
        method: method.to_string(),
        path: uri.path().to_owned(),
        account: incoming.header("stripe-account").map(str::to_owned),
        idempotency_key: incoming.header("idempotency-key").map(str::to_owned),
        status: answered.as_ref().map_or(0, |answered| answered.status),
    });
    match answered {
        Some(answered) => respond(&incoming, fault.as_ref(), &answered),
        None => broken_off(),
    }
}

fn respond(incoming: &Incoming<'_>, fault: Option<&Fault>, answered: &Answered) -> Response {
    let mut response = Response::new(Body::from(
        serde_json::to_string_pretty(&answered.body).unwrap_or_default(),
    ));
    *response.status_mut() = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut set = |name: &str, value: &str| {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            response.headers_mut().insert(name, value);
        }
    };
    set(CONTENT_TYPE.as_str(), "application/json");
    set("request-id", &incoming.id);
    set("stripe-version", VERSION);
    for name in ["idempotency-key", "stripe-account"] {
        if let Some(value) = incoming.header(name) {
            set(name, value);
        }
    }
    if answered.replayed {
        set("idempotent-replayed", "true");
    }
    if let Some(reason) = answered.limited {
        set("stripe-rate-limited-reason", reason.word());
    }
    for (name, value) in fault.iter().flat_map(|fault| &fault.headers) {
        set(name, value);
    }
    response
}

/// An answer whose body fails at once, which makes the server close the connection.
fn broken_off() -> Response {
    let failing = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("fault: reset")) });
    Response::new(Body::from_stream(failing))
}
