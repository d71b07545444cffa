//! What is answered where no page is: to people in words, to programs as Stripe's API refuses.

use axum::{
    http::{Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};

use super::{
    act::{Refused, not_found},
    layout::notice,
};
use crate::error::StripeError;

/// There is no such address.
pub async fn unknown(method: Method, uri: Uri) -> Response {
    let path = uri.path();
    if is_for_programs(path) {
        return StripeError::invalid(format!("Unrecognized request URL ({method}: {path})."))
            .status(404)
            .into_response();
    }
    Refused::from(not_found()).into_response()
}

/// The address takes forms only, or shows only.
pub async fn other_method() -> Response {
    let sentence = "This address only works from the page before it. Go back and try again.";
    let page = notice("That did not work", sentence, None);
    (StatusCode::METHOD_NOT_ALLOWED, page).into_response()
}

fn is_for_programs(path: &str) -> bool {
    let first = path.split('/').nth(1).unwrap_or_default();
    matches!(first, "v1" | "v2" | "_fake" | "oauth")
}
