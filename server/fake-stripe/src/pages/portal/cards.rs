//! Adding, preferring and removing cards in the portal.

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use maud::Markup;

use super::{session::PortalSession, step_view::add_card, subscriptions::answer};
use crate::{
    app::App,
    engine::{Engine, portal::Given},
    error::StripeError,
    pages::{
        act::{Refused, act, not_found, see},
        card_form::{CardForm, Chosen, Problems},
        challenge_view::{ChallengeAnswer, ChallengeView},
        given_card::GivenCard,
        today::today,
    },
};

const FEATURE: &str = "payment_method_update";

pub async fn form(State(app): State<App>, Path(token): Path<String>) -> Result<Markup, Refused> {
    page(&app, &token, &CardForm::default(), &Problems::default())
}

fn page(app: &App, token: &str, form: &CardForm, problems: &Problems) -> Result<Markup, Refused> {
    Ok(act(app, |engine| {
        let session = PortalSession::find(engine, token)?;
        session.require(FEATURE)?;
        Ok(add_card(&session.frame(), form, problems))
    })?)
}

pub async fn add(
    State(app): State<App>,
    Path(token): Path<String>,
    Form(mut form): Form<CardForm>,
) -> Result<Response, Refused> {
    if form.fill_test_card() {
        return Ok(page(&app, &token, &form, &Problems::default())?.into_response());
    }
    "new".clone_into(&mut form.payment_method);
    let (year, month) = today(&app);
    let card = match form.check(year, month) {
        Ok(chosen @ Chosen::New(_)) => GivenCard::new(chosen, ""),
        Ok(Chosen::Saved(_)) => return Err(not_found().into()),
        Err(problems) => return Ok(page(&app, &token, &form, &problems)?.into_response()),
    };
    match act(&app, |engine| give(engine, &token, &card, false))? {
        Ok(next) => Ok(see(&next)),
        Err(problems) => Ok(page(&app, &token, &form, &problems)?.into_response()),
    }
}

/// The bank's question about a card that is to be saved.
pub async fn challenge(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Refused> {
    Ok(act(&app, |engine| {
        let session = PortalSession::find(engine, &token)?;
        let Some(card) = GivenCard::waiting_with(engine, session.id()) else {
            return Ok(see(&format!("{}/payment-methods/add", session.base)));
        };
        let view = ChallengeView {
            answer_to: format!("{}/payment-methods/authenticate", session.base),
            seller: &session.seller,
            card: &card.label(engine),
            amount: None,
        };
        Ok(view.draw().into_response())
    })?)
}

pub async fn confirm(
    State(app): State<App>,
    Path(token): Path<String>,
    Form(told): Form<ChallengeAnswer>,
) -> Result<Response, Refused> {
    let outcome = act(&app, |engine| {
        let session = PortalSession::find(engine, &token)?;
        let Some(card) = GivenCard::waiting_with(engine, session.id()) else {
            return Ok(Ok(format!("{}/payment-methods/add", session.base)));
        };
        GivenCard::forget(engine, session.id());
        if told.is_complete() {
            give(engine, &token, &card, true)
        } else {
            Ok(Err(Problems::refused(ChallengeAnswer::FAILED)))
        }
    })?;
    match outcome {
        Ok(next) => Ok(see(&next)),
        Err(problems) => Ok(page(&app, &token, &CardForm::default(), &problems)?.into_response()),
    }
}

/// Where to go next, or what is wrong with the card.
fn give(
    engine: &mut Engine,
    token: &str,
    card: &GivenCard,
    confirmed: bool,
) -> Result<Result<String, Problems>, StripeError> {
    let session = PortalSession::find(engine, token)?;
    session.require(FEATURE)?;
    Ok(match engine.portal_add_card(token, &card.card, confirmed)? {
        Given::Done(method) => {
            card.write_details(engine, &method);
            Ok(session.after(FEATURE, "card"))
        }
        Given::NeedsConfirmation => {
            card.wait_with(engine, session.id())?;
            Ok(format!("{}/payment-methods/authenticate", session.base))
        }
        Given::Declined(refusal) => Err(card.problems(&refusal)),
    })
}

pub async fn make_default(
    State(app): State<App>,
    Path((token, card)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let outcome = act(&app, |engine| {
        let session = PortalSession::find(engine, &token)?;
        engine.portal_default_card(&token, &card)?;
        Ok(session.after("", "default"))
    });
    answer(&app, &token, outcome)
}

pub async fn remove(State(app): State<App>, Path((token, card)): Path<(String, String)>) -> Result<Response, Refused> {
    let outcome = act(&app, |engine| {
        let session = PortalSession::find(engine, &token)?;
        engine.portal_remove_card(&token, &card)?;
        Ok(session.after("", "removed"))
    });
    answer(&app, &token, outcome)
}
