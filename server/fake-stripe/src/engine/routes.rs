//! Which function answers which operation of Stripe's description.

use super::{Answer, Call, Engine, accounts, events};
use crate::error::StripeError;

impl Engine {
    /// Answers an operation, named by its method and its path in the description.
    pub fn answer(&mut self, operation: &str, call: &Call) -> Answer {
        let endpoint: fn(&mut Self, &Call) -> Answer = match operation {
            "POST /v1/accounts" => accounts::create,
            "GET /v1/accounts/{account}" => accounts::retrieve,
            "GET /v1/events" => events::list,
            "GET /v1/events/{id}" => events::retrieve,
            _ => return Err(StripeError::invalid(format!("fake-stripe does not serve {operation}")).status(404)),
        };
        endpoint(self, call)
    }
}
