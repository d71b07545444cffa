//! OAuth with Stripe Connect: connecting an account that exists, and giving access back
//! (<https://docs.stripe.com/connect/oauth-reference>). async-stripe does not cover it.

use reqwest::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};

use super::{Stripe, StripeError, error::Refused};

#[derive(Serialize)]
struct TokenRequest<'a> {
    grant_type: &'a str,
    code: &'a str,
}

#[derive(Serialize)]
struct DeauthorizeRequest<'a> {
    client_id: &'a str,
    stripe_user_id: &'a str,
}

#[derive(Deserialize)]
struct Connected {
    stripe_user_id: String,
}

/// OAuth's errors are flat, unlike those of the API.
#[derive(Default, Deserialize)]
struct OAuthRefusal {
    error: Option<String>,
    #[serde(default)]
    error_description: Option<String>,
}

impl Stripe {
    /// Redeems the code that the merchant came back with; the answer is their account's id. A code works once.
    pub(crate) async fn oauth_connect(&self, connect_base: &str, code: &str) -> Result<String, StripeError> {
        let request = TokenRequest {
            grant_type: "authorization_code",
            code,
        };
        let connected: Connected = self.oauth(&format!("{connect_base}/oauth/token"), &request).await?;
        Ok(connected.stripe_user_id)
    }

    /// Gives the access back.
    pub(crate) async fn oauth_disconnect(
        &self,
        connect_base: &str,
        client_id: &str,
        account: &str,
    ) -> Result<(), StripeError> {
        let request = DeauthorizeRequest {
            client_id,
            stripe_user_id: account,
        };
        let _: Connected = self
            .oauth(&format!("{connect_base}/oauth/deauthorize"), &request)
            .await?;
        Ok(())
    }

    async fn oauth<T: for<'de> Deserialize<'de>>(&self, url: &str, form: &impl Serialize) -> Result<T, StripeError> {
        let unreadable = |error: &dyn std::fmt::Display| StripeError::Unreadable(error.to_string());
        let body = serde_qs::to_string(form).map_err(|error| unreadable(&error))?;
        let response = self
            .transport
            .client()
            .post(url)
            .bearer_auth(self.transport.secret_key())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
            .map_err(StripeError::NoAnswer)?;
        let status = response.status();
        let body = response.bytes().await.map_err(StripeError::NoAnswer)?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|error| unreadable(&error));
        }
        let refusal: OAuthRefusal = match serde_json::from_slice(&body) {
            // What fails between us and Stripe answers with a page; its status says enough.
            Err(_) if status.is_server_error() => OAuthRefusal::default(),
            said => said.map_err(|error| unreadable(&error))?,
        };
        Err(StripeError::Refused(Box::new(Refused {
            status: status.as_u16(),
            kind: "oauth".to_owned(),
            code: refusal.error,
            message: refusal.error_description,
            ..Refused::default()
        })))
    }
}
