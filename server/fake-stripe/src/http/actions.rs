//! Control routes that do what the hosted pages' forms do, so that tests need no HTML: onboarding, Checkout, accounts.

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::post,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    app::App,
    engine::{accounts::Outcome, checkout::Completed, portal::Given},
    error::StripeError,
    fields::Fields,
};

pub fn router() -> Router<App> {
    Router::new()
        .route("/_fake/accounts/{id}", post(set_account))
        .route("/_fake/accounts/{id}/complete_onboarding", post(complete_onboarding))
        .route("/_fake/checkout/{id}/complete", post(complete_checkout))
        .route("/_fake/checkout/{id}/cancel", post(cancel_checkout))
        .route("/_fake/invoices/{id}/pay", post(pay_invoice))
        .route("/_fake/portal/{id}", post(portal))
        .route("/_fake/subscriptions/{id}/strip_items", post(strip_items))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountChange {
    outcome: Option<Outcome>,
    /// What follows the last failed attempt: `cancel`, `unpaid`, `past_due` or `pause`; `pause_at_once`: the first failed
    /// renewal pauses, and if it cannot, the last one cancels.
    after_failed_payments: Option<AfterFailedPayments>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum AfterFailedPayments {
    Cancel,
    Unpaid,
    PastDue,
    Pause,
    PauseAtOnce,
}

async fn set_account(
    State(app): State<App>,
    Path(id): Path<String>,
    Json(change): Json<AccountChange>,
) -> Result<Json<Value>, StripeError> {
    app.act(|engine| {
        engine.find("", "account", &id, "account")?;
        if let Some(after) = change.after_failed_payments {
            let word = match after {
                AfterFailedPayments::Cancel => "cancel",
                AfterFailedPayments::Unpaid => "unpaid",
                AfterFailedPayments::PastDue => "past_due",
                AfterFailedPayments::Pause => "pause",
                AfterFailedPayments::PauseAtOnce => "pause_at_once",
            };
            engine.hide(&id, "after_failed_payments", word);
        }
        if let Some(outcome) = change.outcome {
            engine.set_account(&id, outcome)?;
        }
        Ok(Json(engine.get(&id).clone()))
    })
}

async fn complete_onboarding(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Value>, StripeError> {
    app.act(|engine| {
        engine.set_account(&id, Outcome::Ready)?;
        Ok(Json(engine.get(&id).clone()))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenCard {
    /// A test card's number, or the id of one of the customer's saved cards.
    card: String,
    /// Whether the customer has confirmed with their bank (3-D Secure).
    #[serde(default)]
    confirmed: bool,
}

async fn complete_checkout(
    State(app): State<App>,
    Path(id): Path<String>,
    Json(given): Json<GivenCard>,
) -> Result<Json<Value>, StripeError> {
    app.act(|engine| {
        let completed = engine.complete_checkout(&id, &given.card, given.confirmed)?;
        Ok(Json(match completed {
            Completed::Done { return_url } => {
                json!({"outcome": "done", "return_url": return_url, "session": engine.get(&id)})
            }
            Completed::Declined(refusal) => json!({"outcome": "declined", "error": refusal.body().at("error")}),
            Completed::NeedsConfirmation => json!({"outcome": "needs_confirmation"}),
        }))
    })
}

/// The customer turns back: nothing changes, the session stays open.
async fn cancel_checkout(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Value>, StripeError> {
    app.act(|engine| {
        Ok(Json(
            json!({"outcome": "canceled", "return_url": engine.checkout_cancel_url(&id)?}),
        ))
    })
}

/// Takes a subscription's items away, which Stripe's API refuses for the last one.
async fn strip_items(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Value>, StripeError> {
    app.act(|engine| {
        let account = engine.account_of(&id);
        engine.find(&account, "subscription", &id, "id")?;
        engine.live_by(&id);
        engine.strip_items(&id);
        Ok(Json(engine.view(engine.get(&id))))
    })
}

fn given(outcome: &Given) -> Value {
    match outcome {
        Given::Done(method) => json!({"outcome": "done", "payment_method": method}),
        Given::Declined(refusal) => json!({"outcome": "declined", "error": refusal.body().at("error")}),
        Given::NeedsConfirmation => json!({"outcome": "needs_confirmation"}),
    }
}

/// What the hosted invoice page's form does.
async fn pay_invoice(
    State(app): State<App>,
    Path(id): Path<String>,
    Json(card): Json<GivenCard>,
) -> Result<Json<Value>, StripeError> {
    app.act(|engine| {
        engine
            .pay_hosted_invoice(&id, &card.card, card.confirmed)
            .map(|outcome| Json(given(&outcome)))
    })
}

#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
enum PortalAction {
    AddCard {
        card: String,
        #[serde(default)]
        confirmed: bool,
    },
    RemoveCard {
        payment_method: String,
    },
    DefaultCard {
        payment_method: String,
    },
    Cancel {
        subscription: String,
        reason: Option<String>,
    },
    Renew {
        subscription: String,
    },
}

/// What the portal page's forms do; the session is named by its id (`bps_…`).
async fn portal(
    State(app): State<App>,
    Path(id): Path<String>,
    Json(action): Json<PortalAction>,
) -> Result<Json<Value>, StripeError> {
    app.act(|engine| {
        // The id, which only the API's answer tells, or the last part of the page's address.
        let url = id.starts_with("bps_").then(|| engine.get(&id).text("url").to_owned());
        let token = url.unwrap_or(id).rsplit('/').next().unwrap_or_default().to_owned();
        let done = json!({"outcome": "done"});
        Ok(Json(match action {
            PortalAction::AddCard { card, confirmed } => given(&engine.portal_add_card(&token, &card, confirmed)?),
            PortalAction::RemoveCard { payment_method } => {
                engine.portal_remove_card(&token, &payment_method).map(|()| done)?
            }
            PortalAction::DefaultCard { payment_method } => {
                engine.portal_default_card(&token, &payment_method).map(|()| done)?
            }
            PortalAction::Cancel { subscription, reason } => engine
                .portal_cancel(&token, &subscription, reason.as_deref())
                .map(|()| done)?,
            PortalAction::Renew { subscription } => engine.portal_renew(&token, &subscription).map(|()| done)?,
        }))
    })
}
