//! Programs on this machine: which are there, and in which version.

use std::env;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::child::output_of;

/// The first file of that name that may be run, in the folders of `PATH`.
pub fn find(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|file| is_program(file))
}

pub fn is_program(file: &Path) -> bool {
    file.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// What `program --version` says, as numbers.
pub fn version_of(command: &mut Command) -> Option<Version> {
    Version::first_in(&output_of(command.arg("--version"))?)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    pub major: u32,
    pub minor: u32,
    pub patch: u32,
}

impl Version {
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }

    /// The first word of `text` that starts with a digit (or `v` and a digit), read as one to three numbers; a suffix such as
    /// `-nightly` is ignored.
    pub fn first_in(text: &str) -> Option<Self> {
        let starts_with_digit = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
        let word = text
            .split_whitespace()
            .map(|word| word.strip_prefix('v').unwrap_or(word))
            .find(starts_with_digit)?;
        let mut numbers = word.splitn(3, '.').map(|part| {
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<u32>().ok()
        });
        Some(Self {
            major: numbers.next()??,
            minor: numbers.next().flatten().unwrap_or(0),
            patch: numbers.next().flatten().unwrap_or(0),
        })
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_programs_print() {
        for (text, expected) in [
            (
                "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)",
                Version::new(1, 96, 0),
            ),
            ("rustc 1.98.0-nightly (abc 2026-08-01)", Version::new(1, 98, 0)),
            ("v20.20.2", Version::new(20, 20, 2)),
            ("cargo-leptos 0.3.11", Version::new(0, 3, 11)),
            ("wasm-opt version 132 (version_132)", Version::new(132, 0, 0)),
            (
                "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)",
                Version::new(15, 18, 0),
            ),
        ] {
            assert_eq!(Version::first_in(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_text_without_a_number_has_no_version() {
        assert_eq!(Version::first_in("command not found"), None);
    }

    #[test]
    fn versions_are_compared_by_number_and_not_by_letter() {
        assert!(Version::new(0, 3, 11) > Version::new(0, 3, 9));
    }
}
