//! How an object is shown: computed parts (a subscription's items, an invoice's lines) and what `expand[]` asks for.

use serde_json::{Value, json};

use super::{Answer, Call, Engine};
use crate::{description::Description, error::StripeError, fields::Fields};

impl Engine {
    /// An object as answers and events show it.
    pub fn view(&self, object: &Value) -> Value {
        let mut shown = object.clone();
        match object.text("object") {
            "subscription" => self.with_current_prices(&mut shown),
            "event" => shown.put("pending_webhooks", self.outbox.waits_for(object.text("id"))),
            _ => {}
        }
        shown
    }

    /// The answer to a request, with what it wants expanded.
    pub fn show(&self, call: &Call, answer: &Value) -> Answer {
        let mut shown = if matches!(answer.text("object"), "list" | "search_result") {
            let mut list = answer.clone();
            let data: Vec<Value> = answer.items("data").iter().map(|object| self.view(object)).collect();
            list.put("data", data);
            list
        } else {
            self.view(answer)
        };
        for path in call.params.items("expand").iter().filter_map(Value::as_str) {
            // A search puts it there itself.
            if path == "total_count" && shown.has(path) {
                continue;
            }
            let keys: Vec<&str> = path.split('.').collect();
            if keys.len() > 4 {
                return Err(StripeError::invalid(format!(
                    "You cannot expand more than 4 levels of a property ({path})."
                )));
            }
            self.expand(&call.account, &mut shown, &Value::Null, &keys, path)?;
        }
        Ok(shown)
    }

    /// `schema` describes what is no object with a kind of its own.
    fn expand(
        &self,
        account: &str,
        at: &mut Value,
        schema: &Value,
        keys: &[&str],
        path: &str,
    ) -> Result<(), StripeError> {
        let Some((first, rest)) = keys.split_first() else {
            return Ok(());
        };
        if let Value::Array(list) = at {
            for item in list {
                self.expand(account, item, schema, keys, path)?;
            }
            return Ok(());
        }
        if at.is_null() {
            return Ok(());
        }
        if at.get(*first).is_none_or(Value::is_null)
            && let Some(included) = self.included(at, first)
        {
            at.put(first, included);
        }
        let description = Description::get();
        let own = description.schema(at.text("object"));
        let field = description.field(if own.is_null() { schema } else { own }, first);
        let Some(value) = at.get_mut(*first) else {
            return Err(StripeError::invalid(format!("This property cannot be expanded ({path}).")).param("expand"));
        };
        if description.is_reference(field) {
            self.resolve(account, value);
        }
        let plain = value.is_string() || value.is_number() || value.is_boolean();
        if plain {
            return Err(StripeError::invalid(format!("This property cannot be expanded ({path}).")).param("expand"));
        }
        self.expand(account, value, field, rest, path)
    }

    /// Puts objects in place of their ids.
    fn resolve(&self, account: &str, value: &mut Value) {
        match value {
            Value::String(id) => {
                if let Some(record) = self
                    .records
                    .get(id)
                    .filter(|r| r.account == account || r.kind == "account")
                {
                    *value = self.view(&record.json);
                }
            }
            Value::Array(list) => {
                for item in list {
                    self.resolve(account, item);
                }
            }
            _ => {}
        }
    }

    /// Parts that are only there when asked for.
    fn included(&self, object: &Value, field: &str) -> Option<Value> {
        let id = object.text("id");
        let data: Vec<Value> = match (object.text("object"), field) {
            ("invoice", "payments") => {
                let payment = self.hidden(id).some_text("payment");
                payment.map(|payment| self.get(payment).clone()).into_iter().collect()
            }
            ("invoice", "confirmation_secret") => {
                let intent = self.get(self.hidden(id).text("intent"));
                let open = object.text("status") == "open" && intent.is_object();
                return open.then(|| json!({"client_secret": intent.at("client_secret"), "type": "payment_intent"}));
            }
            ("charge", "refunds") => self.refunds_of(id),
            ("checkout.session", "line_items") => self.session_lines(id),
            ("customer", "subscriptions") => {
                let live = self.live_subscriptions(&self.account_of(id), id);
                live.iter().rev().map(|id| self.view(self.get(id))).collect()
            }
            _ => return None,
        };
        let url = match field {
            "payments" => "/v1/invoice_payments".to_owned(),
            "refunds" => format!("/v1/charges/{id}/refunds"),
            "line_items" => format!("/v1/checkout/sessions/{id}/line_items"),
            _ => format!("/v1/customers/{id}/subscriptions"),
        };
        Some(json!({"object": "list", "data": data, "has_more": false, "url": url}))
    }
}
