//! Hosted checkout at `/c/pay/{session}`: shows what is bought, takes a card, and leads back to the platform. A decline
//! can be tried again on the same page; a card of 3-D Secure asks its bank first.

mod pay;
mod purpose;
mod show;
pub mod view;

use axum::{Router, routing::get};

use crate::app::App;

pub fn router() -> Router<App> {
    Router::new()
        .route("/c/pay/{session}", get(show::show).post(pay::pay))
        .route("/c/pay/{session}/authenticate", get(pay::challenge).post(pay::confirm))
}
