//! Finding and changing single objects, with the refusals that Stripe gives when there is none.

use serde_json::{Map, Value};

use super::Engine;
use crate::{error::StripeError, fields::Fields};

const NOTHING: &Value = &Value::Null;

impl Engine {
    /// An object of an account. Errors: `resource_missing` when the account has no object of the kind with that id.
    pub fn find(&self, account: &str, kind: &str, id: &str, param: &str) -> Result<&Value, StripeError> {
        self.records
            .get(id)
            .filter(|record| record.account == account && record.kind == kind && !record.json.flag("deleted"))
            .map(|record| &record.json)
            .ok_or_else(|| StripeError::missing(noun(kind), id, param))
    }

    /// An object that is known to exist; `null` otherwise.
    pub fn get(&self, id: &str) -> &Value {
        self.records.get(id).map_or(NOTHING, |record| &record.json)
    }

    pub fn account_of(&self, id: &str) -> String {
        self.records
            .get(id)
            .map_or_else(String::new, |record| record.account.clone())
    }

    pub fn clock_of(&self, id: &str) -> String {
        self.records
            .get(id)
            .map_or_else(String::new, |record| record.clock.clone())
    }

    /// What is known about an object but not shown.
    pub fn hidden(&self, id: &str) -> &Value {
        self.records.get(id).map_or(NOTHING, |record| &record.hidden)
    }

    pub fn hide(&mut self, id: &str, field: &str, value: impl Into<Value>) {
        self.records.edit(id, |record| record.hidden.put(field, value));
    }

    /// Something is to happen to the object by itself at that time, or no longer.
    pub fn set_due(&mut self, id: &str, at: Option<i64>) {
        self.records.edit(id, |record| record.due = at);
    }

    /// When something will happen to the object by itself.
    pub fn due_of(&self, id: &str) -> Option<i64> {
        self.records.get(id).and_then(|record| record.due)
    }

    /// Changes an object without telling anybody.
    pub fn edit(&mut self, id: &str, change: impl FnOnce(&mut Value)) {
        self.records.edit(id, |record| change(&mut record.json));
    }

    /// Changes an object; when it became different, the event says from what.
    pub fn change(&mut self, id: &str, event: &str, change: impl FnOnce(&mut Value)) {
        let before = self.get(id).clone();
        self.edit(id, change);
        let previous = difference(&before, self.get(id));
        if previous.as_object().is_some_and(|fields| !fields.is_empty()) {
            self.emit_with(id, event, Some(previous));
        }
    }

    /// Changes a customer because of their invoices. One that was deleted meanwhile has only an id left.
    pub fn change_customer(&mut self, id: &str, change: impl FnOnce(&mut Value)) {
        if !self.get(id).flag("deleted") {
            self.change(id, "customer.updated", change);
        }
    }

    /// Tells of a change that was made since `before`, even if it changed nothing.
    pub fn emit_change(&mut self, id: &str, event: &str, before: &Value) {
        let previous = difference(before, self.get(id));
        self.emit_with(id, event, Some(previous));
    }

    pub fn ids_of(&self, account: &str, kind: &str) -> Vec<String> {
        self.records.list(account, kind).map(str::to_owned).collect()
    }
}

/// The old values of the fields that differ (Stripe's `previous_attributes`).
fn difference(before: &Value, after: &Value) -> Value {
    let mut fields = Map::new();
    let (Some(old), Some(new)) = (before.as_object(), after.as_object()) else {
        return Value::Object(fields);
    };
    for (name, value) in new {
        let was = old.get(name).unwrap_or(NOTHING);
        if was != value {
            fields.insert(name.clone(), was.clone());
        }
    }
    Value::Object(fields)
}

/// The word for a kind of object in "No such …".
pub fn noun(kind: &str) -> &str {
    match kind {
        "checkout.session" => "checkout.session",
        "payment_method" => "PaymentMethod",
        "billing_portal.configuration" => "configuration",
        "test_helpers.test_clock" => "test clock",
        "webhook_endpoint" => "webhook endpoint",
        other => other,
    }
}
