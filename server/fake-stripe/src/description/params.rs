//! Checks a request's parameters against the description and gives them their types: unknown names, missing ones and
//! values of the wrong type are refused in Stripe's words.

use serde_json::{Map, Number, Value};

use super::{Description, Operation, limits};
use crate::error::StripeError;

impl Description {
    /// The typed parameters of a request.
    pub fn params(&self, operation: &Operation, given: &Value) -> Result<Value, StripeError> {
        let Value::Object(given) = given else {
            return Ok(Value::Object(Map::new()));
        };
        if operation.method == "POST" || (operation.method == "DELETE" && operation.form.is_object()) {
            return self.object(&operation.form, given, "");
        }
        let mut typed = Map::new();
        for (name, value) in given {
            let schema = operation.query.get(name).ok_or_else(|| unknown(name))?;
            typed.insert(name.clone(), self.value(schema, value, name)?);
        }
        for (name, schema) in operation.query.as_object().into_iter().flatten() {
            if schema.get("required_parameter").is_some() && !typed.contains_key(name) {
                return Err(StripeError::missing_param(name));
            }
        }
        Ok(Value::Object(typed))
    }

    fn object(&self, schema: &Value, given: &Map<String, Value>, path: &str) -> Result<Value, StripeError> {
        let properties = schema.get("properties").and_then(Value::as_object);
        if path == "metadata" || path.ends_with("[metadata]") {
            limits::metadata(given, path)?;
        }
        let mut typed = Map::new();
        for (name, value) in given {
            let full = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}[{name}]")
            };
            let inner = match (
                properties.and_then(|known| known.get(name)),
                schema.get("additionalProperties"),
            ) {
                (Some(inner), _) => inner,
                // Metadata: an empty text removes the key.
                (None, Some(Value::Object(_))) if value.as_str() == Some("") => {
                    typed.insert(name.clone(), value.clone());
                    continue;
                }
                (None, Some(free @ Value::Object(_))) => free,
                _ => return Err(unknown(&full)),
            };
            typed.insert(name.clone(), self.value(inner, value, &full)?);
        }
        for name in schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            if !given.contains_key(name) {
                let full = if path.is_empty() {
                    name.to_owned()
                } else {
                    format!("{path}[{name}]")
                };
                return Err(StripeError::missing_param(&full));
            }
        }
        Ok(Value::Object(typed))
    }

    fn value(&self, schema: &Value, given: &Value, path: &str) -> Result<Value, StripeError> {
        let schema = self.resolve(schema);
        if let Some(options) = schema.get("anyOf").and_then(Value::as_array) {
            let mut refusal = None;
            for option in options {
                match self.value(option, given, path) {
                    Ok(typed) => return Ok(typed),
                    // Nobody who gives something meant to unset it.
                    Err(_) if unsets(option) => {}
                    Err(error) => {
                        // The refusal of the option that has the given shape says most.
                        let shaped = matches!(option.get("type").and_then(Value::as_str), Some("object" | "array"));
                        if refusal.is_none() || shaped == given.is_object() {
                            refusal = Some(error);
                        }
                    }
                }
            }
            return Err(refusal.unwrap_or_else(|| unknown(path)));
        }
        let kind = schema.get("type").and_then(Value::as_str).unwrap_or("object");
        match (kind, given) {
            ("object", Value::Object(given)) => self.object(schema, given, path),
            ("array", Value::Object(given)) => self.array(schema, given, path),
            ("object", _) => Err(invalid(path, "Invalid object").code("parameter_invalid_object")),
            ("array", _) => Err(invalid(path, "Invalid array").code("parameter_invalid_array")),
            (_, Value::String(text)) => leaf(kind, schema, text, path),
            _ => Err(invalid(path, "Invalid string: {...}")),
        }
    }

    fn array(&self, schema: &Value, given: &Map<String, Value>, path: &str) -> Result<Value, StripeError> {
        let mut numbered = Vec::new();
        for (key, value) in given {
            let position: usize = key.parse().map_err(|_| invalid(path, "Invalid array"))?;
            numbered.push((position, value));
        }
        numbered.sort_by_key(|(position, _)| *position);
        let items = schema.get("items").unwrap_or(&Value::Null);
        let typed: Result<Vec<Value>, StripeError> = numbered
            .into_iter()
            .map(|(n, value)| self.value(items, value, &format!("{path}[{n}]")))
            .collect();
        Ok(Value::Array(typed?))
    }
}

fn leaf(kind: &str, schema: &Value, text: &str, path: &str) -> Result<Value, StripeError> {
    let allowed: Vec<&str> = schema
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if !allowed.is_empty() && !allowed.contains(&text) {
        let named: Vec<&str> = allowed.into_iter().filter(|name| !name.is_empty()).collect();
        let sentence = format!("Invalid {path}: must be one of {}", named.join(", "));
        return Err(invalid(path, &sentence));
    }
    if text.is_empty() && allowed.is_empty() {
        return Err(invalid(
            path,
            &format!(
                "You passed an empty string for '{path}'. We assume empty values are an attempt to unset a field; however \
                 '{path}' cannot be unset. You should remove '{path}' from your request or supply a non-empty value."
            ),
        )
        .code("parameter_invalid_empty"));
    }
    match kind {
        "integer" => {
            let number = text
                .parse::<i64>()
                .map_err(|_| invalid(path, &format!("Invalid integer: {text}")).code("parameter_invalid_integer"))?;
            limits::integer(schema, number, path)?;
            Ok(Value::from(number))
        }
        "number" => text
            .parse::<f64>()
            .ok()
            .and_then(Number::from_f64)
            .map(Value::Number)
            .ok_or_else(|| invalid(path, &format!("Invalid decimal: {text}"))),
        "boolean" => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(invalid(path, &format!("Invalid boolean: {text}"))),
        },
        _ => text_leaf(schema, text, path),
    }
}

/// Whether an option of a parameter is nothing but the empty text.
fn unsets(option: &Value) -> bool {
    let values = option.get("enum").and_then(Value::as_array);
    values.is_some_and(|values| values.iter().all(|value| value.as_str() == Some("")))
}

fn text_leaf(schema: &Value, text: &str, path: &str) -> Result<Value, StripeError> {
    limits::text(schema, text, path)?;
    if let Some(most) = schema.get("maxLength").and_then(Value::as_u64)
        && text.chars().count() as u64 > most
    {
        let sentence = format!(
            "Invalid string: {}…; must be at most {most} characters",
            text.chars().take(10).collect::<String>()
        );
        return Err(invalid(path, &sentence).code("parameter_invalid_string"));
    }
    Ok(Value::String(text.to_owned()))
}

fn invalid(path: &str, message: &str) -> StripeError {
    StripeError::invalid(message).param(path)
}

fn unknown(path: &str) -> StripeError {
    StripeError::invalid(format!("Received unknown parameter: {path}"))
        .code("parameter_unknown")
        .param(path)
}
