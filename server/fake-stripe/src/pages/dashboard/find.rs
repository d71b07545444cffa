//! The addresses of single objects: they lead to the row that shows the object on its account's dashboard, which is marked
//! there.

use axum::{
    extract::{Path, State},
    response::Response,
};

use crate::{
    app::App,
    engine::Engine,
    error::StripeError,
    fields::Fields,
    pages::act::{Refused, act, not_found, see},
};

type Address = Path<(String, String)>;

/// Named by its charge.
pub async fn payment(State(app): State<App>, Path((account, charge)): Address) -> Result<Response, Refused> {
    Ok(act(&app, |engine| row_of_charge(engine, &account, &charge))?)
}

pub async fn dispute(State(app): State<App>, Path((account, id)): Address) -> Result<Response, Refused> {
    Ok(act(&app, |engine| {
        let dispute = find(engine, &account, "dispute", &id)?;
        let charge = engine.get(dispute).text("charge").to_owned();
        row_of_charge(engine, &account, &charge)
    })?)
}

pub async fn invoice(State(app): State<App>, Path((account, id)): Address) -> Result<Response, Refused> {
    Ok(act(&app, |engine| {
        find(engine, &account, "invoice", &id).map(|id| row(&account, id))
    })?)
}

pub async fn subscription(State(app): State<App>, Path((account, id)): Address) -> Result<Response, Refused> {
    Ok(act(&app, |engine| {
        find(engine, &account, "subscription", &id).map(|id| row(&account, id))
    })?)
}

/// Payments are listed by the invoices they paid.
fn row_of_charge(engine: &Engine, account: &str, charge: &str) -> Result<Response, StripeError> {
    find(engine, account, "charge", charge)?;
    let paid = |invoice: &String| engine.get(&engine.intent_of(invoice)).text("latest_charge") == charge;
    let invoice = engine.ids_of(account, "invoice").into_iter().find(paid);
    Ok(invoice.map_or_else(
        || see(&format!("/dashboard/{account}#payments")),
        |invoice| row(account, &invoice),
    ))
}

fn find<'a>(engine: &Engine, account: &str, kind: &str, id: &'a str) -> Result<&'a str, StripeError> {
    engine.find(account, kind, id, "id").map_err(|_| not_found())?;
    Ok(id)
}

fn row(account: &str, id: &str) -> Response {
    see(&format!("/dashboard/{account}#{id}"))
}
