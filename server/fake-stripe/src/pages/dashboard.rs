//! The dashboard at `/dashboard/{account}`: what a merchant would see at Stripe, and switches for what only Stripe, a
//! bank or the merchant could do. `/dashboard` lists the accounts.

mod by_hand;
mod find;
mod lists;
mod switches;
mod table;
pub mod view;

use axum::{
    Form, Router,
    extract::{Path, Query, State},
    response::Response,
    routing::{get, post},
};
use maud::Markup;
use serde::Deserialize;

use self::{
    switches::{AFTER_FAILED_PAYMENTS, Switches},
    view::{AccountEntry, DashboardView, accounts_page},
};
use super::{
    account_status::{account_status, requirement_words},
    act::{Refused, act, not_found, see},
    country::country,
    date::day,
    outcome_choices::{CHOICES, choice_of, outcome_of},
    seller::seller_name,
};
use crate::{
    app::App,
    engine::{Engine, accounts::Outcome},
    error::StripeError,
    fields::Fields,
};

pub fn router() -> Router<App> {
    Router::new()
        .route("/", get(accounts))
        .route("/dashboard", get(accounts))
        .route("/dashboard/{account}", get(show))
        .route("/dashboard/{account}/outcome", post(change_outcome))
        .route("/dashboard/{account}/disconnect", post(disconnect))
        .route("/dashboard/{account}/close", post(close))
        .route("/dashboard/{account}/delete", post(delete))
        .route(
            "/dashboard/{account}/after_failed_payments",
            post(change_after_failed_payments),
        )
        .route(
            "/dashboard/{account}/payments/{charge}",
            get(find::payment).post(by_hand::payment),
        )
        .route("/dashboard/{account}/invoices/{invoice}", get(find::invoice))
        .route("/dashboard/{account}/disputes/{dispute}", get(find::dispute))
        .route(
            "/dashboard/{account}/subscriptions/{subscription}",
            get(find::subscription).post(by_hand::subscription),
        )
        .route("/dashboard/{account}/opener", post(change_opener))
}

async fn accounts(State(app): State<App>) -> Result<Markup, Refused> {
    Ok(act(&app, |engine| {
        let entries: Vec<AccountEntry> = engine
            .ids_of("", "account")
            .into_iter()
            .rev()
            .map(|id| AccountEntry {
                name: seller_name(engine.get(&id)).to_owned(),
                status: account_status(engine, &id),
                id,
            })
            .collect();
        Ok(accounts_page(&entries))
    })?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    done: String,
}

async fn show(
    State(app): State<App>,
    Path(account): Path<String>,
    Query(told): Query<Told>,
) -> Result<Markup, Refused> {
    let isolated = app.cuts_openers_off();
    Ok(act(&app, |engine| {
        page(engine, &account, isolated, done_sentence(&told.done))
    })?)
}

fn done_sentence(done: &str) -> Option<&'static str> {
    match done {
        "outcome" => Some("The account’s state is changed."),
        "disconnect" => Some("The platform is disconnected."),
        "close" => Some("The account is closed."),
        "delete" => Some("The account is deleted."),
        "after" => Some("What happens after failed payments is changed."),
        "payment" => Some("The payment is changed."),
        "subscription" => Some("The subscription is changed."),
        "opener" => Some("The switch for all hosted pages is changed."),
        _ => None,
    }
}

fn page(engine: &Engine, id: &str, isolated_opener: bool, done: Option<&'static str>) -> Result<Markup, StripeError> {
    let account = engine.find("", "account", id, "account").map_err(|_| not_found())?;
    let hidden = engine.hidden(id);
    let mut due: Vec<String> = account
        .items("requirements.currently_due")
        .iter()
        .filter_map(|r| r.as_str())
        .map(requirement_words)
        .collect();
    if let Some(deadline) = account.some_int("requirements.current_deadline") {
        due.push(format!("By {}", day(deadline)));
    }
    let base = format!("/dashboard/{id}");
    let after_failed_payments = engine.after_failed_payments(id);
    let view = DashboardView {
        account: id,
        name: seller_name(account),
        email: account.text("email"),
        country: country(account.text("country")).map_or(account.text("country"), |country| country.name),
        status: account_status(engine, id),
        due,
        done,
        tables: lists::tables(engine, id),
        switches: Switches {
            base: &base,
            connected: engine.may_access(id).is_ok(),
            closed: hidden.flag("closed"),
            deleted: hidden.flag("deleted"),
            outcomes: &CHOICES,
            chosen_outcome: choice_of(engine, id),
            after_failed_payments: &after_failed_payments,
            isolated_opener,
        },
    };
    Ok(view.draw())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OutcomeForm {
    outcome: String,
}

async fn change_outcome(
    State(app): State<App>,
    Path(account): Path<String>,
    Form(form): Form<OutcomeForm>,
) -> Result<Response, Refused> {
    let outcome = outcome_of(&form.outcome).ok_or_else(|| StripeError::invalid("Choose one of the states."))?;
    bring_to(&app, &account, outcome, "outcome")
}

async fn disconnect(State(app): State<App>, Path(account): Path<String>) -> Result<Response, Refused> {
    bring_to(&app, &account, Outcome::Revoked, "disconnect")
}

async fn close(State(app): State<App>, Path(account): Path<String>) -> Result<Response, Refused> {
    bring_to(&app, &account, Outcome::Closed, "close")
}

async fn delete(State(app): State<App>, Path(account): Path<String>) -> Result<Response, Refused> {
    bring_to(&app, &account, Outcome::Deleted, "delete")
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct AfterForm {
    after: String,
}

async fn change_after_failed_payments(
    State(app): State<App>,
    Path(account): Path<String>,
    Form(form): Form<AfterForm>,
) -> Result<Response, Refused> {
    if !AFTER_FAILED_PAYMENTS.iter().any(|(value, _)| *value == form.after) {
        return Err(StripeError::invalid("Choose one of the possibilities.").into());
    }
    act(&app, |engine| {
        engine
            .find("", "account", &account, "account")
            .map_err(|_| not_found())?;
        engine.hide(&account, "after_failed_payments", form.after.as_str());
        Ok(())
    })?;
    Ok(see(&format!("/dashboard/{account}?done=after#switches")))
}

fn bring_to(app: &App, account: &str, outcome: Outcome, done: &str) -> Result<Response, Refused> {
    act(app, |engine| engine.set_account(account, outcome))?;
    Ok(see(&format!("/dashboard/{account}?done={done}")))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OpenerForm {
    isolated: String,
}

async fn change_opener(State(app): State<App>, Path(account): Path<String>, Form(form): Form<OpenerForm>) -> Response {
    app.cut_openers_off(form.isolated == "yes");
    see(&format!("/dashboard/{account}?done=opener"))
}
