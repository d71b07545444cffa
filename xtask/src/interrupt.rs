//! Ctrl-C (and `kill`, and a closed terminal) as a flag that waiting loops look at, so that every child is stopped and every
//! temporary folder removed before this program ends.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, Result, bail};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

static ASKED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// To be called once, before the first child starts.
pub fn listen() -> Result<()> {
    let flag = ASKED.get_or_init(Arc::default);
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(flag)).context("cannot listen for Ctrl-C")?;
    }
    Ok(())
}

pub fn asked() -> bool {
    ASKED.get().is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// An error when the person wants this to end.
pub fn check() -> Result<()> {
    if asked() {
        bail!("stopped, as asked");
    }
    Ok(())
}
