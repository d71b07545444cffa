//! The control routes under `/_fake`: JSON, without a key, for tests and development.

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{faults::Fault, limits::Allowed};
use crate::{app::App, calendar::FURTHEST, delivery, error::StripeError};

pub fn router() -> Router<App> {
    Router::new()
        .route("/_fake/clock", get(read_clock).post(set_clock))
        .route("/_fake/webhook", post(set_webhook))
        .route("/_fake/faults", get(read_faults).post(add_fault).delete(clear_faults))
        .route("/_fake/limits", get(read_limits).post(set_limits))
        .route("/_fake/requests", get(read_requests).delete(clear_requests))
        .route("/_fake/objects/{id}", axum::routing::delete(remove_object))
        .route("/_fake/pages", post(set_pages))
        .route("/_fake/violations", get(read_violations))
}

impl IntoResponse for StripeError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(self.body())).into_response()
    }
}

async fn read_clock(State(app): State<App>) -> Json<Value> {
    Json(json!({"now": app.engine().now()}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    now: Option<i64>,
    advance: Option<i64>,
}

async fn set_clock(State(app): State<App>, Json(change): Json<ClockChange>) -> Result<Json<Value>, StripeError> {
    {
        let mut engine = app.engine();
        let now = engine.now();
        let to = change.now.unwrap_or(now).saturating_add(change.advance.unwrap_or(0));
        if to > FURTHEST {
            return Err(StripeError::invalid("The clock goes to the year 9999 at most."));
        }
        if to < now {
            return Err(StripeError::invalid(format!(
                "The clock only goes forward: it is {now} already."
            )));
        }
        engine.time.set(to);
        engine.changed = true;
    }
    app.act(|engine| Ok(Json(json!({"now": engine.now()}))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Webhook {
    url: Option<String>,
    secret: Option<String>,
    sign_with_system_time: Option<bool>,
}

async fn set_webhook(State(app): State<App>, Json(webhook): Json<Webhook>) -> Result<Json<Value>, StripeError> {
    app.act(|engine| {
        engine.changed = true;
        engine.outbox.url = webhook.url;
        engine.outbox.secret = webhook.secret.unwrap_or_else(|| engine.outbox.secret.clone());
        engine.outbox.sign_with_system_time = webhook.sign_with_system_time;
        Ok(Json(delivery::describe(engine)))
    })
}

async fn read_faults(State(app): State<App>) -> Json<Value> {
    Json(json!({"data": app.faults().all()}))
}

async fn add_fault(State(app): State<App>, Json(fault): Json<Fault>) -> Result<Json<Value>, StripeError> {
    let mut faults = app.faults();
    faults.add(fault)?;
    Ok(Json(json!({"data": faults.all()})))
}

async fn clear_faults(State(app): State<App>) -> Json<Value> {
    app.faults().clear();
    Json(json!({"data": []}))
}

async fn read_limits(State(app): State<App>) -> Json<Allowed> {
    Json(app.limits().allowed())
}

async fn set_limits(State(app): State<App>, Json(allowed): Json<Allowed>) -> Json<Allowed> {
    app.limits().allow(allowed);
    Json(allowed)
}

async fn read_requests(State(app): State<App>) -> Json<Value> {
    Json(json!({"data": app.log().all()}))
}

async fn clear_requests(State(app): State<App>) -> Json<Value> {
    app.log().clear();
    Json(json!({"data": []}))
}

/// Makes an object vanish, as if it had been deleted at Stripe by somebody else.
async fn remove_object(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Value>, StripeError> {
    app.act(|engine| {
        let object = engine.get(&id).clone();
        let kind = object["object"].as_str().unwrap_or_default().to_owned();
        if kind.is_empty() || kind == "account" {
            return Err(StripeError::missing("object", &id, "id"));
        }
        // Stripe tells nobody of its own webhook endpoints.
        if kind != "webhook_endpoint" {
            engine.emit(&id, &format!("{kind}.deleted"));
        }
        engine.records.remove(&id);
        Ok(Json(json!({"id": id, "deleted": true})))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pages {
    coop: bool,
}

async fn set_pages(State(app): State<App>, Json(pages): Json<Pages>) -> Json<Value> {
    app.cut_openers_off(pages.coop);
    Json(json!({"coop": pages.coop}))
}

/// Answers that differed from Stripe's description; `null` when they are not checked (feature `validate`).
async fn read_violations() -> Json<Value> {
    #[cfg(feature = "validate")]
    return Json(json!({"data": crate::validation::violations()}));
    #[cfg(not(feature = "validate"))]
    Json(json!({"data": null}))
}
