//! `cargo xtask test`: runs groups of tests one after the other and stops at the first that fails.
//!
//! Each group is a module with a function `run`; this one knows their order and what each needs to be installed.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::counts::Counts;
use crate::progress::{Step, duration};
use crate::toolchain::Toolchain;
use crate::workspace::Workspace;
use crate::{browser, cells, format, freshness, interrupt, lints, sdk, services, size, tools};

/// What every group works with.
pub struct Context<'a> {
    pub workspace: &'a Workspace,
    pub toolchain: Toolchain,
    /// What the person wrote after `--`, for Playwright.
    pub filter: Vec<String>,
}

struct Group {
    name: &'static str,
    run: fn(&Context<'_>, &Step) -> Result<Outcome>,
}

/// How a group ended. An `Err` of a group instead means that it could not run to its end.
pub struct Outcome {
    pub counts: Counts,
    /// Added to the group's line, such as sizes; may be empty.
    pub note: String,
}

impl From<Counts> for Outcome {
    fn from(counts: Counts) -> Self {
        let note = String::new();
        Self { counts, note }
    }
}

const GROUPS: [Group; 8] = [
    Group {
        name: "format",
        run: format::run,
    },
    Group {
        name: "lints",
        run: lints::run,
    },
    Group {
        name: "services",
        run: services::on_sqlite,
    },
    Group {
        name: "cells",
        run: cells::check,
    },
    Group {
        name: "postgres",
        run: services::on_postgres,
    },
    Group {
        name: "sdk",
        run: sdk::run,
    },
    Group {
        name: "browser",
        run: browser::run,
    },
    Group {
        name: "size",
        run: size::run,
    },
];

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let (groups, filter) = chosen(arguments)?;
    let start = Instant::now();
    let mut total = Counts::default();
    let ended = run_groups(workspace, &groups, filter, &mut total);
    if let Err(error) = &ended {
        total.failed = total.failed.max(1);
        println!("\n{error:#}");
    }
    println!("\nafter {}", duration(start.elapsed()));
    println!("{} passed, {} failed", total.passed, total.failed);
    std::io::stdout().flush()?;
    Ok(if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn run_groups(workspace: &Workspace, groups: &[&Group], filter: Vec<String>, total: &mut Counts) -> Result<()> {
    // Until the end of this function.
    let _stamps = freshness::restore(workspace)?;
    let step = Step::new("tools:", &workspace.logs());
    let needs_tools = groups.iter().any(|group| ["browser", "size"].contains(&group.name));
    let toolchain = tools::ensure_toolchain(workspace, &step, needs_tools)?;
    let context = Context {
        workspace,
        toolchain,
        filter,
    };
    for group in groups {
        interrupt::check()?;
        let step = Step::new(format!("{}:", group.name), &workspace.logs());
        let start = Instant::now();
        let ended = (group.run)(&context, &step);
        let outcome = ended.map_err(|error| error.context(format!("{}: failed", group.name)))?;
        *total = [*total, outcome.counts].into_iter().sum();
        let Counts { passed, failed } = outcome.counts;
        let word = if failed == 0 { "ok" } else { "FAILED" };
        let time = duration(start.elapsed());
        let line = format!("{word} {}: {passed} passed, {failed} failed, {time}", group.name);
        println!(
            "{line}{}{}",
            if outcome.note.is_empty() { "" } else { " · " },
            outcome.note
        );
        if failed > 0 {
            bail!("{} failed, so the groups after it did not run", group.name);
        }
        if passed == 0 {
            bail!("{} ran no test", group.name);
        }
    }
    Ok(())
}

/// The groups named on the command line, in their own order, and what follows `--`.
fn chosen(arguments: &[String]) -> Result<(Vec<&'static Group>, Vec<String>)> {
    let mut parts = arguments.splitn(2, |argument| argument == "--");
    let names = parts.next().unwrap_or_default();
    let filter = parts.next().unwrap_or_default().to_vec();
    if let Some(unknown) = names.iter().find(|name| GROUPS.iter().all(|group| group.name != *name)) {
        let known: Vec<_> = GROUPS.iter().map(|group| group.name).collect();
        bail!("there is no group `{unknown}`; the groups are {}", known.join(", "));
    }
    let groups = GROUPS
        .iter()
        .filter(|group| names.is_empty() || names.iter().any(|name| name == group.name))
        .collect();
    Ok((groups, filter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(arguments: &[&str]) -> Vec<&'static str> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let (groups, _) = chosen(&arguments).unwrap();
        groups.iter().map(|group| group.name).collect()
    }

    #[test]
    fn without_names_all_groups_run() {
        assert_eq!(names(&[]).len(), GROUPS.len());
        assert_eq!(names(&["--", "first-page"]).len(), GROUPS.len());
    }

    #[test]
    fn named_groups_run_in_their_own_order() {
        assert_eq!(names(&["lints", "format"]), ["format", "lints"]);
    }

    #[test]
    fn what_follows_two_dashes_is_the_filter() {
        let arguments = ["browser", "--", "first-page", "--headed"].map(str::to_owned);
        let (groups, filter) = chosen(&arguments).unwrap();
        assert_eq!(groups.len(), 1);
        assert_eq!(filter, ["first-page", "--headed"]);
    }

    #[test]
    fn an_unknown_group_is_refused_with_the_known_ones() {
        let error = chosen(&["fromat".to_owned()]).err().unwrap().to_string();
        assert!(error.contains("`fromat`") && error.contains("format, lints"), "{error}");
    }
}
