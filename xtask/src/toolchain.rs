//! Which Rust toolchain builds both halves: one that is new enough and has the standard library for the browser's target.
//!
//! On an ordinary machine that is the person's own after `rustup target add`. Where rustup's servers are out of reach, it
//! is Debian's compiler with that library built once (`debian`), known to rustup as `xiome-web`.

mod debian;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::apt;
use crate::child::output_of;
use crate::programs::{self, Version};
use crate::progress::Step;
use crate::workspace::Workspace;

pub const TARGET: &str = "wasm32-unknown-unknown";
/// The name under which rustup knows Debian's compiler.
const LINKED: &str = "xiome-web";
/// What sea-orm 2.0.4 needs (`rust-version` in Cargo.toml).
pub const FOR_THE_PROJECT: Version = Version::new(1, 94, 0);
/// What cargo-leptos 0.3.11 with its own lock file needs.
pub const FOR_BUILDING_TOOLS: Version = Version::new(1, 96, 0);
/// Enough for the 20 MB of the target's library on a slow line; a machine without a way out mostly knows at once.
const DOWNLOAD_LIMIT: Duration = Duration::from_mins(1);
/// How long a failed download is not tried again.
const REMEMBERED: Duration = Duration::from_hours(24);

/// A toolchain by its rustup name; without a name, whatever `cargo` and `rustc` are where there is no rustup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toolchain {
    name: Option<String>,
}

/// Finds a toolchain that is at least `oldest` and compiles for the browser, or makes one.
pub fn ensure(workspace: &Workspace, step: &Step, oldest: Version) -> Result<Toolchain> {
    let active = Toolchain::active(workspace);
    let new_enough = active.version(workspace).is_some_and(|version| version >= oldest);
    if new_enough && active.compiles_for_browser(workspace)? {
        return Ok(active);
    }
    let linked = Toolchain::linked();
    if linked.version(workspace).is_some_and(|version| version >= oldest) && linked.compiles_for_browser(workspace)? {
        return Ok(linked);
    }
    if new_enough && active.add_target(workspace, step)? && active.compiles_for_browser(workspace)? {
        return Ok(active);
    }
    debian::install(workspace, step, &linked, oldest).with_context(|| {
        format!(
            "there is no Rust {oldest} or newer with the target {TARGET}: where rustup's servers can be reached, run \
             `rustup update stable && rustup target add {TARGET}`, then run this again. What was tried here instead"
        )
    })?;
    Ok(linked)
}

impl Toolchain {
    /// The one that plain `cargo` means in the checkout. rustup names it to everything it starts, xtask included.
    fn active(workspace: &Workspace) -> Self {
        let name = env::var("RUSTUP_TOOLCHAIN").ok().or_else(|| {
            let shown = output_of(workspace.command("rustup").args(["show", "active-toolchain"]))?;
            shown.split_whitespace().next().map(str::to_owned)
        });
        Self { name }
    }

    fn linked() -> Self {
        Self {
            name: Some(LINKED.to_owned()),
        }
    }

    /// `program` of this toolchain, or one that starts such programs, set up for the checkout.
    pub fn command(&self, workspace: &Workspace, program: &str) -> Command {
        let mut command = workspace.command(program);
        if let Some(name) = &self.name {
            command.env("RUSTUP_TOOLCHAIN", name);
        }
        command.env("PATH", search_path(workspace));
        if workspace.target != workspace.root.join("target") {
            command.env("CARGO_TARGET_DIR", &workspace.target);
        }
        command
    }

    pub fn cargo(&self, workspace: &Workspace) -> Command {
        self.command(workspace, "cargo")
    }

    fn version(&self, workspace: &Workspace) -> Option<Version> {
        programs::version_of(&mut self.command(workspace, "rustc"))
    }

    /// Compiles and links a few lines: what is in the folders of a toolchain may be incomplete, or older than its compiler.
    fn compiles_for_browser(&self, workspace: &Workspace) -> Result<bool> {
        let folder = workspace.cache.join("probe");
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let source = folder.join("probe.rs");
        fs::write(
            &source,
            "#[unsafe(no_mangle)]\npub extern \"C\" fn probe(n: usize) -> usize { vec![0_u8; n].len() }\n",
        )
        .with_context(|| format!("cannot write {}", source.display()))?;
        let mut rustc = self.command(workspace, "rustc");
        rustc
            .args([
                "--edition",
                "2024",
                "--target",
                TARGET,
                "--crate-type",
                "cdylib",
                "--out-dir",
            ])
            .arg(&folder)
            .arg(&source);
        Ok(output_of(&mut rustc).is_some())
    }

    /// Asks rustup for the target. A failure is remembered, because finding out can take a minute.
    fn add_target(&self, workspace: &Workspace, step: &Step) -> Result<bool> {
        let Some(name) = &self.name else { return Ok(false) };
        let memory = workspace.cache.join(format!("no-{TARGET}-for-{name}"));
        let age = memory
            .metadata()
            .and_then(|data| data.modified())
            .ok()
            .and_then(|time| time.elapsed().ok());
        if age.is_some_and(|age| age < REMEMBERED) {
            return Ok(false);
        }
        let mut rustup = workspace.command("rustup");
        rustup.args(["target", "add", TARGET, "--toolchain", name]);
        let what = format!("rustup target add {TARGET}");
        let added = step
            .attempt(&what, "up to a minute", Some(DOWNLOAD_LIMIT), &mut rustup)
            .is_ok_and(|outcome| outcome.status.success());
        crate::interrupt::check()?;
        if !added {
            step.say("rustup's servers are out of reach; not tried again before tomorrow");
            fs::write(&memory, "").with_context(|| format!("cannot write {}", memory.display()))?;
        }
        Ok(added)
    }

    /// Makes this the toolchain of plain `cargo` in the checkout.
    pub fn make_default_here(&self, workspace: &Workspace, step: &Step) -> Result<()> {
        if *self == Self::active(workspace) {
            return Ok(());
        }
        let Some(name) = &self.name else { return Ok(()) };
        let mut rustup = workspace.command("rustup");
        rustup.args(["override", "set", name, "--path"]).arg(&workspace.root);
        step.run(
            &format!("making {name} the toolchain of this folder (rustup override)"),
            "",
            &mut rustup,
        )?;
        Ok(())
    }

    /// Sees to `cargo clippy` and `cargo fmt`.
    pub fn ensure_components(&self, workspace: &Workspace, step: &Step) -> Result<()> {
        let has = |subcommand: &str| output_of(self.cargo(workspace).args([subcommand, "--version"])).is_some();
        if has("clippy") && has("fmt") {
            return Ok(());
        }
        match &self.name {
            Some(name) if name != LINKED => {
                let mut rustup = workspace.command("rustup");
                rustup.args(["component", "add", "clippy", "rustfmt", "--toolchain", name]);
                step.run("rustup component add clippy rustfmt", "", &mut rustup)?;
                Ok(())
            }
            _ => apt::install(workspace, step, &debian::LINTERS, "check the code's format and lints"),
        }
    }
}

impl std::fmt::Display for Toolchain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name.as_deref().unwrap_or("rustc"))
    }
}

/// Where cargo's own tools and the person's cargo put programs.
pub fn cargo_bin() -> PathBuf {
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")))
        .unwrap_or_default()
        .join("bin")
}

fn search_path(workspace: &Workspace) -> OsString {
    let inherited = env::var_os("PATH").unwrap_or_default();
    let folders = [cargo_bin(), workspace.cache.join("bin")]
        .into_iter()
        .chain(env::split_paths(&inherited));
    // Only a folder with a colon in its name cannot be joined; then the inherited path has to do.
    env::join_paths(folders).unwrap_or(inherited)
}
