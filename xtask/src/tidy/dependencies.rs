//! The rule between the rooms, and what we may build upon.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use super::{files, name, none, read};
use crate::step::{cargo, output, root};

/// The rooms from the ground up. A crate may use what stands in a lower row, never its own row.
const ROWS: &[&[&str]] = &[
    &["storage", "language", "allocation"],
    &["calendar", "words"],
    &["people"],
    &["territory"],
    &["requests"],
    &["dispatch", "boards", "projects", "campaigns", "partners"],
    &["notices", "news"],
    &["oversight", "ledger"],
    &["door"],
    &["web", "api"],
    &["peyvand"],
];

/// Tools stand outside the house: which rooms each may look into. What is tried from outside, as a visitor
/// would, looks into none.
const TOOLS: &[(&str, &[&str])] = &[
    ("journeys", &[]),
    ("xtask", &["journeys"]),
    (
        "benches",
        &[
            "storage",
            "calendar",
            "language",
            "territory",
            "people",
            "requests",
            "dispatch",
            "projects",
            "allocation",
        ],
    ),
];

/// Crates from outside that belong to some rooms only, because everyone else is to stay free of them.
const ONLY_FOR: &[(&[&str], &[&str])] = &[
    (&["rusqlite", "postgres", "libsqlite3-sys"], &["storage"]),
    (&["words"], &["door", "web", "api", "peyvand", "notices", "news"]),
    (
        &["axum", "hyper", "hyper-util", "http", "tower", "tower-http", "askama"],
        &["door", "web", "api", "peyvand"],
    ),
    (&["tokio", "futures-util"], &["storage", "door", "web", "api", "peyvand"]),
    (&["webauthn_rp", "openidconnect", "qrcode"], &["web"]),
    (&["clap", "indicatif", "tracing-subscriber"], &["peyvand"]),
    // Nothing below the doors waits for a network, but for the ways out, which do so on threads of their own.
    (&["lettre"], &["notices"]),
    (&["ureq"], &["notices", "web", "peyvand"]),
];

#[test]
fn calls_go_down() {
    let row = |room: &str| ROWS.iter().position(|row| row.contains(&room));
    let mut places = Vec::new();
    for (room, uses) in rooms() {
        if let Some((_, may)) = TOOLS.iter().find(|(tool, _)| *tool == room) {
            let is_ours = |used: &str| row(used).is_some() || TOOLS.iter().any(|(tool, _)| *tool == used);
            places.extend(
                uses.iter()
                    .filter(|used| is_ours(used) && !may.contains(&used.as_str()))
                    .map(|used| format!("{room} uses {used}: say in `TOOLS` if it may")),
            );
            continue;
        }
        let Some(own) = row(&room) else {
            places.push(format!("{room} has no row: say in `ROWS` where it stands"));
            continue;
        };
        for used in &uses {
            if row(used).is_some_and(|below| below >= own) {
                places.push(format!("{room} uses {used}, which does not stand below it"));
            }
            if ONLY_FOR
                .iter()
                .any(|(crates, only)| crates.contains(&used.as_str()) && !only.contains(&room.as_str()))
            {
                places.push(format!("{room} uses {used}, which is kept out of it"));
            }
        }
    }
    none("Call down, announce up:", places);
}

#[test]
fn every_version_is_written_once() {
    let mut places = Vec::new();
    for path in manifests() {
        for (section, table) in dependency_tables(&parse(&read(&path))) {
            for (used, how) in table {
                if how.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                    places.push(format!("{} [{section}] {used}: say `{used}.workspace = true`", name(&path)));
                }
            }
        }
    }
    none("Versions stand in the root Cargo.toml:", places);
}

#[test]
fn what_we_build_upon_may_be_built_upon() {
    let deny = parse(&read(&root().join("deny.toml")));
    let list = |path: [&str; 2]| deny[path[0]][path[1]].as_array().cloned().unwrap_or_default();
    let allowed: BTreeSet<String> =
        list(["licenses", "allow"]).iter().filter_map(|id| id.as_str().map(String::from)).collect();
    let banned: BTreeSet<String> = list(["bans", "deny"])
        .iter()
        .filter_map(|entry| entry.get("crate")?.as_str().map(String::from))
        .collect();
    assert!(!allowed.is_empty() && !banned.is_empty(), "deny.toml lists nothing");

    let words = output(cargo().args(["metadata", "--format-version=1", "--locked"])).expect("cargo metadata");
    let facts: Value = serde_json::from_str(&words).expect("cargo speaks JSON");
    let mut places = Vec::new();
    for package in facts["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().unwrap_or_default();
        let licence = package["license"].as_str().unwrap_or_default();
        if !is_allowed(licence, &allowed) {
            places.push(format!("{name}: licence {licence:?} is not in deny.toml"));
        }
        if banned.contains(name) {
            places.push(format!("{name} is banned in deny.toml"));
        }
    }
    none("Dependencies must be ours to use:", places);
}

#[test]
fn locks_of_test_clients_name_no_hosts() {
    let folder = root().join("crates/journeys");
    let mut places = Vec::new();
    for file in ["package-lock.json", "package.json", ".npmrc", "clients/requirements.txt"] {
        let text = read(&folder.join(file));
        // Where one may thank an author is no address to download from.
        let names_a_host = |line: &&str| line.contains("://") && !line.trim_start().starts_with("\"url\"");
        places.extend(text.lines().filter(names_a_host).map(|line| format!("{file}: {}", line.trim())));
    }
    none("A lock says what, not from where:", places);
}

#[test]
fn nothing_that_a_test_makes_is_committed() {
    let Ok(listed) = output(Command::new("git").current_dir(root()).args(["ls-files", "--cached"])) else {
        return; // Not a clone: nothing can be committed from here.
    };
    let made = |file: &&str| {
        ["node_modules/", ".shots/", "target/", "peyvand-data/"].iter().any(|folder| file.contains(folder))
            || file.ends_with(".pyc")
    };
    none("Made by tools, not by us:", listed.lines().filter(made).map(String::from).collect());
}

/// Is an SPDX expression such as `(MIT OR Apache-2.0) AND Unicode-3.0` met by the allowed licences?
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    // An older spelling of `OR`.
    let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = expression.split_whitespace().peekable();
    let answer = any_of(&mut words, allowed);
    answer && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any_of(words: &mut Words, allowed: &BTreeSet<String>) -> bool {
    let mut answer = all_of(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        answer |= all_of(words, allowed);
    }
    answer
}

fn all_of(words: &mut Words, allowed: &BTreeSet<String>) -> bool {
    let mut answer = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        answer &= one(words, allowed);
    }
    answer
}

fn one(words: &mut Words, allowed: &BTreeSet<String>) -> bool {
    match words.next() {
        Some("(") => {
            let answer = any_of(words, allowed);
            words.next() == Some(")") && answer
        }
        Some(id) => {
            // An exception only ever allows more than its licence.
            if words.next_if_eq(&"WITH").is_some() {
                words.next();
            }
            allowed.contains(id)
        }
        None => false,
    }
}

#[test]
fn licence_expressions_are_read_as_they_are_meant() {
    let allowed: BTreeSet<String> = ["MIT", "Apache-2.0", "Unicode-3.0"].map(String::from).into();
    for (expression, answer) in [
        ("MIT", true),
        ("MIT/GPL-3.0", true),
        ("GPL-3.0 OR Apache-2.0 WITH LLVM-exception", true),
        ("(MIT OR GPL-3.0) AND Unicode-3.0", true),
        ("MIT AND GPL-3.0", false),
        ("(GPL-3.0 OR LGPL-3.0) AND MIT", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), answer, "{expression:?}");
    }
}

fn rooms() -> BTreeMap<String, BTreeSet<String>> {
    let room = |text: &str| parse(text)["package"]["name"].as_str().unwrap_or_default().to_string();
    // What tests use is their own affair, as long as the program does not.
    let used = |text: &str| {
        let manifest = parse(text);
        let tables =
            dependency_tables(&manifest).into_iter().filter(|(section, _)| *section != "dev-dependencies");
        tables.flat_map(|(_, table)| table.keys().cloned().collect::<Vec<_>>()).collect()
    };
    manifests().iter().map(|path| (room(&read(path)), used(&read(path)))).collect()
}

fn manifests() -> Vec<std::path::PathBuf> {
    ["crates", "xtask", "benches"].into_iter().flat_map(|folder| files(folder, &["Cargo.toml"])).collect()
}

fn dependency_tables(manifest: &toml::Value) -> Vec<(&'static str, toml::Table)> {
    let sections = ["dependencies", "dev-dependencies", "build-dependencies"];
    sections.into_iter().filter_map(|name| Some((name, manifest.get(name)?.as_table()?.clone()))).collect()
}

fn parse(text: &str) -> toml::Value {
    toml::Value::Table(text.parse().expect("a manifest is TOML"))
}
