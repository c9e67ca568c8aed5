//! Places by name: what people type into the address box.

use language::fold;

use crate::store::Landmark;
use crate::{Atlas, Division, Level, Located, Point};

/// What kind of thing was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundKind {
    Division(Level),
    /// The city pack's own word: `metro_station`.
    Landmark(String),
}

impl FoundKind {
    /// The spelling in addresses, icons and message keys: `neighbourhood`, `metro_station`.
    pub fn code(&self) -> &str {
        match self {
            FoundKind::Division(level) => level.code(),
            FoundKind::Landmark(kind) => kind,
        }
    }

    /// Large things first.
    fn order(&self) -> u8 {
        match self {
            FoundKind::Division(Level::District) => 0,
            FoundKind::Division(Level::Area) => 2,
            FoundKind::Division(Level::Neighbourhood) => 1,
            FoundKind::Landmark(_) => 3,
        }
    }
}

/// A place that was found by its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub name_fa: String,
    pub name_en: String,
    pub kind: FoundKind,
    /// Where it is; none for a division of a city without borders.
    pub point: Option<Point>,
    /// The division itself, or the smallest one that the landmark stands in.
    pub division: Option<i64>,
}

/// All names of a city, folded.
#[derive(Debug, Default)]
pub(crate) struct Index {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    found: Found,
    /// The words of both names.
    words: Vec<String>,
    /// Each name without its spaces: «سعادت‌آباد» and «سعادت آباد» are one.
    joined: [String; 2],
    /// What the city calls such a thing. It may be typed, and alone it finds nothing special.
    kind_words: Vec<String>,
}

impl Index {
    pub fn new(atlas: &Atlas, landmarks: &[Landmark]) -> Index {
        let divisions = Level::ALL.into_iter().flat_map(|level| atlas.divisions(level)).map(|division| {
            let level_names = atlas.jurisdiction.levels.iter().filter(|(level, _)| *level == division.level);
            Entry {
                kind_words: level_names.flat_map(|(_, name)| words_of(&[&name.fa, &name.en])).collect(),
                ..Entry::new(Found::from(division))
            }
        });
        let landmarks = landmarks.iter().map(|landmark| {
            let found = Found {
                name_fa: landmark.name_fa.clone(),
                name_en: landmark.name_en.clone(),
                kind: FoundKind::Landmark(landmark.kind.clone()),
                point: Some(landmark.point),
                division: landmark.neighbourhood.or(landmark.district).or_else(|| {
                    match atlas.locate(landmark.point) {
                        Located::Inside(place) => place.smallest(),
                        _ => None,
                    }
                }),
            };
            Entry { kind_words: words_of(&[&landmark.kind.replace('_', " ")]), ..Entry::new(found) }
        });
        let mut entries: Vec<Entry> = divisions.chain(landmarks).collect();
        // Equal matches come out in this order.
        entries.sort_by(|a, b| (a.found.kind.order(), &a.joined).cmp(&(b.found.kind.order(), &b.joined)));
        Index { entries }
    }

    pub fn find(&self, typed: &str, limit: usize) -> Vec<Found> {
        let (query, joined) = (fold::query(typed), fold::key(typed));
        if query.terms.is_empty() || joined.is_empty() {
            return Vec::new();
        }
        let mut matches: Vec<(Rank, &Entry)> =
            self.entries.iter().filter_map(|entry| Some((entry.rank(&query, &joined)?, entry))).collect();
        // The sort is stable, so equal ranks keep the order of the index.
        matches.sort_by_key(|(rank, _)| *rank);
        let fewest_missing = matches.first().map(|(rank, _)| rank.missing);
        matches.retain(|(rank, _)| Some(rank.missing) == fewest_missing);
        matches.into_iter().take(limit).map(|(_, entry)| entry.found.clone()).collect()
    }
}

/// How well a name answers; the smallest is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// Words that were typed and are not in the name.
    missing: usize,
    /// 0: the whole name; 1: the beginning of the name; 2: words of the name.
    manner: u8,
}

impl Entry {
    fn new(found: Found) -> Entry {
        let words = words_of(&[&found.name_fa, &found.name_en]);
        let joined = [fold::key(&found.name_fa), fold::key(&found.name_en)];
        Entry { found, words, joined, kind_words: Vec::new() }
    }

    fn rank(&self, query: &fold::Query, joined: &str) -> Option<Rank> {
        if self.joined.iter().any(|name| name == joined) {
            return Some(Rank { missing: 0, manner: 0 });
        }
        if self.joined.iter().any(|name| name.starts_with(joined)) {
            return Some(Rank { missing: 0, manner: 1 });
        }
        let typed = &query.terms;
        let last = typed.len().saturating_sub(1);
        let (mut named, mut missing) = (0, 0);
        for (n, word) in typed.iter().enumerate() {
            let is_unfinished = n == last && query.last_is_prefix && word.chars().count() > 1;
            let fits = |own: &String| own == word || (is_unfinished && own.starts_with(word.as_str()));
            if self.words.iter().any(fits) {
                named += 1;
            } else if !self.kind_words.contains(word) {
                missing += 1;
            }
        }
        let whole = missing == 0 && (named > 0 || typed.iter().all(|word| self.kind_words.contains(word)));
        // Of an address only a word of some length says something: not «از» or a house number.
        let tells = || typed.iter().any(|word| word.chars().count() > 2 && self.words.contains(word));
        (whole || tells()).then_some(Rank { missing, manner: 2 })
    }
}

impl From<&Division> for Found {
    fn from(division: &Division) -> Found {
        Found {
            name_fa: division.name_fa.clone(),
            name_en: division.name_en.clone(),
            kind: FoundKind::Division(division.level),
            point: division.label,
            division: Some(division.id),
        }
    }
}

fn words_of(names: &[&str]) -> Vec<String> {
    names.iter().flat_map(|name| fold::tokens(name)).collect()
}
