//! The verbs of a developer's day. `cargo xtask` without a word lists them.
//!
//! Everything a verb needs is found or installed by `setup`, which says what it does. What a verb starts
//! (a database, the program, a browser) lives on free ports of this machine only and ends with the verb,
//! also after a failure or ctrl-c.

mod bench; // the load and size benchmarks
mod check; // format, lints, tidiness, licences
mod clients; // outside programs talk to us
mod postgres; // a private PostgreSQL for the stories
mod program; // our own program, built and served for a test
mod setup; // what has to be on the machine
mod shots; // a picture of every page
mod step; // one heading, one duration; commands that can be interrupted
mod test; // all promises
#[cfg(test)]
mod tidy; // the rules that no compiler knows
mod vendor; // what others made and we ship

use std::process::ExitCode;

type Verb = fn(&[String]) -> anyhow::Result<()>;

const VERBS: &[(&str, Verb, &str)] = &[
    (
        "test",
        test::run,
        "all tests; [--only rust,kills,misfortunes,clients,journeys] [-- arguments for the test runner]",
    ),
    ("check", check::run, "format, lints, tidiness and licences, before you send a change"),
    (
        "shots",
        shots::run,
        "a screenshot of every page into .shots/; [--base http://...] for a running server",
    ),
    ("kills", test::kills, "kill the server under load and look for lost requests; [--count 100] [--seed N]"),
    (
        "bench",
        bench::run,
        "the benchmarks in benches/, each against a limit of the same run; [--only fill,create,...] [--requests N]",
    ),
    (
        "vendor",
        vendor::run,
        "compare what we ship of others with its lock in assets/vendor; [--write] renews the hashes",
    ),
    ("setup", setup::run, "install what the other verbs need: PostgreSQL, Chromium, test clients"),
];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let Some(name) = words.next() else {
        list();
        return ExitCode::SUCCESS;
    };
    let Some((_, verb, _)) = VERBS.iter().find(|(verb, ..)| *verb == name) else {
        eprintln!("There is no verb {name:?}.\n");
        list();
        return ExitCode::FAILURE;
    };
    step::listen_for_interrupts();
    match verb(&words.collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{name}: {failure:#}");
            ExitCode::FAILURE
        }
    }
}

fn list() {
    println!("cargo xtask VERB\n");
    for (verb, _, about) in VERBS {
        println!("  {verb:<8} {about}");
    }
}
