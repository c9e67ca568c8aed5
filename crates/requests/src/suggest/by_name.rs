//! Services by their names and keywords, for words that no earlier request had.
//!
//! Unlike the search that people type into, not every word must be met: somebody tells a story, and one word of it may
//! be the name of what they need. A word that few services have counts more.

use std::collections::HashMap;

use super::words::words;
use crate::catalogue::Catalogue;

/// Open services that some word names, the best first, with the folded words that did.
pub fn by_name(catalogue: &Catalogue, text: &str, most: usize) -> Vec<(i64, Vec<(String, f32)>)> {
    let mut said = words(text);
    said.sort_unstable();
    said.dedup();
    let mut met: Vec<(i64, Vec<usize>)> = Vec::new();
    let mut common: HashMap<usize, usize> = HashMap::new();
    for service in catalogue.services.iter().filter(|s| s.is_open) {
        let names: Vec<&str> = catalogue.all_words(service.id).split(' ').collect();
        let here: Vec<usize> =
            said.iter().enumerate().filter(|(_, w)| names.contains(&w.as_str())).map(|(n, _)| n).collect();
        for n in &here {
            *common.entry(*n).or_default() += 1;
        }
        if !here.is_empty() {
            met.push((service.id, here));
        }
    }
    let worth = |n: &usize| 1.0 / common.get(n).copied().unwrap_or(1) as f32;
    let mut found: Vec<(f32, i64, Vec<usize>)> =
        met.into_iter().map(|(id, here)| (here.iter().map(worth).sum(), id, here)).collect();
    // In the order of the catalogue where two are worth the same.
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(most);
    found
        .into_iter()
        .map(|(_, id, here)| {
            let spoke = here.iter().filter_map(|n| Some((said.get(*n)?.clone(), worth(n)))).collect();
            (id, spoke)
        })
        .collect()
}
