//! Test clocks (`/v1/test_helpers/test_clocks`): customers with a time of their own, which moves when it is told to.

use serde_json::{Value, json};

use super::{Answer, Call, Engine};
use crate::{error::StripeError, fields::Fields};

/// How long a clock is kept, in seconds (here only shown).
const LIFETIME: i64 = 30 * 86_400;

const MOST_CUSTOMERS: usize = 3;

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let mut clock = engine.blank("test_helpers.test_clock", "clock_1");
    let id = clock.text("id").to_owned();
    clock.put("created", engine.time.now());
    clock.put("deletes_after", engine.time.now() + LIFETIME);
    clock.put("frozen_time", params.at("frozen_time").clone());
    clock.put("name", params.at("name").clone());
    clock.put("status", "ready");
    clock.put("status_details", json!({}));
    engine.records.insert(&call.account, "", clock);
    engine.emit(&id, "test_helpers.test_clock.created");
    Ok(engine.get(&id).clone())
}

pub fn retrieve(engine: &mut Engine, call: &Call) -> Answer {
    engine
        .find(&call.account, "test_helpers.test_clock", call.id(), "test_clock")
        .cloned()
}

pub fn list(engine: &mut Engine, call: &Call) -> Answer {
    engine.list(
        call,
        "test_helpers.test_clock",
        "/v1/test_helpers/test_clocks",
        |_, _| true,
    )
}

/// Moves a clock on; what is due on it happens at its own time. Unlike Stripe, it is ready when this answers.
pub fn advance(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    let now = engine
        .find(&call.account, "test_helpers.test_clock", &id, "test_clock")?
        .int("frozen_time");
    let to = call.params.int("frozen_time");
    if to <= now {
        return Err(
            StripeError::invalid("The new frozen_time must be later than the clock's current one.")
                .param("frozen_time"),
        );
    }
    if to > engine.furthest(&call.account, &id, now) {
        return Err(StripeError::invalid(
            "Test clocks can be advanced by at most two intervals of their shortest subscription at a time (two years without one).",
        )
        .param("frozen_time"));
    }
    engine.emit(&id, "test_helpers.test_clock.advancing");
    engine.work_off(&id, to);
    let moved = Value::from(to);
    engine.edit(&id, |clock| clock.put("frozen_time", moved));
    engine.emit(&id, "test_helpers.test_clock.ready");
    Ok(engine.get(&id).clone())
}

/// A clock takes its customers, and what they have, with it.
pub fn delete(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    engine.find(&call.account, "test_helpers.test_clock", &id, "test_clock")?;
    engine.emit(&id, "test_helpers.test_clock.deleted");
    for kind in [
        "customer",
        "subscription",
        "invoice",
        "payment_method",
        "subscription_schedule",
        "checkout.session",
        "payment_intent",
        "charge",
        "dispute",
        "refund",
        "invoice_payment",
        "setup_intent",
    ] {
        for object in engine.ids_of(&call.account, kind) {
            if engine.clock_of(&object) == id {
                engine.records.remove(&object);
            }
        }
    }
    engine.records.remove(&id);
    Ok(json!({"id": id, "object": "test_helpers.test_clock", "deleted": true}))
}

impl Engine {
    /// How far a clock can be moved at once.
    fn furthest(&self, account: &str, clock: &str, now: i64) -> i64 {
        let price = |id: &str| {
            let items = self.get(id).items("items.data");
            items.first().map(|item| item.text("price.id").to_owned())
        };
        self.records
            .list(account, "subscription")
            .filter(|id| self.clock_of(id) == clock && !self.has_ended(id))
            .filter_map(price)
            .map(|price| self.interval_of(&price).after(now, 2))
            .min()
            .unwrap_or(now + 2 * 366 * 86_400)
    }

    /// Errors: there is no such clock, or it has as many customers as it can have.
    pub fn check_clock(&self, account: &str, clock: &str) -> Result<(), StripeError> {
        self.find(account, "test_helpers.test_clock", clock, "test_clock")?;
        let customers = self.records.list(account, "customer");
        if customers.filter(|id| self.clock_of(id) == clock).count() >= MOST_CUSTOMERS {
            let message = format!("A test clock can have at most {MOST_CUSTOMERS} customers.");
            return Err(StripeError::invalid(message).param("test_clock"));
        }
        Ok(())
    }
}
