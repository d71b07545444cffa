//! Pays an invoice on its page, with a saved or a new card; a card of 3-D Secure asks its bank first.

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Response},
};

use super::show::page;
use crate::{
    app::App,
    engine::{Engine, portal::Given},
    error::StripeError,
    fields::Fields,
    pages::{
        act::{Refused, act, not_found, see},
        amount::amount,
        card_form::{CardForm, Problems},
        challenge_view::{ChallengeAnswer, ChallengeView},
        given_card::GivenCard,
        seller::seller_of,
        today::today,
    },
};

pub async fn pay(
    State(app): State<App>,
    Path((account, token)): Path<(String, String)>,
    Form(mut form): Form<CardForm>,
) -> Result<Response, Refused> {
    if form.fill_test_card() {
        return Ok(page(&app, &account, &token, &form, &Problems::default())?.into_response());
    }
    let (year, month) = today(&app);
    let card = match form.check(year, month) {
        Ok(chosen) => GivenCard::new(chosen, ""),
        Err(problems) => return Ok(page(&app, &account, &token, &form, &problems)?.into_response()),
    };
    match act(&app, |engine| give(engine, &account, &token, &card, false))? {
        Ok(next) => Ok(see(&next)),
        Err(problems) => Ok(page(&app, &account, &token, &form, &problems)?.into_response()),
    }
}

pub async fn challenge(
    State(app): State<App>,
    Path((account, token)): Path<(String, String)>,
) -> Result<Response, Refused> {
    Ok(act(&app, |engine| {
        let invoice = engine.hosted_invoice(&account, &token).map_err(|_| not_found())?;
        let waiting = GivenCard::waiting_with(engine, invoice.text("id"));
        let Some(card) = waiting.filter(|_| invoice.text("status") == "open") else {
            return Ok(see(&format!("/i/{account}/{token}")));
        };
        let view = ChallengeView {
            answer_to: format!("/i/{account}/{token}/authenticate"),
            seller: &seller_of(engine, &engine.account_of(invoice.text("id"))),
            card: &card.label(engine),
            amount: Some(amount(invoice.int("amount_remaining"), invoice.text("currency"))),
        };
        Ok(view.draw().into_response())
    })?)
}

pub async fn confirm(
    State(app): State<App>,
    Path((account, token)): Path<(String, String)>,
    Form(told): Form<ChallengeAnswer>,
) -> Result<Response, Refused> {
    let outcome = act(&app, |engine| {
        let invoice = engine.hosted_invoice(&account, &token).map_err(|_| not_found())?;
        let Some(card) = GivenCard::waiting_with(engine, invoice.text("id")) else {
            return Ok(Ok(format!("/i/{account}/{token}")));
        };
        GivenCard::forget(engine, invoice.text("id"));
        if told.is_complete() {
            give(engine, &account, &token, &card, true)
        } else {
            if invoice.text("status") == "open" {
                engine.not_confirmed_on_page(invoice.text("id"));
            }
            Ok(Err(Problems::refused(ChallengeAnswer::FAILED)))
        }
    })?;
    match outcome {
        Ok(next) => Ok(see(&next)),
        Err(problems) => Ok(page(&app, &account, &token, &CardForm::default(), &problems)?.into_response()),
    }
}

/// Where to go next, or what is wrong with the card.
fn give(
    engine: &mut Engine,
    account: &str,
    token: &str,
    card: &GivenCard,
    confirmed: bool,
) -> Result<Result<String, Problems>, StripeError> {
    let invoice = engine.hosted_invoice(account, token).map_err(|_| not_found())?;
    let here = format!("/i/{account}/{token}");
    // Paid in another tab meanwhile: the page shows the receipt.
    if invoice.text("status") != "open" {
        return Ok(Ok(here));
    }
    let id = invoice.text("id");
    Ok(match engine.pay_hosted_invoice(id, &card.card, confirmed)? {
        Given::Done(method) => {
            card.write_details(engine, &method);
            Ok(here)
        }
        Given::NeedsConfirmation => {
            card.wait_with(engine, id)?;
            Ok(format!("{here}/authenticate"))
        }
        Given::Declined(refusal) => Err(card.problems(&refusal)),
    })
}
