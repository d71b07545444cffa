//! The whole state out and in (`/_fake/state`), so that a test goes back to where it was, or goes on elsewhere.

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State},
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};

use crate::{app::App, error::StripeError};

pub fn router() -> Router<App> {
    Router::new()
        .route("/_fake/state", get(read).put(replace))
        .layer(DefaultBodyLimit::disable())
}

async fn read(State(app): State<App>) -> Result<Response, StripeError> {
    let body = app.whole_state()?;
    Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
}

/// Errors: the body is not what `GET` answered.
async fn replace(State(app): State<App>, body: String) -> Result<Json<Value>, StripeError> {
    let saved = serde_json::from_str(&body)
        .map_err(|error| StripeError::invalid(format!("Not a state of fake-stripe: {error}")))?;
    let now = app.replace_state(saved).await?;
    Ok(Json(json!({"now": now})))
}
