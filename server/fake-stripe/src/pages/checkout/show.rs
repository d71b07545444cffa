//! Draws a checkout session as it stands: open, completed or expired. `pay.rs` draws it again after a refusal.

use axum::extract::{Path, State};
use maud::Markup;
use serde_json::Value;

use super::{purpose::purpose, view::CheckoutView};
use crate::{
    app::App,
    engine::Engine,
    error::StripeError,
    fields::Fields,
    pages::{
        act::{Refused, act, not_found},
        card_form::{CardForm, Problems},
        layout::notice,
        saved_cards::saved_cards,
        seller::seller_of,
    },
};

pub async fn show(State(app): State<App>, Path(session): Path<String>) -> Result<Markup, Refused> {
    page(&app, &session, &CardForm::default(), &Problems::default())
}

/// The session's page, with a card form as it was left.
pub fn page(app: &App, session: &str, form: &CardForm, problems: &Problems) -> Result<Markup, Refused> {
    Ok(act(app, |engine| {
        let json = find(engine, session)?;
        Ok(match json.text("status") {
            "open" => draw(engine, &json, form, problems),
            status => over(engine, &json, status),
        })
    })?)
}

/// Errors: there is no such session in any account.
pub fn find(engine: &Engine, session: &str) -> Result<Value, StripeError> {
    let record = engine
        .records
        .get(session)
        .filter(|record| record.kind == "checkout.session");
    record.map(|record| record.json.clone()).ok_or_else(not_found)
}

fn draw(engine: &Engine, session: &Value, form: &CardForm, problems: &Problems) -> Markup {
    let id = session.text("id");
    let account = engine.account_of(id);
    let email = fixed_email(engine, session);
    let cancel_url = cancel_url(session);
    CheckoutView {
        submit_to: format!("/c/pay/{id}"),
        seller: &seller_of(engine, &account),
        cancel_url: cancel_url.as_deref(),
        purpose: purpose(engine, session),
        fixed_email: email.as_deref(),
        message: session.some_text("custom_text.submit.message"),
        saved: saved_cards(engine, &account, session.text("customer")),
        form,
        problems,
    }
    .draw()
}

/// The address that the platform gave, which the customer cannot change.
pub fn fixed_email(engine: &Engine, session: &Value) -> Option<String> {
    let known = engine
        .get(session.text("customer"))
        .some_text("email")
        .or_else(|| session.some_text("customer_email"));
    known.filter(|email| !email.is_empty()).map(str::to_owned)
}

/// Where the page's way back leads, when the session says it.
fn cancel_url(session: &Value) -> Option<String> {
    session
        .some_text("cancel_url")
        .map(|url| url.replace("{CHECKOUT_SESSION_ID}", session.text("id")))
}

fn success_url(session: &Value) -> String {
    session
        .text("success_url")
        .replace("{CHECKOUT_SESSION_ID}", session.text("id"))
}

fn over(engine: &Engine, session: &Value, status: &str) -> Markup {
    let seller = seller_of(engine, &engine.account_of(session.text("id")));
    let label = format!("Back to {seller}");
    if status == "complete" {
        let url = success_url(session);
        let sentence = "This checkout is completed. Nothing more is charged.";
        return notice(
            "You’re all done here",
            sentence,
            Some((label.as_str(), url.as_str())).filter(|(_, url)| !url.is_empty()),
        );
    }
    let sentence = "This payment page was open for too long, or was replaced by another one. Nothing was charged.";
    let cancel_url = cancel_url(session);
    notice(
        "This page has expired",
        sentence,
        cancel_url.as_deref().map(|url| (label.as_str(), url)),
    )
}
