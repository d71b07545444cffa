//! Short ways to read and write fields of Stripe's JSON objects by dotted path (`recurring.interval`).
//! Used all over the engine, which keeps the objects in the very shape they are answered in.

use serde_json::{Map, Value};

pub trait Fields {
    /// The value at the path; `null` when there is none.
    fn at(&self, path: &str) -> &Value;
    /// The text at the path; empty when there is none.
    fn text(&self, path: &str) -> &str;
    /// The integer at the path; 0 when there is none.
    fn int(&self, path: &str) -> i64;
    fn some_int(&self, path: &str) -> Option<i64>;
    fn some_text(&self, path: &str) -> Option<&str>;
    fn flag(&self, path: &str) -> bool;
    fn items(&self, path: &str) -> &[Value];
    /// Whether there is something other than `null` at the path.
    fn has(&self, path: &str) -> bool;
    /// Writes, making the objects on the way.
    fn put(&mut self, path: &str, value: impl Into<Value>);
}

const NULL: &Value = &Value::Null;

impl Fields for Value {
    fn at(&self, path: &str) -> &Value {
        path.split('.')
            .try_fold(self, |value, key| value.get(key))
            .unwrap_or(NULL)
    }

    fn text(&self, path: &str) -> &str {
        self.at(path).as_str().unwrap_or("")
    }

    fn int(&self, path: &str) -> i64 {
        self.some_int(path).unwrap_or(0)
    }

    fn some_int(&self, path: &str) -> Option<i64> {
        self.at(path).as_i64()
    }

    fn some_text(&self, path: &str) -> Option<&str> {
        self.at(path).as_str()
    }

    fn flag(&self, path: &str) -> bool {
        self.at(path).as_bool().unwrap_or(false)
    }

    fn items(&self, path: &str) -> &[Value] {
        self.at(path).as_array().map_or(&[], Vec::as_slice)
    }

    fn has(&self, path: &str) -> bool {
        !self.at(path).is_null()
    }

    fn put(&mut self, path: &str, value: impl Into<Value>) {
        let mut at = self;
        let mut keys = path.split('.').peekable();
        while let Some(key) = keys.next() {
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            let Value::Object(map) = at else { return };
            if keys.peek().is_none() {
                map.insert(key.to_owned(), value.into());
                return;
            }
            at = map.entry(key.to_owned()).or_insert(Value::Null);
        }
    }
}

/// Stripe's way to change metadata: keys are added or replaced, an empty text removes one, `""` for all clears them.
pub fn merge_metadata(object: &mut Value, given: &Value) {
    if given.as_str() == Some("") {
        object.put("metadata", Map::new());
        return;
    }
    let Value::Object(given) = given else { return };
    let mut merged = object.at("metadata").as_object().cloned().unwrap_or_default();
    for (key, value) in given {
        if value.as_str() == Some("") {
            merged.shift_remove(key);
        } else {
            merged.insert(key.clone(), value.clone());
        }
    }
    object.put("metadata", merged);
}
