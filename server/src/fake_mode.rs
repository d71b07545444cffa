//! Fake mode: the stateful Stripe of our own, started beside the pages, with its state under `data/`.

use std::{net::SocketAddr, path::PathBuf, pin::Pin, sync::Arc};

use anyhow::Context;
use fake_stripe::{FakeStripe, Options, app::App};
use store::{Clock, Randomness};
use tokio::net::TcpListener;

use crate::{
    config::Config,
    routes::dev_clock::{Clocks, TimeTravel},
};

/// A fake Stripe in this process.
pub struct Embedded {
    stripe: FakeStripe,
    webhook_secret: String,
    /// The time there, which is the store's too.
    clock: Clock,
}

impl Embedded {
    /// # Errors
    /// When its port is taken or its state cannot be read.
    pub async fn start(config: &Config, address: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen on {address} for the fake Stripe (FAKE_STRIPE_ADDR)"))?;
        // Nobody outside of this process needs to know it; events signed with an earlier one are signed again.
        let webhook_secret = format!("whsec_{}", Randomness::system().token());
        let state = PathBuf::from("data/fake-stripe.json");
        if let Some(folder) = state.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let options = Options {
            webhook_url: Some(format!("http://{}/webhooks/stripe", config.address)),
            webhook_secret: webhook_secret.clone(),
            state: Some(state),
            ..Options::default()
        };
        let stripe = FakeStripe::start(listener, options)
            .await
            .context("the fake Stripe cannot start")?;
        tracing::info!("fake Stripe on {} (no money moves)", stripe.api_base());
        let ahead = {
            let mut engine = stripe.app().engine();
            // Its events are of its own time, which is ours as well.
            engine.outbox.sign_with_system_time = Some(false);
            engine.time.now() - Clock::System.now().timestamp()
        };
        Ok(Self {
            stripe,
            webhook_secret,
            clock: Clock::ahead(ahead),
        })
    }

    /// The clock that the store has to go by.
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    pub fn time_travel(&self) -> TimeTravel {
        TimeTravel::of(Arc::new(BothClocks {
            app: self.stripe.app().clone(),
            clock: self.clock.clone(),
        }))
    }

    pub fn api_base(&self) -> String {
        self.stripe.api_base()
    }

    pub fn webhook_secret(&self) -> &str {
        &self.webhook_secret
    }

    pub async fn stop(self) {
        self.stripe.stop().await;
    }
}

/// The fake Stripe's clock and the store's.
pub struct BothClocks {
    pub app: App,
    pub clock: Clock,
}

impl Clocks for BothClocks {
    /// What is due at Stripe by then happens.
    fn advance(&self, seconds: i64) -> anyhow::Result<()> {
        {
            let mut engine = self.app.engine();
            let to = engine.time.now() + seconds;
            engine.time.set(to);
            engine.changed = true;
        }
        self.clock.advance(chrono::Duration::seconds(seconds));
        self.app
            .act(|_| Ok(()))
            .map_err(|refusal| anyhow::anyhow!("the fake Stripe's clock: {}", refusal.message))
    }

    fn events_sent(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.app.all_sent())
    }

    fn is_sending(&self) -> bool {
        self.app.engine().outbox.is_sending()
    }
}
