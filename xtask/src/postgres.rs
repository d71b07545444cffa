//! A PostgreSQL of the tests' own: a cluster in a temporary folder on a free port, gone when the tests are over.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::apt;
use crate::child::{Group, output_of};
use crate::interrupt;
use crate::ports;
use crate::programs::{self, is_program};
use crate::progress::{Step, last_lines};
use crate::workspace::Workspace;

/// What PostgreSQL writes into its log when it can be used.
const READY: &str = "database system is ready to accept connections";
const START_LIMIT: Duration = Duration::from_mins(1);

pub struct Cluster {
    port: u16,
    log: PathBuf,
    // Fields are dropped in this order: the server ends before its folder goes.
    _server: Group,
    _folder: Folder,
}

impl Cluster {
    pub fn start(workspace: &Workspace, step: &Step) -> Result<Self> {
        let programs = ensure_programs(workspace, step)?;
        let user = unprivileged_user()?;
        let folder = Folder::create(workspace, user.as_ref())?;
        let data = folder.path.join("data");
        let mut initdb = as_user(workspace, user.as_ref(), &programs.join("initdb"));
        initdb.current_dir(&folder.path).arg("--pgdata").arg(&data).args([
            "--auth",
            "trust",
            "--username",
            "postgres",
            "--encoding",
            "UTF8",
            "--locale",
            "C",
            "--no-sync",
        ]);
        step.run("creating a PostgreSQL cluster", "", &mut initdb)?;
        let port = ports::free()?;
        let (file, log) = step.log("postgresql")?;
        let mut postgres = as_user(workspace, user.as_ref(), &programs.join("postgres"));
        postgres
            .current_dir(&folder.path)
            .arg("-D")
            .arg(&data)
            .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k"])
            .arg(&folder.path)
            // A cluster that lives for minutes need not survive a power cut.
            .args([
                "-c",
                "fsync=off",
                "-c",
                "synchronous_commit=off",
                "-c",
                "full_page_writes=off",
            ])
            // Each test has a database and a pool of its own.
            .args(["-c", "max_connections=300", "-c", "log_connections=on"])
            .env("LC_ALL", "C")
            .stdout(Stdio::from(file.try_clone().context("cannot share the log file")?))
            .stderr(Stdio::from(file));
        let server = wait_until_ready(Group::start(&mut postgres)?, &log)?;
        Ok(Self {
            port,
            log,
            _server: server,
            _folder: folder,
        })
    }

    /// Of the cluster's first database; its user may create others.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// How often anything has connected to it so far.
    pub fn connections(&self) -> usize {
        let log = fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&log).matches("connection authorized").count()
    }
}

fn wait_until_ready(mut server: Group, log: &Path) -> Result<Group> {
    let start = Instant::now();
    loop {
        let text = fs::read_to_string(log).unwrap_or_default();
        if text.contains(READY) {
            return Ok(server);
        }
        if server.ended()?.is_some() || start.elapsed() > START_LIMIT {
            bail!("PostgreSQL did not start:\n{}", last_lines(&text, 20));
        }
        interrupt::check()?;
        thread::sleep(Duration::from_millis(50));
    }
}

/// The folder with `initdb` and `postgres`.
fn ensure_programs(workspace: &Workspace, step: &Step) -> Result<PathBuf> {
    if let Some(found) = find_programs() {
        return Ok(found);
    }
    apt::install(workspace, step, &["postgresql"], "run the tests on PostgreSQL")?;
    find_programs().context("PostgreSQL was installed, but its programs are not in /usr/lib/postgresql")
}

fn find_programs() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| is_program(&folder.join("initdb")) && is_program(&folder.join("postgres"));
    // `initdb` looks for `postgres` beside itself, and on `PATH` it is often a link.
    let on_path = programs::find("initdb")
        .and_then(|file| file.canonicalize().ok())
        .and_then(|file| Some(file.parent()?.to_owned()));
    on_path.filter(complete).or_else(|| {
        let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
        versions
            .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
            .filter(complete)
            .max_by_key(|folder| programs::version_of(&mut Command::new(folder.join("postgres"))))
    })
}

/// Numbers, as `id` gives them.
struct User {
    id: String,
    group: String,
}

/// PostgreSQL refuses to run as root: then this is who runs it instead.
fn unprivileged_user() -> Result<Option<User>> {
    if !apt::is_root() {
        return Ok(None);
    }
    ["postgres", "nobody"]
        .into_iter()
        .find_map(|name| {
            Some(User {
                id: output_of(Command::new("id").args(["-u", name]))?,
                group: output_of(Command::new("id").args(["-g", name]))?,
            })
        })
        .map(Some)
        .context("PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`")
}

/// `setpriv` (of util-linux, on every Debian) starts the program itself, so that signals reach it.
fn as_user(workspace: &Workspace, user: Option<&User>, program: &Path) -> Command {
    let Some(User { id, group }) = user else {
        return workspace.command(program);
    };
    let mut command = workspace.command("setpriv");
    command
        .args(["--reuid", id, "--regid", group, "--init-groups", "--"])
        .arg(program);
    command
}

/// A temporary folder that belongs to the cluster's user.
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn create(workspace: &Workspace, user: Option<&User>) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("xiome-store-postgres-{}", std::process::id()));
        fs::create_dir(&path).with_context(|| format!("cannot create {}", path.display()))?;
        let folder = Self { path };
        if let Some(user) = user {
            let given = workspace.command("chown").arg(&user.id).arg(&folder.path).status();
            if !given.is_ok_and(|status| status.success()) {
                bail!("cannot give {} to the user {}", folder.path.display(), user.id);
            }
        }
        Ok(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}
