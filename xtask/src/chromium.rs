//! A Chromium for the browser tests: the one that is there, or Debian's.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::apt;
use crate::programs::{self, is_program};
use crate::progress::Step;
use crate::workspace::Workspace;

/// The variable that names it, here and to Playwright's configuration.
pub const VARIABLE: &str = "CHROMIUM_PATH";
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

pub fn ensure(workspace: &Workspace, step: &Step) -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    apt::install(workspace, step, &["chromium"], "run the browser tests")?;
    find().context("Chromium was installed, but there is no program `chromium`")
}

fn find() -> Option<PathBuf> {
    let named = std::env::var_os(VARIABLE)
        .map(PathBuf::from)
        .filter(|file| is_program(file));
    named.or_else(|| NAMES.into_iter().find_map(programs::find))
}
