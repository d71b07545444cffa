//! Who may call: the secret key, and whether the platform still has access to the account it names.

use serde_json::Value;

use super::Engine;
use crate::{description::Operation, error::StripeError, fields::Fields};

/// Any `sk_test_…` key is good, as a bearer token or as the user of Basic authentication.
pub fn check_key(authorization: Option<&str>) -> Result<(), StripeError> {
    let key = match authorization.map(|value| value.split_once(' ').unwrap_or((value, ""))) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim().to_owned(),
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("basic") => {
            base64(token.trim()).split(':').next().unwrap_or_default().to_owned()
        }
        _ => String::new(),
    };
    if key.is_empty() {
        return Err(StripeError::invalid(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. \
             'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at \
             https://support.stripe.com/.",
        )
        .status(401));
    }
    if !key.starts_with("sk_test_") || key.len() <= "sk_test_".len() {
        let shown: String = key.chars().take(8).collect();
        return Err(StripeError::invalid(format!("Invalid API Key provided: {shown}****")).status(401));
    }
    Ok(())
}

/// Decodes base64; what is not base64 is left out.
fn base64(text: &str) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut held, mut bytes) = (0_u32, 0_u32, Vec::new());
    for value in text.chars().filter_map(|letter| alphabet.find(letter)) {
        bits = (bits << 6) | u32::try_from(value).unwrap_or(0);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).unwrap_or(0));
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Endive takes payment method types out of these requests (they stay in the answers).
pub fn endive(operation: &Operation, given: &Value) -> Result<(), StripeError> {
    let gone = ["/v1/checkout/sessions", "/v1/payment_intents", "/v1/setup_intents"];
    if operation.method == "POST"
        && given.has("payment_method_types")
        && gone.iter().any(|path| operation.path.starts_with(path))
    {
        return Err(StripeError::invalid(
            "The `payment_method_types` parameter is no longer supported. Use `allowed_payment_method_types` or \
             `excluded_payment_method_types` instead.",
        )
        .code("payment_method_types_no_longer_supported")
        .param("payment_method_types"));
    }
    Ok(())
}

impl Engine {
    /// Whether the platform has access to an account (empty: its own).
    pub fn may_access(&self, account: &str) -> Result<(), StripeError> {
        if account.is_empty() {
            return Ok(());
        }
        let exists = self.records.get(account).is_some_and(|record| record.kind == "account");
        let hidden = self.hidden(account);
        if hidden.flag("deleted") {
            return Err(StripeError::invalid(format!(
                "The account {account} has been deleted, so we can't complete this action."
            ))
            .with("code", Value::Null)
            .status(403));
        }
        if !exists || hidden.flag("revoked") || hidden.flag("closed") {
            return Err(no_access(account));
        }
        Ok(())
    }
}

fn no_access(account: &str) -> StripeError {
    StripeError::invalid(format!(
        "The provided key 'sk_test_****' does not have access to account '{account}' (or that account does not exist). Application \
         access may have been revoked."
    ))
    .code("account_invalid")
    .status(403)
}
