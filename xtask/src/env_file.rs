//! `.env`: the settings of a checkout, which the server and cargo-leptos read by themselves.
//!
//! Only ever added to: what a person wrote there stays as it is.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

const HEAD: &str = "\
# Settings of this checkout, for `cargo xtask dev` and `cargo leptos watch`. Real environment variables win.
#
# Where the data is kept: a SQLite file in data/, or PostgreSQL:
# DATABASE_URL=postgres://user:password@localhost/xiome_store
";

struct Setting {
    key: &'static str,
    value: &'static str,
    comment: &'static str,
}

const NEEDED: [Setting; 1] = [Setting {
    key: "STRIPE_MODE",
    value: "fake",
    comment: "A Stripe of our own, with made-up money. `live` needs STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET.",
}];

/// Writes the file when it is missing and adds the settings it lacks; says whether anything changed.
pub fn complete(file: &Path) -> Result<bool> {
    let existing = match fs::read_to_string(file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", file.display())),
    };
    let completed = with_needed(existing.as_deref());
    if existing.as_ref() == Some(&completed) {
        return Ok(false);
    }
    fs::write(file, completed).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(true)
}

/// A setting as the server will see it: the environment's, or else the file's.
pub fn effective(file: &Path, key: &str) -> Option<String> {
    std::env::var(key)
        .ok()
        .or_else(|| value_in(&fs::read_to_string(file).ok()?, key))
}

fn with_needed(existing: Option<&str>) -> String {
    let mut text = existing.unwrap_or(HEAD).to_owned();
    for Setting { key, value, comment } in NEEDED {
        if value_in(&text, key).is_some() {
            continue;
        }
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        let _ = writeln!(text, "# {comment}\n{key}={value}");
    }
    text
}

/// The first value counts, as it does for the server.
fn value_in(text: &str, key: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
        let (name, value) = line.split_once('=')?;
        (name.trim_end() == key).then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_becomes_one_in_fake_mode() {
        let text = with_needed(None);
        assert_eq!(value_in(&text, "STRIPE_MODE").as_deref(), Some("fake"));
        assert_eq!(value_in(&text, "DATABASE_URL"), None, "the default is only told of");
    }

    #[test]
    fn what_a_person_wrote_stays() {
        for text in ["STRIPE_MODE=live\n", "export STRIPE_MODE = \"live\"", "STRIPE_MODE=\n"] {
            assert_eq!(with_needed(Some(text)), text);
        }
    }

    #[test]
    fn a_missing_setting_is_added_on_a_line_of_its_own() {
        let text = with_needed(Some("PLATFORM_FEE_PERCENT=5"));
        assert!(text.starts_with("PLATFORM_FEE_PERCENT=5\n# "), "{text}");
        assert_eq!(value_in(&text, "STRIPE_MODE").as_deref(), Some("fake"));
    }

    #[test]
    fn a_setting_in_a_comment_is_not_one() {
        assert_eq!(value_in("# STRIPE_MODE=live\n", "STRIPE_MODE"), None);
    }

    #[test]
    fn completing_twice_changes_nothing_more() {
        let once = with_needed(Some("A=b\n"));
        assert_eq!(with_needed(Some(&once)), once);
    }
}
