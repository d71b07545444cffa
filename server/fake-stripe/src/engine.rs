//! The state of the fake Stripe and its rules, without any HTTP. Called by the API routes, the control routes and the
//! hosted pages, always through `App::act`, which makes each call one transaction.

pub mod access;
pub mod account_links;
pub mod accounts;
mod balance;
pub mod cards;
pub mod checkout;
pub mod customers;
pub mod disputes;
pub mod due;
pub mod events;
pub mod invoices;
pub mod lists;
pub mod lookup;
pub mod oauth;
mod params;
pub mod payment_methods;
pub mod payments;
pub mod portal;
pub mod prices;
pub mod products;
mod refunds;
pub mod routes;
pub mod schedules;
mod search;
pub mod setup_intents;
pub mod snapshot;
pub mod subscriptions;
pub mod test_clocks;
pub mod uncovered;
pub mod view;
pub mod webhook_endpoints;

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

use serde_json::Value;

use crate::{
    clock::Time, description::Description, error::StripeError, fields::Fields, ids::Ids, outbox::Outbox,
    records::Records,
};

/// What an endpoint answers.
pub type Answer = Result<Value, StripeError>;

/// A request that has passed the checks of the API routes.
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// Whose objects it is about; empty for the platform's own.
    pub account: String,
    /// The ids in the path.
    pub ids: Vec<String>,
    pub params: Value,
    pub request_id: Option<String>,
    pub idempotency_key: Option<String>,
}

impl Call {
    /// The first id in the path.
    pub fn id(&self) -> &str {
        self.ids.first().map_or("", String::as_str)
    }
}

pub struct Engine {
    pub records: Records,
    pub ids: Ids,
    pub time: Time,
    pub outbox: Outbox,
    /// Where hosted pages are, `http://localhost:12111`.
    pub origin: String,
    /// Whether there is something to save.
    pub changed: bool,
    /// Events of the running transaction; they leave when it is kept.
    fresh_events: Vec<String>,
    /// The request that events are caused by.
    cause: (Option<String>, Option<String>),
    /// While something due on a test clock is done, that clock and its time.
    moment: Option<(String, i64)>,
}

impl Engine {
    pub fn new(seed: u64, time: Time, origin: String) -> Self {
        Self {
            records: Records::default(),
            ids: Ids::new(seed),
            time,
            outbox: Outbox::default(),
            origin,
            changed: false,
            fresh_events: Vec::new(),
            cause: (None, None),
            moment: None,
        }
    }

    /// One transaction: when `act` refuses, nothing has happened (unless the refusal says that its changes stay). A panic
    /// in it is a refusal too, so that what it had begun does not stay.
    pub fn transaction<T>(&mut self, act: impl FnOnce(&mut Self) -> Result<T, StripeError>) -> Result<T, StripeError> {
        let moment = self.moment.clone();
        self.records.begin();
        self.fresh_events.clear();
        let outcome = catch_unwind(AssertUnwindSafe(|| act(self))).unwrap_or_else(|panic| Err(broken(panic.as_ref())));
        self.moment = moment;
        self.changed |= self.records.is_changed();
        match &outcome {
            Err(refusal) if !refusal.keep_changes => {
                self.records.roll_back();
                self.fresh_events.clear();
            }
            _ => {
                let now = self.time.now();
                for event in std::mem::take(&mut self.fresh_events) {
                    let receivers = self.receivers(&event);
                    self.outbox.add(&event, now, &receivers);
                }
                self.forget_endpoints();
            }
        }
        outcome
    }

    /// What would come of it: whatever `act` changes is taken back.
    pub fn as_if<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        let (mark, events, moment) = (self.records.mark(), self.fresh_events.len(), self.moment.clone());
        let outcome = act(self);
        self.records.roll_back_to(mark);
        self.fresh_events.truncate(events);
        self.moment = moment;
        outcome
    }

    /// A part of a transaction that leaves nothing behind when it is refused.
    pub fn or_nothing<T, E>(&mut self, act: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let (mark, events) = (self.records.mark(), self.fresh_events.len());
        let outcome = act(self);
        if outcome.is_err() {
            self.records.roll_back_to(mark);
            self.fresh_events.truncate(events);
        }
        outcome
    }

    pub fn caused_by(&mut self, call: &Call) {
        self.cause = (call.request_id.clone(), call.idempotency_key.clone());
    }

    /// The time on the general clock or, while a test clock moves, on that one.
    pub fn now(&self) -> i64 {
        self.moment.as_ref().map_or_else(|| self.time.now(), |(_, now)| *now)
    }

    /// The time on a test clock, or on the general one (empty).
    pub fn time_on(&self, clock: &str) -> i64 {
        match &self.moment {
            Some((moving, now)) if moving == clock => *now,
            _ if clock.is_empty() => self.time.now(),
            _ => self
                .get(clock)
                .some_int("frozen_time")
                .unwrap_or_else(|| self.time.now()),
        }
    }

    /// The time that an object lives by.
    pub fn now_for(&self, id: &str) -> i64 {
        self.time_on(&self.clock_of(id))
    }

    /// An empty object with a new id, `created` and today's shape.
    pub fn blank(&mut self, schema: &str, prefix: &str) -> Value {
        let mut object = Description::get().blank(schema);
        if let Value::Object(map) = &mut object {
            map.insert("id".into(), self.ids.next(prefix).into());
            if map.contains_key("created") {
                map.insert("created".into(), self.now().into());
            }
        }
        object
    }
}

/// What is answered when the fake itself is broken.
fn broken(panic: &(dyn Any + Send)) -> StripeError {
    let reason = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it does not say why");
    tracing::error!(reason, "fake-stripe panicked; what was being done is taken back");
    StripeError::failure(format!("fake-stripe panicked: {reason}"))
}
