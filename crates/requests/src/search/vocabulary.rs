//! The words that requests are made of.
//!
//! Somebody who types «درخ» means «درخت». An index over beginnings would double the cost of every write, and merging
//! all words with a common beginning takes long in a city of a million requests. So a follower counts words, and a
//! beginning is asked as its most common words.

use std::collections::HashMap;

use storage::{Filter, Result, Tx, followers::Follower, journal::Entry, params, sql};

use crate::SUBJECT;
use crate::catalogue::catalogue;

/// A beginning stands for at most this many words, the most common first.
const MOST_WORDS: u32 = 48;
/// Longer ones are numbers, addresses of pages, or noise.
const LONGEST: usize = 24;

/// The follower; the worker runs it.
pub const FOLLOWER: Follower = Follower { name: "request-words", at_once: 1000, follow };

fn follow(tx: &mut Tx<'_>, jurisdiction: i64, entries: &[Entry]) -> Result<()> {
    let ids: Vec<i64> = entries
        .iter()
        .filter(|e| e.subject_kind == SUBJECT && (e.fact == "submitted" || e.fact == "imported"))
        .map(|e| e.subject)
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    let mut filter = Filter::new();
    filter.and("jurisdiction_id = {} AND is_public = 1", [jurisdiction]).within("id", ids);
    let (sql, conditions) =
        filter.finish("SELECT words, address, service_id FROM service_requests WHERE", "ORDER BY id");
    let mut counts: HashMap<String, i64> = HashMap::new();
    let catalogue = catalogue(tx, jurisdiction)?;
    tx.for_each(&sql, &conditions, |row| {
        let text = format!("{}\n{}", row.get::<String>(0)?, row.get::<String>(1)?);
        let folded = language::fold::search_text(&text);
        let service = catalogue.service_words(row.get(2)?);
        for word in folded.split(' ').chain(service.split(' ')).filter(|w| is_word(w)) {
            match counts.get_mut(word) {
                Some(count) => *count += 1,
                None => {
                    counts.insert(word.to_owned(), 1);
                }
            }
        }
        Ok(())
    })?;
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_unstable();
    let values: Vec<_> =
        counts.iter().flat_map(|(word, count)| params![jurisdiction, word, *count]).collect();
    tx.insert_many(
        "INSERT INTO request_words (jurisdiction_id, word, count) VALUES",
        3,
        &values,
        "ON CONFLICT (jurisdiction_id, word) DO UPDATE SET count = request_words.count + excluded.count",
    )?;
    Ok(())
}

/// Numbers are found whole; only words have beginnings.
fn is_word(word: &str) -> bool {
    let letters = word.chars().count();
    (2..=LONGEST).contains(&letters) && word.chars().any(char::is_alphabetic)
}

/// The most common words with this beginning.
pub(super) fn beginning_with(tx: &mut Tx<'_>, jurisdiction: i64, beginning: &str) -> Result<Vec<String>> {
    let end = format!("{beginning}\u{10ffff}");
    tx.query(
        sql!(
            "SELECT word FROM request_words WHERE jurisdiction_id = $1 AND word > $2 AND word < $3
             ORDER BY count DESC, word LIMIT $4"
        ),
        &params![jurisdiction, beginning, &end, MOST_WORDS],
        |row| row.get(0),
    )
}
