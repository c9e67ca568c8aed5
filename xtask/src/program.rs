//! Our own program for a test: built once with everything else, then served from a temporary folder.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use journeys::server::Server;

use crate::step::{cargo, output, root, run};

/// Builds every program and every test in one go, so that all of them share one set of libraries. Nothing
/// is built when `PEYVAND_PROGRAM` names what to try.
pub fn build() -> Result<()> {
    if std::env::var_os("PEYVAND_PROGRAM").is_some() {
        return Ok(());
    }
    run(cargo().args(["build", "--workspace", "--bins", "--tests"]))
}

/// The program that `PEYVAND_PROGRAM` names, such as a release build, or the one that [`build`] made.
pub fn path() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("PEYVAND_PROGRAM") {
        return Ok(named.into());
    }
    let words = output(cargo().args(["metadata", "--no-deps", "--format-version=1"]))?;
    let facts: serde_json::Value = serde_json::from_str(&words)?;
    let target = facts["target_directory"].as_str().context("cargo names no target folder")?;
    Ok(Path::new(target).join("debug/peyvand"))
}

/// A small demo city that ends, with its folder, when it is dropped.
pub struct Demo {
    // The order matters: the server ends before its folder goes.
    pub server: Server,
    folder: Folder,
}

impl Demo {
    pub fn start() -> Result<Self> {
        let folder = Folder::new("demo")?;
        let words = ["demo", "--small", "--data"].map(Into::into);
        let words: Vec<_> = words.into_iter().chain([folder.0.clone().into_os_string()]).collect();
        let server = Server::start(&path()?, &words, &root(), Duration::from_secs(180))?;
        println!("a small demo city at {}", server.base());
        Ok(Self { server, folder })
    }

    /// Where the city keeps its data: the password of its accounts, the messages that it sent.
    pub fn data(&self) -> &Path {
        &self.folder.0
    }

    /// Asks the server to end and refuses an end that was not orderly.
    pub fn stop(self) -> Result<()> {
        self.server.stop(Duration::from_secs(20))
    }
}

/// A temporary folder that goes when it is dropped.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("peyvand-{name}-{}", std::process::id()));
        std::fs::create_dir(&path).with_context(|| format!("making {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
