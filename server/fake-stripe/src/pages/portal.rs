//! The customer portal at `/p/session/{token}`: subscriptions, cards, information and invoices, as far as the portal's
//! configuration enables them. What is done here goes through the same operations as the API and is told by events only.

mod cards;
mod customer;
mod overview;
mod session;
pub mod step_view;
mod subscriptions;
pub mod view;

use axum::{
    Router,
    routing::{get, post},
};

use crate::app::App;

pub fn router() -> Router<App> {
    Router::new()
        .route("/p/session/{token}", get(overview::enter))
        .route("/p/session/{token}/overview", get(overview::show))
        .route(
            "/p/session/{token}/subscriptions/{subscription}/cancel",
            get(subscriptions::ask).post(subscriptions::cancel),
        )
        .route(
            "/p/session/{token}/subscriptions/{subscription}/renew",
            post(subscriptions::renew),
        )
        .route(
            "/p/session/{token}/payment-methods/add",
            get(cards::form).post(cards::add),
        )
        .route(
            "/p/session/{token}/payment-methods/authenticate",
            get(cards::challenge).post(cards::confirm),
        )
        .route(
            "/p/session/{token}/payment-methods/{card}/default",
            post(cards::make_default),
        )
        .route("/p/session/{token}/payment-methods/{card}/remove", post(cards::remove))
        .route("/p/session/{token}/customer", get(customer::form).post(customer::save))
}
