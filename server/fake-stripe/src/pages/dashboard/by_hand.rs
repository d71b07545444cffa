//! What a developer makes happen on the dashboard: a payment is refunded or disputed, a subscription is cancelled, paused
//! or emptied. As the merchant would at Stripe, or a bank, or nobody (items cannot be taken away at Stripe).

use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    app::App,
    engine::Engine,
    error::StripeError,
    fields::Fields,
    pages::{
        act::{Refused, act, not_found, operate, see},
        amount::minor_units,
    },
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    act: String,
    amount: String,
}

/// A payment, named by its charge.
pub async fn payment(
    State(app): State<App>,
    Path((account, charge)): Path<(String, String)>,
    Form(wish): Form<Wish>,
) -> Result<Response, Refused> {
    act(&app, |engine| {
        let object = engine
            .find(&account, "charge", &charge, "charge")
            .map_err(|_| not_found())?;
        let amount = if wish.amount.trim().is_empty() {
            None
        } else {
            let minor = minor_units(&wish.amount, object.text("currency"));
            Some(minor.ok_or_else(|| StripeError::invalid("The amount is no number."))?)
        };
        engine.live_by(&charge);
        match wish.act.as_str() {
            "refund" => {
                let mut params = json!({"charge": charge});
                if let Some(amount) = amount {
                    params.put("amount", amount);
                }
                operate(engine, &account, "POST /v1/refunds", &[], params).map(drop)
            }
            "dispute" => engine.dispute(&charge, amount, "fraudulent").map(drop),
            "won" | "lost" => {
                let open = engine
                    .dispute_against(&charge)
                    .map(|dispute| dispute.text("id").to_owned());
                engine.decide_dispute(&open.unwrap_or_default(), wish.act == "won")
            }
            _ => Err(unknown()),
        }
    })?;
    Ok(see(&format!("/dashboard/{account}?done=payment#payments")))
}

pub async fn subscription(
    State(app): State<App>,
    Path((account, id)): Path<(String, String)>,
    Form(wish): Form<Wish>,
) -> Result<Response, Refused> {
    act(&app, |engine| {
        engine
            .find(&account, "subscription", &id, "id")
            .map_err(|_| not_found())?;
        change(engine, &account, &id, &wish.act)
    })?;
    Ok(see(&format!("/dashboard/{account}?done=subscription#subscriptions")))
}

fn change(engine: &mut Engine, account: &str, id: &str, wish: &str) -> Result<(), StripeError> {
    let one = "/v1/subscriptions/{subscription_exposed_id}";
    let (operation, params) = match wish {
        "cancel" => (format!("DELETE {one}"), Value::Null),
        "end" => (format!("POST {one}"), json!({"cancel_at_period_end": true})),
        "go_on" => (
            format!("POST {one}"),
            // Whichever of the two is set.
            if engine.get(id).flag("cancel_at_period_end") {
                json!({"cancel_at_period_end": false})
            } else {
                json!({"cancel_at": ""})
            },
        ),
        "pause" => (
            "POST /v1/subscriptions/{subscription}/pause".to_owned(),
            json!({"type": "subscription"}),
        ),
        "resume" => (
            "POST /v1/subscriptions/{subscription}/resume".to_owned(),
            json!({"payment_behavior": "resume_on_payment_success"}),
        ),
        "strip" => {
            engine.live_by(id);
            engine.strip_items(id);
            return Ok(());
        }
        _ => return Err(unknown()),
    };
    operate(engine, account, &operation, &[id], params).map(drop)
}

fn unknown() -> StripeError {
    StripeError::invalid("Choose one of the buttons.")
}
