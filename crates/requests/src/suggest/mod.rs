//! Which service somebody's words may mean.
//!
//! A suggestion helps a person choose and never chooses: whoever shows one shows why, by the words that spoke for it.

use storage::{Result, Tx};

use crate::catalogue::catalogue;

/// A service that the words may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    pub service: i64,
    /// How sure, from 0 to 1, judged by what the city's earlier requests with such words were; 0 when the service was
    /// only found by its name.
    pub share: f64,
    /// The words that spoke for it, as they were typed, the strongest first; three at most.
    pub because: Vec<String>,
}

/// Services that are offered now and that the words may mean, the likeliest first. Without words, nothing.
pub fn suggest(tx: &mut Tx<'_>, jurisdiction: i64, words: &str, most: usize) -> Result<Vec<Suggestion>> {
    let catalogue = catalogue(tx, jurisdiction)?;
    if crate::search::is_empty(words) {
        return Ok(Vec::new());
    }
    let found = catalogue.search(words, most);
    Ok(found.into_iter().map(|s| Suggestion { service: s.id, share: 0.0, because: Vec::new() }).collect())
}
