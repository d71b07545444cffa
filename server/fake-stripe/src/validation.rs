//! Checks every answer against Stripe's description (feature `validate`): a field that is missing, unknown or of the wrong
//! type turns the answer into a 500 and is counted at `GET /_fake/violations`. On in every test of the workspace.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::{
    description::{Description, Operation},
    fields::Fields,
};

static COMPONENTS: LazyLock<Value> = LazyLock::new(|| {
    let mut components = Description::get().components().clone();
    if let Some(schemas) = components.get_mut("schemas").and_then(Value::as_object_mut) {
        for schema in schemas.values_mut() {
            to_json_schema(schema);
        }
    }
    components
});
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
static VIOLATIONS: LazyLock<Mutex<Vec<String>>> = LazyLock::new(Mutex::default);

/// Everything that was wrong since the process started.
pub fn violations() -> Vec<String> {
    VIOLATIONS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// What is wrong with an operation's answer; the objects inside events are looked at too.
pub fn check(operation: &Operation, answer: &Value) -> Result<(), String> {
    let name = format!("{} {}", operation.method, operation.path);
    against(&name, &operation.answer, answer)?;
    let events = if answer.text("object") == "event" { std::slice::from_ref(answer) } else { answer.items("data") };
    events.iter().filter(|event| event.text("object") == "event").try_for_each(|event| check_object(event.at("data.object")))
}

/// What is wrong with an object, by its own name.
pub fn check_object(object: &Value) -> Result<(), String> {
    let kind = object.text("object");
    if Description::get().schema(kind).is_null() {
        return Ok(());
    }
    let deleted = if object.flag("deleted") { "deleted_" } else { "" };
    against(kind, &json!({"$ref": format!("#/components/schemas/{deleted}{kind}")}), object)
}

fn against(name: &str, schema: &Value, answer: &Value) -> Result<(), String> {
    let validator = validator(name, schema);
    let problems: Vec<String> = validator
        .iter_errors(answer)
        .take(5)
        .map(|problem| format!("{}: {}", problem.instance_path(), problem.to_string().chars().take(400).collect::<String>()))
        .collect();
    if problems.is_empty() {
        return Ok(());
    }
    let violation = format!("{name}: {}", problems.join("; "));
    tracing::error!(violation, "an answer differs from Stripe's description");
    VIOLATIONS.lock().unwrap_or_else(PoisonError::into_inner).push(violation.clone());
    Err(violation)
}

#[expect(clippy::expect_used, reason = "the description is compiled in, and a schema that is none must fail loudly in tests")]
fn validator(name: &str, schema: &Value) -> Arc<Validator> {
    let mut validators = VALIDATORS.lock().unwrap_or_else(PoisonError::into_inner);
    let made = validators.entry(name.to_owned()).or_insert_with(|| {
        let mut root = schema.clone();
        to_json_schema(&mut root);
        Arc::new(jsonschema::draft7::new(&json!({"allOf": [root], "components": *COMPONENTS})).expect("a schema"))
    });
    Arc::clone(made)
}

/// OpenAPI 3.0's `nullable` in JSON Schema's words; objects take no fields that are not declared.
fn to_json_schema(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
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
