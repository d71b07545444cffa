//! `cargo xtask cells`, and the group of that name: every situation the product knows is a cell `section/table/status`, and
//! every cell has a test named after it in `server/store/tests/cells/`. A table's module has the table's name, a cell's
//! test the status's. What exists is read from the compiled tests, not from their text.

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use crate::child::output_of;
use crate::counts::Counts;
use crate::progress::Step;
use crate::services;
use crate::test::{Context, Outcome};
use crate::tools;
use crate::workspace::Workspace;

/// Stripe's statuses of a subscription, and the absence of one.
const STATUSES: [&str; 9] = [
    "none",
    "trialing",
    "active",
    "past_due",
    "incomplete",
    "incomplete_expired",
    "unpaid",
    "canceled",
    "paused",
];

struct Table {
    /// 1 what a status is worth · 2 the customer acts · 3 Stripe tells us · 4 the merchant's Stripe account
    section: u8,
    /// The module of its tests.
    name: &'static str,
    /// Cells beside the statuses.
    others: &'static [&'static str],
    by_status: bool,
}

const fn table(section: u8, name: &'static str, others: &'static [&'static str]) -> Table {
    Table {
        section,
        name,
        others,
        by_status: true,
    }
}

const TABLES: [Table; 11] = [
    table(1, "worth", &["unknown_price", "zero_items"]),
    table(2, "buy", &["unknown_price", "zero_items"]),
    table(2, "cancel", &[]),
    table(2, "renew", &[]),
    table(2, "update_card", &[]),
    table(2, "disconnect_card", &["no_saved_method"]),
    table(3, "checkout_completed_setup", &[]),
    table(3, "checkout_completed_subscription", &[]),
    table(3, "invoice_paid", &[]),
    table(3, "invoice_payment_failed", &[]),
    Table {
        section: 4,
        name: "account",
        others: &[
            "unlinked",
            "disconnected",
            "rejected",
            "restricted",
            "incomplete",
            "paused",
            "ready",
        ],
        by_status: false,
    },
];

/// A cell and the test that covers it.
#[derive(Debug, PartialEq, Eq)]
struct Cell {
    name: String,
    test: String,
}

/// `cargo xtask cells`
pub fn run(workspace: &Workspace) -> Result<ExitCode> {
    let step = Step::new("cells:", &workspace.logs());
    let context = Context {
        workspace,
        toolchain: tools::ensure_toolchain(workspace, &step, false)?,
        filter: Vec::new(),
    };
    let tests = tests(&context, &step)?;
    let cells = cells();
    for cell in &cells {
        let word = if tests.contains(&cell.test) { "ok     " } else { "MISSING" };
        println!("{word} {:<52} {}", cell.name, cell.test);
    }
    let missing = missing(&cells, &tests).len();
    println!("covered {} of {}", cells.len() - missing, cells.len());
    Ok(if missing == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The group: a check that none is missing. The tests themselves run with the others.
pub fn check(context: &Context<'_>, step: &Step) -> Result<Outcome> {
    let tests = tests(context, step)?;
    let cells = cells();
    let missing = missing(&cells, &tests);
    if !missing.is_empty() {
        bail!("without a test: {}", missing.join(", "));
    }
    Ok(Outcome {
        counts: Counts::check(true),
        note: format!("covered {} of {}", cells.len(), cells.len()),
    })
}

fn cells() -> Vec<Cell> {
    let cell = |table: &Table, status: &str| Cell {
        name: format!("{}/{}/{status}", table.section, table.name),
        test: format!("{}::{status}", table.name),
    };
    TABLES
        .iter()
        .flat_map(|table| {
            let statuses = STATUSES.iter().filter(|_| table.by_status);
            statuses.chain(table.others).map(|status| cell(table, status))
        })
        .collect()
}

fn missing(cells: &[Cell], tests: &BTreeSet<String>) -> Vec<String> {
    let missing = cells.iter().filter(|cell| !tests.contains(&cell.test));
    missing.map(|cell| cell.name.clone()).collect()
}

/// The names of the compiled tests.
fn tests(context: &Context<'_>, step: &Step) -> Result<BTreeSet<String>> {
    let programs = services::test_programs(context, step, &["server/store"])?;
    let program = programs
        .iter()
        .find(|program| program.name == "cells")
        .context("server/store has no test program `cells`")?;
    let mut list = context
        .toolchain
        .command(context.workspace, &program.file.to_string_lossy());
    list.current_dir(&program.package).args(["--list", "--format", "terse"]);
    let listed = output_of(&mut list).context("the tests cannot be listed")?;
    Ok(listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test").map(str::to_owned))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_nine_statuses_except_that_of_the_account() {
        let cells = cells();
        assert_eq!(cells.len(), 10 * 9 + 5 + 7);
        let distinct: BTreeSet<&str> = cells.iter().map(|cell| cell.name.as_str()).collect();
        assert_eq!(distinct.len(), cells.len());
        assert!(distinct.contains("2/buy/past_due") && distinct.contains("4/account/rejected"));
    }

    #[test]
    fn a_cell_without_its_test_is_missing() {
        let mut tests: BTreeSet<String> = cells().into_iter().map(|cell| cell.test).collect();
        assert!(missing(&cells(), &tests).is_empty());
        tests.remove("renew::unpaid");
        assert_eq!(missing(&cells(), &tests), ["2/renew/unpaid"]);
    }
}
