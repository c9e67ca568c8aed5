//! Which file, where in it, and what is wrong: for the person who keeps the city's files.

use std::fmt;

/// A city pack that cannot be loaded as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{spot}: {problem}")]
pub struct PackError {
    /// The name of the file within the pack.
    pub file: String,
    pub spot: Spot,
    pub problem: String,
}

impl PackError {
    pub(crate) fn new(file: impl Into<String>, spot: Spot, problem: impl fmt::Display) -> PackError {
        PackError { file: file.into(), spot, problem: problem.to_string() }
    }
}

/// Where in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    File,
    /// From 1.
    Line(usize),
    /// A feature of a GeoJSON file, from 1, and its code when it has one that can be read.
    Feature {
        number: usize,
        code: Option<String>,
    },
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Spot::File => Ok(()),
            Spot::Line(line) => write!(f, ", line {line}"),
            Spot::Feature { number, code: None } => write!(f, ", feature {number}"),
            Spot::Feature { number, code: Some(code) } => write!(f, ", feature {number} (code {code})"),
        }
    }
}
