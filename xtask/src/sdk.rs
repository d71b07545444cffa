//! Group `sdk`: Stripe's own SDK for Node works with the fake Stripe.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::child::Group;
use crate::counts::Counts;
use crate::progress::{Step, last_lines};
use crate::test::{Context, Outcome};
use crate::{end2end, healthz, interrupt, ports, services};

const SCRIPT: &str = "sdk/connect-to-portal.mjs";
const START_LIMIT: Duration = Duration::from_secs(20);

pub fn run(context: &Context<'_>, step: &Step) -> Result<Outcome> {
    let workspace = context.workspace;
    end2end::ensure_packages(workspace, step)?;
    services::build(context, step)?;
    let port = ports::free()?;
    let (file, log) = step.log("fake-stripe")?;
    let mut fake = workspace.command(workspace.target.join("debug/fake-stripe"));
    // The script says itself where webhooks go.
    fake.args(["--addr", &format!("127.0.0.1:{port}")])
        .stdout(Stdio::from(file.try_clone()?))
        .stderr(Stdio::from(file));
    let mut fake = Group::start(&mut fake)?;
    let start = Instant::now();
    while !healthz::is_taken(SocketAddr::from((Ipv4Addr::LOCALHOST, port))) {
        if fake.ended()?.is_some() || start.elapsed() > START_LIMIT {
            let text = std::fs::read_to_string(&log).unwrap_or_default();
            bail!("fake-stripe did not start:\n{}", last_lines(&text, 40));
        }
        interrupt::check()?;
        thread::sleep(Duration::from_millis(50));
    }
    let mut node = context.toolchain.command(workspace, "node");
    node.current_dir(end2end::folder(workspace))
        .arg(SCRIPT)
        .env("FAKE_STRIPE_BASE", format!("http://127.0.0.1:{port}"));
    let outcome = step.attempt("Stripe's SDK from connecting to the portal", "", None, &mut node)?;
    let mut counts = Counts::of_closing_line(&outcome.output).unwrap_or_default();
    if !outcome.status.success() {
        println!("{}", last_lines(&outcome.output, 200));
        counts.failed = counts.failed.max(1);
    }
    Ok(counts.into())
}
