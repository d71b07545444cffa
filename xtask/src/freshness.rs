//! What changed since the last run, for a target folder that outlives the checkout, as in CI.
//!
//! cargo goes by the time stamps of files, and in a fresh clone all of them are new: every crate of ours would be compiled
//! again. So the stamps are set by content. A file that is as it was in the last run gets the stamp it had then, every other
//! one the present. When anybody else built in the folder meanwhile, all get the present, because nobody knows what they built.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};

use crate::child::output_of;
use crate::workspace::Workspace;

/// The stamps of a run, kept for the next one when this is dropped. Without them (the run was killed) the next one builds
/// everything.
pub struct Freshness {
    list: PathBuf,
    entries: String,
}

impl Drop for Freshness {
    fn drop(&mut self) {
        let _ = fs::write(&self.list, &self.entries);
    }
}

#[expect(clippy::disallowed_methods, reason = "cargo goes by the system's clock")]
fn now() -> SystemTime {
    SystemTime::now()
}

/// Sets the stamps. Not where the target folder belongs to the checkout, and not without git.
pub fn restore(workspace: &Workspace) -> Result<Option<Freshness>> {
    if workspace.target.starts_with(&workspace.root) {
        return Ok(None);
    }
    let mut git = workspace.command("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let Some(files) = output_of(&mut git) else {
        return Ok(None);
    };
    let list = workspace.target.join("xtask-sources");
    let known = known(&list, &workspace.target);
    let _ = fs::remove_file(&list);
    let mut entries = String::new();
    for file in files.split('\0').filter(|file| !file.is_empty()) {
        let path = workspace.root.join(file);
        // One that was deleted is still listed.
        let Ok(content) = fs::read(&path) else { continue };
        let hash = hash(&content);
        let stamp = match known.get(file) {
            Some((same, stamp)) if *same == hash => *stamp,
            _ => now(),
        };
        File::options()
            .write(true)
            .open(&path)
            .and_then(|file| file.set_modified(stamp))
            .with_context(|| format!("cannot set the time stamp of {}", path.display()))?;
        let _ = writeln!(entries, "{hash:016x} {} {file}", nanoseconds(stamp));
    }
    Ok(Some(Freshness { list, entries }))
}

/// What the last run left, if nobody built since.
fn known(list: &Path, target: &Path) -> HashMap<String, (u64, SystemTime)> {
    let ended = modified(list);
    let text = match (ended, last_build(target)) {
        (Some(ended), Some(built)) if built <= ended => fs::read_to_string(list).unwrap_or_default(),
        _ => String::new(),
    };
    text.lines().filter_map(entry).collect()
}

/// A hash, nanoseconds since 1970, a path.
fn entry(line: &str) -> Option<(String, (u64, SystemTime))> {
    let mut parts = line.splitn(3, ' ');
    let hash = u64::from_str_radix(parts.next()?, 16).ok()?;
    let stamp = UNIX_EPOCH + Duration::from_nanos(parts.next()?.parse().ok()?);
    Some((parts.next()?.to_owned(), (hash, stamp)))
}

/// When cargo last compiled anything there: each crate has a file for it, in `debug/.fingerprint/…` and the like.
fn last_build(target: &Path) -> Option<SystemTime> {
    let profiles = folders(target);
    let deeper = profiles.iter().flat_map(|folder| folders(folder));
    profiles
        .iter()
        .cloned()
        .chain(deeper)
        .flat_map(|profile| folders(&profile.join(".fingerprint")))
        .filter_map(|unit| modified(&unit.join("invoked.timestamp")))
        .max()
}

fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(of).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|data| data.modified()).ok()
}

fn hash(content: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(content);
    hasher.finish()
}

fn nanoseconds(stamp: SystemTime) -> u128 {
    stamp.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_comes_back_to_the_nanosecond() {
        let stamp = UNIX_EPOCH + Duration::from_nanos(1_800_000_000_123_456_789);
        let line = format!("{:016x} {} a folder/a file", hash(b"text"), nanoseconds(stamp));
        assert_eq!(
            entry(&line),
            Some(("a folder/a file".to_owned(), (hash(b"text"), stamp)))
        );
        assert_eq!(entry("nonsense"), None);
    }
}
