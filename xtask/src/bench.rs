//! `cargo xtask bench`: how fast the server answers on this machine, built as for going live, with the fake Stripe behind it.
//! Figures to look at and compare, nothing that passes or fails.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::progress::Step;
use crate::services::{FAKE_STRIPE, HALF};
use crate::test::Context;
use crate::workspace::Workspace;
use crate::{chromium, end2end, site, tools};

pub fn run(workspace: &Workspace) -> Result<ExitCode> {
    let step = Step::new("bench:", &workspace.logs());
    let context = Context {
        workspace,
        toolchain: tools::ensure_toolchain(workspace, &step, true)?,
        filter: Vec::new(),
    };
    let chromium = chromium::ensure(workspace, &step)?;
    end2end::ensure_packages(workspace, &step)?;
    let mut cargo = context.toolchain.cargo(workspace);
    cargo
        .args(["build", "--release", "--bin", "server"])
        .args(HALF)
        .args(FAKE_STRIPE);
    step.run("building the server", "twenty minutes the first time", &mut cargo)?;
    let site = site::build(&context, &step)?;
    let table = workspace.logs().join("bench.txt");
    let mut playwright = context.toolchain.command(workspace, "node_modules/.bin/playwright");
    playwright
        .current_dir(end2end::folder(workspace))
        .args(["test", "--config", "bench/bench.config.ts"])
        .env(chromium::VARIABLE, chromium)
        .env("SERVER_BINARY", workspace.target.join("release/server"))
        .env("LEPTOS_SITE_ROOT", site)
        .env("BENCH_TABLE", &table);
    step.run("measuring", "a minute", &mut playwright)?;
    let table = fs::read_to_string(&table).context("nothing was measured")?;
    println!("\n{table}");
    Ok(ExitCode::SUCCESS)
}
