//! The `fake-stripe` binary.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::Context;
use clap::Parser;
use fake_stripe::{Clock, FakeStripe, Options};

/// A stateful Stripe for development and tests. Not a payment service: no money moves.
#[derive(Parser)]
struct Arguments {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:12111")]
    addr: SocketAddr,
    /// Where events are delivered. It need not answer yet.
    #[arg(long)]
    webhook_url: Option<String>,
    /// Signs the events.
    #[arg(long, default_value = "whsec_fake")]
    webhook_secret: String,
    /// Keeps everything in this file; without it, in memory only.
    #[arg(long)]
    state: Option<PathBuf>,
    /// Makes ids repeatable.
    #[arg(long)]
    seed: Option<u64>,
    /// Origin of the hosted pages, if it is not `http://localhost:PORT`.
    #[arg(long)]
    public_origin: Option<String>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    let listener = tokio::net::TcpListener::bind(arguments.addr)
        .await
        .with_context(|| format!("listening on {}", arguments.addr))?;
    let options = Options {
        webhook_url: arguments.webhook_url,
        webhook_secret: arguments.webhook_secret,
        state: arguments.state,
        seed: arguments.seed.unwrap_or_else(fresh_seed),
        clock: Clock::System,
        public_origin: arguments.public_origin,
    };
    let fake = FakeStripe::start(listener, options).await?;
    println!("fake-stripe listens on {}", fake.api_base());
    stop_signal().await?;
    fake.stop().await;
    Ok(())
}

/// Two runs without `--seed` make different ids.
fn fresh_seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(std::process::id())
}

/// Ctrl-C, or the signal that service managers send.
async fn stop_signal() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            _ = terminated.recv() => {}
            interrupted = tokio::signal::ctrl_c() => interrupted?,
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Ok(())
}
