//! The catalogue of messages: `locales/fa/*.ftl` and `locales/en/*.ftl` become checked Rust functions.
//!
//! A build script calls [`generate`]. It reads both languages with the Fluent parser, refuses to build when a message
//! or a variable is missing in either, and writes one method for each message. A message without arguments is then a
//! `&'static str` and costs nothing when the program runs; a message with arguments is plain `push_str` code.
//! `read` collects and checks, `write` turns the checked messages into Rust.

mod read;
mod write;

use std::fmt;
use std::path::{Path, PathBuf};

/// Everything that is wrong with the catalogue, one line for each finding, in the words of the person who has to
/// mend it.
#[derive(Debug)]
pub struct CatalogueError {
    pub findings: Vec<String>,
}

impl fmt::Display for CatalogueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the message catalogue is not complete:")?;
        for finding in &self.findings {
            write!(f, "\n  - {finding}")?;
        }
        Ok(())
    }
}

impl std::error::Error for CatalogueError {}

impl From<String> for CatalogueError {
    fn from(finding: String) -> Self {
        CatalogueError { findings: vec![finding] }
    }
}

/// Reads `<locales>/fa/*.ftl` and `<locales>/en/*.ftl`, checks that they say the same things, and writes Rust with
/// `pub struct Words(pub Lang)` to `out_file`.
///
/// Returns the folders and files that were read, for `cargo::rerun-if-changed`.
pub fn generate(locales: &Path, out_file: &Path) -> Result<Vec<PathBuf>, CatalogueError> {
    let mut read_paths = vec![locales.to_path_buf()];
    let persian = read::files(&locales.join("fa"), &mut read_paths)?;
    let english = read::files(&locales.join("en"), &mut read_paths)?;
    let rust = rust_of(&persian, &english)?;
    std::fs::write(out_file, rust)
        .map_err(|error| format!("cannot write {}: {error}", out_file.display()))?;
    Ok(read_paths)
}

/// The Rust text for the given files of each language, each a (name, Fluent text) pair. The part of [`generate`] that
/// touches no disk.
pub fn rust_of(persian: &[(String, String)], english: &[(String, String)]) -> Result<String, CatalogueError> {
    let messages = read::check(persian, english)?;
    Ok(write::rust(&messages))
}

/// Appends a text argument; what generated code calls.
///
/// The isolates U+2068 and U+2069 keep a Latin name from turning the Persian words around it, and the reverse.
pub fn push_text(out: &mut String, text: &str, isolate: bool) {
    if isolate {
        out.push('\u{2068}');
        out.push_str(text);
        out.push('\u{2069}');
    } else {
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests;
