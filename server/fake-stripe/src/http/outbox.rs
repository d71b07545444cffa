//! Control routes about events: which there are, which wait, how they leave, and delivering chosen ones by hand.

use axum::{
    Json, Router,
    extract::State,
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{app::App, delivery, error::StripeError, fields::Fields, outbox::Mode};

pub fn router() -> Router<App> {
    Router::new()
        .route("/_fake/outbox", get(read).post(set))
        .route("/_fake/outbox/flush", post(flush))
        .route("/_fake/outbox/deliver", post(deliver))
        .route("/_fake/events", get(events))
}

async fn read(State(app): State<App>) -> Json<Value> {
    Json(delivery::describe(&app.engine()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    mode: Option<Mode>,
    duplicate: Option<u32>,
    shuffle: Option<bool>,
    delay_ms: Option<u64>,
}

async fn set(State(app): State<App>, Json(change): Json<Change>) -> Result<Json<Value>, StripeError> {
    app.act(|engine| {
        engine.changed = true;
        let outbox = &mut engine.outbox;
        outbox.mode = change.mode.unwrap_or(outbox.mode);
        outbox.duplicate = change.duplicate.unwrap_or(outbox.duplicate);
        outbox.shuffle = change.shuffle.unwrap_or(outbox.shuffle);
        outbox.delay_ms = change.delay_ms.unwrap_or(outbox.delay_ms);
        Ok(Json(delivery::describe(engine)))
    })
}

async fn flush(State(app): State<App>) -> Json<Value> {
    let (delivered, failed) = delivery::flush(&app).await;
    Json(json!({"delivered": delivered, "failed": failed}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    events: Vec<String>,
}

/// Sends exactly these events in exactly this order, whatever the mode; each is answered before the next leaves.
///
/// Errors: one of them does not exist, or there is nowhere to send them (then none is sent).
async fn deliver(State(app): State<App>, Json(chosen): Json<Chosen>) -> Result<Json<Value>, StripeError> {
    let (delivered, failed) = delivery::deliver(&app, &chosen.events).await?;
    Ok(Json(json!({"delivered": delivered, "failed": failed})))
}

/// Every event of every account, oldest first; also those that were dropped.
async fn events(State(app): State<App>) -> Json<Value> {
    let engine = app.engine();
    let all: Vec<Value> = engine
        .records
        .in_order()
        .into_iter()
        .filter(|record| record.kind == "event")
        .map(|record| {
            let event = &record.json;
            json!({
                "id": event.at("id"), "account": event.at("account"), "type": event.at("type"), "created": event.at("created"),
                "data": {"object": {"id": event.at("data.object.id"), "object": event.at("data.object.object")}},
                "delivered": engine.outbox.is_delivered(event.text("id")),
            })
        })
        .collect();
    Json(json!({"data": all}))
}
