//! Hosted onboarding: an account link opens it once, the form brings the account into the chosen state, and either
//! button leads back to the platform. A used or old link leads to the platform's refresh address.

mod details;
pub mod view;

use axum::{
    Form, Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::get,
};
use maud::Markup;

use self::view::{OnboardingForm, OnboardingProblems, OnboardingView};
use super::{
    act::{Refused, act, not_found, see},
    country::{COUNTRIES, country},
    email::is_email,
    outcome_choices::{CHOICES, choice_of, outcome_of},
};
use crate::{
    app::App,
    engine::{Engine, account_links::Opened},
    error::StripeError,
};

pub fn router() -> Router<App> {
    Router::new()
        .route("/setup/s/{account}/{token}", get(open))
        .route("/setup/e/{account}/{token}", get(form).post(submit))
}

/// The link itself; it is used up before the form is shown, which then has an address of its own and may be reloaded.
async fn open(State(app): State<App>, Path((account, token)): Path<(String, String)>) -> Result<Response, Refused> {
    Ok(act(&app, |engine| {
        match engine.open_onboarding(&account, &token).map_err(|_| not_found())? {
            Opened::Form { .. } => Ok(see(&format!("/setup/e/{account}/{token}"))),
            Opened::Refresh(url) => Ok(see(&url)),
        }
    })?)
}

async fn form(State(app): State<App>, Path((account, token)): Path<(String, String)>) -> Result<Markup, Refused> {
    Ok(act(&app, |engine| {
        engine.onboarding_return(&account, &token).map_err(|_| not_found())?;
        let known = engine.find("", "account", &account, "account")?;
        let chosen = choice_of(engine, &account);
        Ok(page(
            &account,
            &token,
            &details::read(engine, known, chosen),
            &OnboardingProblems::default(),
        ))
    })?)
}

async fn submit(
    State(app): State<App>,
    Path((account, token)): Path<(String, String)>,
    Form(form): Form<OnboardingForm>,
) -> Result<Response, Refused> {
    Ok(act(&app, |engine| {
        let return_url = engine.onboarding_return(&account, &token).map_err(|_| not_found())?;
        if form.step == "later" {
            return Ok(see(&return_url));
        }
        let problems = check(&form);
        if problems != OnboardingProblems::default() {
            return Ok(page(&account, &token, &form, &problems).into_response());
        }
        finish(engine, &account, &form)?;
        Ok(see(&return_url))
    })?)
}

fn finish(engine: &mut Engine, account: &str, form: &OnboardingForm) -> Result<(), StripeError> {
    let outcome = outcome_of(&form.outcome).ok_or_else(|| StripeError::invalid("There is no such outcome."))?;
    details::write(engine, account, form)?;
    engine.set_account(account, outcome)
}

fn page(account: &str, token: &str, form: &OnboardingForm, problems: &OnboardingProblems) -> Markup {
    let submit_to = format!("/setup/e/{account}/{token}");
    OnboardingView {
        submit_to,
        account,
        countries: &COUNTRIES,
        outcomes: &CHOICES,
        form,
        problems,
    }
    .draw()
}

fn check(form: &OnboardingForm) -> OnboardingProblems {
    let account_number: String = form.bank_account.chars().filter(|c| !c.is_whitespace()).collect();
    let plausible =
        (4..=34).contains(&account_number.len()) && account_number.chars().all(|c| c.is_ascii_alphanumeric());
    OnboardingProblems {
        business_name: form
            .business_name
            .trim()
            .is_empty()
            .then_some("Enter the name of your business."),
        country: country(&form.country)
            .is_none()
            .then_some("Choose one of the countries."),
        email: (!is_email(&form.email)).then_some("Enter an e-mail address, such as you@example.com."),
        bank_account: (!plausible).then_some("Enter an IBAN or account number: 4 to 34 letters and digits."),
        outcome: outcome_of(&form.outcome)
            .is_none()
            .then_some("Choose how it should end."),
    }
}
