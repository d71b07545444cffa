//! How the pages' handlers reach the engine: one transaction each, not caused by any API request, and a refusal that
//! is drawn as a page.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde_json::Value;

use super::layout::notice;
use crate::{
    app::App,
    engine::{Answer, Call, Engine},
    error::StripeError,
};

/// A refusal that no form can show.
#[derive(Debug)]
pub struct Refused(StripeError);

impl From<StripeError> for Refused {
    fn from(error: StripeError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let title = if status == StatusCode::NOT_FOUND {
            "There is no such page"
        } else {
            "That did not work"
        };
        (status, notice(title, &self.0.message, None)).into_response()
    }
}

/// There is nothing at this address.
pub fn not_found() -> StripeError {
    StripeError::invalid("The address is wrong, or what it led to is gone.").status(404)
}

/// One transaction of the engine.
///
/// Errors: what `work` refuses, as Stripe's API would say it.
pub fn act<T>(app: &App, work: impl FnOnce(&mut Engine) -> Result<T, StripeError>) -> Result<T, StripeError> {
    app.act(|engine| {
        engine.caused_by(&Call::default());
        work(engine)
    })
}

/// An operation of Stripe's API, asked for by a person on a hosted page instead of by the platform.
pub fn operate(engine: &mut Engine, account: &str, operation: &str, ids: &[&str], params: Value) -> Answer {
    let call = Call {
        account: account.to_owned(),
        ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        params,
        ..Call::default()
    };
    engine.answer(operation, &call)
}

/// After a form: the browser gets the next page, and reloading it sends nothing again.
pub fn see(url: &str) -> Response {
    Redirect::to(url).into_response()
}
