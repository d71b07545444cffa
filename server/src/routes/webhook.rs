//! `POST /webhooks/stripe`: 400 for the sender's fault, 200 as soon as the event is durably stored, 413 over 1 MiB (by
//! the router's limit), 503 only when it could not be stored, so that Stripe tries again.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use store::Store;

pub async fn receive(State(store): State<Store>, headers: HeaderMap, body: Bytes) -> (StatusCode, String) {
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok());
    match store.receive_webhook(signature, &body).await {
        Ok(Ok(_)) => (StatusCode::OK, "stored\n".to_owned()),
        Ok(Err(rejected)) => {
            tracing::warn!(%rejected, "a webhook was rejected");
            metrics::counter!("webhooks_rejected_total").increment(1);
            (StatusCode::BAD_REQUEST, format!("{rejected}\n"))
        }
        Err(error) => {
            tracing::error!(%error, "a webhook could not be stored");
            (StatusCode::SERVICE_UNAVAILABLE, "not stored, try again\n".to_owned())
        }
    }
}
