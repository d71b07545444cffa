//! How what we made is found again when the answer was lost: each thing carries the key of the call that made it.

use std::collections::HashMap;

/// The name under `metadata`.
const OPERATION: &str = "operation";

/// What a call that makes something sends as metadata.
pub(super) fn by(key: &str, mut metadata: HashMap<String, String>) -> HashMap<String, String> {
    metadata.insert(OPERATION.to_owned(), key.to_owned());
    metadata
}

pub(super) fn is_by(key: &str, metadata: &HashMap<String, String>) -> bool {
    metadata.get(OPERATION).is_some_and(|operation| operation == key)
}
