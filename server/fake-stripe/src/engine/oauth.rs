//! Connect through OAuth: a merchant grants access on a hosted page, the platform exchanges the code for the account, and
//! can give the access back.

use serde_json::{Value, json};

use super::Engine;
use crate::{error::StripeError, fields::Fields};

/// How long a code can be exchanged, in seconds.
const CODE_LASTS: i64 = 300;

/// How Stripe's OAuth endpoints refuse: another shape than the API's errors.
#[derive(Debug, Clone)]
pub struct OAuthError {
    pub error: &'static str,
    pub description: String,
}

impl Engine {
    /// The merchant agrees on the hosted page, with one of the accounts there are or (none) a new one. Answers the code.
    ///
    /// Errors: there is no such account.
    pub fn oauth_authorize(&mut self, account: Option<&str>) -> Result<String, StripeError> {
        let account = if let Some(account) = account {
            if self.hidden(account).flag("deleted") {
                return Err(StripeError::missing("account", account, "account"));
            }
            self.find("", "account", account, "account")?.text("id").to_owned()
        } else {
            let call = super::Call {
                params: json!({"type": "standard"}),
                ..super::Call::default()
            };
            super::accounts::create(self, &call)?.text("id").to_owned()
        };
        let code = format!("ac_{}", self.ids.letters(32));
        let expires_at = self.now() + CODE_LASTS;
        self.records.insert("", "", json!({
            "id": format!("fake_code_{code}"), "object": "fake.oauth_code", "account": account, "expires_at": expires_at
        }));
        Ok(code)
    }

    /// The accounts that a merchant may choose from on the hosted page.
    pub fn oauth_accounts(&self) -> Vec<Value> {
        let all = self.records.list("", "account").rev();
        all.filter(|id| !self.hidden(id).flag("deleted"))
            .map(|id| self.get(id).clone())
            .collect()
    }

    /// `POST /oauth/token`: a code works once.
    pub fn oauth_token(&mut self, params: &Value) -> Result<Value, OAuthError> {
        let kind = params.text("grant_type");
        if kind != "authorization_code" {
            return Err(OAuthError {
                error: "unsupported_grant_type",
                description: format!("unsupported grant_type: {kind}"),
            });
        }
        let code = params.text("code");
        let id = format!("fake_code_{code}");
        let invalid = || OAuthError {
            error: "invalid_grant",
            description: format!("Authorization code does not exist: {code}"),
        };
        let known = self.get(&id).clone();
        if !known.is_object() {
            return Err(invalid());
        }
        self.records.remove(&id);
        if known.int("expires_at") < self.now() {
            return Err(OAuthError {
                error: "invalid_grant",
                description: format!("Authorization code expired: {code}"),
            });
        }
        let account = known.text("account").to_owned();
        self.authorize(&account);
        let token = self.ids.letters(24);
        Ok(json!({
            "access_token": format!("sk_test_{token}"), "livemode": false, "refresh_token": format!("rt_{token}"), "token_type": "bearer",
            "stripe_publishable_key": format!("pk_test_{token}"), "stripe_user_id": account, "scope": "read_write"
        }))
    }

    /// `POST /oauth/deauthorize`: the platform gives its access back.
    pub fn oauth_deauthorize(&mut self, params: &Value) -> Result<Value, OAuthError> {
        let account = params.text("stripe_user_id").to_owned();
        if !params.has("client_id") {
            return Err(OAuthError {
                error: "invalid_request",
                description: "client_id is required".to_owned(),
            });
        }
        if account.is_empty() || self.may_access(&account).is_err() {
            let client = params.text("client_id");
            return Err(OAuthError {
                error: "invalid_client",
                description: format!(
                    "This application is not connected to stripe account {account}, or that account does not exist. ({client})"
                ),
            });
        }
        self.revoke(&account);
        Ok(json!({"stripe_user_id": account}))
    }
}
