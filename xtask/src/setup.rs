//! What has to be on the machine: PostgreSQL, Chromium, Python and Node.js with the test clients.
//!
//! Each need is looked for first. What is missing is installed and named: programs with the system's
//! package manager, which needs root; clients into `target/tools` and `crates/journeys/node_modules`,
//! which does not. Versions are pinned by `requirements.txt` and `package-lock.json`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::postgres;
use crate::step::{on_path, output, root, run as run_command, step};

/// A program that some verb needs.
struct Need {
    what: &'static str,
    packages: &'static [&'static str],
    is_there: fn() -> bool,
}

const POSTGRES: Need = Need {
    what: "PostgreSQL server",
    packages: &["postgresql"],
    is_there: || !postgres::candidates().is_empty(),
};
const CHROMIUM: Need = Need { what: "Chromium", packages: &["chromium"], is_there: || chromium().is_ok() };
const NODE: Need = Need {
    what: "Node.js with npm",
    packages: &["nodejs", "npm"],
    is_there: || on_path("node").is_some() && on_path("npm").is_some(),
};
const PYTHON: Need = Need {
    what: "Python with venv",
    packages: &["python3", "python3-venv"],
    is_there: || output(Command::new("python3").args(["-c", "import venv, ensurepip"])).is_ok(),
};

const TELLING: Need = Need {
    what: "curl and OpenSSL, with which an exchange tells of calls",
    packages: &["curl", "openssl"],
    is_there: || on_path("curl").is_some() && on_path("openssl").is_some(),
};

/// Everything, as `cargo xtask setup`.
pub fn run(_words: &[String]) -> Result<()> {
    for_stories()?;
    for_clients()?;
    for_browser()
}

/// What the stories need: a PostgreSQL server to start.
pub fn for_stories() -> Result<()> {
    ensure(&[POSTGRES])
}

/// What the outside clients need.
pub fn for_clients() -> Result<()> {
    ensure(&[PYTHON, NODE, TELLING])?;
    python_packages()?;
    node_packages()
}

/// What the browser needs.
pub fn for_browser() -> Result<()> {
    ensure(&[CHROMIUM, NODE])?;
    node_packages()
}

/// The browser: `PEYVAND_CHROMIUM`, or the first that answers to a usual name.
pub fn chromium() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("PEYVAND_CHROMIUM") {
        return Ok(named.into());
    }
    ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
        .into_iter()
        .find_map(on_path)
        .context("no Chromium found; set PEYVAND_CHROMIUM to the path of one")
}

/// A program of the private Python environment, such as `python` or `schemathesis`.
pub fn python_tool(name: &str) -> PathBuf {
    python_home().join("bin").join(name)
}

/// Where the browser scripts, the client scripts and their packages live.
pub fn journeys() -> PathBuf {
    root().join("crates/journeys")
}

fn python_home() -> PathBuf {
    root().join("target/tools/python")
}

fn ensure(needs: &[Need]) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.is_there)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
    let names = missing.iter().map(|need| need.what).collect::<Vec<_>>().join(", ");
    step(&format!("Installing {names}"), || apt_install(&packages))?;
    match missing.iter().find(|need| !(need.is_there)()) {
        Some(need) => bail!("{} was installed and is still not found", need.what),
        None => Ok(()),
    }
}

fn apt_install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if on_path("apt-get").is_none() {
        bail!(
            "this machine has no apt-get: please install {list} with its package manager, then run this again"
        );
    }
    if output(Command::new("id").arg("-u"))?.trim() != "0" {
        bail!(
            "installing needs root; please run this once, then the verb again:\n    \
             sudo apt-get update && sudo apt-get install --no-install-recommends {list}"
        );
    }
    println!("apt-get installs: {list}");
    // Another installation may hold the locks for a while; both kinds of lock are waited for.
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command.args(["-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]);
        command
    };
    let update = (0..10).any(|attempt| {
        if attempt > 0 {
            std::thread::sleep(std::time::Duration::from_secs(6));
        }
        run_command(apt().arg("update")).is_ok()
    });
    if !update {
        println!("The package lists could not be renewed; trying with those that are here.");
    }
    run_command(apt().args(["--yes", "--no-install-recommends", "install"]).args(packages))
}

fn python_packages() -> Result<()> {
    let wanted = journeys().join("clients/requirements.txt");
    let home = python_home();
    unless_done(&home.join("done"), &[&wanted], "Python clients", || {
        if home.exists() {
            std::fs::remove_dir_all(&home)?;
        }
        run_command(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
        run_command(
            Command::new(home.join("bin/python"))
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"])
                .arg(&wanted),
        )
    })
}

fn node_packages() -> Result<()> {
    let version = output(Command::new("node").arg("--version"))?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|n| n.parse::<u32>().ok());
    if major.is_none_or(|major| major < 18) {
        bail!("Node.js 18 or newer is needed; here is {}", version.trim());
    }
    let folder = journeys();
    let wanted = [folder.join("package.json"), folder.join("package-lock.json")];
    unless_done(&folder.join("node_modules/done"), &[&wanted[0], &wanted[1]], "Node.js clients", || {
        // `ci` installs exactly what the lock says, and leaves the lock as it is.
        let words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        run_command(Command::new("npm").current_dir(&folder).args(words))
    })
}

/// Installs unless the same lists were installed before; `mark` remembers their text.
fn unless_done(
    mark: &Path,
    wanted: &[&PathBuf],
    what: &str,
    install: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let mut lists = String::new();
    for file in wanted {
        lists += &std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    }
    if std::fs::read_to_string(mark).is_ok_and(|done| done == lists) {
        return Ok(());
    }
    step(&format!("Installing the {what}"), install)?;
    Ok(std::fs::write(mark, lists)?)
}
