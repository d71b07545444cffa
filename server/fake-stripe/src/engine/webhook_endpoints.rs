//! Webhook endpoints as objects (`/v1/webhook_endpoints`): who made one gets the events that it asks for, signed with its
//! own secret, beside the endpoint configured at the start. `receivers` says where an event goes, `delivery.rs` sends it.

use reqwest::Url;
use serde_json::{Value, json};

use super::{Answer, Call, Engine, params::copy};
use crate::{
    error::StripeError,
    fields::{Fields, merge_metadata},
    outbox::CONFIGURED,
};

const KIND: &str = "webhook_endpoint";

/// How many endpoints an account has at most in test mode.
const MOST: usize = 16;

/// Where an endpoint is, and what signs for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub url: String,
    pub secret: String,
}

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    check_url(params.text("url"))?;
    check_version(params.some_text("api_version"))?;
    if engine.records.list(&call.account, KIND).count() >= MOST {
        return Err(StripeError::invalid(format!(
            "You have reached the maximum of {MOST} test webhook endpoints."
        )));
    }
    let mut endpoint = engine.blank(KIND, "we_1");
    let id = endpoint.text("id").to_owned();
    let secret = format!("whsec_{}", engine.ids.letters(32));
    endpoint.put("metadata", json!({}));
    endpoint.put("status", "enabled");
    if !call.account.is_empty() {
        endpoint.put("application", super::accounts::APPLICATION);
    }
    copy(
        &mut endpoint,
        params,
        &["api_version", "description", "enabled_events", "url"],
    );
    merge_metadata(&mut endpoint, params.at("metadata"));
    engine.records.insert(&call.account, "", endpoint);
    engine.hide(&id, "secret", secret.as_str());
    engine.hide(&id, "connect", params.flag("connect"));
    // Only this answer shows the secret.
    let mut shown = engine.get(&id).clone();
    shown.put("secret", secret);
    Ok(shown)
}

pub fn retrieve(engine: &mut Engine, call: &Call) -> Answer {
    engine.find(&call.account, KIND, call.id(), KIND).cloned()
}

pub fn update(engine: &mut Engine, call: &Call) -> Answer {
    let (id, params) = (call.id(), &call.params);
    engine.find(&call.account, KIND, id, KIND)?;
    if let Some(url) = params.some_text("url") {
        check_url(url)?;
    }
    engine.edit(id, |endpoint| {
        copy(endpoint, params, &["description", "enabled_events", "url"]);
        merge_metadata(endpoint, params.at("metadata"));
        if let Some(disabled) = params.at("disabled").as_bool() {
            endpoint.put("status", if disabled { "disabled" } else { "enabled" });
        }
    });
    Ok(engine.get(id).clone())
}

pub fn delete(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id();
    engine.find(&call.account, KIND, id, KIND)?;
    engine.records.remove(id);
    Ok(json!({"id": id, "object": KIND, "deleted": true}))
}

pub fn list(engine: &mut Engine, call: &Call) -> Answer {
    engine.list(call, KIND, "/v1/webhook_endpoints", |_, _| true)
}

fn check_url(url: &str) -> Result<(), StripeError> {
    let refused = |message: &str| Err(StripeError::invalid(message).code("url_invalid").param("url"));
    if !url.contains("://") {
        return refused("Invalid URL: An explicit scheme (such as https) must be provided.");
    }
    match Url::parse(url) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") && parsed.has_host() => Ok(()),
        _ => refused("Not a valid URL"),
    }
}

/// Versions are dates, since 2024 with a name: `2026-09-30.endive`. Which there are is not looked at: all have one shape here.
fn check_version(version: Option<&str>) -> Result<(), StripeError> {
    let Some(version) = version else { return Ok(()) };
    let (date, name) = version.split_once('.').unwrap_or((version, "named"));
    let is_version = chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").is_ok()
        && date.len() == "2026-09-30".len()
        && !name.is_empty()
        && name.bytes().all(|letter| letter.is_ascii_lowercase());
    if is_version {
        return Ok(());
    }
    Err(StripeError::invalid(format!("Invalid Stripe API version: {version}")).param("api_version"))
}

impl Engine {
    /// The endpoints that an event is for: the configured one, and the ids of those that ask for it.
    pub fn receivers(&self, event: &str) -> Vec<String> {
        if !self.reaches_platform(event) {
            return Vec::new();
        }
        let event = self.get(event);
        let account = event.text("account");
        let is_open = !account.is_empty() && self.may_access(account).is_ok();
        let of_account = is_open.then(|| self.records.list(account, KIND));
        let all = self.records.list("", KIND).chain(of_account.into_iter().flatten());
        let configured = self.outbox.url.iter().map(|_| CONFIGURED.to_owned());
        configured
            .chain(all.filter(|id| self.asks_for(id, event)).map(str::to_owned))
            .collect()
    }

    /// Whether an endpoint asks for an event: by its type, and by whose event it is. The platform's endpoints get the
    /// platform's events or (`connect`) those of connected accounts; an account's endpoints get that account's.
    fn asks_for(&self, endpoint: &str, event: &Value) -> bool {
        let owner = self.account_of(endpoint);
        let account = event.text("account");
        let is_theirs = if self.hidden(endpoint).flag("connect") {
            owner.is_empty() && !account.is_empty()
        } else {
            owner == account
        };
        let asked = self.get(endpoint).items("enabled_events");
        let kind = event.at("type");
        is_theirs && self.takes_events(endpoint) && asked.iter().any(|asked| asked == "*" || asked == kind)
    }

    /// Whether an endpoint of the API is there and enabled.
    fn takes_events(&self, endpoint: &str) -> bool {
        self.get(endpoint).text("status") == "enabled" && self.get(endpoint).text("object") == KIND
    }

    /// Whether there is an endpoint that events could go to.
    pub fn has_endpoint(&self) -> bool {
        let all = self.records.in_order().into_iter();
        let mut endpoints = all.filter(|record| record.kind == KIND);
        self.outbox.url.is_some() || endpoints.any(|record| self.takes_events(record.json.text("id")))
    }

    /// Where an endpoint is; none when there is none, or when it is disabled.
    pub fn target(&self, endpoint: &str) -> Option<Target> {
        if endpoint == CONFIGURED {
            return Some(Target {
                url: self.outbox.url.clone()?,
                secret: self.outbox.secret.clone(),
            });
        }
        self.takes_events(endpoint).then(|| Target {
            url: self.get(endpoint).text("url").to_owned(),
            secret: self.hidden(endpoint).text("secret").to_owned(),
        })
    }

    /// An event as an endpoint gets it. An account's own endpoint is not told whose event it is.
    pub fn event_for(&self, event: &str, endpoint: &str) -> Value {
        let mut sent = self.view(self.get(event));
        if let Value::Object(fields) = &mut sent
            && !self.account_of(endpoint).is_empty()
        {
            fields.shift_remove("account");
            fields.shift_remove("context");
        }
        sent
    }

    /// What waited for endpoints that were deleted or disabled is not sent any more.
    pub(super) fn forget_endpoints(&mut self) {
        let gone: Vec<String> = self
            .outbox
            .endpoints()
            .into_iter()
            .filter(|endpoint| endpoint != CONFIGURED && !self.takes_events(endpoint))
            .collect();
        for endpoint in gone {
            self.outbox.forget(&endpoint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{check_url, check_version};

    #[test]
    fn addresses_and_versions_are_looked_at() {
        for good in [
            "http://127.0.0.1:3000/hook",
            "https://example.com",
            "http://[::1]/x?y=z",
        ] {
            assert!(check_url(good).is_ok(), "{good}");
        }
        for bad in [
            "example.com/hook",
            "/hook",
            "ftp://example.com",
            "http://",
            "https://a b/",
        ] {
            assert!(check_url(bad).is_err(), "{bad}");
        }
        for good in ["2020-08-27", "2026-08-26.dahlia", "2026-09-30.endive"] {
            assert!(check_version(Some(good)).is_ok(), "{good}");
        }
        for bad in ["latest", "2026-08-26.", "2026-8-26", "2026-13-01", "2026-08-26.DAHLIA"] {
            assert!(check_version(Some(bad)).is_err(), "{bad}");
        }
    }
}
