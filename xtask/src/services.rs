//! Groups `services` and `postgres`: every Rust test of the server's half, on SQLite, and those of `store` once more on PostgreSQL.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::child::output_of;
use crate::counts::Counts;
use crate::postgres::Cluster;
use crate::progress::Step;
use crate::test::{Context, Outcome};

/// Everything but the front end, which needs other features of the same crates. One selection for every cargo command of
/// this half, because another one would have other features and compile the dependencies again.
pub const HALF: [&str; 3] = ["--workspace", "--exclude", "frontend"];
/// Development, tests and demonstrations have the fake Stripe built in.
pub const FAKE_STRIPE: [&str; 2] = ["--features", "server/fake-stripe"];

pub fn on_sqlite(context: &Context<'_>, step: &Step) -> Result<Outcome> {
    build(context, step)?;
    let mut cargo = context.toolchain.cargo(context.workspace);
    cargo
        .arg("test")
        .args(HALF)
        .args(FAKE_STRIPE)
        .arg("--no-fail-fast")
        .env_remove("TEST_DATABASE_URL");
    test(step, "cargo test on SQLite", &mut cargo)
}

pub fn on_postgres(context: &Context<'_>, step: &Step) -> Result<Outcome> {
    let programs = test_programs(context, step, &["server/store", "migrations"])?;
    let cluster = Cluster::start(context.workspace, step)?;
    let mut migrate = context.workspace.command(context.workspace.target.join("debug/server"));
    migrate
        .arg("migrate")
        .env("DATABASE_URL", cluster.url())
        .env("STRIPE_MODE", "fake");
    step.run("server migrate on PostgreSQL", "", &mut migrate)?;
    let before = cluster.connections();
    let mut sum = Counts::check(true);
    for program in programs {
        let mut command = context
            .toolchain
            .command(context.workspace, &program.file.to_string_lossy());
        command
            .current_dir(&program.package)
            // A few lives show that the statements are right here too; SQLite's run has them all.
            .env("SHUFFLE_SEEDS", "4")
            .env("TEST_DATABASE_URL", cluster.url());
        let counts = test(step, &format!("{} on PostgreSQL", program.name), &mut command)?.counts;
        sum = [sum, counts].into_iter().sum();
    }
    if cluster.connections() == before {
        // They would have passed without PostgreSQL.
        bail!("no test connected to PostgreSQL: those of `store` must take their database from TEST_DATABASE_URL");
    }
    Ok(sum.into())
}

/// A compiled test program.
pub struct TestProgram {
    pub file: PathBuf,
    pub name: String,
    /// The folder of its package, where it expects to be started.
    pub package: PathBuf,
}

/// The test programs of some packages, by their folders. Started by themselves, because `cargo test --package …` would choose
/// other features than the group before did.
pub fn test_programs(context: &Context<'_>, step: &Step, packages: &[&str]) -> Result<Vec<TestProgram>> {
    build(context, step)?;
    let mut cargo = context.toolchain.cargo(context.workspace);
    cargo
        .arg("test")
        .args(HALF)
        .args(FAKE_STRIPE)
        .args(["--no-run", "--message-format", "json"]);
    // Everything is built by now: this only names it.
    let messages = output_of(&mut cargo).context("cargo does not say where the tests are")?;
    let folders: Vec<PathBuf> = packages
        .iter()
        .map(|package| context.workspace.root.join(package))
        .collect();
    Ok(programs_in(&messages, &folders))
}

fn programs_in(messages: &str, folders: &[PathBuf]) -> Vec<TestProgram> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["profile"]["test"] == true)
        .filter_map(|message| {
            let package = Path::new(message["manifest_path"].as_str()?).parent()?.to_owned();
            let name = message["target"]["name"].as_str()?.to_owned();
            let file = PathBuf::from(message["executable"].as_str()?);
            folders
                .contains(&package)
                .then_some(TestProgram { file, name, package })
        })
        .collect()
}

/// Compiles the tests and the programs `server` and `fake-stripe`, with the features of the tests.
pub fn build(context: &Context<'_>, step: &Step) -> Result<()> {
    let mut cargo = context.toolchain.cargo(context.workspace);
    cargo
        .arg("build")
        .args(HALF)
        .args(FAKE_STRIPE)
        .args(["--lib", "--bins", "--tests"]);
    step.run(
        "building the server and its tests",
        "ten minutes the first time",
        &mut cargo,
    )?;
    Ok(())
}

fn test(step: &Step, what: &str, cargo: &mut Command) -> Result<Outcome> {
    let outcome = step.attempt(what, "", None, cargo)?;
    let mut counts = Counts::of_cargo_test(&outcome.output);
    if !outcome.status.success() {
        println!("{}", crate::progress::last_lines(&outcome.output, 200));
        counts.failed = counts.failed.max(1);
    }
    Ok(counts.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_test_programs_of_the_named_packages_are_found() {
        let messages = r#"
   Compiling store v0.1.0
{"reason":"compiler-artifact","manifest_path":"/w/server/store/Cargo.toml","target":{"name":"store"},"profile":{"test":true},"executable":"/t/store-1"}
{"reason":"compiler-artifact","manifest_path":"/w/server/store/Cargo.toml","target":{"name":"store"},"profile":{"test":false},"executable":null}
{"reason":"compiler-artifact","manifest_path":"/w/server/Cargo.toml","target":{"name":"server"},"profile":{"test":true},"executable":"/t/server-1"}
{"reason":"build-finished","success":true}
"#;
        let found = programs_in(messages, &[PathBuf::from("/w/server/store")]);
        let files: Vec<_> = found.iter().map(|program| program.file.as_path()).collect();
        assert_eq!(files, [Path::new("/t/store-1")]);
        assert_eq!(found[0].package, Path::new("/w/server/store"));
    }
}
