//! The rules that turn ballots into winners: how fast, and whether they decide as real cities and as pabutools do.
//!
//! The public collection is not ours to ship: `--pabulib FOLDER` names one with its `.pb` files. Without it the made-up
//! cities remain.

mod collection; // what real cities decided
mod made_up; // cities of any size
mod oracle; // pabutools, as a process of its own
mod speed; // seconds and memory

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::python;

pub fn run(data: &Path, pabulib: Option<PathBuf>, sample: usize) -> Result<()> {
    let folder = data.join("tally");
    std::fs::create_dir_all(&folder)?;
    let python = python::with(&folder, "tally", "import pabutools")?;
    if python.is_none() {
        println!("pabutools cannot be had here: nothing is compared with it");
    }
    let mut missed = speed::large(&folder)?;
    missed.extend(speed::quarter(&folder, python.as_deref())?);
    match pabulib {
        Some(files) => {
            missed.extend(collection::decided(&files)?);
            if let Some(python) = python {
                missed.extend(oracle::beside(&files, &python, sample)?);
            }
        }
        None => println!("no collection: --pabulib FOLDER names one with its .pb files"),
    }
    if !missed.is_empty() {
        bail!("not reached: {}", missed.join("; "));
    }
    Ok(())
}
