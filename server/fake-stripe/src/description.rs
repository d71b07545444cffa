//! Stripe's own `OpenAPI` description (pruned, see `spec/prune.mjs`), with what endive changed laid over it. It decides
//! which routes exist, which parameters they take, and which fields an object has. Called by the API routes and the engine.

mod blank;
mod expansion;
mod limits;
mod params;
mod routes;

use std::sync::LazyLock;

use serde_json::Value;

pub use limits::{METADATA_KEYS, too_many_keys};
pub use routes::Operation;

/// The API version whose shapes are served, whatever a request asks for.
pub const VERSION: &str = "2026-09-30.endive";

static DESCRIPTION: LazyLock<Description> = LazyLock::new(Description::load);

pub struct Description {
    root: Value,
    operations: Vec<Operation>,
}

impl Description {
    pub fn get() -> &'static Self {
        &DESCRIPTION
    }

    fn load() -> Self {
        let mut root = embedded(include_str!("../spec/description.json"));
        overlay(&mut root, embedded(include_str!("../spec/endive.json")));
        let operations = routes::read(&root);
        Self { root, operations }
    }

    /// A schema by its name, `checkout.session`; `null` when there is none.
    pub fn schema(&self, name: &str) -> &Value {
        self.root
            .get("components")
            .and_then(|c| c.get("schemas"))
            .and_then(|s| s.get(name))
            .unwrap_or(&Value::Null)
    }

    #[cfg(test)]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Follows `$ref`.
    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.schema(reference.rsplit('/').next().unwrap_or_default()),
            None => schema,
        }
    }
}

#[expect(clippy::expect_used, reason = "the text is compiled in and every test reads it")]
fn embedded(text: &str) -> Value {
    serde_json::from_str(text).expect("the compiled-in description is JSON")
}

/// Merges objects, replaces everything else; `null` removes.
fn overlay(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                if value.is_null() {
                    base.shift_remove(&key);
                } else {
                    overlay(base.entry(key).or_insert(Value::Null), value);
                }
            }
        }
        (base, over) => *base = over,
    }
}
