//! Where things are: the checkout, its build output, and the folder for tools that all checkouts share.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

pub struct Workspace {
    pub root: PathBuf,
    /// Where cargo builds. In CI it lies outside the checkout, which is a fresh clone each time.
    pub target: PathBuf,
    /// Tools and their build output, kept between runs and checkouts.
    pub cache: PathBuf,
}

impl Workspace {
    pub fn find() -> Result<Self> {
        // Asked while running: compiled in, it would be the checkout that was compiled, when several share a target folder.
        let xtask = env::var_os("CARGO_MANIFEST_DIR").context("start it with `cargo xtask`")?;
        let root = Path::new(&xtask)
            .parent()
            .context("xtask lies in the workspace's folder")?
            .to_owned();
        let home = PathBuf::from(env::var_os("HOME").context("the variable HOME is not set")?);
        let cache = env::var_os("XDG_CACHE_HOME")
            .filter(|value| !value.is_empty())
            .map_or_else(|| home.join(".cache"), PathBuf::from)
            .join("xiome-store");
        let is_ci = env::var_os("CI").is_some_and(|value| !value.is_empty());
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None if is_ci => cache.join("target"),
            None => root.join("target"),
        };
        Ok(Self { root, target, cache })
    }

    pub fn logs(&self) -> PathBuf {
        self.target.join("xtask-logs")
    }

    /// A program started in the checkout, without what cargo told xtask about xtask.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        for (name, _) in env::vars_os() {
            let Some(name) = name.to_str() else { continue };
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                command.env_remove(name);
            }
        }
        command
    }
}
