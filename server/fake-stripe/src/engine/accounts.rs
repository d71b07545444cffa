//! Connected accounts (`/v1/accounts`): made by the platform, filled in by their owner on the hosted onboarding page.

use serde_json::json;

use super::{Answer, Call, Engine};
use crate::{error::StripeError, fields::Fields};

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    let _ = (engine, call, json!(null));
    Err(StripeError::invalid("not there yet"))
}

pub fn retrieve(engine: &mut Engine, call: &Call) -> Answer {
    engine.find("", "account", call.id(), "account").cloned().inspect(|account| { let _ = account.text("id"); })
}
