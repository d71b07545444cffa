//! Takes the card of a checkout: typed, chosen from the saved ones, or confirmed by its bank.

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::{
    purpose::due_today,
    show::{find, fixed_email, page},
};
use crate::{
    app::App,
    engine::{Engine, checkout::Completed},
    error::StripeError,
    fields::Fields,
    pages::{
        act::{Refused, act, see},
        card_form::{CardForm, Problems},
        challenge_view::{ChallengeAnswer, ChallengeView},
        email::is_email,
        given_card::GivenCard,
        seller::seller_of,
        today::today,
    },
};

pub async fn pay(
    State(app): State<App>,
    Path(session): Path<String>,
    Form(mut form): Form<CardForm>,
) -> Result<Response, Refused> {
    if form.fill_test_card() {
        return Ok(page(&app, &session, &form, &Problems::default())?.into_response());
    }
    let today = today(&app);
    let outcome = act(&app, |engine| {
        let json = find(engine, &session)?;
        if json.text("status") != "open" {
            return Ok(Ok(page_of(&session)));
        }
        match given(engine, &json, &form, today) {
            Ok(card) => give(engine, &json, &card, false),
            Err(problems) => Ok(Err(problems)),
        }
    })?;
    match outcome {
        Ok(next) => Ok(see(&next)),
        Err(problems) => Ok(page(&app, &session, &form, &problems)?.into_response()),
    }
}

/// The card and the e-mail address of the form, or all that is wrong with them at once.
fn given(engine: &Engine, session: &Value, form: &CardForm, today: (i32, u32)) -> Result<GivenCard, Problems> {
    let email = fixed_email(engine, session).unwrap_or_else(|| form.email.trim().to_owned());
    let email_problem = (!is_email(&email)).then(|| "Enter your e-mail address, such as you@example.com.".to_owned());
    match (form.check(today.0, today.1), email_problem) {
        (Ok(chosen), None) => Ok(GivenCard::new(chosen, &email)),
        (Ok(_), email) => Err(Problems {
            email,
            ..Problems::default()
        }),
        (Err(problems), email) => Err(Problems { email, ..problems }),
    }
}

pub async fn challenge(State(app): State<App>, Path(session): Path<String>) -> Result<Response, Refused> {
    Ok(act(&app, |engine| {
        let json = find(engine, &session)?;
        let waiting = GivenCard::waiting_with(engine, &session);
        let Some(card) = waiting.filter(|_| json.text("status") == "open") else {
            return Ok(see(&page_of(&session)));
        };
        let view = ChallengeView {
            answer_to: format!("/c/pay/{session}/authenticate"),
            seller: &seller_of(engine, &engine.account_of(&session)),
            card: &card.label(engine),
            amount: due_today(&json),
        };
        Ok(view.draw().into_response())
    })?)
}

pub async fn confirm(
    State(app): State<App>,
    Path(session): Path<String>,
    Form(told): Form<ChallengeAnswer>,
) -> Result<Response, Refused> {
    let outcome = act(&app, |engine| {
        let json = find(engine, &session)?;
        let waiting = GivenCard::waiting_with(engine, &session);
        let Some(card) = waiting.filter(|_| json.text("status") == "open") else {
            return Ok(Ok(page_of(&session)));
        };
        GivenCard::forget(engine, &session);
        if told.is_complete() {
            give(engine, &json, &card, true)
        } else {
            Ok(Err(Problems::refused(ChallengeAnswer::FAILED)))
        }
    })?;
    match outcome {
        Ok(next) => Ok(see(&next)),
        Err(problems) => Ok(page(&app, &session, &CardForm::default(), &problems)?.into_response()),
    }
}

fn page_of(session: &str) -> String {
    format!("/c/pay/{session}")
}

/// Where to go next, or what is wrong with the card.
fn give(
    engine: &mut Engine,
    session: &Value,
    card: &GivenCard,
    confirmed: bool,
) -> Result<Result<String, Problems>, StripeError> {
    let id = session.text("id");
    // The engine makes the customer of the session's address; the session itself shows only what the platform gave.
    if fixed_email(engine, session).is_none() {
        engine.edit(id, |session| session.put("customer_email", card.email.as_str()));
    }
    let completed = engine.complete_checkout(id, &card.card, confirmed)?;
    engine.edit(id, |kept| {
        kept.put("customer_email", session.at("customer_email").clone());
    });
    Ok(match completed {
        Completed::Done { return_url } => {
            if let Some(method) = method_of(engine, id) {
                card.write_details(engine, &method);
            }
            Ok(return_url)
        }
        Completed::NeedsConfirmation => {
            card.wait_with(engine, id)?;
            Ok(format!("/c/pay/{id}/authenticate"))
        }
        Completed::Declined(refusal) => Err(card.problems(&refusal)),
    })
}

/// The payment method that a completed session used.
fn method_of(engine: &Engine, session: &str) -> Option<String> {
    let json = engine.get(session);
    let (setup, subscription) = (
        engine.get(json.text("setup_intent")),
        engine.get(json.text("subscription")),
    );
    let method = setup
        .some_text("payment_method")
        .or_else(|| subscription.some_text("default_payment_method"));
    method.map(str::to_owned)
}
