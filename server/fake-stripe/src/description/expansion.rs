//! Which fields hold another object's id, so that the object can be asked for in its place.

use serde_json::Value;

use super::Description;

impl Description {
    /// The schema of a field of an object (or of the objects in a list).
    pub fn field<'a>(&'a self, schema: &'a Value, name: &str) -> &'a Value {
        let schema = self.resolve(schema);
        if let Some(items) = schema.get("items") {
            return self.field(items, name);
        }
        if let Some(found) = schema.get("properties").and_then(|properties| properties.get(name)) {
            return found;
        }
        let options = schema.get("anyOf").and_then(Value::as_array).into_iter().flatten();
        options
            .map(|option| self.field(option, name))
            .find(|found| !found.is_null())
            .unwrap_or(&Value::Null)
    }

    /// Whether a field is an id that stands for an object (or a list of such).
    pub fn is_reference(&self, field: &Value) -> bool {
        if let Some(items) = field.get("items") {
            return self.is_reference(items);
        }
        let options = field
            .get("anyOf")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let text = |option: &Value| option.get("type").and_then(Value::as_str) == Some("string");
        let object = |option: &Value| option.get("$ref").is_some() && !self.field(option, "object").is_null();
        options.iter().any(text) && options.iter().any(object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_of_other_objects_are_references() {
        let description = Description::get();
        for (kind, path, expected) in [
            ("subscription", "customer", true),
            ("subscription", "latest_invoice", true),
            ("subscription", "id", false),
            ("subscription", "metadata.a", false),
            ("subscription", "items.data.price", false),
            ("invoice", "parent.subscription_details.subscription", true),
            ("customer", "invoice_settings.default_payment_method", true),
            ("invoice", "description", false),
        ] {
            let mut field = description.schema(kind);
            for name in path.split('.') {
                field = description.field(field, name);
            }
            assert_eq!(description.is_reference(field), expected, "{kind} {path}");
        }
    }
}
