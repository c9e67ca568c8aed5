//! `shots`: a screenshot of every page, both languages, phone and desktop, to be looked at by a person.

use std::process::Command;

use anyhow::Result;

use crate::program::{self, Demo};
use crate::setup;
use crate::step::{option, root, run as run_command, step};

pub fn run(words: &[String]) -> Result<()> {
    setup::for_browser()?;
    if let Some(base) = option(words, "--base") {
        return run_command(&mut pictures(base)?);
    }
    step("Building the program", program::build)?;
    let demo = step("Serving a small demo city", Demo::start)?;
    step("Taking pictures", || {
        // The pages of staff are seen by those who sign in, with the password that lies in the folder.
        run_command(pictures(&demo.server.base())?.env("PEYVAND_DATA", demo.data()))
    })?;
    demo.stop()
}

fn pictures(base: &str) -> Result<Command> {
    let mut command = node(base)?;
    command.arg(setup::journeys().join("browser/shots.mjs"));
    Ok(command)
}

/// Node.js with what our browser scripts want to know.
pub fn node(base: &str) -> Result<Command> {
    let mut command = Command::new("node");
    command.current_dir(setup::journeys());
    command.env("PEYVAND_BASE", base).env("PEYVAND_SHOTS", root().join(".shots"));
    command.env("PEYVAND_CHROMIUM", setup::chromium()?);
    Ok(command)
}
