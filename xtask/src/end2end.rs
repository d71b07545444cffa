//! The folder `end2end/` and its packages from npm: Playwright, axe, and Stripe's own SDK.

use std::path::PathBuf;

use anyhow::Result;

use crate::progress::Step;
use crate::tools;
use crate::workspace::Workspace;

pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("end2end")
}

/// Installs what package-lock.json says, unless that is what is there.
pub fn ensure_packages(workspace: &Workspace, step: &Step) -> Result<()> {
    let folder = folder(workspace);
    let time_of = |name: &str| folder.join(name).metadata().and_then(|data| data.modified()).ok();
    // npm writes this file when it has installed everything.
    let installed = time_of("node_modules/.package-lock.json");
    if installed.is_some() && installed >= time_of("package-lock.json") {
        return Ok(());
    }
    let mut npm = tools::npm(workspace)?;
    npm.current_dir(&folder)
        .args(["ci", "--no-audit", "--no-fund"])
        // The browser is the system's (see `chromium`).
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    step.run("npm ci in end2end/", "", &mut npm)?;
    Ok(())
}
