//! The tools of the front end's build, each in the version this project was tried with: cargo-leptos, wasm-bindgen, wasm-opt.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::programs::{self, Version, is_program, version_of};
use crate::progress::Step;
use crate::toolchain::{self, Toolchain, cargo_bin};
use crate::workspace::Workspace;

const CARGO_LEPTOS: Version = Version::new(0, 3, 11);
/// npm's `binaryen`: `wasm-opt` as a program for Node.
const BINARYEN: Version = Version::new(132, 0, 0);
/// Older ones do not know what today's rustc writes.
const OLDEST_WASM_OPT: Version = Version::new(123, 0, 0);

/// A toolchain for `workspace`; one that can also build cargo-leptos when that is still to be done.
pub fn ensure_toolchain(workspace: &Workspace, step: &Step, with_tools: bool) -> Result<Toolchain> {
    let builds = with_tools && !has_cargo_leptos() && !has_binstall();
    let oldest = if builds {
        toolchain::FOR_BUILDING_TOOLS
    } else {
        toolchain::FOR_THE_PROJECT
    };
    toolchain::ensure(workspace, step, oldest)
}

pub fn ensure_cargo_leptos(workspace: &Workspace, step: &Step, toolchain: &Toolchain) -> Result<()> {
    if has_cargo_leptos() {
        return Ok(());
    }
    let wanted = Wanted {
        package: "cargo-leptos",
        version: CARGO_LEPTOS,
        // Without `no_downloads` it would fetch the other tools itself, from servers that may be out of reach.
        arguments: &["--locked", "--features", "no_downloads"],
        expected: "about 15 minutes on two cores",
    };
    wanted.install(workspace, step, toolchain, has_cargo_leptos)
}

pub fn ensure_wasm_bindgen(workspace: &Workspace, step: &Step, toolchain: &Toolchain) -> Result<()> {
    let lock = workspace.root.join("Cargo.lock");
    let lock = fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let version = locked_version(&lock, "wasm-bindgen").context("Cargo.lock has no wasm-bindgen")?;
    // The program and the crate must be of one version: what is between them is private to them.
    let is_here = || version_of(&mut Command::new(cargo_bin().join("wasm-bindgen"))) == Some(version);
    if is_here() {
        return Ok(());
    }
    let wanted = Wanted {
        package: "wasm-bindgen-cli",
        version,
        // Not `--locked`: its lock file names a version that the registry may not serve any more.
        arguments: &[],
        expected: "about 4 minutes on two cores",
    };
    wanted.install(workspace, step, toolchain, is_here)
}

pub fn ensure_wasm_opt(workspace: &Workspace, step: &Step) -> Result<()> {
    let own = cargo_bin().join("wasm-opt");
    let good =
        |program: &Path| version_of(&mut Command::new(program)).is_some_and(|version| version >= OLDEST_WASM_OPT);
    if good(&own) || programs::find("wasm-opt").is_some_and(|found| good(&found)) {
        return Ok(());
    }
    let folder = workspace.cache.join(format!("binaryen-{BINARYEN}"));
    let program = folder.join("node_modules/.bin/wasm-opt");
    if !good(&program) {
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let mut npm = npm(workspace)?;
        npm.args(["install", "--no-audit", "--no-fund", "--no-save", "--prefix"])
            .arg(&folder)
            .arg(format!("binaryen@{BINARYEN}"));
        step.run(
            &format!("installing wasm-opt {} (npm's binaryen)", BINARYEN.major),
            "",
            &mut npm,
        )?;
    }
    if !good(&program) {
        bail!("{} does not start", program.display());
    }
    // Beside cargo-leptos, so that plain `cargo leptos build --release` finds it. A link that leads nowhere is replaced.
    if own.is_symlink() {
        fs::remove_file(&own).with_context(|| format!("cannot replace {}", own.display()))?;
    }
    if own.exists() {
        bail!(
            "{} is older than version {}: remove or update it",
            own.display(),
            OLDEST_WASM_OPT.major
        );
    }
    symlink(&program, &own).with_context(|| format!("cannot create {}", own.display()))
}

/// npm, or what to do without it.
pub fn npm(workspace: &Workspace) -> Result<Command> {
    const OLDEST_NODE: u32 = 20;
    let node = version_of(&mut Command::new("node"));
    if node.is_none_or(|version| version.major < OLDEST_NODE) || programs::find("npm").is_none() {
        bail!("Node.js {OLDEST_NODE} or newer with npm is needed: install it, then run this again");
    }
    Ok(workspace.command("npm"))
}

/// A newer one of the same line will do: nobody's own tools are set back.
fn has_cargo_leptos() -> bool {
    version_of(&mut Command::new(cargo_bin().join("cargo-leptos"))).is_some_and(|found| {
        found >= CARGO_LEPTOS && (found.major, found.minor) == (CARGO_LEPTOS.major, CARGO_LEPTOS.minor)
    })
}

fn has_binstall() -> bool {
    is_program(&cargo_bin().join("cargo-binstall"))
}

/// A program to be installed with cargo.
struct Wanted {
    package: &'static str,
    version: Version,
    arguments: &'static [&'static str],
    expected: &'static str,
}

impl Wanted {
    fn install(
        &self,
        workspace: &Workspace,
        step: &Step,
        toolchain: &Toolchain,
        is_here: impl Fn() -> bool,
    ) -> Result<()> {
        let (package, version) = (self.package, self.version);
        if has_binstall() {
            let mut cargo = toolchain.cargo(workspace);
            cargo.args(["binstall", "--no-confirm", "--force", &format!("{package}@{version}")]);
            // A prebuilt one may be out of reach, or made for a newer system than this: then it is built.
            let fetched = step.attempt(&format!("fetching {package} {version}"), "", None, &mut cargo);
            if fetched.is_ok() && is_here() {
                return Ok(());
            }
            crate::interrupt::check()?;
        }
        let build = self.build_folder(workspace);
        let mut cargo = toolchain.cargo(workspace);
        cargo
            .args(["install", package, "--force", "--version", &version.to_string()])
            .args(self.arguments)
            // Its own release profile takes more than twice as long to build, for no use here.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            // Kept until it is done, so that what was stopped goes on where it was.
            .env("CARGO_TARGET_DIR", &build);
        step.run(&format!("building {package} {version}"), self.expected, &mut cargo)?;
        if !is_here() {
            bail!("{package} {version} was built but is not in {}", cargo_bin().display());
        }
        let _ = fs::remove_dir_all(&build);
        Ok(())
    }

    fn build_folder(&self, workspace: &Workspace) -> PathBuf {
        workspace.cache.join(format!("build-{}-{}", self.package, self.version))
    }
}

/// The version of `package` in the text of a Cargo.lock.
fn locked_version(lock: &str, package: &str) -> Option<Version> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Version::first_in(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "\
[[package]]
name = \"wasm-bindgen-macro\"
version = \"0.2.7\"

[[package]]
name = \"wasm-bindgen\"
version = \"0.2.130\"
source = \"registry\"
";

    #[test]
    fn the_locked_version_is_that_of_the_package_with_exactly_that_name() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some(Version::new(0, 2, 130)));
        assert_eq!(locked_version(LOCK, "wasm"), None);
    }
}
