//! The portal's first page, or the task its session was made for.

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use maud::Markup;
use serde::Deserialize;
use serde_json::Value;

use super::{
    customer::allowed,
    session::PortalSession,
    view::{PortalCustomer, PortalInvoice, PortalOverview, PortalSubscription},
};
use crate::{
    app::App,
    engine::Engine,
    fields::Fields,
    pages::{
        act::{Refused, act, see},
        amount::amount,
        date::day,
        saved_cards::saved_cards,
        subscription_words::SubscriptionWords,
    },
};

/// What the page before this one did, or why it did not.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Told {
    done: String,
}

pub async fn enter(
    State(app): State<App>,
    Path(token): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response, Refused> {
    let session = act(&app, |engine| PortalSession::find(engine, &token))?;
    let task = match session.portal.session.text("flow.type") {
        "payment_method_update" => "/payment-methods/add".to_owned(),
        "customer_update" => "/customer".to_owned(),
        "subscription_cancel" => {
            let subscription = session.portal.session.text("flow.subscription_cancel.subscription");
            format!("/subscriptions/{subscription}/cancel")
        }
        _ => return Ok(page(&app, &token, &told)?.into_response()),
    };
    Ok(see(&format!("{}{task}", session.base)))
}

pub async fn show(
    State(app): State<App>,
    Path(token): Path<String>,
    Query(told): Query<Told>,
) -> Result<Markup, Refused> {
    page(&app, &token, &told)
}

fn page(app: &App, token: &str, told: &Told) -> Result<Markup, Refused> {
    Ok(act(app, |engine| {
        let session = PortalSession::find(engine, token)?;
        Ok(overview(engine, &session, told).draw(&session.frame()))
    })?)
}

/// The overview with a refusal above it.
pub fn with_problem(app: &App, token: &str, problem: String) -> Result<Markup, Refused> {
    Ok(act(app, |engine| {
        let session = PortalSession::find(engine, token)?;
        let mut overview = overview(engine, &session, &Told::default());
        overview.problem = Some(problem);
        Ok(overview.draw(&session.frame()))
    })?)
}

fn overview(engine: &Engine, session: &PortalSession, told: &Told) -> PortalOverview {
    PortalOverview {
        done: done_sentence(&told.done),
        problem: None,
        subscriptions: subscriptions(engine, session),
        cards: session
            .allows("payment_method_update")
            .then(|| saved_cards(engine, &session.portal.account, session.customer())),
        customer: session.allows("customer_update").then(|| customer(session)),
        invoices: session.allows("invoice_history").then(|| invoices(session)),
    }
}

fn done_sentence(done: &str) -> Option<&'static str> {
    match done {
        "canceled" => Some("Your subscription is canceled."),
        "renewed" => Some("Your subscription goes on."),
        "card" => Some("Your card is saved."),
        "default" => Some("Your default payment method is changed."),
        "removed" => Some("The card is removed."),
        "customer" => Some("Your information is saved."),
        _ => None,
    }
}

fn subscriptions(engine: &Engine, session: &PortalSession) -> Vec<PortalSubscription> {
    let may_cancel = session.allows("subscription_cancel");
    session
        .portal
        .subscriptions
        .iter()
        .filter(|subscription| !matches!(subscription.text("status"), "canceled" | "incomplete_expired"))
        .map(|subscription| {
            let words = SubscriptionWords::of(engine, subscription);
            let runs = matches!(
                subscription.text("status"),
                "active" | "trialing" | "past_due" | "unpaid"
            );
            PortalSubscription {
                id: subscription.text("id").to_owned(),
                can_cancel: may_cancel && runs && words.ends_at.is_none(),
                can_renew: may_cancel && runs && words.ends_at.is_some(),
                name: words.name,
                price: words.price,
                tag: words.tag,
                next: words.next,
            }
        })
        .collect()
}

fn customer(session: &PortalSession) -> PortalCustomer {
    let customer = &session.portal.customer;
    PortalCustomer {
        name: customer.text("name").to_owned(),
        email: customer.text("email").to_owned(),
        phone: customer.text("phone").to_owned(),
        can_change: allowed(session).is_ok(),
    }
}

fn invoices(session: &PortalSession) -> Vec<PortalInvoice> {
    let words = |invoice: &Value| PortalInvoice {
        date: day(invoice.int("created")),
        number: invoice.text("number").to_owned(),
        description: invoice
            .items("lines.data")
            .last()
            .map_or_else(String::new, |line| line.text("description").to_owned()),
        total: amount(invoice.int("total"), invoice.text("currency")),
        tag: match invoice.text("status") {
            "paid" => ("Paid", "good"),
            "open" => ("Open", "warn"),
            "uncollectible" => ("Uncollectible", "bad"),
            _ => ("Void", ""),
        },
        url: invoice.text("hosted_invoice_url").to_owned(),
        is_open: invoice.text("status") == "open",
    };
    session.portal.invoices.iter().map(words).collect()
}
