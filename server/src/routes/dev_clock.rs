//! `GET` and `POST /dev/clock`: time travel in fake mode with the Stripe of our own inside. Only there: renewals, retries and
//! grace that take weeks can be walked through in minutes.

use std::sync::Arc;

use axum::{
    Form, Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use store::Store;

use crate::router::Shared;

/// Furthest in one step: a year and a day.
const FURTHEST: i64 = 366 * 86_400;

/// Moves the clocks of the store and of its fake Stripe forward, by seconds.
#[derive(Clone)]
pub struct TimeTravel(Arc<dyn Fn(i64) -> anyhow::Result<()> + Send + Sync>);

impl TimeTravel {
    pub fn new(travel: impl Fn(i64) -> anyhow::Result<()> + Send + Sync + 'static) -> Self {
        Self(Arc::new(travel))
    }
}

impl std::fmt::Debug for TimeTravel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TimeTravel")
    }
}

/// The store's time, in seconds since the epoch.
pub async fn show(State(store): State<Store>) -> Json<serde_json::Value> {
    Json(serde_json::json!({ "now": store.now().timestamp() }))
}

#[derive(Debug, Deserialize)]
pub struct Step {
    /// Seconds.
    advance: i64,
    #[serde(default)]
    next: String,
}

pub async fn travel(State(shared): State<Shared>, Form(step): Form<Step>) -> Response {
    let Some(TimeTravel(travel)) = shared.time_travel else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if !(1..=FURTHEST).contains(&step.advance) {
        return (
            StatusCode::UNPROCESSABLE_ENTITY,
            "`advance` must be a number of seconds from 1 to a year; the clock only goes forward.\n",
        )
            .into_response();
    }
    // Years of renewals are worked while this waits.
    let travelled = tokio::task::spawn_blocking(move || travel(step.advance)).await;
    let looked = match travelled {
        Ok(Ok(())) => shared.store.look_ahead().await,
        Ok(Err(error)) => {
            tracing::error!(%error, "time travel");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    if let Err(error) = looked {
        tracing::warn!(%error, "what is due after time travel comes later");
    }
    Redirect::to(app::own_path::own_path(&step.next).unwrap_or("/")).into_response()
}
