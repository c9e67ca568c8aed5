//! A Python of the benchmarks' own, with what `benches/NAME/requirements.txt` pins.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

/// The interpreter that can do `import`, made when it is missing; `None` where it cannot be had.
pub fn with(data: &Path, name: &str, import: &str) -> Result<Option<PathBuf>> {
    let home = data.join("python");
    let python = std::path::absolute(home.join("bin/python"))?;
    let wanted = Path::new(env!("CARGO_MANIFEST_DIR")).join(name).join("requirements.txt");
    let is_there =
        || Command::new(&python).args(["-c", import]).output().is_ok_and(|said| said.status.success());
    if !is_there() {
        let made = Command::new("python3").args(["-m", "venv"]).arg(&home).status();
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
        if made.is_ok_and(|made| made.success()) {
            Command::new(&python).args(install).arg(wanted).status()?;
        }
    }
    Ok(is_there().then_some(python))
}
