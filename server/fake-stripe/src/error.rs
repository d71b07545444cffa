//! What Stripe answers when it refuses: status, type, code, parameter and sentence. Made by the engine and by the
//! checks before it, turned into the JSON body by the API routes, shown by the hosted pages.

use serde_json::{Map, Value, json};

#[derive(Debug, Clone)]
pub struct StripeError {
    pub status: u16,
    pub kind: &'static str,
    pub code: Option<String>,
    pub param: Option<String>,
    pub message: String,
    /// Further fields of the error object (`decline_code`, `payment_intent`, …).
    pub more: Option<Box<Map<String, Value>>>,
    /// A declined payment is an error, but the attempt has happened: what it changed stays.
    pub keep_changes: bool,
}

impl StripeError {
    pub fn invalid(message: impl Into<String>) -> Self {
        Self {
            status: 400,
            kind: "invalid_request_error",
            code: None,
            param: None,
            message: message.into(),
            more: None,
            keep_changes: false,
        }
    }

    /// The fake itself is at fault.
    pub fn failure(message: impl Into<String>) -> Self {
        Self {
            kind: "api_error",
            ..Self::invalid(message).status(500)
        }
    }

    /// Another account's object looks the same as one that never existed.
    pub fn missing(noun: &str, id: &str, param: &str) -> Self {
        Self {
            status: 404,
            ..Self::invalid(format!("No such {noun}: '{id}'"))
                .code("resource_missing")
                .param(param)
        }
    }

    pub fn missing_param(param: &str) -> Self {
        Self::invalid(format!("Missing required param: {param}."))
            .code("parameter_missing")
            .param(param)
    }

    pub fn card(code: &str, message: &str) -> Self {
        Self {
            status: 402,
            kind: "card_error",
            ..Self::invalid(message).code(code)
        }
    }

    #[must_use]
    pub fn code(mut self, code: &str) -> Self {
        self.code = Some(code.to_owned());
        self
    }

    #[must_use]
    pub fn param(mut self, param: &str) -> Self {
        self.param = Some(param.to_owned());
        self
    }

    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    #[must_use]
    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.more.get_or_insert_default().insert(field.to_owned(), value);
        self
    }

    #[must_use]
    pub fn keep_changes(mut self) -> Self {
        self.keep_changes = true;
        self
    }

    /// The body, `{"error": {…}}`.
    pub fn body(&self) -> Value {
        let mut error = Map::new();
        if let Some(code) = &self.code {
            error.insert("code".into(), json!(code));
            error.insert(
                "doc_url".into(),
                json!(format!(
                    "https://stripe.com/docs/error-codes/{}",
                    code.replace('_', "-")
                )),
            );
        }
        error.insert("message".into(), json!(self.message));
        if let Some(param) = &self.param {
            error.insert("param".into(), json!(param));
        }
        error.insert("type".into(), json!(self.kind));
        error.extend(self.more.as_deref().cloned().unwrap_or_default());
        json!({ "error": error })
    }
}
