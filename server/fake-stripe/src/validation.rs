//! Checks every answer against Stripe's description (feature `validate`): a field that is missing, unknown or of the wrong
//! type turns the answer into a 500 and is counted at `GET /_fake/violations`. On in every test of the workspace.

use std::{
    cell::RefCell,
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::{
    description::{Description, Operation},
    error::StripeError,
    fields::Fields,
};

static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
static VIOLATIONS: LazyLock<Mutex<Vec<String>>> = LazyLock::new(Mutex::default);

thread_local! {
    /// What went wrong on this thread since it was asked last. The work of a request stays on one thread.
    static NEWS: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Everything that was wrong since the process started.
pub fn violations() -> Vec<String> {
    VIOLATIONS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// What went wrong on this thread since this was asked last.
pub fn news() -> Option<String> {
    NEWS.take()
}

/// Errors: a 500, when something of what was done on this thread since the last look differs from the description.
pub fn refuse_differences() -> Result<(), StripeError> {
    news().map_or(Ok(()), |violation| Err(differs(&violation)))
}

pub fn differs(violation: &str) -> StripeError {
    StripeError::failure(format!("differs from Stripe's description: {violation}"))
}

/// What is wrong with an operation's answer; the objects inside it are each looked at by their own schema.
pub fn check(operation: &Operation, answer: &Value) -> Result<(), String> {
    let name = format!("{} {}", operation.method, operation.path);
    record(against(&name, &operation.answer, answer).or_else(|| differences(answer)))
}

/// What is wrong with an object and what is in it, by their own names.
pub fn check_object(object: &Value) -> Result<(), String> {
    record(differences(object))
}

fn record(violation: Option<String>) -> Result<(), String> {
    let Some(violation) = violation else {
        return Ok(());
    };
    tracing::error!(violation, "an answer differs from Stripe's description");
    VIOLATIONS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(violation.clone());
    NEWS.set(Some(violation.clone()));
    Err(violation)
}

fn differences(value: &Value) -> Option<String> {
    match value {
        Value::Object(map) => {
            let deleted = if value.flag("deleted") { "deleted_" } else { "" };
            let name = format!("{deleted}{}", value.text("object"));
            let known = object_kind(&name).map(|_| Description::get().schema(&name));
            known.and_then(|schema| against(&name, schema, value)).or_else(|| {
                let inside = map
                    .iter()
                    .filter(|(key, _)| !matches!(key.as_str(), "metadata" | "previous_attributes"));
                inside.map(|(_, inner)| inner).find_map(differences)
            })
        }
        Value::Array(list) => list.iter().find_map(differences),
        _ => None,
    }
}

fn against(name: &str, schema: &Value, answer: &Value) -> Option<String> {
    let problems: Vec<String> = validator(name, schema)
        .iter_errors(answer)
        .take(5)
        .map(|problem| {
            let what: String = problem.to_string().chars().take(400).collect();
            format!("{}: {what}", problem.instance_path())
        })
        .collect();
    (!problems.is_empty()).then(|| format!("{name}: {}", problems.join("; ")))
}

#[expect(
    clippy::expect_used,
    reason = "the description is compiled in, and a schema that is none must fail loudly in tests"
)]
fn validator(name: &str, schema: &Value) -> Arc<Validator> {
    let mut validators = VALIDATORS.lock().unwrap_or_else(PoisonError::into_inner);
    let made = validators.entry(name.to_owned()).or_insert_with(|| {
        let mut root = schema.clone();
        to_json_schema(&mut root);
        let mut parts = Map::new();
        collect(&root, &mut parts);
        let whole = json!({"allOf": [root], "components": {"schemas": parts}});
        Arc::new(jsonschema::draft7::new(&whole).expect("a schema"))
    });
    Arc::clone(made)
}

/// The parts that a schema refers to, and those that they do.
fn collect(schema: &Value, parts: &mut Map<String, Value>) {
    match schema {
        Value::Object(map) => {
            let name = map
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|path| path.rsplit('/').next());
            if let Some(name) = name.filter(|name| !parts.contains_key(*name)) {
                let mut part = Description::get().schema(name).clone();
                to_json_schema(&mut part);
                parts.insert(name.to_owned(), Value::Null);
                collect(&part, parts);
                parts.insert(name.to_owned(), part);
            }
            map.values().for_each(|inner| collect(inner, parts));
        }
        Value::Array(list) => list.iter().for_each(|inner| collect(inner, parts)),
        _ => {}
    }
}

/// `OpenAPI` 3.0's `nullable` in JSON Schema's words; objects take no fields that are not declared. Of another of Stripe's
/// objects only the kind is looked at here: it is checked by itself.
fn to_json_schema(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    let other = map
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|path| object_kind(path.rsplit('/').next()?));
    if let Some(kind) = other {
        *schema = json!({"type": "object", "properties": {"object": {"enum": [kind]}}, "required": ["object"]});
        return;
    }
    for key in ["properties", "additionalProperties", "items", "anyOf"] {
        match map.get_mut(key) {
            Some(Value::Object(inner)) if key == "properties" => inner.values_mut().for_each(to_json_schema),
            Some(Value::Array(options)) => options.iter_mut().for_each(to_json_schema),
            Some(inner) => to_json_schema(inner),
            None => {}
        }
    }
    if map.contains_key("properties") && !map.contains_key("additionalProperties") {
        map.insert("additionalProperties".into(), Value::Bool(false));
    }
    if map.shift_remove("nullable") == Some(Value::Bool(true)) {
        let plain = Value::Object(std::mem::take(map));
        map.insert("anyOf".into(), json!([plain, {"type": "null"}]));
    }
}

/// The `object` of a schema that is one of Stripe's objects, or a deleted one, rather than a part of one.
fn object_kind(name: &str) -> Option<&'static str> {
    let kind = Description::get()
        .schema(name)
        .at("properties.object.enum")
        .get(0)?
        .as_str()?;
    (name.strip_prefix("deleted_").unwrap_or(name) == kind).then_some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product() -> Value {
        let mut product = Description::get().blank("product");
        product.put("id", "prod_1");
        product.put("name", "Gold");
        product
    }

    #[test]
    fn a_blank_object_is_as_described() {
        assert_eq!(differences(&product()), None);
    }

    #[test]
    fn missing_unknown_and_mistyped_fields_are_found() {
        let mut missing = product();
        missing.as_object_mut().unwrap().shift_remove("active");
        let mut unknown = product();
        unknown.put("colour", "red");
        let mut mistyped = product();
        mistyped.put("created", "yesterday");
        let mut null = product();
        null.put("name", Value::Null);
        let mut unexpandable = product();
        unexpandable.put("default_price", json!({"id": "price_1", "object": "price"}));
        let mut other_kind = product();
        other_kind.put("default_price", product());
        for broken in [missing, unknown, mistyped, null, unexpandable, other_kind] {
            assert!(differences(&broken).is_some(), "{broken}");
        }
    }
}
