//! Group `size`: what a visitor's first look at a catalog transfers stays small. Other pages load more when they are opened
//! (`app/src/pages/lazy.rs`).

use anyhow::{Context as _, Result};

use crate::counts::Counts;
use crate::progress::Step;
use crate::site;
use crate::test::{Context, Outcome};

/// Of all files together, in bytes, after brotli.
const LIMIT: u64 = 300_000;
/// As the server sends them.
const FILES: [&str; 3] = ["xiome-store.wasm.br", "xiome-store.js.br", "xiome-store.css.br"];

pub fn run(context: &Context<'_>, step: &Step) -> Result<Outcome> {
    let site = site::build(context, step)?;
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
