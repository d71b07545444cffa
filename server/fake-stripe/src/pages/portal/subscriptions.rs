//! Cancelling a subscription in the portal, and taking that back.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use maud::Markup;

use super::{overview::with_problem, session::PortalSession, step_view::cancellation};
use crate::{
    app::App,
    error::StripeError,
    fields::Fields,
    pages::{
        act::{Refused, act, see},
        date::day,
        subscription_words::SubscriptionWords,
    },
};

pub async fn ask(State(app): State<App>, Path((token, id)): Path<(String, String)>) -> Result<Markup, Refused> {
    Ok(act(&app, |engine| {
        let session = PortalSession::find(engine, &token)?;
        session.require("subscription_cancel")?;
        let words = SubscriptionWords::of(engine, session.subscription(&id)?);
        let now = session.portal.configuration.text("features.subscription_cancel.mode") == "immediately";
        let sentence = if now {
            "It ends now. Nothing more is charged.".to_owned()
        } else {
            format!(
                "It stays yours until {}, and then it ends. Nothing more is charged.",
                day(words.period_end)
            )
        };
        Ok(cancellation(
            &session.frame(),
            &id,
            &words.name,
            &words.price,
            &sentence,
        ))
    })?)
}

pub async fn cancel(State(app): State<App>, Path((token, id)): Path<(String, String)>) -> Result<Response, Refused> {
    let outcome = act(&app, |engine| {
        let session = PortalSession::find(engine, &token)?;
        engine.portal_cancel(&token, &id, None)?;
        Ok(session.after("subscription_cancel", "canceled"))
    });
    answer(&app, &token, outcome)
}

pub async fn renew(State(app): State<App>, Path((token, id)): Path<(String, String)>) -> Result<Response, Refused> {
    let outcome = act(&app, |engine| {
        let session = PortalSession::find(engine, &token)?;
        engine.portal_renew(&token, &id)?;
        Ok(session.after("", "renewed"))
    });
    answer(&app, &token, outcome)
}

/// The next page; what the engine refused is told on the overview.
pub(super) fn answer(app: &App, token: &str, outcome: Result<String, StripeError>) -> Result<Response, Refused> {
    match outcome {
        Ok(next) => Ok(see(&next)),
        Err(refusal) if refusal.status == 404 => Err(refusal.into()),
        Err(refusal) => Ok(with_problem(app, token, refusal.message)?.into_response()),
    }
}
