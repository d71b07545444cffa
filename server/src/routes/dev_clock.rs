//! `GET` and `POST /dev/clock`: time travel in fake mode with the Stripe of our own inside. Only there: renewals, retries and
//! grace that take weeks can be walked through in minutes.

use std::{pin::Pin, sync::Arc, time::Duration};

use axum::{
    Form, Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use store::{Store, jobs::Quiet};

use super::problem_page;
use crate::router::Shared;

/// Furthest in one step: a year and a day.
const FURTHEST: i64 = 366 * 86_400;

/// How long a step waits for what is under way.
const PATIENCE: Duration = Duration::from_secs(20);

/// The clocks of the store and of its fake Stripe, and the events that the latter sends.
pub trait Clocks: Send + Sync {
    /// Moves both forward, by seconds.
    ///
    /// # Errors
    /// When the fake Stripe cannot do what is due by then.
    fn advance(&self, seconds: i64) -> anyhow::Result<()>;
    /// Returns when no event is about to leave.
    fn events_sent(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
    fn is_sending(&self) -> bool;
}

/// Moves time, between two pieces of work.
#[derive(Clone)]
pub struct TimeTravel {
    clocks: Arc<dyn Clocks>,
    patience: Duration,
}

impl TimeTravel {
    pub fn of(clocks: Arc<dyn Clocks>) -> Self {
        Self {
            clocks,
            patience: PATIENCE,
        }
    }

    #[cfg(all(test, feature = "fake-stripe"))]
    pub fn impatient(self) -> Self {
        Self {
            patience: Duration::from_millis(500),
            ..self
        }
    }

    /// Waits until no event is on its way and no job is due or under way: a claim that ended because the clock was moved
    /// would have its job worked twice, and its letter sent twice.
    async fn nothing_under_way(&self, store: &Store) -> store::Result<Quiet> {
        loop {
            self.clocks.events_sent().await;
            let quiet = store.quiet().await?;
            // Jobs call the fake Stripe, which tells of what they did.
            if !self.clocks.is_sending() {
                return Ok(quiet);
            }
        }
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
    let Some(travel) = shared.time_travel else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if !(1..=FURTHEST).contains(&step.advance) {
        return (
            StatusCode::UNPROCESSABLE_ENTITY,
            "`advance` must be a number of seconds from 1 to a year; the clock only goes forward.\n",
        )
            .into_response();
    }
    let back = app::own_path::own_path(&step.next).unwrap_or("/");
    let quiet = match tokio::time::timeout(travel.patience, travel.nothing_under_way(&shared.store)).await {
        Ok(Ok(quiet)) => quiet,
        Ok(Err(error)) => return problem_page::problem_page(&error, back),
        Err(_) => return still_at_work(&shared.store, back).await,
    };
    // Years of renewals are worked while this waits.
    let travelled = tokio::task::spawn_blocking(move || travel.clocks.advance(step.advance)).await;
    drop(quiet);
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
    Redirect::to(back).into_response()
}

/// What is under way did not come to an end.
async fn still_at_work(store: &Store, back: &str) -> Response {
    let jobs = match store.due_jobs().await {
        Ok(0) => "The fake Stripe still sends events".to_owned(),
        Ok(1) => "The store still works on one job".to_owned(),
        Ok(jobs) => format!("The store still works on {jobs} jobs"),
        Err(error) => return problem_page::problem_page(&error, back),
    };
    let sentence = format!("{jobs}, so time was not moved. Try again in a moment.");
    let rest = format!("<p><a href=\"{}\">Go back</a></p>", problem_page::escape(back));
    problem_page::page(StatusCode::SERVICE_UNAVAILABLE, &[&sentence], &rest)
}
