//! Control routes for what banks and cardholders do: a payment is disputed, a dispute is decided.

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::post,
};
use serde::Deserialize;
use serde_json::Value;

use crate::{app::App, error::StripeError};

pub fn router() -> Router<App> {
    Router::new()
        .route("/_fake/charges/{id}/dispute", post(dispute))
        .route("/_fake/disputes/{id}", post(decide))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Complaint {
    amount: Option<i64>,
    reason: Option<String>,
}

async fn dispute(
    State(app): State<App>,
    Path(id): Path<String>,
    Json(complaint): Json<Complaint>,
) -> Result<Json<Value>, StripeError> {
    app.act(|engine| {
        engine.live_by(&id);
        let reason = complaint.reason.as_deref().unwrap_or("fraudulent");
        let dispute = engine.dispute(&id, complaint.amount, reason)?;
        Ok(Json(engine.get(&dispute).clone()))
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    Won,
    Lost,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decided {
    outcome: Decision,
}

async fn decide(
    State(app): State<App>,
    Path(id): Path<String>,
    Json(decided): Json<Decided>,
) -> Result<Json<Value>, StripeError> {
    app.act(|engine| {
        engine.live_by(&id);
        engine.decide_dispute(&id, matches!(decided.outcome, Decision::Won))?;
        Ok(Json(engine.get(&id).clone()))
    })
}
