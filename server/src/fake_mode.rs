//! Fake mode: the stateful Stripe of our own, started beside the pages, with its state under `data/`.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::Context;
use fake_stripe::{FakeStripe, Options};
use store::Randomness;
use tokio::net::TcpListener;

use crate::config::Config;

/// A fake Stripe in this process.
pub struct Embedded {
    stripe: FakeStripe,
    webhook_secret: String,
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
        Ok(Self { stripe, webhook_secret })
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
