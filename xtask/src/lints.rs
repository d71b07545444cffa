//! Group `lints`: clippy on the server's half, with and without the fake Stripe, and on the browser's half; features and
//! licences of dependencies.

use anyhow::Result;

use crate::child::output_of;
use crate::counts::Counts;
use crate::features;
use crate::progress::Step;
use crate::services::{FAKE_STRIPE, HALF};
use crate::test::{Context, Outcome};
use crate::toolchain::TARGET;

const DENY_WARNINGS: [&str; 3] = ["--", "-D", "warnings"];

pub fn run(context: &Context<'_>, step: &Step) -> Result<Outcome> {
    context.toolchain.ensure_components(context.workspace, step)?;
    let mut passed = 0;
    let mut clippy = |what: &str, expected: &str, arguments: &[&str]| -> Result<()> {
        let mut cargo = context.toolchain.cargo(context.workspace);
        cargo.arg("clippy").args(arguments).args(DENY_WARNINGS);
        step.run(what, expected, &mut cargo)?;
        passed += 1;
        Ok(())
    };
    // Of the whole half both times: with other packages the dependencies would have other features, and be checked again.
    let server_half = [HALF.as_slice(), &FAKE_STRIPE, &["--all-targets"]].concat();
    clippy("clippy on the server", "some minutes the first time", &server_half)?;
    let live_only = [HALF.as_slice(), &["--all-targets"]].concat();
    clippy("clippy on the server without the fake Stripe", "", &live_only)?;
    // The features that cargo-leptos builds this half with.
    let front_end = ["--package", "frontend", "--no-default-features", "--target", TARGET];
    clippy("clippy on the front end", "some minutes the first time", &front_end)?;
    step.say("features of dependencies with and without the tests");
    features::check(context)?;
    passed += 1;
    let mut note = String::new();
    if output_of(context.toolchain.cargo(context.workspace).args(["deny", "--version"])).is_some() {
        let mut cargo = context.toolchain.cargo(context.workspace);
        cargo.args(["deny", "check", "licenses"]);
        step.run("cargo deny check licenses", "", &mut cargo)?;
        passed += 1;
    } else {
        "licences not checked: cargo-deny is not installed".clone_into(&mut note);
    }
    let counts = Counts { passed, failed: 0 };
    Ok(Outcome { counts, note })
}
