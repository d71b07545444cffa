//! Debian's compiler with the standard library for the browser: for machines that reach Debian's packages and the crate
//! registry, but not rustup's servers.
//!
//! Debian's packages of this compiler come with the source of its standard library, but without that library for the
//! browser's target. So it is compiled once and put where the compiler looks for it.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::{TARGET, Toolchain};
use crate::apt;
use crate::child::output_of;
use crate::programs::{Version, is_program};
use crate::progress::Step;
use crate::workspace::Workspace;

/// One matching set: compiler, cargo and the source of the standard library.
const COMPILER: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
pub const LINTERS: [&str; 2] = ["rust-web-clippy", "rustfmt-web"];
const PREFIX: &str = "/usr";

pub fn install(workspace: &Workspace, step: &Step, linked: &Toolchain, oldest: Version) -> Result<()> {
    let rustc = Path::new(PREFIX).join("bin/rustc");
    let sources = Path::new(PREFIX).join("lib/rustlib/src/rust/library/Cargo.toml");
    let version = || crate::programs::version_of(&mut workspace.command(&rustc));
    if version().is_none_or(|version| version < oldest) || !sources.exists() {
        let packages: Vec<&str> = COMPILER.into_iter().chain(LINTERS).collect();
        apt::install(
            workspace,
            step,
            &packages,
            &format!("compile for {TARGET} without rustup's servers"),
        )?;
    }
    match version() {
        Some(version) if version >= oldest => {}
        Some(version) => bail!("Debian's rustc-web is {version}, and {oldest} is needed"),
        None => bail!("{} does not start", rustc.display()),
    }
    let mut rustup = workspace.command("rustup");
    rustup.args(["toolchain", "link", super::LINKED, PREFIX]);
    step.run(
        &format!("telling rustup of Debian's compiler as `{}`", super::LINKED),
        "",
        &mut rustup,
    )?;
    if linked.compiles_for_browser(workspace)? {
        return Ok(());
    }
    let Some(prefix) = apt::as_root() else {
        bail!("the standard library for {TARGET} must be put into {PREFIX}/lib/rustlib: run this once as root");
    };
    let sysroot = sysroot(workspace, linked)?;
    let libraries = build_standard_library(workspace, step, linked)?;
    fill(workspace, step, &prefix, &sysroot, &libraries)?;
    link_linker(workspace, step, &prefix, &sysroot, linked)?;
    if !linked.compiles_for_browser(workspace)? {
        bail!("Debian's compiler does not compile for {TARGET} although its standard library was built");
    }
    Ok(())
}

fn sysroot(workspace: &Workspace, toolchain: &Toolchain) -> Result<PathBuf> {
    output_of(toolchain.command(workspace, "rustc").args(["--print", "sysroot"]))
        .map(PathBuf::from)
        .context("Debian's rustc does not say where its libraries are")
}

/// Compiles `std` and what it depends on as the dependencies of an empty crate, and returns their files.
fn build_standard_library(workspace: &Workspace, step: &Step, toolchain: &Toolchain) -> Result<Vec<PathBuf>> {
    const CRATE: &str = "wasm-std";
    let folder = workspace.cache.join(CRATE);
    if folder.exists() {
        // A library of an older compiler must not be found beside the new one.
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    fs::create_dir_all(folder.join("src")).with_context(|| format!("cannot create {}", folder.display()))?;
    fs::write(
        folder.join("Cargo.toml"),
        format!("[package]\nname = \"{CRATE}\"\nedition = \"2024\"\n\n[profile.release]\npanic = \"abort\"\n"),
    )?;
    fs::write(folder.join("src/lib.rs"), "#![no_std]\n")?;
    let mut cargo = toolchain.cargo(workspace);
    cargo
        .current_dir(&folder)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .args(["build", "-Zbuild-std=std,panic_abort", "--release", "--target", TARGET]);
    step.run(
        &format!("building Rust's standard library for {TARGET}"),
        "about a minute",
        &mut cargo,
    )?;
    let built = folder.join("target").join(TARGET).join("release/deps");
    let mut libraries = Vec::new();
    for entry in fs::read_dir(&built).with_context(|| format!("cannot read {}", built.display()))? {
        let path = entry?.path();
        let own = path
            .file_name()
            .and_then(OsStr::to_str)
            .is_some_and(|name| name.starts_with("libwasm_std-"));
        if path.extension() == Some(OsStr::new("rlib")) && !own {
            libraries.push(path);
        }
    }
    Ok(libraries)
}

fn fill(workspace: &Workspace, step: &Step, prefix: &[&str], sysroot: &Path, libraries: &[PathBuf]) -> Result<()> {
    let folder = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    step.say(&format!("putting it into {}", folder.display()));
    let root = |program: &str| apt::root_command(workspace, prefix, program);
    done(root("rm").args(["-rf", "--"]).arg(&folder))?;
    done(root("mkdir").arg("--parents").arg(&folder))?;
    done(root("cp").args(libraries).arg(&folder))
}

/// Lets the compiler find the linker of any rustup toolchain. A link and not a copy, because that linker looks for its
/// libraries beside itself.
fn link_linker(
    workspace: &Workspace,
    step: &Step,
    prefix: &[&str],
    sysroot: &Path,
    toolchain: &Toolchain,
) -> Result<()> {
    let host = output_of(toolchain.command(workspace, "rustc").args(["--print", "host-tuple"]))
        .context("Debian's rustc does not say what machine it is for")?;
    let tools = Path::new("lib/rustlib").join(host).join("bin");
    let place = sysroot.join(&tools).join("rust-lld");
    let runs = |linker: &Path| output_of(workspace.command(linker).args(["-flavor", "wasm", "--version"])).is_some();
    if is_program(&place) && runs(&place) {
        return Ok(());
    }
    let toolchains = env::var_os("RUSTUP_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".rustup")))
        .context("neither RUSTUP_HOME nor HOME is set")?
        .join("toolchains");
    let mut linkers: Vec<PathBuf> = fs::read_dir(&toolchains)
        .with_context(|| format!("cannot read {}", toolchains.display()))?
        .filter_map(|entry| Some(entry.ok()?.path().join(&tools).join("rust-lld")))
        .filter(|linker| linker.canonicalize().is_ok_and(|real| !real.starts_with(sysroot)))
        .filter(|linker| is_program(linker) && runs(linker))
        .collect();
    // `stable-…` sorts after version numbers and `nightly-…`.
    linkers.sort();
    let linker = linkers
        .pop()
        .context("no rustup toolchain on this machine has the linker `rust-lld`")?;
    step.say(&format!("using the linker {}", linker.display()));
    let root = |program: &str| apt::root_command(workspace, prefix, program);
    done(root("mkdir").arg("--parents").arg(sysroot.join(&tools)))?;
    done(
        root("ln")
            .args(["--symbolic", "--force", "--"])
            .arg(&linker)
            .arg(&place),
    )
}

fn done(command: &mut std::process::Command) -> Result<()> {
    let output = command.output().context("cannot start a command as root")?;
    if !output.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
