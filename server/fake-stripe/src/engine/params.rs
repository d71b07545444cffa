//! Taking parameters over into objects. Called by the endpoints.

use serde_json::Value;

use crate::fields::Fields;

/// Copies the parameters that are there into fields of the same name; an empty text unsets.
pub fn copy(object: &mut Value, params: &Value, names: &[&str]) {
    for name in names {
        if let Some(value) = params.get(*name) {
            let value = if value.as_str() == Some("") {
                Value::Null
            } else {
                value.clone()
            };
            object.put(name, value);
        }
    }
}
