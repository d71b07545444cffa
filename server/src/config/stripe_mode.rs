//! Which Stripe: the real one, or ours. What must never be mixed up is refused here.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
};

use super::{Lookup, Problems};

const STRIPE_API: &str = "https://api.stripe.com";
const DEFAULT_FAKE_ADDRESS: &str = "127.0.0.1:12111";
/// Any test key will do for our own Stripe.
const FAKE_KEY: &str = "sk_test_fake_mode";

/// Where payments happen.
#[derive(Clone, PartialEq, Eq)]
pub enum StripeMode {
    Live {
        secret_key: String,
        webhook_secrets: Vec<String>,
        /// Stripe's, or a fake-stripe that was started separately (test keys only).
        api_base: String,
    },
    /// The stateful Stripe of our own: embedded at `address`, or running already at `api_base`.
    Fake {
        secret_key: String,
        webhook_secrets: Vec<String>,
        api_base: Option<String>,
        address: SocketAddr,
    },
}

impl StripeMode {
    /// Real money may move.
    pub fn is_livemode(&self) -> bool {
        matches!(self, Self::Live { secret_key, .. } if is_live_key(secret_key))
    }

    pub(super) fn read(lookup: Lookup<'_>, smtp: bool, problems: &mut Problems) -> Option<Self> {
        let key = lookup("STRIPE_SECRET_KEY");
        let webhook_secrets = webhook_secrets(lookup);
        let base = lookup("STRIPE_API_BASE").map(|base| base.trim_end_matches('/').to_owned());
        match lookup("STRIPE_MODE").as_deref().unwrap_or("live") {
            "live" => live(key, webhook_secrets, base, smtp, problems),
            "fake" => fake(lookup, key, webhook_secrets, base, problems),
            other => {
                problems.add("STRIPE_MODE", format!("“{other}” must be live or fake"));
                None
            }
        }
    }
}

impl fmt::Display for StripeMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Live { api_base, .. } if self.is_livemode() => write!(f, "live, {api_base}"),
            Self::Live { api_base, .. } => write!(f, "test keys, {api_base}"),
            Self::Fake {
                api_base: Some(base), ..
            } => write!(f, "fake, {base}"),
            Self::Fake { address, .. } => write!(f, "fake, embedded at {address}"),
        }
    }
}

fn live(
    key: Option<String>,
    webhook_secrets: Vec<String>,
    base: Option<String>,
    smtp: bool,
    problems: &mut Problems,
) -> Option<StripeMode> {
    match &key {
        None => problems.add(
            "STRIPE_SECRET_KEY",
            "is missing: live mode needs the platform's secret key (sk_live_… or sk_test_…); STRIPE_MODE=fake needs none",
        ),
        Some(key) if !["sk_live_", "sk_test_", "rk_live_", "rk_test_"].iter().any(|known| key.starts_with(known)) => {
            problems.add("STRIPE_SECRET_KEY", "must begin with sk_live_, sk_test_, rk_live_ or rk_test_");
        }
        Some(_) => {}
    }
    if webhook_secrets.is_empty() {
        problems.add(
            "STRIPE_WEBHOOK_SECRET",
            "is missing: live mode needs the signing secret of the Connect webhook endpoint (whsec_…)",
        );
    }
    let api_base = match base {
        None => STRIPE_API.to_owned(),
        Some(base) if base == STRIPE_API => base,
        Some(base) => {
            if !is_loopback(&base) {
                problems.add(
                    "STRIPE_API_BASE",
                    "may only be an http:// address on loopback (a fake-stripe)",
                );
            }
            if key.as_deref().is_some_and(|key| !key.starts_with("sk_test_")) {
                problems.add(
                    "STRIPE_API_BASE",
                    "needs a sk_test_ key: a live key is sent to nobody but Stripe",
                );
            }
            if smtp {
                problems.add(
                    "SMTP_URL",
                    "must not be set while STRIPE_API_BASE points at a fake-stripe",
                );
            }
            base
        }
    };
    key.map(|secret_key| StripeMode::Live {
        secret_key,
        webhook_secrets,
        api_base,
    })
}

fn fake(
    lookup: Lookup<'_>,
    key: Option<String>,
    webhook_secrets: Vec<String>,
    base: Option<String>,
    problems: &mut Problems,
) -> Option<StripeMode> {
    if cfg!(not(feature = "fake-stripe")) && base.is_none() {
        problems.add(
            "STRIPE_MODE",
            "fake needs a server built with the feature fake-stripe (`cargo leptos watch` builds one)",
        );
    }
    if key.as_deref().is_some_and(is_live_key) {
        problems.add(
            "STRIPE_SECRET_KEY",
            "is a live key: fake mode refuses it, so that nothing is mixed up",
        );
    }
    if base.as_deref().is_some_and(|base| !is_loopback(base)) {
        problems.add("STRIPE_API_BASE", "must be an http:// address on loopback in fake mode");
    }
    let address = lookup("FAKE_STRIPE_ADDR").unwrap_or_else(|| DEFAULT_FAKE_ADDRESS.to_owned());
    match address.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_loopback() => Some(StripeMode::Fake {
            secret_key: key.unwrap_or_else(|| FAKE_KEY.to_owned()),
            webhook_secrets,
            api_base: base,
            address,
        }),
        _ => {
            problems.add(
                "FAKE_STRIPE_ADDR",
                format!("“{address}” is no loopback address and port"),
            );
            None
        }
    }
}

/// Comma-separated while a secret is rolled; blank ones do not count.
fn webhook_secrets(lookup: Lookup<'_>) -> Vec<String> {
    let text = lookup("STRIPE_WEBHOOK_SECRET").unwrap_or_default();
    text.split(',')
        .map(|secret| secret.trim().to_owned())
        .filter(|secret| !secret.is_empty())
        .collect()
}

fn is_live_key(key: &str) -> bool {
    key.starts_with("sk_live_") || key.starts_with("rk_live_")
}

pub(super) fn is_loopback(base: &str) -> bool {
    let Some(host) = base.strip_prefix("http://") else {
        return false;
    };
    if host.contains(['/', '@', '?', '#']) {
        return false;
    }
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| port.parse::<u16>().is_ok())
        .map_or(host, |(name, _)| name);
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(variables: &[(&str, &str)], smtp: bool) -> Vec<String> {
        let lookup = |name: &str| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        let mut problems = Problems::default();
        StripeMode::read(&lookup, smtp, &mut problems);
        problems.0.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_fake_stripe_may_be_used_with_test_keys_on_loopback_and_without_smtp() {
        let live = |key, base| {
            [
                ("STRIPE_SECRET_KEY", key),
                ("STRIPE_WEBHOOK_SECRET", "w"),
                ("STRIPE_API_BASE", base),
            ]
        };
        assert!(problems(&live("sk_test_1", "http://127.0.0.1:12111"), false).is_empty());
        assert!(problems(&live("sk_test_1", "http://localhost:1/"), false).is_empty());
        assert!(!problems(&live("sk_test_1", "http://127.0.0.1:12111"), true).is_empty());
        assert!(!problems(&live("sk_live_1", "http://127.0.0.1:12111"), false).is_empty());
        for foreign in [
            "http://127.0.0.1.evil.example",
            "https://evil.example",
            "http://localhost:1@evil.example",
        ] {
            assert!(!problems(&live("sk_test_1", foreign), false).is_empty(), "{foreign}");
        }
    }

    #[test]
    fn fake_mode_refuses_live_keys_and_other_machines() {
        let fake = |key, base| {
            [
                ("STRIPE_MODE", "fake"),
                ("STRIPE_SECRET_KEY", key),
                ("STRIPE_API_BASE", base),
            ]
        };
        assert!(problems(&fake("sk_test_1", "http://127.0.0.1:12111"), false).is_empty());
        assert!(!problems(&fake("sk_live_1", "http://127.0.0.1:12111"), false).is_empty());
        assert!(!problems(&fake("sk_test_1", "https://api.stripe.com"), false).is_empty());
        assert!(!problems(&[("STRIPE_MODE", "fake"), ("FAKE_STRIPE_ADDR", "0.0.0.0:1")], false).is_empty());
        assert!(!problems(&[("STRIPE_MODE", "test")], false).is_empty());
    }
}
