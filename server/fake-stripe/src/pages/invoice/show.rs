//! Draws an invoice from its object: `pay.rs` draws it again with what was typed and why it was refused.

use axum::extract::{Path, State};
use maud::Markup;
use serde_json::Value;

use super::view::{InvoiceLine, InvoiceView, Standing};
use crate::{
    app::App,
    engine::Engine,
    error::StripeError,
    fields::Fields,
    pages::{
        act::{Refused, act, not_found},
        amount::amount,
        card_form::{CardForm, Problems},
        date::day,
        invoice_fee::application_fee,
        saved_cards::{card_label, saved_cards},
        seller::seller_of,
    },
};

pub async fn show(State(app): State<App>, Path((account, token)): Path<(String, String)>) -> Result<Markup, Refused> {
    page(&app, &account, &token, &CardForm::default(), &Problems::default())
}

/// The invoice's page, with a card form as it was left.
pub fn page(app: &App, account: &str, token: &str, form: &CardForm, problems: &Problems) -> Result<Markup, Refused> {
    Ok(act(app, |engine| draw(engine, account, token, form, problems))?)
}

fn draw(
    engine: &Engine,
    account: &str,
    token: &str,
    form: &CardForm,
    problems: &Problems,
) -> Result<Markup, StripeError> {
    let invoice = engine.hosted_invoice(account, token).map_err(|_| not_found())?;
    let owner = engine.account_of(invoice.text("id"));
    let currency = invoice.text("currency").to_owned();
    let money = |field: &str| amount(invoice.int(field), &currency);
    let customer = [invoice.text("customer_name"), invoice.text("customer_email")];
    let customer: Vec<&str> = customer.into_iter().filter(|text| !text.is_empty()).collect();
    let view = InvoiceView {
        seller: &seller_of(engine, &owner),
        number: invoice.some_text("number").unwrap_or("(draft)"),
        customer: if customer.is_empty() {
            "–".to_owned()
        } else {
            customer.join(", ")
        },
        created: day(invoice.int("created")),
        lines: invoice
            .items("lines.data")
            .iter()
            .map(|line| line_words(line, &currency))
            .collect(),
        adjustments: adjustments(&invoice, &currency),
        total: money("total"),
        amount_due: money("amount_remaining"),
        application_fee: application_fee(engine, &invoice).map(|fee| amount(fee, &currency)),
        standing: match invoice.text("status") {
            "open" => Standing::Open {
                submit_to: format!("/i/{account}/{token}"),
                saved: saved_cards(engine, &owner, invoice.text("customer")),
                form,
                problems,
            },
            "paid" => Standing::Paid {
                on: day(invoice
                    .some_int("status_transitions.paid_at")
                    .unwrap_or_else(|| invoice.int("created"))),
                with: paid_with(engine, invoice.text("id")),
            },
            "void" => Standing::Closed {
                sentence: "This invoice is void. Nothing is owed.",
            },
            "uncollectible" => Standing::Closed {
                sentence: "This invoice is no longer collected.",
            },
            _ => Standing::Closed {
                sentence: "This invoice is a draft. It cannot be paid yet.",
            },
        },
    };
    Ok(view.draw())
}

fn line_words(line: &Value, currency: &str) -> InvoiceLine {
    let (from, to) = (line.int("period.start"), line.int("period.end"));
    InvoiceLine {
        description: line.some_text("description").unwrap_or("Item").to_owned(),
        period: if from == to {
            day(from)
        } else {
            format!("{} – {}", day(from), day(to))
        },
        amount: amount(line.int("amount"), currency),
    }
}

/// What stands between the lines' sum and what is charged.
fn adjustments(invoice: &Value, currency: &str) -> Vec<(&'static str, String)> {
    let balance = invoice.int("starting_balance");
    if balance == 0 {
        Vec::new()
    } else {
        vec![("Customer balance", amount(balance, currency))]
    }
}

/// The card that settled it; none when nothing was to be charged.
fn paid_with(engine: &Engine, invoice: &str) -> Option<String> {
    let method = engine.get(engine.get(&engine.intent_of(invoice)).text("payment_method"));
    method.is_object().then(|| card_label(method))
}
