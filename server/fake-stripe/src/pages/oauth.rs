//! The OAuth question at `/oauth/authorize`: a merchant connects an account they have (or a new one) to the platform,
//! or does not; either way the platform's address is called back (docs.stripe.com/connect/oauth-reference).

pub mod view;

use axum::{
    Form, Router,
    extract::{Query, State},
    response::{IntoResponse, Response},
    routing::get,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::json;

use self::view::{AccountChoice, AuthorizeView};
use super::{
    account_status::account_status,
    act::{Refused, act, operate, see},
    layout::web_address,
    seller::seller_name,
};
use crate::{
    app::App,
    engine::{Engine, accounts::Outcome},
    error::StripeError,
    fields::Fields,
};

pub fn router() -> Router<App> {
    Router::new().route("/oauth/authorize", get(ask).post(decide))
}

/// What may stand in a query's value as it is: letters, digits and RFC 3986's unreserved marks.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The platform's request, and the merchant's answer once there is one.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Request {
    client_id: String,
    state: String,
    redirect_uri: String,
    response_type: String,
    scope: String,
    account: String,
    decision: String,
}

impl Request {
    /// Errors: what no redirect can tell, because the address to redirect to may be wrong itself.
    fn check(&self) -> Result<(), StripeError> {
        if !self.client_id.starts_with("ca_") {
            return Err(StripeError::invalid(
                "No application matches the supplied client identifier",
            ));
        }
        if self.response_type != "code" {
            return Err(StripeError::invalid("response_type must be \"code\""));
        }
        if !self.redirect_uri.starts_with("http") || web_address(&self.redirect_uri) != self.redirect_uri {
            return Err(StripeError::invalid("Invalid redirect URI"));
        }
        Ok(())
    }

    fn call_back(&self, answer: &[(&str, &str)]) -> Response {
        let mut url = self.redirect_uri.clone();
        let state = [("state", self.state.as_str())];
        let state = if self.state.is_empty() { &[] } else { &state[..] };
        for (name, value) in answer.iter().chain(state) {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(name);
            url.push('=');
            url.extend(utf8_percent_encode(value, VALUE));
        }
        see(&url)
    }

    fn scope(&self) -> &str {
        if self.scope.is_empty() {
            "read_only"
        } else {
            &self.scope
        }
    }
}

async fn ask(State(app): State<App>, Query(request): Query<Request>) -> Result<Response, Refused> {
    request.check()?;
    Ok(act(&app, |engine| {
        let accounts: Vec<AccountChoice> = engine
            .oauth_accounts()
            .iter()
            .map(|account| AccountChoice {
                id: account.text("id").to_owned(),
                name: seller_name(account).to_owned(),
                status: account_status(engine, account.text("id")).0,
            })
            .collect();
        let carried = [
            ("client_id", request.client_id.clone()),
            ("state", request.state.clone()),
            ("redirect_uri", request.redirect_uri.clone()),
            ("response_type", request.response_type.clone()),
            ("scope", request.scope.clone()),
        ];
        Ok(AuthorizeView {
            platform: "the platform",
            carried: &carried,
            accounts: &accounts,
        }
        .draw()
        .into_response())
    })?)
}

async fn decide(State(app): State<App>, Form(request): Form<Request>) -> Result<Response, Refused> {
    request.check()?;
    if request.decision != "connect" {
        let told = [
            ("error", "access_denied"),
            ("error_description", "The user denied your request"),
        ];
        return Ok(request.call_back(&told));
    }
    Ok(act(&app, |engine| {
        let account = if request.account == "new" {
            new_account(engine)?
        } else {
            request.account.clone()
        };
        let code = engine.oauth_authorize(Some(&account))?;
        Ok(request.call_back(&[("scope", request.scope()), ("code", &code)]))
    })?)
}

/// An account that its owner made at Stripe and has filled in already; the platform has no access before the code is
/// exchanged.
fn new_account(engine: &mut Engine) -> Result<String, StripeError> {
    let profile = json!({"name": "New Test Business"});
    let params = json!({"type": "standard", "business_profile": profile, "email": "merchant@example.com"});
    let id = operate(engine, "", "POST /v1/accounts", &[], params)?
        .text("id")
        .to_owned();
    engine.set_account(&id, Outcome::Ready)?;
    engine.hide(&id, "revoked", true);
    Ok(id)
}
