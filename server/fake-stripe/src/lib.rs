//! A stateful Stripe for development and tests: a real HTTP server with Stripe's API under `/v1`, hosted pages, signed
//! webhooks and control routes under `/_fake`. Started by `server` in fake mode, by tests, and by its own binary.

pub mod app;
mod calendar;
mod clock;
mod delivery;
mod description;
pub mod engine;
pub mod error;
pub mod fields;
mod form;
mod http;
mod ids;
mod money;
pub mod outbox;
mod pages;
mod records;
mod state_file;
#[cfg(feature = "validate")]
mod validation;

use std::{net::SocketAddr, path::PathBuf};

use anyhow::Context;
use tokio_util::sync::CancellationToken;

pub use crate::clock::Clock;
use crate::{app::App, clock::Time, engine::Engine, http::idempotency::Remembered};

/// How a fake Stripe starts.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where events are delivered; none: nowhere.
    pub webhook_url: Option<String>,
    pub webhook_secret: String,
    /// Written before each answer and read at the start; none: memory only.
    pub state: Option<PathBuf>,
    /// Ids come out the same for the same seed.
    pub seed: u64,
    pub clock: Clock,
    /// Origin of the hosted pages; `http://localhost:PORT` when none is given.
    pub public_origin: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            webhook_url: None,
            webhook_secret: "whsec_fake".to_owned(),
            state: None,
            seed: 1,
            clock: Clock::System,
            public_origin: None,
        }
    }
}

/// A running fake Stripe.
pub struct FakeStripe {
    addr: SocketAddr,
    app: App,
    stopping: CancellationToken,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl FakeStripe {
    /// Serves on the listener until `stop`.
    ///
    /// Errors: the state file exists and cannot be read.
    #[expect(
        clippy::unused_async,
        reason = "callers are written for a start that may have to wait"
    )]
    pub async fn start(listener: tokio::net::TcpListener, options: Options) -> anyhow::Result<Self> {
        let addr = listener.local_addr()?;
        // Another part of the process may have chosen the provider already; any will do.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder()
            .timeout(std::time::Duration::from_secs(20))
            .build()?;
        let origin = options
            .public_origin
            .unwrap_or_else(|| format!("http://localhost:{}", addr.port()));
        let mut engine = Engine::new(options.seed, Time::new(options.clock), origin);
        let mut remembered = Remembered::default();
        if let Some(path) = &options.state {
            let saved = state_file::read(path).with_context(|| format!("reading the state file {}", path.display()))?;
            if let Some(saved) = saved {
                remembered = engine.restore(saved);
                remembered.drop_unfinished();
            }
        }
        engine.outbox.url = options.webhook_url;
        engine.outbox.secret = options.webhook_secret;
        let app = App::new(engine, remembered, options.state, client);
        let stopping = CancellationToken::new();
        let routes = http::router(app.clone());
        let stop = stopping.clone().cancelled_owned();
        let serving = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, routes).with_graceful_shutdown(stop).await {
                tracing::error!(%error, "the fake Stripe's server ended");
            }
        });
        let delivering = tokio::spawn(until(stopping.clone(), delivery::run(app.clone())));
        let ticking = tokio::spawn(until(stopping.clone(), tick(app.clone())));
        app.wake_delivery();
        Ok(Self {
            addr,
            app,
            stopping,
            tasks: vec![serving, delivering, ticking],
        })
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The base of the API, `http://127.0.0.1:12111`.
    pub fn api_base(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The state and its rules, for what a test wants to do without HTTP.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Stops serving and delivering; what was answered is saved already.
    pub async fn stop(self) {
        self.stopping.cancel();
        for task in self.tasks {
            // Connections that are kept alive would hold the server up.
            let abort = task.abort_handle();
            if tokio::time::timeout(std::time::Duration::from_millis(500), task)
                .await
                .is_err()
            {
                abort.abort();
            }
        }
    }
}

async fn until(stopping: CancellationToken, task: impl Future<Output = ()>) {
    stopping.run_until_cancelled(task).await;
}

/// Renewals and retries happen also when nobody asks anything.
async fn tick(app: App) {
    loop {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        let is_due = app.engine().something_is_due();
        if is_due && let Err(refusal) = app.act(|_| Ok(())) {
            tracing::error!(message = refusal.message, "what was due could not be saved");
        }
    }
}
