//! A private PostgreSQL for the stories: in a temporary folder, on a free port of this machine, gone at
//! the end. It forgets on power loss (no fsync), which is right for tests and for nothing else.
//!
//! PostgreSQL refuses to run as root. When we are root, it runs as the user `postgres`, or `nobody`.

use std::fs::File;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::step::{is_interrupted, on_path, output};

/// A running server; dropping it stops it and removes its folder.
pub struct Postgres {
    child: Child,
    folder: PathBuf,
    port: u16,
}

/// Whose rights the server runs with; `None` keeps our own.
type Owner = Option<(u32, u32)>;

impl Postgres {
    /// Starts the newest PostgreSQL here whose `initdb` really makes a database.
    pub fn start() -> Result<Self> {
        let owner = owner()?;
        let folder = std::env::temp_dir().join(format!("peyvand-postgres-{}", std::process::id()));
        let mut last = anyhow::anyhow!("no PostgreSQL server was found");
        for bin in candidates() {
            match Self::start_in(&bin, &folder, owner) {
                Ok(server) => return Ok(server),
                Err(failure) => last = failure.context(format!("with the programs of {}", bin.display())),
            }
            let _ = std::fs::remove_dir_all(&folder);
        }
        Err(last)
    }

    /// Where tests find it. Each test makes a schema of its own in this database.
    pub fn url(&self) -> String {
        format!("postgres://peyvand@127.0.0.1:{}/postgres", self.port)
    }

    fn start_in(bin: &Path, folder: &Path, owner: Owner) -> Result<Self> {
        std::fs::create_dir(folder).with_context(|| format!("making {}", folder.display()))?;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
        if let Some((user, group)) = owner {
            chown(folder, Some(user), Some(group))?;
        }
        let data = folder.join("data");
        let words = ["--username=peyvand", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
        output(as_owner(Command::new(bin.join("initdb")), owner, folder).args(words).arg("-D").arg(&data))?;

        let port = journeys::server::free_port()?;
        let log = File::create(folder.join("log"))?;
        let mut command = ending_with_us(&bin.join("postgres"));
        command.arg("-D").arg(&data).args(["-p", &port.to_string(), "-h", "127.0.0.1"]);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        let child = as_owner(command, owner, folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("starting PostgreSQL")?;
        // From here on `Drop` cleans up, whatever happens.
        let mut server = Self { child, folder: folder.to_path_buf(), port };
        server.wait_until_ready(bin)?;
        Ok(server)
    }

    fn wait_until_ready(&mut self, bin: &Path) -> Result<()> {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(60) && !is_interrupted() {
            if let Some(status) = self.child.try_wait()? {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                bail!("PostgreSQL ended with {status}: {}", log.trim());
            }
            let mut ask = Command::new(bin.join("pg_isready"));
            if output(ask.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()])).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("PostgreSQL was not ready within a minute")
    }
}

/// Many tests at once, each with schemas and connections of its own, on a small machine.
const SETTINGS: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=300",
    "max_locks_per_transaction=256",
    "shared_buffers=128MB",
    "unix_socket_directories=",
    "log_min_messages=fatal",
    "timezone=UTC",
];

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGQUIT: stop now. Nothing in there is worth keeping.
        let _ = Command::new("kill").args(["-QUIT", &self.child.id().to_string()]).status();
        let began = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && began.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Folders that hold both `initdb` and `postgres`, the newest version first.
pub fn candidates() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for parent in ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"] {
        let Ok(entries) = std::fs::read_dir(parent) else { continue };
        folders.extend(entries.flatten().map(|entry| entry.path().join("bin")));
    }
    // A name on the PATH may be a link into the real folder, or a small client that serves nothing.
    folders
        .extend(on_path("initdb").and_then(|file| file.canonicalize().ok()?.parent().map(Path::to_path_buf)));
    let mut found: Vec<(u32, PathBuf)> = folders
        .into_iter()
        .filter(|folder| folder.join("initdb").is_file() && folder.join("pg_isready").is_file())
        .filter_map(|folder| Some((version(&folder.join("postgres"))?, folder)))
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    found.dedup();
    found.into_iter().map(|(_, folder)| folder).collect()
}

/// The major version that a `postgres` program says of itself, such as `postgres (PostgreSQL) 15.18`.
fn version(program: &Path) -> Option<u32> {
    let words = output(Command::new(program).arg("--version")).ok()?;
    let number = words.split("(PostgreSQL)").nth(1)?.trim();
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn owner() -> Result<Owner> {
    let id =
        |words: &[&str]| -> Option<u32> { output(Command::new("id").args(words)).ok()?.trim().parse().ok() };
    if id(&["-u"]) != Some(0) {
        return Ok(None);
    }
    let found =
        ["postgres", "nobody"].into_iter().find_map(|name| Some((id(&["-u", name])?, id(&["-g", name])?)));
    match found {
        Some(ids) => Ok(Some(ids)),
        None => bail!("PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`"),
    }
}

fn as_owner(mut command: Command, owner: Owner, folder: &Path) -> Command {
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    // The folder we were called from may be closed to that user.
    command.current_dir(folder).env("HOME", folder).env("LC_ALL", "C").process_group(0);
    command
}

/// A command that the system stops when we are gone, where the system knows how.
fn ending_with_us(program: &Path) -> Command {
    match on_path("setpriv") {
        Some(setpriv) if cfg!(target_os = "linux") => {
            let mut command = Command::new(setpriv);
            command.args(["--pdeathsig", "QUIT", "--"]).arg(program);
            command
        }
        _ => Command::new(program),
    }
}
