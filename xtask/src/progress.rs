//! What a person sees of long work: a line when a step starts, a sign of life with the time, a line with the duration at the end.
//! The output of the work itself goes to a file and is shown when it fails.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{IsTerminal as _, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::child::Group;

/// How often a line is added where lines cannot be rewritten (logs of CI).
const SIGN_OF_LIFE: u64 = 60;
/// Lines of a failed command's output that are shown.
const SHOWN_ON_FAILURE: usize = 150;

/// One numbered or named part of the work, such as `[2/6]` or `lints`.
pub struct Step {
    label: String,
    logs: PathBuf,
}

impl Step {
    pub fn new(label: impl Into<String>, logs: &Path) -> Self {
        Self {
            label: label.into(),
            logs: logs.to_owned(),
        }
    }

    pub fn say(&self, text: &str) {
        println!("{} {text}", self.label);
    }

    /// Runs `command` to its end with its output in a log file named after `what`, and returns that output.
    ///
    /// `expected` says how long it may take, in a person's words; empty when it is short.
    pub fn run(&self, what: &str, expected: &str, command: &mut Command) -> Result<String> {
        let outcome = self.attempt(what, expected, None, command)?;
        if !outcome.status.success() {
            println!("{}", last_lines(&outcome.output, SHOWN_ON_FAILURE));
            bail!(
                "{what} failed ({}); all of its output is in {}",
                outcome.status,
                outcome.log.display()
            );
        }
        Ok(outcome.output)
    }

    /// As `run`, but a failure is an outcome, and there may be a time limit.
    pub fn attempt(
        &self,
        what: &str,
        expected: &str,
        limit: Option<Duration>,
        command: &mut Command,
    ) -> Result<Outcome> {
        let (file, log) = self.log(what)?;
        let start = Instant::now();
        let expected = if expected.is_empty() {
            String::new()
        } else {
            format!(" ({expected})")
        };
        self.say(&format!("{what}{expected}…"));
        let mut living = Living::new(&self.label);
        command
            .stdout(Stdio::from(file.try_clone().context("cannot share the log file")?))
            .stderr(Stdio::from(file));
        let status = Group::start(command)?.wait(limit, |elapsed| living.show(elapsed, &log));
        living.clear();
        let status = status?;
        if status.success() {
            self.say(&format!("{what}: done in {}", duration(start.elapsed())));
        }
        let output = fs::read(&log).with_context(|| format!("cannot read {}", log.display()))?;
        Ok(Outcome {
            status,
            output: String::from_utf8_lossy(&output).into_owned(),
            log,
        })
    }

    /// A fresh file for the output of something called `what`, and its path.
    pub fn log(&self, what: &str) -> Result<(File, PathBuf)> {
        fs::create_dir_all(&self.logs).with_context(|| format!("cannot create {}", self.logs.display()))?;
        let path = self.logs.join(format!("{}.log", file_name(what)));
        let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok((file, path))
    }
}

pub struct Outcome {
    pub status: ExitStatus,
    pub output: String,
    pub log: PathBuf,
}

/// The line that moves while something runs.
struct Living<'a> {
    label: &'a str,
    rewrites: bool,
}

impl<'a> Living<'a> {
    fn new(label: &'a str) -> Self {
        Self {
            label,
            rewrites: std::io::stdout().is_terminal(),
        }
    }

    fn show(&mut self, elapsed: Duration, log: &Path) {
        if !self.rewrites && !elapsed.as_secs().is_multiple_of(SIGN_OF_LIFE) {
            return;
        }
        let mut line = format!("{} … {}", self.label, duration(elapsed));
        if let Some(doing) = last_line_of_file(log) {
            let _ = write!(line, "  {}", doing.chars().take(50).collect::<String>());
        }
        if self.rewrites {
            print!("\r\x1b[2K{line}");
            let _ = std::io::stdout().flush();
        } else {
            println!("{line}");
        }
    }

    fn clear(&self) {
        if self.rewrites {
            print!("\r\x1b[2K");
            let _ = std::io::stdout().flush();
        }
    }
}

/// `2.3 s`, `59 s`, `14 min 3 s`.
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

fn file_name(what: &str) -> String {
    what.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect()
}

pub fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

fn last_line_of_file(path: &Path) -> Option<String> {
    const TAIL: u64 = 2048;
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL))).ok()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty())?;
    Some(line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_a_person_writes_them() {
        assert_eq!(duration(Duration::from_millis(2340)), "2.3 s");
        assert_eq!(duration(Duration::from_secs(59)), "59 s");
        assert_eq!(duration(Duration::from_secs(843)), "14 min 3 s");
    }

    #[test]
    fn the_last_lines_of_a_short_text_are_all_of_it() {
        assert_eq!(last_lines("a\nb", 5), "a\nb");
        assert_eq!(last_lines("a\nb\nc", 2), "b\nc");
    }

    #[test]
    fn log_files_get_plain_names() {
        assert_eq!(
            file_name("building cargo-leptos 0.3.11"),
            "building-cargo-leptos-0-3-11"
        );
    }
}
