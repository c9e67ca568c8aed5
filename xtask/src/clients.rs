//! Outside programs talk to us the way they talk to every city: what they refuse, others will refuse.

use std::process::Command;

use anyhow::Result;

use crate::setup::{journeys, python_tool};
use crate::step::{output, root, run as run_command, step};

/// Runs all clients against a served city and refuses if any of them does.
pub fn run(base: &str) -> Result<()> {
    let clients = journeys().join("clients");
    let reads = step("georeport reads", || {
        run_command(Command::new(python_tool("python")).arg(clients.join("reads.py")).arg(base))
    });
    let writes = step("Open311 shapes and writes", || {
        let mut node = Command::new("node");
        node.args(["--test", "--test-reporter=spec"])
            .args([clients.join("open311.test.mjs"), clients.join("tiles.test.mjs")]);
        run_command(node.env("PEYVAND_BASE", base))
    });
    let telephone = step("the lines for Asterisk", || {
        let mut node = Command::new("node");
        node.args(["--test", "--test-reporter=spec"]).arg(clients.join("telephone.test.mjs"));
        run_command(node.env("PEYVAND_PROGRAM", crate::program::path()?))
    });
    let sign_on = step("sign-on with an OpenID provider", || {
        if let Some(version) = node_before(OLDEST_NODE)? {
            println!("not tried: the provider needs Node.js {OLDEST_NODE} or later, and here is {version}");
            return Ok(());
        }
        let mut node = Command::new("node");
        node.args(["--test", "--test-reporter=spec"]).arg(clients.join("sign-on.test.mjs"));
        run_command(node.env("PEYVAND_PROGRAM", crate::program::path()?))
    });
    let fuzz = step("schemathesis on the native API", || {
        let mut command = Command::new(python_tool("schemathesis"));
        command.current_dir(clients).arg("run").arg(format!("{base}/api/v1/openapi.json"));
        // Its notes about earlier runs would make a run depend on the one before.
        command.env("HYPOTHESIS_STORAGE_DIRECTORY", root().join("target/tools/hypothesis"));
        run_command(command.args(FUZZ))
    });
    reads.and(writes).and(telephone).and(sign_on).and(fuzz)
}

/// What the certified provider needs. Debian 12 brings 18, on which it does not start.
const OLDEST_NODE: u32 = 20;

/// The version of Node.js where it is older than `oldest`.
fn node_before(oldest: u32) -> Result<Option<String>> {
    let version = output(Command::new("node").arg("--version"))?.trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next().and_then(|n| n.parse::<u32>().ok());
    Ok((major.unwrap_or(0) < oldest).then_some(version))
}

/// Bounded in examples and in time; the seed is fixed so that two runs of one change agree.
const FUZZ: &[&str] = &[
    "--max-examples=20",
    "--max-time=60",
    "--seed=137",
    "--phases=examples,coverage,fuzzing",
    "--continue-on-failure",
    "--generation-database=none",
];
