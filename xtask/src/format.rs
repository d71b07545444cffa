//! Group `format`: the code is laid out as rustfmt does it.

use anyhow::Result;

use crate::counts::Counts;
use crate::progress::Step;
use crate::test::{Context, Outcome};

pub fn run(context: &Context<'_>, step: &Step) -> Result<Outcome> {
    context.toolchain.ensure_components(context.workspace, step)?;
    let mut cargo = context.toolchain.cargo(context.workspace);
    cargo.args(["fmt", "--all", "--check"]);
    step.run("cargo fmt --check", "", &mut cargo)?;
    Ok(Counts::check(true).into())
}
