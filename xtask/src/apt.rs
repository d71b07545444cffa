//! Debian's packages: how anything is installed that cargo and npm do not have.

use std::io::IsTerminal as _;
use std::process::Command;

use anyhow::{Result, bail};

use crate::child::output_of;
use crate::programs;
use crate::progress::Step;
use crate::workspace::Workspace;

/// Installs packages, as root or through sudo.
///
/// `purpose` completes "… is needed to" in the sentence for people whose machine this cannot be done on.
pub fn install(workspace: &Workspace, step: &Step, packages: &[&str], purpose: &str) -> Result<()> {
    let list = packages.join(" ");
    if programs::find("apt-get").is_none() {
        bail!(
            "{list} (names of Debian's packages) must be installed to {purpose}, and this system has no apt-get: \
             install the like with your system's own package manager, then run this again"
        );
    }
    let Some(prefix) = as_root() else {
        bail!("{list} must be installed to {purpose}; run `apt-get install {list}` as root, then run this again");
    };
    // An installed package list may be missing altogether on a new machine, or too old to install from.
    step.run(
        "reading Debian's package lists",
        "",
        command(workspace, &prefix).arg("update"),
    )?;
    step.run(
        &format!("installing {list} from Debian"),
        "a minute or two",
        // Never takes away what somebody else has installed.
        command(workspace, &prefix)
            .args(["install", "--yes", "--no-install-recommends", "--no-remove"])
            .args(packages),
    )?;
    Ok(())
}

/// What to put in front of a command so that it runs as root, after asking for sudo's password where somebody can type it;
/// `None` when there is no way.
pub fn as_root() -> Option<Vec<&'static str>> {
    if is_root() {
        return Some(vec![]);
    }
    if std::io::stdin().is_terminal() {
        Command::new("sudo").arg("--validate").status().ok()?;
    }
    output_of(Command::new("sudo").args(["--non-interactive", "true"]))?;
    Some(vec!["sudo", "--non-interactive"])
}

pub fn is_root() -> bool {
    output_of(Command::new("id").arg("-u")).is_some_and(|id| id == "0")
}

/// A command that runs as root, given what `as_root` answered.
pub fn root_command(workspace: &Workspace, prefix: &[&str], program: &str) -> Command {
    match prefix.split_first() {
        Some((first, rest)) => {
            let mut command = workspace.command(first);
            command.args(rest).arg(program);
            command
        }
        None => workspace.command(program),
    }
}

fn command(workspace: &Workspace, prefix: &[&str]) -> Command {
    let mut apt = root_command(workspace, prefix, "env");
    apt.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    apt
}
