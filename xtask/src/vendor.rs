//! `vendor`: files that others made and we ship in `assets/vendor`. `vendor.lock.toml` says of each package
//! where it comes from, under which licence and why we need it, and of each file its hash.
//!
//! A file that the lock does not know has no licence we could name, so it is refused. `--write` renews the
//! hashes of known files after an update.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::step::root;

const LOCK: &str = "vendor.lock.toml";

pub fn run(words: &[String]) -> Result<()> {
    let folder = root().join("assets/vendor");
    let mut found = BTreeMap::new();
    hash_all(&folder, &folder, &mut found)?;
    let path = folder.join(LOCK);
    let lock = std::fs::read_to_string(&path).unwrap_or_default();
    let lock = if words.iter().any(|word| word == "--write") { renewed(&lock, &found)? } else { lock };
    let differences = differences(&lock, &found)?;
    if !differences.is_empty() {
        bail!("assets/vendor is not what {LOCK} says:\n  {}", differences.join("\n  "));
    }
    if words.iter().any(|word| word == "--write") {
        std::fs::write(&path, lock)?;
    }
    println!("{} files are what the lock says", found.len());
    Ok(())
}

/// Hashes by path.
type Hashes = BTreeMap<String, String>;

fn hash_all(root: &Path, folder: &Path, found: &mut Hashes) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            hash_all(root, &path, found)?;
        } else if path.file_name().is_none_or(|name| name != LOCK) {
            let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
            found.insert(name, hex(&Sha256::digest(&bytes)));
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn differences(lock: &str, found: &Hashes) -> Result<Vec<String>> {
    let mut words = Vec::new();
    let mut locked = Hashes::new();
    for package in packages(lock)? {
        let name = package.get("name").and_then(toml::Value::as_str).unwrap_or("a package without a name");
        for fact in ["version", "licence", "source", "why"] {
            if package.get(fact).and_then(toml::Value::as_str).is_none_or(str::is_empty) {
                words.push(format!("{name} does not say its {fact}"));
            }
        }
        locked.extend(files(&package));
    }
    for (name, hash) in found {
        match locked.remove(name) {
            None => words.push(format!("{name} is not in the lock")),
            Some(wanted) if wanted != *hash => words.push(format!("{name} was changed")),
            Some(_) => {}
        }
    }
    words.extend(locked.into_keys().map(|name| format!("{name} is missing")));
    Ok(words)
}

fn packages(lock: &str) -> Result<Vec<toml::Value>> {
    let lock: toml::Table = lock.parse().context("reading the lock")?;
    Ok(lock.get("package").and_then(toml::Value::as_array).cloned().unwrap_or_default())
}

fn files(package: &toml::Value) -> Hashes {
    let files = package.get("file").and_then(toml::Value::as_array).cloned().unwrap_or_default();
    let text = |file: &toml::Value, key: &str| Some(file.get(key)?.as_str()?.to_string());
    files.iter().filter_map(|file| Some((text(file, "path")?, text(file, "sha256")?))).collect()
}

/// The lock with the hashes of the files as they are now; every other letter of it stays.
fn renewed(lock: &str, found: &Hashes) -> Result<String> {
    let mut text = lock.to_string();
    for (name, old) in packages(lock)?.iter().flat_map(files) {
        let Some(new) = found.get(&name) else { continue };
        let pair = |hash: &str| format!("path = {name:?}\nsha256 = {hash:?}");
        text = text.replace(&pair(&old), &pair(new));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"# What others wrote.
[[package]]
name = "map"
version = "6"
licence = "BSD-3-Clause"
source = "npm:map@6"
why = "Draws the map."

[[package.file]]
path = "map.js"
sha256 = "aa"

[[package.file]]
path = "old.js"
sha256 = "bb"
"#;

    fn hashes(pairs: &[(&str, &str)]) -> Hashes {
        pairs.iter().map(|(name, hash)| (name.to_string(), hash.to_string())).collect()
    }

    #[test]
    fn a_changed_a_missing_and_an_unknown_file_are_named() {
        let found = hashes(&[("map.js", "ab"), ("new.js", "cc")]);
        let words = differences(LOCK, &found).unwrap();
        assert_eq!(words, ["map.js was changed", "new.js is not in the lock", "old.js is missing"]);
    }

    #[test]
    fn a_package_says_where_it_comes_from_and_what_it_allows() {
        let found = hashes(&[("map.js", "aa"), ("old.js", "bb")]);
        assert!(differences(LOCK, &found).unwrap().is_empty());
        let lock = LOCK.replace("licence", "license");
        assert_eq!(differences(&lock, &found).unwrap(), ["map does not say its licence"]);
    }

    #[test]
    fn writing_the_lock_renews_hashes_and_nothing_else() {
        let found = hashes(&[("map.js", "ab"), ("old.js", "bb")]);
        assert_eq!(renewed(LOCK, &found).unwrap(), LOCK.replace("\"aa\"", "\"ab\""));
    }
}
