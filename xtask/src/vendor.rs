//! `vendor`: files that others made and we ship in `assets/vendor`, each with its hash in `vendor.lock`.
//!
//! The lock has the form of `sha256sum`: a hash, two spaces, a path. Lines with `#` say where a file came
//! from and under which licence. `--write` renews the hashes and keeps those lines.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::step::root;

pub fn run(words: &[String]) -> Result<()> {
    let folder = root().join("assets/vendor");
    let mut found = BTreeMap::new();
    hash_all(&folder, &folder, &mut found)?;
    let path = folder.join("vendor.lock");
    let lock = std::fs::read_to_string(&path).unwrap_or_default();
    if words.iter().any(|word| word == "--write") {
        std::fs::write(&path, renewed(&lock, &found))?;
        println!("wrote {} hashes", found.len());
        return Ok(());
    }
    let differences = differences(&lock, &found);
    if !differences.is_empty() {
        bail!("assets/vendor is not what vendor.lock says:\n  {}", differences.join("\n  "));
    }
    println!("{} files are what the lock says", found.len());
    Ok(())
}

type Hashes = BTreeMap<String, String>;

fn hash_all(root: &Path, folder: &Path, found: &mut Hashes) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            hash_all(root, &path, found)?;
        } else if path.file_name().is_none_or(|name| name != "vendor.lock") {
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

fn differences(lock: &str, found: &Hashes) -> Vec<String> {
    let mut locked: Hashes = entries(lock).map(|(name, hash)| (name.into(), hash.into())).collect();
    let mut words = Vec::new();
    for (name, hash) in found {
        match locked.remove(name) {
            None => words.push(format!("{name} is not in the lock")),
            Some(wanted) if wanted != *hash => words.push(format!("{name} was changed")),
            Some(_) => {}
        }
    }
    words.extend(locked.into_keys().map(|name| format!("{name} is missing")));
    words
}

fn entries(lock: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = lock.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once("  ").map(|(hash, name)| (name, hash)))
}

fn renewed(lock: &str, found: &Hashes) -> String {
    let mut rest = found.clone();
    let mut text = String::new();
    for line in lock.lines() {
        match line.split_once("  ").filter(|_| !line.starts_with('#')) {
            None => text += &format!("{line}\n"),
            // A file that is gone leaves the lock.
            Some((_, name)) => {
                text += &rest.remove(name).map_or(String::new(), |hash| format!("{hash}  {name}\n"))
            }
        }
    }
    for (name, hash) in rest {
        text += &format!("{hash}  {name}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(pairs: &[(&str, &str)]) -> Hashes {
        pairs.iter().map(|(name, hash)| (name.to_string(), hash.to_string())).collect()
    }

    #[test]
    fn a_changed_a_missing_and_an_unknown_file_are_named() {
        let lock = "# map, BSD-3-Clause\naa  map.js\nbb  old.js\n";
        let found = hashes(&[("map.js", "ab"), ("new.js", "cc")]);
        let words = differences(lock, &found);
        assert_eq!(words, ["map.js was changed", "new.js is not in the lock", "old.js is missing"]);
    }

    #[test]
    fn writing_the_lock_keeps_what_people_wrote_in_it() {
        let lock = "# map, BSD-3-Clause\naa  map.js\nbb  old.js\n";
        let found = hashes(&[("map.js", "ab"), ("new.js", "cc")]);
        assert_eq!(renewed(lock, &found), "# map, BSD-3-Clause\nab  map.js\ncc  new.js\n");
        assert!(differences(&renewed(lock, &found), &found).is_empty());
    }
}
