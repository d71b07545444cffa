//! Key, account and idempotency around the work itself.

use std::time::Duration;

use axum::http::{Method, header::CONTENT_TYPE};
use serde_json::Value;

use super::{Answered, Incoming, work::work};
use crate::{app::App, engine::access, error::StripeError, form, http::idempotency::Known};

/// What else happens to a request while it is worked on.
pub(super) enum Meanwhile {
    Nothing,
    Wait(Duration),
    /// It fails while it runs (before or after its work was done), which is remembered under its key like any answer.
    Fail {
        with: StripeError,
        after_work: bool,
    },
}

pub(super) async fn checked(app: &App, incoming: &Incoming<'_>, meanwhile: Meanwhile) -> Answered {
    if let Err(refusal) = access::check_key(incoming.header("authorization")) {
        return refusal.into();
    }
    let given = match given_parameters(incoming) {
        Ok(given) => given,
        Err(refusal) => return refusal.into(),
    };
    let account = incoming.account();
    let key = incoming
        .header("idempotency-key")
        .filter(|_| incoming.method == Method::POST);
    if let Some(key) = key {
        if key.is_empty() || key.len() > 255 {
            return StripeError::invalid("Idempotency keys must be between 1 and 255 characters long.").into();
        }
        let now = app.engine().now();
        let request = format!("{} {} {given}", incoming.method, incoming.uri.path());
        match app.remembered().start(account, key, &request, now) {
            Ok(Known::New) => {}
            Ok(Known::Answered(status, body, _)) => {
                return Answered {
                    status,
                    body,
                    replayed: true,
                    limited: None,
                };
            }
            Err(refusal) => return refusal.into(),
        }
    }
    if let Meanwhile::Fail {
        with,
        after_work: false,
    } = meanwhile
    {
        return failed(app, incoming, key, with);
    }
    if let Meanwhile::Wait(delay) = meanwhile {
        tokio::time::sleep(delay).await;
    }
    let (answered, worked_on) = work(app, incoming, &given, key);
    // What was worked on is remembered in the same breath as its changes are saved; see `work`.
    if let Some(key) = key.filter(|_| !worked_on) {
        app.remembered().forget(account, key);
    }
    match meanwhile {
        Meanwhile::Fail { with, .. } if worked_on => failed(app, incoming, key, with),
        _ => answered,
    }
}

/// The failure takes the place of whatever the answer would have been, also for every repetition.
fn failed(app: &App, incoming: &Incoming<'_>, key: Option<&str>, with: StripeError) -> Answered {
    if let Some(key) = key {
        let account = incoming.account();
        app.remembered()
            .finish(account, key, with.status, &with.body(), &incoming.id);
        if let Err(refusal) = app.save(&mut app.engine()) {
            return refusal.into();
        }
    }
    with.into()
}

fn given_parameters(incoming: &Incoming<'_>) -> Result<Value, StripeError> {
    let in_body = incoming.method == Method::POST || (incoming.method == Method::DELETE && !incoming.body.is_empty());
    let raw = if in_body {
        let kind = incoming.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        if kind.starts_with("application/json") {
            return Err(StripeError::invalid(
                "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we \
                 can help at https://support.stripe.com/.",
            ));
        }
        std::str::from_utf8(incoming.body)
            .map_err(|_| StripeError::invalid("Invalid request: the form is not valid UTF-8"))?
    } else {
        incoming.uri.query().unwrap_or_default()
    };
    form::parse(raw).map_err(StripeError::invalid)
}
