//! The HTTP status of the page being rendered. Only the server has one; in the browser these do nothing.

use model::Problem;

use crate::error::Failure;

/// Answers the page with this status.
pub fn answer(status: u16) {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(status)) = (
        leptos::prelude::use_context::<leptos_axum::ResponseOptions>(),
        http::StatusCode::from_u16(status),
    ) {
        response.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}

/// Answers with the status that fits a failure shown in place of the page's content.
pub fn answer_failure(failure: &Failure) {
    answer(match failure {
        Failure::Problem(Problem::SignInNeeded) => 401,
        Failure::Problem(Problem::NotAllowed { .. }) => 403,
        Failure::Problem(Problem::NotFound { .. }) => 404,
        Failure::Problem(Problem::TooMany { .. }) => 429,
        Failure::Problem(Problem::StripeUnavailable) | Failure::Unreachable => 503,
        Failure::Problem(_) => 422,
        Failure::Unreadable => 400,
        Failure::Unexpected { .. } => 500,
    });
}
