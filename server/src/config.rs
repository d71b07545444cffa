//! Configuration from environment variables. Every problem is found at once, each with its variable's name.

mod fee;
mod stripe_mode;

use std::{
    env, fmt,
    net::{IpAddr, SocketAddr},
};

use ipnet::IpNet;

pub use stripe_mode::StripeMode;

/// Where OAuth lives at Stripe.
pub const STRIPE_CONNECT: &str = "https://connect.stripe.com";
const DEFAULT_ADDRESS: &str = "127.0.0.1:3000";
const LOOPBACK: &str = "127.0.0.0/8, ::1";
const DEFAULT_DATABASE: &str = "sqlite://data/store.sqlite";

/// What is wrong with one variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    variable: &'static str,
    message: String,
}

impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.variable, self.message)
    }
}

/// Collects problems while reading.
#[derive(Debug, Default)]
struct Problems(Vec<ConfigProblem>);

impl Problems {
    fn add(&mut self, variable: &'static str, message: impl Into<String>) {
        self.0.push(ConfigProblem {
            variable,
            message: message.into(),
        });
    }
}

/// A variable's value; an empty one counts as missing.
type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// How to send mail.
#[derive(Clone, PartialEq, Eq)]
pub struct MailConfig {
    pub smtp_url: String,
    pub from: String,
}

/// Everything the server needs to know.
#[derive(Clone)]
pub struct Config {
    pub address: SocketAddr,
    /// Without a slash at its end.
    pub public_url: String,
    pub database_url: String,
    pub stripe: StripeMode,
    /// For OAuth.
    pub client_id: Option<String>,
    /// Stripe's connect host.
    pub connect_base: Option<String>,
    /// 2.5 % is 250.
    pub fee_hundredths: u32,
    /// Lower-cased.
    pub platform_admins: Vec<String>,
    pub mail: Option<MailConfig>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Where `cargo leptos build` put the browser's half.
    pub site_root: String,
}

impl Config {
    /// # Errors
    /// Every problem at once.
    pub fn from_env() -> Result<Self, Vec<ConfigProblem>> {
        Self::read(&|name| env::var(name).ok())
    }

    fn read(lookup: Lookup<'_>) -> Result<Self, Vec<ConfigProblem>> {
        let lookup = |name: &str| {
            lookup(name)
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let mut problems = Problems::default();
        let address = lookup("LEPTOS_SITE_ADDR").unwrap_or_else(|| DEFAULT_ADDRESS.to_owned());
        let address = address.parse().unwrap_or_else(|_| {
            problems.add(
                "LEPTOS_SITE_ADDR",
                format!("“{address}” is no address and port such as {DEFAULT_ADDRESS}"),
            );
            SocketAddr::from(([127, 0, 0, 1], 3000))
        });
        let public_url = lookup("PUBLIC_URL").unwrap_or_else(|| format!("http://{address}"));
        let public_url = as_browsers_send(public_url.trim_end_matches('/'));
        if !is_origin(&public_url) {
            problems.add("PUBLIC_URL", "must be http:// or https:// with a host, and no path");
        }
        let database_url = lookup("DATABASE_URL").unwrap_or_else(|| DEFAULT_DATABASE.to_owned());
        if !["sqlite:", "postgres://", "postgresql://"]
            .iter()
            .any(|scheme| database_url.starts_with(scheme))
        {
            problems.add("DATABASE_URL", "must begin with sqlite: or postgres://");
        }
        let mail = mail(&lookup, &mut problems);
        let stripe = StripeMode::read(&lookup, mail.is_some(), &mut problems);
        if matches!(stripe, Some(StripeMode::Fake { .. })) {
            // Everybody could read everybody's sign-in codes.
            if !address.ip().is_loopback() {
                problems.add(
                    "LEPTOS_SITE_ADDR",
                    "must be on loopback in fake mode, which shows all mail to everybody",
                );
            }
            if public_url.starts_with("https://") {
                problems.add(
                    "PUBLIC_URL",
                    "must be http:// in fake mode, which is for this machine alone",
                );
            }
            if mail.is_some() {
                problems.add(
                    "SMTP_URL",
                    "must not be set in fake mode, which shows all mail at /dev/mailbox",
                );
            }
        }
        if stripe.as_ref().is_some_and(StripeMode::is_livemode) {
            if !public_url.starts_with("https://") {
                problems.add(
                    "PUBLIC_URL",
                    "must be https:// with a live key: sessions must not travel in the open",
                );
            }
            if mail.is_none() {
                problems.add(
                    "SMTP_URL",
                    "is missing: with a live key, codes to sign in with are sent and not written to the log",
                );
            }
        }
        let trusted_proxies = trusted_proxies(&lookup, &mut problems);
        let fee_hundredths = match lookup("PLATFORM_FEE_PERCENT").map_or(Ok(0), |text| fee::parse(&text)) {
            Ok(fee) => fee,
            Err(message) => {
                problems.add("PLATFORM_FEE_PERCENT", message);
                0
            }
        };
        let platform_admins = lookup("PLATFORM_ADMINS").unwrap_or_default();
        let platform_admins: Vec<String> = platform_admins
            .split(',')
            .map(|email| email.trim().to_lowercase())
            .filter(|e| !e.is_empty())
            .collect();
        if platform_admins.iter().any(|email| !email.contains('@')) {
            problems.add("PLATFORM_ADMINS", "must be e-mail addresses with commas between");
        }
        let connect_base = lookup("STRIPE_CONNECT_BASE").map(|base| base.trim_end_matches('/').to_owned());
        let is_live = stripe.as_ref().is_some_and(StripeMode::is_livemode);
        if let Some(base) = connect_base.as_deref()
            && base != STRIPE_CONNECT
            && (is_live || !stripe_mode::is_loopback(base))
        {
            problems.add(
                "STRIPE_CONNECT_BASE",
                "may only be an http:// address on loopback (a fake-stripe), and not with a live key, which is sent to nobody but Stripe",
            );
        }
        match stripe {
            Some(stripe) if problems.0.is_empty() => Ok(Self {
                address,
                public_url,
                database_url,
                stripe,
                client_id: lookup("STRIPE_CLIENT_ID"),
                connect_base,
                fee_hundredths,
                platform_admins,
                mail,
                trusted_proxies,
                site_root: lookup("LEPTOS_SITE_ROOT").unwrap_or_else(|| "target/site".to_owned()),
            }),
            _ => Err(problems.0),
        }
    }

    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

impl fmt::Display for Config {
    /// Without secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither a password before the host nor one in the query.
        let database = self.database_url.split('@').next_back().unwrap_or_default();
        let database = database.split('?').next().unwrap_or_default();
        writeln!(f, "  address: {}", self.address)?;
        writeln!(f, "  public address: {}", self.public_url)?;
        writeln!(f, "  database: {database}")?;
        writeln!(f, "  Stripe: {}", self.stripe)?;
        writeln!(
            f,
            "  platform fee: {}.{:02} %",
            self.fee_hundredths / 100,
            self.fee_hundredths % 100
        )?;
        write!(f, "  mail: {}", if self.mail.is_some() { "SMTP" } else { "not sent" })
    }
}

fn mail(lookup: Lookup<'_>, problems: &mut Problems) -> Option<MailConfig> {
    let (smtp_url, from) = (lookup("SMTP_URL"), lookup("MAIL_FROM"));
    match (smtp_url, from) {
        (Some(smtp_url), Some(from)) => {
            if let Err(message) = store::Mailer::smtp(&smtp_url, &from) {
                let variable = if message.starts_with("MAIL_FROM") {
                    "MAIL_FROM"
                } else {
                    "SMTP_URL"
                };
                problems.add(variable, message);
            }
            Some(MailConfig { smtp_url, from })
        }
        (Some(_), None) => {
            problems.add("MAIL_FROM", "is missing: SMTP_URL needs a sender");
            None
        }
        (None, Some(_)) => {
            problems.add("SMTP_URL", "is missing: MAIL_FROM alone sends no mail");
            None
        }
        (None, None) => None,
    }
}

/// Addresses or networks with commas between; this machine when there are none.
fn trusted_proxies(lookup: Lookup<'_>, problems: &mut Problems) -> Vec<IpNet> {
    let text = lookup("TRUSTED_PROXIES").unwrap_or_else(|| LOOPBACK.to_owned());
    let mut proxies = Vec::new();
    for one in text.split(',').map(str::trim).filter(|one| !one.is_empty()) {
        match one.parse::<IpNet>().or_else(|_| one.parse::<IpAddr>().map(IpNet::from)) {
            Ok(network) => proxies.push(network),
            Err(_) => problems.add(
                "TRUSTED_PROXIES",
                format!("“{one}” is no address or network such as 10.0.0.0/8"),
            ),
        }
    }
    proxies
}

/// An origin as browsers write it: in small letters, without the port that its scheme has anyway.
fn as_browsers_send(origin: &str) -> String {
    let origin = origin.to_ascii_lowercase();
    let port = if origin.starts_with("https://") { ":443" } else { ":80" };
    origin.strip_suffix(port).unwrap_or(&origin).to_owned()
}

/// `http://host[:port]` or `https://host[:port]`, and nothing behind it.
fn is_origin(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|host| {
        !host.is_empty() && !host.contains(['/', '?', '#', '@']) && !host.contains(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config, Vec<String>> {
        let lookup = |name: &str| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Config::read(&lookup).map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn live_mode_without_keys_names_what_is_missing() {
        let problems = read(&[("STRIPE_MODE", "live")]).err().expect("problems");
        assert!(
            problems.iter().any(|problem| problem.starts_with("STRIPE_SECRET_KEY:")),
            "{problems:?}"
        );
        assert!(
            problems
                .iter()
                .any(|problem| problem.starts_with("STRIPE_WEBHOOK_SECRET:")),
            "{problems:?}"
        );
        assert_eq!(read(&[]).err(), Some(problems));
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let problems = read(&[
            ("STRIPE_MODE", "live"),
            ("STRIPE_SECRET_KEY", "pk_live_1"),
            ("STRIPE_WEBHOOK_SECRET", " , "),
            ("PLATFORM_FEE_PERCENT", "101"),
            ("LEPTOS_SITE_ADDR", "here"),
            ("DATABASE_URL", "mysql://x"),
            ("PUBLIC_URL", "shop.example"),
            ("SMTP_URL", "smtp://mail.example"),
            ("PLATFORM_ADMINS", "ada"),
        ])
        .err()
        .expect("problems");
        for variable in [
            "STRIPE_SECRET_KEY",
            "STRIPE_WEBHOOK_SECRET",
            "PLATFORM_FEE_PERCENT",
            "LEPTOS_SITE_ADDR",
            "DATABASE_URL",
            "PUBLIC_URL",
            "MAIL_FROM",
            "PLATFORM_ADMINS",
        ] {
            assert!(
                problems
                    .iter()
                    .any(|problem| problem.starts_with(&format!("{variable}:"))),
                "{variable}"
            );
        }
    }

    #[test]
    fn a_live_key_needs_https_and_mail() {
        let keys = [("STRIPE_SECRET_KEY", "sk_live_1"), ("STRIPE_WEBHOOK_SECRET", "whsec_1")];
        let problems = read(&keys).err().expect("problems");
        assert!(
            problems.len() == 2 && problems[0].starts_with("PUBLIC_URL:") && problems[1].starts_with("SMTP_URL:"),
            "{problems:?}"
        );
        let test_keys = [("STRIPE_SECRET_KEY", "sk_test_1"), ("STRIPE_WEBHOOK_SECRET", "whsec_1")];
        assert!(read(&test_keys).is_ok());
    }

    #[test]
    fn a_key_is_sent_to_stripe_alone() {
        let connect = |key: &str, base: &str| {
            let variables = [
                ("STRIPE_SECRET_KEY", key),
                ("STRIPE_WEBHOOK_SECRET", "whsec_1"),
                ("STRIPE_CONNECT_BASE", base),
            ];
            let problems = read(&variables).err().unwrap_or_default();
            !problems
                .iter()
                .any(|problem| problem.starts_with("STRIPE_CONNECT_BASE:"))
        };
        assert!(connect("sk_live_1", "https://connect.stripe.com"));
        assert!(connect("sk_test_1", "http://127.0.0.1:12111"));
        assert!(!connect("sk_live_1", "http://127.0.0.1:12111"));
        assert!(!connect("sk_live_1", "https://connect.example.org"));
        assert!(!connect("sk_test_1", "http://connect.example.org"));
    }

    #[test]
    fn a_proxy_that_is_no_address_is_told() {
        let problems = read(&[("STRIPE_MODE", "fake"), ("TRUSTED_PROXIES", "nginx")])
            .err()
            .expect("problems");
        assert!(
            problems.iter().any(|problem| problem.starts_with("TRUSTED_PROXIES:")),
            "{problems:?}"
        );
    }

    // The mailer keeps its connections on the runtime.
    #[tokio::test]
    async fn a_live_configuration_is_read() {
        let config = read(&[
            ("STRIPE_SECRET_KEY", "sk_live_1"),
            ("STRIPE_WEBHOOK_SECRET", "whsec_1, whsec_2"),
            ("PUBLIC_URL", "https://shop.example/"),
            ("PLATFORM_FEE_PERCENT", "2.5"),
            ("SMTP_URL", "smtp://mail.example"),
            ("MAIL_FROM", "shop@shop.example"),
            ("TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.7"),
        ])
        .expect("fine");
        assert_eq!(config.trusted_proxies.len(), 2);
        assert_eq!(config.public_url, "https://shop.example");
        assert_eq!(config.fee_hundredths, 250);
        assert!(config.is_https());
    }
}
