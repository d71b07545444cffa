//! The project's own commands, run as `cargo xtask …`: everything a person or CI does with the checkout.
//!
//! It is the first program that runs on a bare machine, so it has few dependencies and asks for nothing but cargo.

mod apt;
mod bench;
mod browser;
mod cells;
mod child;
mod chromium;
mod counts;
mod dev;
mod end2end;
mod env_file;
mod features;
mod format;
mod freshness;
mod healthz;
mod interrupt;
mod lints;
mod ports;
mod postgres;
mod programs;
mod progress;
mod sdk;
mod services;
mod site;
mod size;
mod test;
mod toolchain;
mod tools;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::workspace::Workspace;

const HELP: &str = "\
cargo xtask <command>

  dev                      install what is missing, build, and serve http://127.0.0.1:3000 with a fake Stripe
  test [group…] [-- filter]
                           install what is missing and run the tests; without names all groups, in this order:
                           format, lints, services, cells, postgres, sdk, browser, size
                           what follows `--` goes to Playwright (`cargo xtask test browser -- first-page`)
  bench                    build for going live and show how fast pages and webhooks are answered on this machine
  cells                    list every situation (section/table/status) with the test that covers it
";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\ncargo xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", [].as_slice()),
    };
    match command {
        "dev" => dev::run(&start()?),
        "test" => test::run(&start()?, rest),
        "bench" => bench::run(&start()?),
        "cells" => cells::run(&start()?),
        "help" | "-h" | "--help" => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("there is no command `{other}`\n\n{HELP}"),
    }
}

fn start() -> Result<Workspace> {
    interrupt::listen()?;
    Workspace::find()
}
