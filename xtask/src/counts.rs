//! How many tests passed and failed, read from what the runners print.

use anyhow::{Context as _, Result};
use serde_json::Value;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
}

impl Counts {
    /// One check that is not made of tests, such as a lint run.
    pub fn check(passed: bool) -> Self {
        Self {
            passed: u64::from(passed),
            failed: u64::from(!passed),
        }
    }

    /// The sum of the closing lines of `cargo test` (`test result: ok. 3 passed; 0 failed; …`), one for each test program.
    pub fn of_cargo_test(output: &str) -> Self {
        output
            .lines()
            .filter_map(|line| line.trim().strip_prefix("test result: "))
            .map(|rest| Self {
                passed: number_before(rest, " passed"),
                failed: number_before(rest, " failed"),
            })
            .sum()
    }

    /// The last line of the form `3 passed, 0 failed`.
    pub fn of_closing_line(output: &str) -> Option<Self> {
        output.lines().rev().find_map(|line| {
            let (passed, failed) = line.trim().strip_suffix(" failed")?.split_once(" passed, ")?;
            Some(Self {
                passed: passed.parse().ok()?,
                failed: failed.parse().ok()?,
            })
        })
    }

    /// The `stats` of Playwright's JSON report. A test that passed only on a second try counts as failed.
    pub fn of_playwright(report: &str) -> Result<Self> {
        let report: Value = serde_json::from_str(report).context("Playwright's report is not JSON")?;
        let stat = |name: &str| {
            report["stats"][name]
                .as_u64()
                .with_context(|| format!("Playwright's report has no `stats.{name}`"))
        };
        let broken_files = report["errors"].as_array().map_or(0, Vec::len);
        Ok(Self {
            passed: stat("expected")?,
            failed: stat("unexpected")? + stat("flaky")? + u64::try_from(broken_files)?,
        })
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            passed: sum.passed + one.passed,
            failed: sum.failed + one.failed,
        })
    }
}

fn number_before(text: &str, word: &str) -> u64 {
    text.split_once(word)
        .and_then(|(before, _)| before.rsplit(' ').next()?.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn counts(passed: u64, failed: u64) -> Counts {
        Counts { passed, failed }
    }

    #[test]
    fn the_programs_of_one_cargo_test_are_added_up() {
        let output = "\
running 3 tests
test a ... ok
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
   Doc-tests model
test result: FAILED. 10 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s
";
        assert_eq!(Counts::of_cargo_test(output), counts(13, 2));
    }

    #[test]
    fn a_build_that_failed_has_no_tests() {
        assert_eq!(Counts::of_cargo_test("error: could not compile `store`"), counts(0, 0));
    }

    #[test]
    fn the_last_closing_line_counts() {
        assert_eq!(
            Counts::of_closing_line("1 passed, 0 failed\nproduct made\n12 passed, 1 failed\n"),
            Some(counts(12, 1))
        );
        assert_eq!(Counts::of_closing_line("all passed, none failed"), None);
    }

    #[test]
    fn playwright_s_flaky_tests_and_broken_files_count_as_failed() {
        let report = r#"{"errors":[{"message":"Cannot find module"}],
            "stats":{"expected":7,"skipped":1,"unexpected":2,"flaky":1}}"#;
        assert_eq!(Counts::of_playwright(report).unwrap(), counts(7, 4));
    }

    #[test]
    fn a_report_without_stats_is_an_error() {
        assert!(Counts::of_playwright("{}").is_err());
        assert!(Counts::of_playwright("").is_err());
    }
}
