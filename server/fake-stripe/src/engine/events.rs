//! Events: what happened to which object, as it was at that moment. Kept for `GET /v1/events` and put into the outbox.

use serde_json::{Value, json};

use super::{Answer, Call, Engine};
use crate::{description::VERSION, error::StripeError, fields::Fields};

/// How many types a list of events may be asked for at once.
const MOST_TYPES: usize = 20;

impl Engine {
    pub fn emit(&mut self, id: &str, event: &str) {
        self.emit_with(id, event, None);
    }

    pub fn emit_with(&mut self, id: &str, event: &str, previous: Option<Value>) {
        let account = if self.get(id).text("object") == "account" {
            id.to_owned()
        } else {
            self.account_of(id)
        };
        let object = self.view(self.get(id));
        self.emit_object(&account, event, object, previous);
    }

    /// An event about an object that is not (or no longer) kept.
    pub fn emit_object(&mut self, account: &str, event: &str, object: Value, previous: Option<Value>) {
        #[cfg(feature = "validate")]
        drop(crate::validation::check_object(&object));
        let id = self.ids.next("evt_");
        let mut data = json!({ "object": object });
        if let Some(previous) = previous {
            data.put("previous_attributes", previous);
        }
        let mut json = json!({
            "id": id, "object": "event", "api_version": VERSION, "created": self.now(), "data": data,
            "livemode": false, "pending_webhooks": 0,
            "request": {"id": self.cause.0, "idempotency_key": self.cause.1}, "type": event,
        });
        if !account.is_empty() {
            json.put("account", account);
            json.put("context", account);
        }
        self.records.insert(account, "", json);
        self.fresh_events.push(id);
    }
}

pub fn retrieve(engine: &mut Engine, call: &Call) -> Answer {
    engine.find(&call.account, "event", call.id(), "id").cloned()
}

pub fn list(engine: &mut Engine, call: &Call) -> Answer {
    let wanted = &call.params;
    let delivered = wanted.at("delivery_success").as_bool();
    if wanted.has("type") && wanted.has("types") {
        return Err(StripeError::invalid(
            "You may pass either `type` or `types`, but not both.",
        ));
    }
    if wanted.items("types").len() > MOST_TYPES {
        let message = format!("You may pass at most {MOST_TYPES} types.");
        return Err(StripeError::invalid(message).param("types"));
    }
    engine.list(call, "event", "/v1/events", |engine, event| {
        let kind = event.text("type");
        let one = |pattern: &str| match pattern.strip_suffix('*') {
            Some(prefix) => kind.starts_with(prefix),
            None => kind == pattern,
        };
        wanted.some_text("type").is_none_or(one)
            && (!wanted.has("types") || wanted.items("types").iter().filter_map(Value::as_str).any(one))
            && delivered.is_none_or(|delivered| engine.outbox.is_delivered(event.text("id")) == delivered)
    })
}
