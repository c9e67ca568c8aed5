//! The rules of the house that no compiler knows, each checked over the files as they are. A rule that
//! stands in the way can be changed here, together with the page that explains it.

mod dependencies; // the rule between the rooms; licences; banned crates
mod pages; // styles and pages: directions, foreign hosts
mod source; // Rust files: length, cities, SQL, hidden directions
mod words; // the two languages say the same things

use std::path::{Path, PathBuf};

use crate::step::root;

/// The files below a folder of the workspace whose names end so, in a stable order.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&root().join(folder), endings, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            if !["node_modules", "target", "vendor"].contains(&name.as_str()) && !name.starts_with('.') {
                collect(&path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A path as people write it, from the root of the workspace.
fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().into_owned()
}

/// Fails with all the places at once, so that one run shows all there is to mend.
fn none(rule: &str, places: Vec<String>) {
    assert!(places.is_empty(), "{rule}\n  {}\n", places.join("\n  "));
}
