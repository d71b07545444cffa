//! Which operation a method and a path mean.

use serde_json::Value;

pub struct Operation {
    pub method: String,
    /// As in the description: `/v1/customers/{customer}`.
    pub path: String,
    segments: Vec<String>,
    pub query: Value,
    /// `null` when the operation takes no form.
    pub form: Value,
    pub answer: Value,
}

pub fn read(root: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, methods) in root.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for (method, found) in methods.as_object().into_iter().flatten() {
            let part = |name: &str| found.get(name).cloned().unwrap_or(Value::Null);
            operations.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                segments: path.split('/').map(str::to_owned).collect(),
                query: part("query"),
                form: part("form"),
                answer: part("answer"),
            });
        }
    }
    // Fixed names before placeholders: `/v1/invoices/create_preview` is not an invoice's id.
    operations.sort_by_key(|operation| operation.segments.iter().filter(|s| s.starts_with('{')).count());
    operations
}

impl super::Description {
    /// The operation and the ids in its path.
    pub fn operation(&self, method: &str, path: &str) -> Option<(&Operation, Vec<String>)> {
        let given: Vec<&str> = path.trim_end_matches('/').split('/').collect();
        self.operations
            .iter()
            .filter(|o| o.method == method && o.segments.len() == given.len())
            .find_map(|operation| {
                let mut ids = Vec::new();
                for (segment, given) in operation.segments.iter().zip(&given) {
                    // Stripe's search is no id; what is not covered is not answered.
                    if segment.starts_with('{') && *given != "search" {
                        ids.push((*given).to_owned());
                    } else if segment != given {
                        return None;
                    }
                }
                Some((operation, ids))
            })
    }
}
