//! Empty objects in today's shape: every field that may be null is there and null, every required one has the plainest
//! value of its type. The engine fills in what it knows, so that a field which Stripe adds is never forgotten.

use serde_json::{Map, Value, json};

use super::Description;

impl Description {
    /// An empty object of a schema, `subscription_item`.
    pub fn blank(&self, name: &str) -> Value {
        self.plainest(self.schema(name), 0)
    }

    fn plainest(&self, schema: &Value, depth: usize) -> Value {
        let schema = self.resolve(schema);
        if schema.get("nullable") == Some(&Value::Bool(true)) || depth > 6 {
            return Value::Null;
        }
        if let Some(first) = schema.get("enum").and_then(|values| values.get(0)) {
            return first.clone();
        }
        if let Some(first) = schema.get("anyOf").and_then(|options| options.get(0)) {
            return self.plainest(first, depth);
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("object") => self.plainest_object(schema, depth),
            Some("array") => json!([]),
            Some("boolean") => json!(false),
            Some("integer" | "number") => json!(0),
            Some("string") => json!(""),
            _ => Value::Null,
        }
    }

    fn plainest_object(&self, schema: &Value, depth: usize) -> Value {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut object = Map::new();
        for (name, property) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let nullable = self.resolve(property).get("nullable") == Some(&Value::Bool(true))
                || property.get("nullable") == Some(&Value::Bool(true));
            if nullable {
                object.insert(name.clone(), Value::Null);
            } else if required.contains(&name.as_str()) {
                object.insert(name.clone(), self.plainest(property, depth + 1));
            }
        }
        Value::Object(object)
    }
}
