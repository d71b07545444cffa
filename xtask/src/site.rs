//! What the browser gets, built by cargo-leptos; for the groups `browser` and `size`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::progress::Step;
use crate::test::Context;
use crate::tools;

/// As for going live: small, the pages in files of their own, compressed ahead. What is tested is what ships.
const ARGUMENTS: [&str; 5] = ["--release", "--precompress", "--split", "--lib-features", "split"];

/// Builds into a folder of its own, beside that of `cargo leptos watch`, which may be running.
pub fn build(context: &Context<'_>, step: &Step) -> Result<PathBuf> {
    let workspace = context.workspace;
    tools::ensure_cargo_leptos(workspace, step, &context.toolchain)?;
    tools::ensure_wasm_bindgen(workspace, step, &context.toolchain)?;
    tools::ensure_wasm_opt(workspace, step)?;
    let site = workspace.target.join("site-for-tests");
    fs::create_dir_all(&site).with_context(|| format!("cannot create {}", site.display()))?;
    let mut cargo = context.toolchain.cargo(workspace);
    cargo
        .args(["leptos", "build", "--frontend-only"])
        .args(ARGUMENTS)
        .env("LEPTOS_SITE_ROOT", &site);
    step.run("building the front end", "some minutes the first time", &mut cargo)?;
    Ok(site)
}
