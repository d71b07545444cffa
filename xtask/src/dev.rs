//! `cargo xtask dev`: from a fresh checkout to a running store, and every later day from there to a running store.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::child::Group;
use crate::progress::{Step, duration};
use crate::toolchain::Toolchain;
use crate::workspace::Workspace;
use crate::{env_file, healthz, interrupt, tools};

const STEPS: usize = 6;

pub fn run(workspace: &Workspace) -> Result<ExitCode> {
    let step = |number: usize| Step::new(format!("[{number}/{STEPS}]"), &workspace.logs());

    let toolchain = tools::ensure_toolchain(workspace, &step(1), true)?;
    toolchain.make_default_here(workspace, &step(1))?;
    step(1).say(&format!("{toolchain} compiles for the browser"));

    tools::ensure_cargo_leptos(workspace, &step(2), &toolchain)?;
    step(2).say("cargo-leptos is here");

    tools::ensure_wasm_bindgen(workspace, &step(3), &toolchain)?;
    step(3).say("wasm-bindgen is here");

    match tools::ensure_wasm_opt(workspace, &step(4)) {
        Ok(()) => step(4).say("wasm-opt is here"),
        Err(error) => {
            interrupt::check()?;
            step(4).say(&format!(
                "going on without wasm-opt, which only release builds need: {error:#}"
            ));
        }
    }

    let settings = workspace.root.join(".env");
    let word = if env_file::complete(&settings)? {
        "written"
    } else {
        "as it was"
    };
    step(5).say(&format!("{} is {word}", settings.display()));

    serve(workspace, &step(6), &toolchain, &settings)
}

fn serve(workspace: &Workspace, step: &Step, toolchain: &Toolchain, settings: &Path) -> Result<ExitCode> {
    let address = match env_file::effective(settings, "LEPTOS_SITE_ADDR") {
        Some(text) => text
            .parse()
            .with_context(|| format!("LEPTOS_SITE_ADDR is no address: `{text}`"))?,
        None => SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)),
    };
    if healthz::is_taken(address) {
        bail!("something already listens on {address}: end it, or choose another address with LEPTOS_SITE_ADDR");
    }
    let start = Instant::now();
    step.say("building and serving (the first time about 15 minutes on two cores)…");
    let mut watch = Group::start(toolchain.cargo(workspace).args(["leptos", "watch"]))?;
    let mut told = false;
    loop {
        if let Some(status) = watch.ended()? {
            bail!("cargo leptos watch ended by itself ({status})");
        }
        if interrupt::asked() {
            drop(watch);
            println!("\nstopped");
            return Ok(ExitCode::SUCCESS);
        }
        if !told && healthz::is_well(address) {
            told = true;
            step.say(&format!("serving after {}", duration(start.elapsed())));
            println!(
                "{}",
                welcome(address, env_file::effective(settings, "STRIPE_MODE").as_deref())
            );
        }
        thread::sleep(Duration::from_millis(250));
    }
}

fn welcome(address: SocketAddr, stripe_mode: Option<&str>) -> String {
    let mail = if stripe_mode == Some("fake") {
        format!(
            "  Sign in with any e-mail address: the mail with the link and the code is at http://{address}/dev/mailbox\n  \
             Stripe is a fake one of our own; the money is made up."
        )
    } else {
        "  Sign in with your e-mail address.".to_owned()
    };
    format!("\n  Xiome Store: http://{address}\n{mail}\n  Ctrl-C ends it.\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mailbox_is_named_in_fake_mode_only() {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 3000));
        assert!(welcome(address, Some("fake")).contains("http://127.0.0.1:3000/dev/mailbox"));
        assert!(!welcome(address, Some("live")).contains("mailbox"));
        assert!(
            !welcome(address, None).contains("mailbox"),
            "the server's default is live"
        );
    }
}
