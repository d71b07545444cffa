//! Single-use links to the hosted onboarding page (`/v1/account_links`).

use serde_json::{Value, json};

use super::{Answer, Call, Engine};
use crate::{error::StripeError, fields::Fields};

/// How long a link can be opened, in seconds.
const LIFETIME: i64 = 300;

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let account = params.text("account").to_owned();
    engine.may_access(&account)?;
    engine.find("", "account", &account, "account")?;
    let kind = params.text("type");
    if kind == "account_update" {
        return Err(StripeError::invalid(
            "You cannot create `account_update` type Account Links for this account, because its requirements are collected by Stripe.",
        )
        .param("type"));
    }
    for needed in ["refresh_url", "return_url"] {
        if !params.has(needed) {
            return Err(StripeError::missing_param(needed));
        }
        let url = params.text(needed);
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(StripeError::invalid("Not a valid URL")
                .code("url_invalid")
                .param(needed));
        }
    }
    let token = engine.ids.letters(16);
    let now = engine.now();
    let kept = json!({
        "id": format!("fake_link_{token}"), "object": "fake.account_link", "account": account, "used": false,
        "expires_at": now + LIFETIME, "return_url": params.at("return_url"), "refresh_url": params.at("refresh_url"),
    });
    engine.records.insert("", "", kept);
    let url = format!("{}/setup/s/{account}/{token}", engine.origin);
    Ok(json!({"object": "account_link", "created": now, "expires_at": now + LIFETIME, "url": url}))
}

/// What became of opening a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// Show the form; afterwards go to the return address.
    Form { account: Value, return_url: String },
    /// Used before or too old: go to the refresh address.
    Refresh(String),
}

impl Engine {
    /// Opens an onboarding link, which works once. Errors: there never was such a link.
    pub fn open_onboarding(&mut self, account: &str, token: &str) -> Result<Opened, StripeError> {
        let id = format!("fake_link_{token}");
        let link = self.find("", "fake.account_link", &id, "token")?.clone();
        if link.text("account") != account {
            return Err(StripeError::missing("link", token, "token"));
        }
        if link.flag("used") || link.int("expires_at") < self.now() {
            return Ok(Opened::Refresh(link.text("refresh_url").to_owned()));
        }
        self.edit(&id, |link| link.put("used", true));
        Ok(Opened::Form {
            account: self.get(account).clone(),
            return_url: link.text("return_url").to_owned(),
        })
    }

    /// Where an opened link leads back to, for the form's own requests.
    pub fn onboarding_return(&self, account: &str, token: &str) -> Result<String, StripeError> {
        let link = self.find("", "fake.account_link", &format!("fake_link_{token}"), "token")?;
        if link.text("account") != account {
            return Err(StripeError::missing("link", token, "token"));
        }
        Ok(link.text("return_url").to_owned())
    }
}
