//! What is alike: shown to somebody before they send, as a kind offer to co-sign instead.
//!
//! Half of likeness is words, folded so that every spelling meets; place and topic make up the rest. Two ideas without
//! places are compared by words and topic alone.

use std::collections::HashSet;

use language::fold;
use storage::{Result, Tx, params, sql};
use territory::{Bounds, Point, cell};

use super::{Idea, from_row, idea_columns};
use crate::rounds::RoundId;

/// As far as one park or one crossing reaches.
pub const METRES: f64 = 500.0;
const LEAST_LIKENESS: f64 = 0.4;
const MOST_READ: u32 = 300;

/// An open idea that may want the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    pub idea: Idea,
    pub metres: Option<f64>,
    /// From 0 to 1.
    pub likeness: f64,
}

/// Open ideas of a round like these words at this place, the likest first.
pub fn similar(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    round: RoundId,
    topic: &str,
    point: Option<Point>,
    words: &str,
    most: usize,
) -> Result<Vec<Alike>> {
    let mine: HashSet<String> = fold::query(words).terms.into_iter().collect();
    if mine.is_empty() {
        return Ok(Vec::new());
    }
    let mut seen: Vec<Idea> = Vec::new();
    if let Some(point) = point {
        for range in cell::ranges(around(point), 4) {
            seen.extend(tx.query(
                sql!(concat!(
                    "SELECT ",
                    idea_columns!(),
                    " FROM ideas WHERE jurisdiction_id = $1 AND round_id = $2 AND cell >= $3 AND cell <= $4 AND state = 'open'
                      ORDER BY cell, id LIMIT $5"
                )),
                &params![jurisdiction, round.0, *range.start(), *range.end(), MOST_READ],
                from_row,
            )?);
        }
    } else {
        // Without a place the newest of the topic are looked at.
        seen = tx.query(
            sql!(concat!(
                "SELECT ",
                idea_columns!(),
                " FROM ideas WHERE jurisdiction_id = $1 AND round_id = $2 AND state = 'open' AND topic = $3
                  ORDER BY id DESC LIMIT $4"
            )),
            &params![jurisdiction, round.0, topic, MOST_READ],
            from_row,
        )?;
    }
    let mut found: Vec<Alike> = seen
        .into_iter()
        .filter_map(|idea| {
            let metres = match (idea.point, point) {
                (Some(theirs), Some(mine)) => Some(theirs.metres_to(mine)),
                _ => None,
            };
            weigh(idea, metres, topic, &mine)
        })
        .collect();
    found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then(a.idea.id.cmp(&b.idea.id)));
    found.truncate(most);
    Ok(found)
}

fn weigh(idea: Idea, metres: Option<f64>, topic: &str, mine: &HashSet<String>) -> Option<Alike> {
    let theirs: HashSet<String> =
        fold::query(&format!("{} {}", idea.title, idea.words)).terms.into_iter().collect();
    let likeness = likeness(metres, mine, &theirs, idea.topic == topic);
    (likeness >= LEAST_LIKENESS).then_some(Alike { idea, metres, likeness })
}

fn likeness(metres: Option<f64>, mine: &HashSet<String>, theirs: &HashSet<String>, same_topic: bool) -> f64 {
    let least = mine.len().min(theirs.len()).max(1);
    let by_words = mine.intersection(theirs).count() as f64 / least as f64;
    let by_topic = if same_topic { 1.0 } else { 0.0 };
    match metres {
        Some(metres) => {
            let by_place = (1.0 - metres / METRES).clamp(0.0, 1.0);
            0.5 * by_words + 0.3 * by_place + 0.2 * by_topic
        }
        None => 0.8 * by_words + 0.2 * by_topic,
    }
}

fn around(point: Point) -> Bounds {
    let lat = METRES / 111_320.0;
    let long = lat / point.lat.to_radians().cos().max(0.01);
    Bounds::of(
        Point { lat: (point.lat - lat).max(-90.0), long: (point.long - long).max(-180.0) },
        Point { lat: (point.lat + lat).min(90.0), long: (point.long + long).min(180.0) },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> HashSet<String> {
        fold::query(text).terms.into_iter().collect()
    }

    #[test]
    fn the_same_wish_in_another_spelling_is_alike_and_another_wish_is_not() {
        let mine = words("نیمکت و روشنایی برای پارک محله");
        let same = likeness(Some(40.0), &mine, &words("روشنايي و نيمكت براي پارك"), true);
        let far = likeness(Some(490.0), &mine, &words("روشنايي و نيمكت براي پارك"), true);
        let other = likeness(Some(40.0), &mine, &words("آسفالت کوچهٔ یاس خراب است"), false);
        assert!(same > 0.8 && same > far && far > other, "{same} {far} {other}");
        assert!(other < LEAST_LIKENESS, "{other}");
        assert!(likeness(None, &mine, &mine, true) > 0.99);
    }
}
