//! Children that never outlive this program: each leads a process group of its own, and the whole group is ended when its
//! guard goes, whether by success, failure or Ctrl-C.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::interrupt;

const POLL: Duration = Duration::from_millis(50);
/// How long a group may take to end by itself after SIGINT, before SIGKILL.
const GRACE: Duration = Duration::from_secs(12);

/// A running process group.
pub struct Group {
    leader: Child,
    name: String,
}

impl Group {
    pub fn start(command: &mut Command) -> Result<Self> {
        interrupt::check()?;
        let name = command.get_program().to_string_lossy().into_owned();
        let leader = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start `{name}`"))?;
        Ok(Self { leader, name })
    }

    /// `None` while it runs.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.leader
            .try_wait()
            .with_context(|| format!("cannot wait for `{}`", self.name))
    }

    /// Waits for the leader, calling `each_second` meanwhile with the time since the start.
    ///
    /// An error when it takes longer than `limit`, or on Ctrl-C; the group is ended then.
    pub fn wait(mut self, limit: Option<Duration>, mut each_second: impl FnMut(Duration)) -> Result<ExitStatus> {
        let start = Instant::now();
        let mut told = 0;
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            interrupt::check()?;
            let elapsed = start.elapsed();
            if limit.is_some_and(|limit| elapsed > limit) {
                bail!("`{}` took longer than {} s", self.name, elapsed.as_secs());
            }
            if elapsed.as_secs() > told {
                told = elapsed.as_secs();
                each_second(elapsed);
            }
            thread::sleep(POLL);
        }
    }

    fn signal(&self, signal: &str) {
        // The shell's own `kill`: the only one that is on every machine.
        let _ = Command::new("sh")
            .args(["-c", &format!("kill -s {signal} -- -{}", self.leader.id())])
            .stderr(Stdio::null())
            .status();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if matches!(self.leader.try_wait(), Ok(None)) {
            self.signal("INT");
            let asked = Instant::now();
            while asked.elapsed() < GRACE && matches!(self.leader.try_wait(), Ok(None)) {
                thread::sleep(POLL);
            }
        }
        // Also what a leader that has ended left behind.
        self.signal("KILL");
        let _ = self.leader.wait();
    }
}

/// The standard output of a short command, or `None` when it cannot be started or fails.
pub fn output_of(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
