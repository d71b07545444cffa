//! Free ports for what a test run starts.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context as _, Result};

/// A port of this machine that nothing listened on a moment ago.
pub fn free() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot listen on this machine")?;
    Ok(listener.local_addr().context("no address")?.port())
}
