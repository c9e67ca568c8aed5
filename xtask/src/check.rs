//! `check`: what a reader of your change would otherwise have to say.

use anyhow::{Result, bail};

use crate::step::{cargo, output, run as run_command, step};
use crate::vendor;

pub fn run(_words: &[String]) -> Result<()> {
    let mut failed = Vec::new();
    let parts: &[(&str, &[&str])] = &[
        ("format", &["fmt", "--all", "--check"]),
        ("lints", &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]),
        ("tidiness", &["test", "--package", "xtask", "--quiet"]),
    ];
    for (part, words) in parts {
        if step(part, || run_command(cargo().args(*words))).is_err() {
            failed.push(*part);
        }
    }
    if step("vendor", || vendor::run(&[])).is_err() {
        failed.push("vendor");
    }
    if output(cargo().args(["deny", "--version"])).is_err() {
        // It takes minutes to build, so we do not install it unasked.
        println!("\ncargo-deny is not installed: licences and banned crates were checked by the tidy tests,");
        println!("known vulnerabilities were not. `cargo install --locked cargo-deny` adds it.");
    } else if step("licences, bans and sources", || {
        run_command(cargo().args(["deny", "check", "bans", "licenses", "sources"]))
    })
    .is_err()
    {
        failed.push("cargo deny");
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}
