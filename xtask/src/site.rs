//! What the browser gets, built by cargo-leptos; for the groups `browser` and `size`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::progress::Step;
use crate::test::Context;
use crate::tools;

/// Builds what the browser gets into a folder of its own, beside that of `cargo leptos watch`, which may be running.
pub fn build(context: &Context<'_>, step: &Step, what: &str, folder: &str, arguments: &[&str]) -> Result<PathBuf> {
    let workspace = context.workspace;
    tools::ensure_cargo_leptos(workspace, step, &context.toolchain)?;
    tools::ensure_wasm_bindgen(workspace, step, &context.toolchain)?;
    let site = workspace.target.join(folder);
    fs::create_dir_all(&site).with_context(|| format!("cannot create {}", site.display()))?;
    let mut cargo = context.toolchain.cargo(workspace);
    cargo
        .args(["leptos", "build", "--frontend-only"])
        .args(arguments)
        .env("LEPTOS_SITE_ROOT", &site);
    step.run(what, "some minutes the first time", &mut cargo)?;
    Ok(site)
}
