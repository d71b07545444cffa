//! The hosted invoice page at `/i/{account}/{token}`: a bill that can be paid there, or the receipt.

mod pay;
mod show;
pub mod view;

use axum::{Router, routing::get};

use crate::app::App;

pub fn router() -> Router<App> {
    Router::new()
        .route("/i/{account}/{token}", get(show::show).post(pay::pay))
        .route("/i/{account}/{token}/receipt", get(show::show))
        .route(
            "/i/{account}/{token}/authenticate",
            get(pay::challenge).post(pay::confirm),
        )
}
