//! The hosted pages (onboarding, dashboard, checkout, portal, invoice, OAuth authorize). The engine makes these addresses:
//!
//! | page | address |
//! |---|---|
//! | onboarding | `/setup/s/{account}/{token}` |
//! | dashboard | `/dashboard/{account}`, and of one object `/dashboard/{account}/disputes/{id}` (payments, invoices, subscriptions) |
//! | checkout | `/c/pay/{checkout session id}` |
//! | portal | `/p/session/{token}` |
//! | invoice | `/i/{account}/{token}` and its receipt `/i/{account}/{token}/receipt` |
//! | OAuth authorize | `/oauth/authorize?client_id=…&response_type=code&scope=read_write&redirect_uri=…&state=…` |

//!
//! Every page is drawn on the server, is sent with `Cross-Origin-Opener-Policy: same-origin` when that switch is on, and
//! is never kept by the browser.

mod account_status;
mod act;
mod amount;
mod card_form;
mod challenge_view;
mod checkout;
mod country;
mod dashboard;
mod date;
mod email;
mod field;
mod given_card;
mod invoice;
mod invoice_fee;
mod layout;
mod nowhere;
mod oauth;
mod onboarding;
mod outcome_choices;
mod portal;
mod saved_cards;
mod seller;
mod subscription_words;
mod test_cards;
mod today;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::Response,
};

use crate::app::App;

pub fn router(app: App) -> Router<App> {
    Router::new()
        .merge(checkout::router())
        .merge(dashboard::router())
        .merge(invoice::router())
        .merge(oauth::router())
        .merge(onboarding::router())
        .merge(portal::router())
        .method_not_allowed_fallback(nowhere::other_method)
        .fallback(nowhere::unknown)
        .layer(middleware::from_fn_with_state(app, page_headers))
}

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

async fn page_headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    if app.cuts_openers_off() {
        headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    }
    response
}
