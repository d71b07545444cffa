//! The domain: the store's services, its projection of Stripe, and the work that webhooks cause.
//!
//! Called by the server functions in `app` (pages), by `server` (webhook route, event stream, worker, subcommands).
//! No Leptos, no axum here. A service takes an actor (see [`actor`]) that only the authorisation code can make.

pub mod actor;
pub mod attention;
mod audit;
pub mod cards;
pub mod catalog;
pub mod clock;
pub mod communities;
pub mod connect;
pub mod database;
mod entity;
pub mod error;
mod fingerprint;
mod fulfillment;
mod housekeeping;
pub mod jobs;
mod lease;
mod letters;
pub mod live;
pub mod mail;
pub mod permissions;
pub mod planning;
pub mod platform;
mod portal;
pub mod posts;
pub mod randomness;
pub mod reconciliation;
pub mod session;
pub mod shopping;
pub mod stripe;
mod subscribers;
pub mod webhooks;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use model::Timestamp;
use tokio::sync::{Notify, RwLock};

use crate::{
    attention::Attention,
    cards::Cards,
    catalog::{Catalog, CatalogCache},
    communities::Communities,
    connect::Connect,
    permissions::Permissions,
    planning::Planning,
    platform::Platform,
    portal::Portal,
    posts::Posts,
    session::Sessions,
    shopping::Shopping,
    stripe::Stripe,
};
pub use crate::{
    clock::Clock,
    database::Database,
    error::{Error, Result},
    live::Live,
    mail::Mailer,
    randomness::Randomness,
};

/// What the store is made of; the server puts it together from its configuration, tests from their own parts.
#[derive(Debug)]
pub struct Parts {
    pub database: Database,
    pub stripe: Stripe,
    pub mailer: Mailer,
    pub clock: Clock,
    pub randomness: Randomness,
    /// Without a slash at its end.
    pub public_url: String,
    pub settings: Settings,
}

/// What the platform decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// In hundredths of a percent: 2.5 % is 250.
    pub fee_hundredths: u32,
    /// For OAuth connect and disconnect.
    pub client_id: Option<String>,
    /// Where OAuth lives; Stripe's is `https://connect.stripe.com`.
    pub connect_base: String,
    /// Where merchants see their account, with `{account}` in place of its id. Stripe's has its mode in it
    /// (`https://dashboard.stripe.com/{account}/test`).
    pub dashboard: String,
    /// Events of the other mode are recorded as not ours.
    pub livemode: bool,
    /// One for each endpoint and, while rolling, for the old and the new one.
    pub webhook_secrets: Vec<String>,
    /// The e-mail addresses of those who run the platform, lower-cased.
    pub platform_admins: Vec<String>,
    /// Signs what a browser carries for us through Stripe.
    pub state_secret: String,
}

impl Settings {
    /// Where the merchants of this `acct_…` see it.
    pub(crate) fn dashboard_of(&self, account: &str) -> String {
        self.dashboard.replace("{account}", account)
    }

    /// The fee as Stripe takes it; none when zero.
    pub(crate) fn fee_percent(&self) -> Option<f64> {
        (self.fee_hundredths > 0).then(|| f64::from(self.fee_hundredths) / 100.0)
    }

    /// The fee for people: `2.5`; none when zero.
    pub(crate) fn fee_label(&self) -> Option<String> {
        let text = format!("{}.{:02}", self.fee_hundredths / 100, self.fee_hundredths % 100);
        (self.fee_hundredths > 0).then(|| text.trim_end_matches('0').trim_end_matches('.').to_owned())
    }
}

/// The store; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    parts: Parts,
    live: Live,
    catalog_cache: CatalogCache,
    jobs_arrived: Notify,
    /// Whether the key was seen to be that of the database's platform, which no running process changes.
    knows_platform: AtomicBool,
    /// A job was done, or put off.
    jobs_ended: Notify,
    /// Held by whoever works a job, and alone by whoever wants that none is worked ([`Store::quiet`]).
    at_work: Arc<RwLock<()>>,
    /// No more jobs are to be claimed: the process ends.
    ending: AtomicBool,
}

impl Store {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner {
            parts,
            live: Live::default(),
            catalog_cache: CatalogCache::default(),
            jobs_arrived: Notify::new(),
            knows_platform: AtomicBool::new(false),
            jobs_ended: Notify::new(),
            at_work: Arc::default(),
            ending: AtomicBool::new(false),
        }))
    }

    /// The database, for readiness and migrations.
    pub fn database(&self) -> &Database {
        &self.0.parts.database
    }

    /// Changes that waiting pages want to hear of.
    pub fn live(&self) -> &Live {
        &self.0.live
    }

    /// Letters kept in memory, for `/dev/mailbox`.
    pub fn mailer(&self) -> &Mailer {
        &self.0.parts.mailer
    }

    pub fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.parts.clock
    }

    pub fn public_url(&self) -> &str {
        &self.0.parts.public_url
    }

    pub(crate) fn randomness(&self) -> &Randomness {
        &self.0.parts.randomness
    }

    pub(crate) fn stripe(&self) -> &Stripe {
        &self.0.parts.stripe
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.parts.settings
    }

    pub(crate) fn catalog_cache(&self) -> &CatalogCache {
        &self.0.catalog_cache
    }

    pub(crate) fn jobs_arrived(&self) {
        self.0.jobs_arrived.notify_one();
    }

    pub(crate) fn jobs_ended(&self) -> &Notify {
        &self.0.jobs_ended
    }

    pub(crate) fn at_work(&self) -> Arc<RwLock<()>> {
        Arc::clone(&self.0.at_work)
    }

    /// What is being worked is finished, and nothing more is begun: [`Store::work_jobs`] returns soon.
    pub fn stop_taking_jobs(&self) {
        self.0.ending.store(true, Ordering::Relaxed);
        self.jobs_arrived();
    }

    pub(crate) fn takes_jobs(&self) -> bool {
        !self.0.ending.load(Ordering::Relaxed)
    }

    /// Returns when a job was enqueued in this process; a worker polls beside it for those of others.
    pub async fn wait_for_jobs(&self) {
        self.0.jobs_arrived.notified().await;
    }

    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(self)
    }

    pub fn platform(&self) -> Platform<'_> {
        Platform(self)
    }

    pub fn communities(&self) -> Communities<'_> {
        Communities(self)
    }

    pub fn connect(&self) -> Connect<'_> {
        Connect(self)
    }

    pub fn planning(&self) -> Planning<'_> {
        Planning(self)
    }

    pub fn permissions(&self) -> Permissions<'_> {
        Permissions(self)
    }

    pub fn posts(&self) -> Posts<'_> {
        Posts(self)
    }

    pub fn catalog(&self) -> Catalog<'_> {
        Catalog(self)
    }

    pub fn shopping(&self) -> Shopping<'_> {
        Shopping(self)
    }

    pub fn portal(&self) -> Portal<'_> {
        Portal(self)
    }

    pub fn cards(&self) -> Cards<'_> {
        Cards(self)
    }

    pub fn attention(&self) -> Attention<'_> {
        Attention(self)
    }
}

/// The name of a window, as far as it may be one: it comes from the browser, and travels to Stripe and back.
pub(crate) fn popup_name(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c));
    letters.take(32).collect()
}

/// Percent-encodes a value of a query.
pub(crate) fn url_encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
