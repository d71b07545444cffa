//! Group `size`: what a first visit transfers stays small.

use anyhow::{Context as _, Result};

use crate::counts::Counts;
use crate::progress::Step;
use crate::test::{Context, Outcome};
use crate::{site, tools};

/// Of all files together, in bytes, after brotli.
const LIMIT: u64 = 300_000;
/// As `leptos_axum` serves them when they lie beside the plain files.
const FILES: [&str; 3] = ["xiome-store.wasm.br", "xiome-store.js.br", "xiome-store.css.br"];

pub fn run(context: &Context<'_>, step: &Step) -> Result<Outcome> {
    tools::ensure_wasm_opt(context.workspace, step)?;
    let arguments = ["--release", "--precompress", "--split", "--lib-features", "split"];
    let site = site::build(
        context,
        step,
        "building the small front end",
        "site-for-size",
        &arguments,
    )?;
    let mut total = 0;
    let mut parts = Vec::new();
    for name in FILES {
        let file = site.join("pkg").join(name);
        let bytes = file
            .metadata()
            .with_context(|| format!("cannot read {}", file.display()))?
            .len();
        parts.push(format!("{} {}", name.trim_end_matches(".br"), kilobytes(bytes)));
        total += bytes;
    }
    let (sum, limit) = (kilobytes(total), kilobytes(LIMIT));
    let note = format!(
        "a first visit transfers {sum} of at most {limit} ({}, after brotli)",
        parts.join(", ")
    );
    let counts = Counts::check(total <= LIMIT);
    Ok(Outcome { counts, note })
}

fn kilobytes(bytes: u64) -> String {
    format!("{} KB", bytes.div_ceil(1000))
}
