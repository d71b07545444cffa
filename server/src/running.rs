//! A running server: puts the store together, listens, works jobs, and ends cleanly.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use clap::ValueEnum;
use store::{
    Clock, Database, Mailer, Parts, Randomness, Settings, Store,
    stripe::{Limits, Stripe, StripeConfig, StripeError},
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    config::{Config, STRIPE_CONNECT, StripeMode},
    migrate, router, telemetry,
};

/// How often a worker looks for jobs of other processes, and for those that wait.
const LOOK_FOR_JOBS: Duration = Duration::from_secs(1);

/// How often letters that no event announces are written, and grants whose window has closed are cleared.
const LOOK_AHEAD: Duration = Duration::from_mins(5);

/// How often what nobody needs any more is deleted.
const TIDY_UP: Duration = Duration::from_hours(1);

/// How long a start waits to be told whose the secret key is.
const WAIT_FOR_STRIPE: Duration = Duration::from_secs(10);

/// What a process can leave to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    Pages,
    Webhooks,
    Jobs,
}

/// The Stripe a store talks to.
pub struct StripeAt {
    pub api_base: String,
    pub webhook_secrets: Vec<String>,
    /// The time there, which is the store's too.
    pub clock: Clock,
}

/// Runs until it is told to stop.
///
/// # Errors
/// When it cannot start.
pub async fn run(config: Config, without: &[Part]) -> anyhow::Result<()> {
    let metrics = telemetry::start_metrics()?;
    let listener = TcpListener::bind(config.address)
        .await
        .with_context(|| format!("cannot listen on {} (LEPTOS_SITE_ADDR)", config.address))?;
    let serves = |part: Part| !without.contains(&part);
    let embedded = embedded_stripe(&config, serves(Part::Pages)).await?;
    let at = embedded.as_ref().map(|embedded| StripeAt {
        api_base: embedded.api_base(),
        webhook_secrets: vec![embedded.webhook_secret().to_owned()],
        clock: embedded.clock(),
    });
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "it is another type without the feature"
    )]
    let time_travel = embedded.as_ref().map(|embedded| embedded.time_travel());
    let store = store(&config, at).await?;
    let stopping = CancellationToken::new();
    let worker = serves(Part::Jobs).then(|| tokio::spawn(work(store.clone(), stopping.clone())));
    let parts = router::RouterParts {
        store: store.clone(),
        config: Arc::new(config.clone()),
        metrics,
        stopping: stopping.clone(),
        pages: serves(Part::Pages),
        webhooks: serves(Part::Webhooks),
        time_travel,
    };
    let service = router::router(parts).into_make_service_with_connect_info::<std::net::SocketAddr>();
    tracing::info!("listening on http://{}", config.address);
    axum::serve(listener, service)
        .with_graceful_shutdown(asked_to_stop(stopping.clone()))
        .await?;
    stopping.cancel();
    if let Some(worker) = worker {
        worker.await?;
    }
    if let Some(embedded) = embedded {
        embedded.stop().await;
    }
    store.database().clone().close().await;
    Ok(())
}

#[cfg(feature = "fake-stripe")]
async fn embedded_stripe(config: &Config, pages: bool) -> anyhow::Result<Option<crate::fake_mode::Embedded>> {
    match &config.stripe {
        StripeMode::Fake {
            api_base: None,
            address,
            ..
        } if pages => Ok(Some(crate::fake_mode::Embedded::start(config, *address).await?)),
        _ => Ok(None),
    }
}

/// Without the feature there is none.
#[cfg(not(feature = "fake-stripe"))]
#[expect(clippy::unused_async, reason = "the same as the one with the feature")]
async fn embedded_stripe(_: &Config, _: bool) -> anyhow::Result<Option<NoStripe>> {
    Ok(None)
}

/// Stands where the embedded Stripe would: there is no value of it.
#[cfg(not(feature = "fake-stripe"))]
enum NoStripe {}

#[cfg(not(feature = "fake-stripe"))]
impl NoStripe {
    fn api_base(&self) -> String {
        match *self {}
    }

    fn webhook_secret(&self) -> &str {
        match *self {}
    }

    fn clock(&self) -> Clock {
        match *self {}
    }

    fn time_travel(&self) -> crate::routes::dev_clock::TimeTravel {
        match *self {}
    }

    #[expect(clippy::unused_async, reason = "the same as the one with the feature")]
    async fn stop(self) {
        match self {}
    }
}

/// Connects, migrates and puts the store together.
///
/// # Errors
/// When the database cannot be reached or migrated.
pub async fn store(config: &Config, embedded: Option<StripeAt>) -> anyhow::Result<Store> {
    let database = Database::connect(&config.database_url)
        .await
        .context("cannot open the database (DATABASE_URL)")?;
    migrate::migrate(&database, &config.database_url).await?;
    let (secret_key, at, fake) = match &config.stripe {
        StripeMode::Live {
            secret_key,
            webhook_secrets,
            api_base,
        } => {
            let at = StripeAt {
                api_base: api_base.clone(),
                webhook_secrets: webhook_secrets.clone(),
                clock: Clock::System,
            };
            (secret_key.clone(), at, api_base.starts_with("http://"))
        }
        StripeMode::Fake {
            secret_key,
            webhook_secrets,
            api_base,
            address,
        } => {
            let mut at = embedded.unwrap_or_else(|| StripeAt {
                api_base: api_base.clone().unwrap_or_else(|| format!("http://{address}")),
                webhook_secrets: Vec::new(),
                clock: Clock::System,
            });
            // Of events that others sign than the fake Stripe, such as recorded ones.
            at.webhook_secrets.extend(webhook_secrets.iter().cloned());
            (secret_key.clone(), at, true)
        }
    };
    // The fake's pages are served under another name, so that they are another site than ours.
    let fake_pages = at.api_base.replace("127.0.0.1", "localhost");
    let (connect_base, dashboard, client_id) = if fake {
        (
            fake_pages.clone(),
            format!("{fake_pages}/dashboard/{{account}}"),
            Some("ca_fake_mode".to_owned()),
        )
    } else {
        (
            STRIPE_CONNECT.to_owned(),
            stripe_dashboard(config.stripe.is_livemode()),
            None,
        )
    };
    let mailer = match &config.mail {
        Some(mail) if !matches!(config.stripe, StripeMode::Fake { .. }) => {
            Mailer::smtp(&mail.smtp_url, &mail.from).map_err(anyhow::Error::msg)?
        }
        _ => Mailer::kept(!matches!(config.stripe, StripeMode::Fake { .. })),
    };
    let (clock, randomness) = (at.clock, Randomness::system());
    let stripe_config = StripeConfig {
        secret_key: secret_key.clone(),
        api_base: at.api_base,
        timeout: Duration::from_secs(20),
        // The fake has none, and browser tests are in a hurry.
        limits: (!fake).then(|| Limits::for_key(&secret_key)),
    };
    let stripe = Stripe::new(stripe_config, database.clone(), clock.clone(), randomness.clone())?;
    let store = Store::new(Parts {
        database,
        stripe,
        mailer,
        clock,
        randomness,
        public_url: config.public_url.clone(),
        settings: Settings {
            fee_hundredths: config.fee_hundredths,
            client_id: config.client_id.clone().or(client_id),
            connect_base: config.connect_base.clone().unwrap_or(connect_base),
            dashboard,
            livemode: config.stripe.is_livemode(),
            webhook_secrets: at.webhook_secrets,
            platform_admins: config.platform_admins.clone(),
            state_secret: secret_key,
        },
    });
    check_platform(&store).await?;
    Ok(store)
}

/// Refuses a key that is refused, or another platform's. Whether Stripe can be asked now is no condition for starting: it
/// is asked again before an account is taken for lost.
async fn check_platform(store: &Store) -> anyhow::Result<()> {
    let Ok(answer) = tokio::time::timeout(WAIT_FOR_STRIPE, store.check_platform()).await else {
        tracing::warn!("Stripe does not say whose STRIPE_SECRET_KEY is: no answer");
        return Ok(());
    };
    match answer {
        Ok(()) => Ok(()),
        Err(error @ store::Error::OtherPlatform { .. }) => Err(anyhow::Error::new(error).context(
            "STRIPE_SECRET_KEY and DATABASE_URL do not belong together: every connected account would look lost. Set the \
             key of the database's platform, or another database",
        )),
        Err(store::Error::Stripe(StripeError::Refused(refused))) if refused.status == 401 => {
            Err(anyhow::Error::msg(refused.to_string()).context("Stripe refuses STRIPE_SECRET_KEY"))
        }
        Err(error @ store::Error::Stripe(_)) => {
            tracing::warn!(%error, "Stripe does not say whose STRIPE_SECRET_KEY is");
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// Test mode has pages of its own there.
fn stripe_dashboard(livemode: bool) -> String {
    let mode = if livemode { "" } else { "/test" };
    format!("https://dashboard.stripe.com/{{account}}{mode}")
}

async fn work(store: Store, stopping: CancellationToken) {
    let told = async {
        stopping.cancelled().await;
        store.stop_taking_jobs();
    };
    tokio::join!(work_jobs(&store, &stopping), keep_time(&store, &stopping), told);
}

/// Works jobs when they arrive, and looks for those of other processes in between.
async fn work_jobs(store: &Store, stopping: &CancellationToken) {
    loop {
        match store.work_jobs().await {
            Ok(0) => {}
            Ok(worked) => tracing::debug!(worked, "jobs worked"),
            Err(error) => tracing::error!(%error, "the queue cannot be worked"),
        }
        tokio::select! {
            () = stopping.cancelled() => return,
            () = store.wait_for_jobs() => {}
            () = tokio::time::sleep(LOOK_FOR_JOBS) => {}
        }
    }
}

/// Does what is due by time alone. Beside the jobs, because it asks Stripe: a slow answer keeps no webhook waiting. What
/// is under way is dropped at the end; it is found again.
async fn keep_time(store: &Store, stopping: &CancellationToken) {
    let mut tidy = tokio::time::interval(TIDY_UP);
    let mut look_ahead = tokio::time::interval(LOOK_AHEAD);
    let ticking = async {
        loop {
            tokio::select! {
                _ = look_ahead.tick() => {
                    if let Err(error) = store.look_ahead().await {
                        tracing::error!(%error, "what is due by time alone was not looked at");
                    }
                }
                _ = tidy.tick() => match store.tidy_up().await {
                    Ok(gone) => tracing::debug!(gone, "tidied up"),
                    Err(error) => tracing::error!(%error, "nothing was tidied up"),
                },
            }
        }
    };
    stopping.run_until_cancelled(ticking).await;
}

/// Ctrl-C, or `SIGTERM` from a service manager. Streams are told, or they would keep the server.
async fn asked_to_stop(stopping: CancellationToken) {
    let interrupt = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "Ctrl-C cannot be heard");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::error!(%error, "SIGTERM cannot be heard");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    tracing::info!("stopping");
    stopping.cancel();
}

#[cfg(test)]
mod tests {
    use super::stripe_dashboard;

    #[test]
    fn test_mode_has_pages_of_its_own_in_stripes_dashboard() {
        assert_eq!(stripe_dashboard(true), "https://dashboard.stripe.com/{account}");
        assert_eq!(stripe_dashboard(false), "https://dashboard.stripe.com/{account}/test");
    }
}
