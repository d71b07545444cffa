//! The routes: Stripe's API under `/v1` and `/oauth`, the control routes under `/_fake`, the hosted pages beside them.

mod actions;
mod control;
pub mod faults;
pub mod idempotency;
pub mod limits;
mod money_back;
mod oauth;
mod outbox;
pub mod request_log;
mod state;
mod v1;

use axum::{Router, routing::any};

use crate::{app::App, pages};

pub fn router(app: App) -> Router {
    Router::new()
        .route("/v1/{*path}", any(v1::answer))
        // Nothing of Stripe's second API is served, which is said as Stripe says it.
        .route("/v2/{*path}", any(v1::answer))
        .merge(oauth::router())
        .merge(control::router())
        .merge(actions::router())
        .merge(money_back::router())
        .merge(outbox::router())
        .merge(state::router())
        .merge(pages::router(app.clone()))
        .with_state(app)
}
