//! What Stripe refuses of parameters that have the right type: numbers and moments that are too large, currencies that
//! there are none of, metadata that is too long. The description does not say these.

use serde_json::{Map, Value};

use crate::{calendar::FURTHEST, error::StripeError, money};

const MOST_OF_ONE: i64 = 999_999_999;
const METADATA_KEY: usize = 40;
const METADATA_VALUE: usize = 500;
/// Keys of one object's metadata.
pub const METADATA_KEYS: usize = 50;

/// A whole number, by its schema and its name.
pub fn integer(schema: &Value, number: i64, path: &str) -> Result<(), StripeError> {
    let is_moment = schema.get("format").and_then(Value::as_str) == Some("unix-time");
    if is_moment && !(0..=FURTHEST).contains(&number) {
        let message = format!("Invalid timestamp: {number} is not a time in seconds since 1970.");
        return Err(StripeError::invalid(message)
            .code("parameter_invalid_integer")
            .param(path));
    }
    if path == "quantity" || path.ends_with("[quantity]") {
        return quantity(number, path);
    }
    Ok(())
}

fn quantity(number: i64, path: &str) -> Result<(), StripeError> {
    let message = match number {
        ..0 => "Invalid non-negative integer".to_owned(),
        0..=MOST_OF_ONE => return Ok(()),
        _ => format!("This value must be less than or equal to {MOST_OF_ONE}."),
    };
    Err(StripeError::invalid(message)
        .code("parameter_invalid_integer")
        .param(path))
}

/// A text, by its schema and its name.
pub fn text(schema: &Value, text: &str, path: &str) -> Result<(), StripeError> {
    let is_currency = schema.get("format").and_then(Value::as_str) == Some("currency");
    if is_currency && !money::is_currency(&text.to_lowercase()) {
        let message = format!("Invalid currency: {text}. Stripe does not support it.");
        return Err(StripeError::invalid(message).param(path));
    }
    Ok(())
}

/// What is given to be merged into an object's metadata.
pub fn metadata(given: &Map<String, Value>, path: &str) -> Result<(), StripeError> {
    if given.len() > METADATA_KEYS {
        return Err(too_many_keys().param(path));
    }
    for (key, value) in given {
        let param = format!("{path}[{key}]");
        if key.chars().count() > METADATA_KEY {
            let message = format!("Invalid metadata key: {key}; keys have at most {METADATA_KEY} characters");
            return Err(StripeError::invalid(message).param(&param));
        }
        let text = value.as_str().unwrap_or_default();
        if text.chars().count() > METADATA_VALUE {
            let start: String = text.chars().take(10).collect();
            let message = format!("Invalid string: {start}…; must be at most {METADATA_VALUE} characters");
            return Err(StripeError::invalid(message)
                .code("parameter_invalid_string")
                .param(&param));
        }
    }
    Ok(())
}

pub fn too_many_keys() -> StripeError {
    StripeError::invalid(format!("Metadata can have at most {METADATA_KEYS} keys.")).param("metadata")
}
