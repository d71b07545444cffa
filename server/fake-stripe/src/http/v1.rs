//! A request to Stripe's API, from its headers to its answer: faults, key, account, idempotency, parameters, engine.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header::CONTENT_TYPE},
    response::Response,
};
use serde_json::Value;

use super::{
    faults::{Fault, Kind},
    idempotency::Known,
    request_log::LoggedRequest,
};
use crate::{
    app::App,
    description::{Description, VERSION},
    engine::{Call, access},
    error::StripeError,
    form,
};

struct Answered {
    status: u16,
    body: Value,
    replayed: bool,
}

impl From<StripeError> for Answered {
    fn from(error: StripeError) -> Self {
        Self {
            status: error.status,
            body: error.body(),
            replayed: false,
        }
    }
}

pub async fn answer(State(app): State<App>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let (fault, request_id) = {
        let mut engine = app.engine();
        let chance = f64::from(u32::try_from(engine.ids.below(1_000_000)).unwrap_or(0)) / 1_000_000.0;
        (
            app.faults().hit(method.as_str(), uri.path(), chance),
            engine.ids.next("req_"),
        )
    };
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let (key, account) = (text("idempotency-key"), text("stripe-account"));
    let answered = with_fault(&app, fault.as_ref(), &method, &uri, &headers, &body, &request_id).await;
    app.log().add(LoggedRequest {
        method: method.to_string(),
        path: uri.path().to_owned(),
        account: account.clone(),
        idempotency_key: key.clone(),
        status: answered.as_ref().map_or(0, |answered| answered.status),
    });
    let Some(answered) = answered else { return broken_off() };
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
    set("request-id", &request_id);
    set("stripe-version", VERSION);
    if let Some(key) = &key {
        set("idempotency-key", key);
    }
    if let Some(account) = &account {
        set("stripe-account", account);
    }
    if answered.replayed {
        set("idempotent-replayed", "true");
    }
    for (name, value) in fault.iter().flat_map(|fault| &fault.headers) {
        set(name, value);
    }
    response
}

/// None: the connection is closed without an answer.
async fn with_fault(
    app: &App,
    fault: Option<&Fault>,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
    request_id: &str,
) -> Option<Answered> {
    let Some(fault) = fault else {
        return Some(checked(app, method, uri, headers, body, request_id, None).await);
    };
    let delay = Duration::from_millis(fault.delay_ms.unwrap_or(1000));
    if fault.kind == Kind::Slow {
        return Some(checked(app, method, uri, headers, body, request_id, Some(delay)).await);
    }
    if fault.after_processing {
        checked(app, method, uri, headers, body, request_id, None).await;
    }
    let refusal = |message: &str| StripeError {
        kind: "api_error",
        ..StripeError::invalid(message)
    };
    Some(match fault.kind {
        Kind::Reset => return None,
        Kind::Timeout => {
            // Longer than any client waits; the connection goes when it gives up.
            tokio::time::sleep(Duration::from_mins(10)).await;
            return None;
        }
        Kind::RateLimit => StripeError::invalid("Request rate limit exceeded.").code("rate_limit").status(429).into(),
        Kind::LockTimeout => StripeError::invalid(
            "This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you \
             see this error intermittently, retry the request.",
        )
        .code("lock_timeout")
        .status(429)
        .into(),
        _ => refusal("An unknown error occurred").status(fault.status.unwrap_or(500)).into(),
    })
}

/// Key, account and idempotency around the work itself.
async fn checked(
    app: &App,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
    request_id: &str,
    delay: Option<Duration>,
) -> Answered {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Err(refusal) = access::check_key(text("authorization")) {
        return refusal.into();
    }
    let account = text("stripe-account").unwrap_or_default().to_owned();
    let given = match given_parameters(method, uri, headers, body) {
        Ok(given) => given,
        Err(refusal) => return refusal.into(),
    };
    let key = text("idempotency-key")
        .filter(|_| method == Method::POST)
        .map(str::to_owned);
    if let Some(key) = &key {
        if key.is_empty() || key.len() > 255 {
            return StripeError::invalid("Idempotency keys must be between 1 and 255 characters long.").into();
        }
        let now = app.engine().now();
        let request = format!("{method} {} {given}", uri.path());
        match app.remembered().start(&account, key, &request, now) {
            Ok(Known::New) => {}
            Ok(Known::Answered(status, body, _)) => {
                return Answered {
                    status,
                    body,
                    replayed: true,
                };
            }
            Err(refusal) => return refusal.into(),
        }
    }
    if let Some(delay) = delay {
        tokio::time::sleep(delay).await;
    }
    let (answered, worked_on) = work(app, method, uri, &account, &given, request_id, key.as_deref());
    // What was worked on is remembered in the same breath as its changes are saved; see `work`.
    if let Some(key) = key.filter(|_| !worked_on) {
        app.remembered().forget(&account, &key);
    }
    answered
}

fn given_parameters(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<Value, StripeError> {
    let raw = if method == Method::POST || (method == Method::DELETE && !body.is_empty()) {
        let kind = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if kind.starts_with("application/json") {
            return Err(StripeError::invalid(
                "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we \
                 can help at https://support.stripe.com/.",
            ));
        }
        std::str::from_utf8(body).map_err(|_| StripeError::invalid("Invalid request: the form is not valid UTF-8"))?
    } else {
        uri.query().unwrap_or_default()
    };
    form::parse(raw).map_err(StripeError::invalid)
}

/// The answer, and whether the request got as far as the engine.
fn work(
    app: &App,
    method: &Method,
    uri: &Uri,
    account: &str,
    given: &Value,
    request_id: &str,
    key: Option<&str>,
) -> (Answered, bool) {
    let description = Description::get();
    let Some((operation, ids)) = description.operation(method.as_str(), uri.path()) else {
        let message = format!(
            "Unrecognized request URL ({method}: {}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.",
            uri.path()
        );
        return (StripeError::invalid(message).status(404).into(), false);
    };
    let params = match access::endive(operation, given).and_then(|()| description.params(operation, given)) {
        Ok(params) => params,
        Err(refusal) => return (refusal.into(), false),
    };
    let call = Call {
        account: account.to_owned(),
        ids,
        params,
        request_id: Some(request_id.to_owned()),
        idempotency_key: key.map(str::to_owned),
    };
    let name = format!("{} {}", operation.method, operation.path);
    let mut worked_on = true;
    let remember = |status: u16, body: &Value| {
        if let Some(key) = key {
            app.remembered().finish(account, key, status, body, request_id);
        }
    };
    let outcome = app.act(|engine| {
        if let Err(refusal) = engine.may_access(&call.account) {
            worked_on = false;
            return Err(refusal);
        }
        engine.caused_by(&call);
        // The key is saved together with what the request changes, or with nothing.
        engine.changed |= key.is_some();
        let answer = engine
            .answer(&name, &call)
            .and_then(|answer| engine.show(&call, &answer));
        #[cfg(feature = "validate")]
        if let Ok(answer) = &answer {
            // Told by `App::act`.
            drop(crate::validation::check(operation, answer));
        }
        match &answer {
            Ok(body) => remember(200, body),
            Err(refusal) => remember(refusal.status, &refusal.body()),
        }
        answer
    });
    match outcome {
        Ok(body) => (
            Answered {
                status: 200,
                body,
                replayed: false,
            },
            worked_on,
        ),
        Err(refusal) => (refusal.into(), worked_on),
    }
}

/// An answer whose body fails at once, which makes the server close the connection.
fn broken_off() -> Response {
    let failing = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("fault: reset")) });
    Response::new(Body::from_stream(failing))
}
