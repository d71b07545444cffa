//! Group `size`: what a first visit transfers stays small.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::counts::Counts;
use crate::progress::Step;
use crate::test::{Context, Outcome};
use crate::tools;

/// Of all files together, in bytes, after brotli.
const LIMIT: u64 = 300_000;
const FILES: [&str; 3] = ["xiome-store.wasm", "xiome-store.js", "xiome-store.css"];
/// Prints the size of each file it is given, compressed as far as brotli goes.
const BROTLI: &str = "\
for (const file of process.argv.slice(1))
    console.log(require('zlib').brotliCompressSync(require('fs').readFileSync(file)).length)";

pub fn run(context: &Context<'_>, step: &Step) -> Result<Outcome> {
    tools::ensure_wasm_opt(context.workspace, step)?;
    let site = build_site(
        context,
        step,
        "building the small front end",
        "site-for-size",
        &["--release"],
    )?;
    let files = FILES.map(|name| site.join("pkg").join(name));
    let mut compressor = context.toolchain.command(context.workspace, "node");
    compressor.args(["--eval", BROTLI]).args(&files);
    let output = step.run("compressing it", "", &mut compressor)?;
    let sizes = output
        .lines()
        .map(|line| line.parse::<u64>().with_context(|| format!("not a size: {line}")))
        .collect::<Result<Vec<_>>>()?;
    let total: u64 = sizes.iter().sum();
    let parts: Vec<String> = FILES
        .iter()
        .zip(&sizes)
        .map(|(name, size)| format!("{name} {}", kilobytes(*size)))
        .collect();
    let note = format!(
        "a first visit transfers {} of {}: {}",
        kilobytes(total),
        kilobytes(LIMIT),
        parts.join(", ")
    );
    let counts = Counts::check(total <= LIMIT);
    Ok(Outcome { counts, note })
}

/// Builds what the browser gets into a folder of its own, beside that of `cargo leptos watch`, which may be running.
pub fn build_site(context: &Context<'_>, step: &Step, what: &str, folder: &str, arguments: &[&str]) -> Result<PathBuf> {
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

fn kilobytes(bytes: u64) -> String {
    format!("{} KB", bytes.div_ceil(1000))
}
