//! Taking parameters over into objects. Called by the endpoints.

use serde_json::Value;

use crate::fields::Fields;

/// What a field becomes when it is unset: a list loses what it holds, everything else is `null`.
pub fn unset(current: &Value) -> Value {
    if current.is_array() {
        Value::Array(Vec::new())
    } else {
        Value::Null
    }
}

/// Copies the parameters that are there into fields of the same name; an empty text unsets.
pub fn copy(object: &mut Value, params: &Value, names: &[&str]) {
    for name in names {
        if let Some(value) = params.get(*name) {
            let value = if value.as_str() == Some("") {
                unset(object.at(name))
            } else {
                value.clone()
            };
            object.put(name, value);
        }
    }
}
