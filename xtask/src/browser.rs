//! Group `browser`: Playwright drives the real server, the real wasm and the fake Stripe in Chromium, with and without JavaScript.

use std::fs;

use anyhow::{Context as _, Result};

use crate::chromium;
use crate::counts::Counts;
use crate::end2end;
use crate::progress::{Step, last_lines};
use crate::services;
use crate::site;
use crate::test::{Context, Outcome};

pub fn run(context: &Context<'_>, step: &Step) -> Result<Outcome> {
    let workspace = context.workspace;
    let chromium = chromium::ensure(workspace, step)?;
    end2end::ensure_packages(workspace, step)?;
    services::build(context, step)?;
    let site = site::build(context, step)?;
    let folder = end2end::folder(workspace);
    let report = workspace.logs().join("playwright.json");
    // An old report must not be taken for this run's.
    let _ = fs::remove_file(&report);
    let mut playwright = context.toolchain.command(workspace, "node_modules/.bin/playwright");
    playwright
        .current_dir(&folder)
        .arg("test")
        .args(&context.filter)
        .env(chromium::VARIABLE, chromium)
        .env("SERVER_BINARY", workspace.target.join("debug/server"))
        .env("LEPTOS_SITE_ROOT", site)
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report);
    let outcome = step.attempt("Playwright", "", None, &mut playwright)?;
    if !outcome.status.success() {
        println!("{}", last_lines(&outcome.output, 300));
    }
    let text = fs::read_to_string(&report).context("Playwright wrote no report")?;
    let mut counts = Counts::of_playwright(&text)?;
    if !outcome.status.success() {
        counts.failed = counts.failed.max(1);
    }
    Ok(counts.into())
}
