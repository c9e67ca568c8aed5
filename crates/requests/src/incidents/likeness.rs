//! Is this report about that incident? The rule, without a database.
//!
//! Services of one family, near in place, near in time, and the words decide where place and time leave a doubt. Words
//! that name a street or a square count double, words that everybody uses for this service hardly at all.

use std::collections::{BTreeMap, HashSet};

use language::fold;
use serde::{Deserialize, Serialize};
use territory::Point;

use crate::storm::rules::Family;

/// From here on a report belongs to an incident.
pub const JOINS: f64 = 0.35;
/// From here on two reports in no incident may be about one thing.
pub const PAIRS: f64 = 0.40;
/// From here on two incidents are one.
const SAME_WORDS: f64 = 0.35;
/// Words of an incident that are remembered: the most frequent.
const MOST_WORDS: usize = 48;
/// Words of one report that are compared.
const MOST_OF_REPORT: usize = 40;

/// How wide an incident may grow, in reaches of its family: a flooded street is longer than one report.
const WIDEST: f64 = 1.6;
/// Spreads (root mean square distances from the middle) within which nearly all reports lie.
const SPREADS: f64 = 2.3;

/// After these a name follows. Folded spellings. Alleys are left out: people on one street each name their own.
const BEFORE_NAMES: &[&str] = &[
    "خیابان",
    "خیابون",
    "بلوار",
    "میدان",
    "بزرگراه",
    "اتوبان",
    "چهارراه",
    "پل",
    "بازار",
    "شهرک",
    "پارک",
    "زیرگذر",
    "street",
    "avenue",
    "square",
    "road",
    "boulevard",
];
/// In a name, but no name.
const TITLES: &[&str] = &["شهید", "آیت", "الله", "دکتر", "امام"];

/// What the rule looks at in one report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    #[serde(rename = "f")]
    pub family: String,
    #[serde(rename = "s")]
    pub service: i64,
    #[serde(rename = "p")]
    pub point: Point,
    #[serde(rename = "t")]
    pub at: i64,
    #[serde(rename = "d")]
    pub danger: i64,
    #[serde(rename = "w")]
    pub words: Vec<String>,
    #[serde(rename = "i")]
    pub district: Option<i64>,
    #[serde(rename = "n")]
    pub neighbourhood: Option<i64>,
    #[serde(rename = "u")]
    pub unit: Option<i64>,
}

/// What the members of an incident have in common.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    pub count: i64,
    /// Sums of degrees from the first report, and of squares of metres.
    lat: f64,
    long: f64,
    squares: f64,
    origin: Option<Point>,
    /// How many reports had any words.
    worded: i64,
    /// How many named a street.
    placed: i64,
    words: BTreeMap<String, i64>,
    pub services: BTreeMap<i64, i64>,
    pub first_at: i64,
    pub last_at: i64,
}

/// The words of a report that are compared: each once, names of places marked with `@`.
pub fn words(text: &str, address: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut known = HashSet::new();
    for text in [text, address] {
        let mut is_name = 0;
        for token in fold::tokens(text) {
            if BEFORE_NAMES.contains(&token.as_str()) {
                is_name = 2;
                continue;
            }
            if TITLES.contains(&token.as_str()) {
                continue;
            }
            let word = if is_name > 0 { format!("@{token}") } else { token };
            is_name -= i32::from(is_name > 0);
            if word.chars().count() > 1 && found.len() < MOST_OF_REPORT && known.insert(word.clone()) {
                found.push(word);
            }
        }
    }
    found
}

/// How much a word weighs: names of places count, what everybody says of this service hardly.
fn weight(word: &str, usual: &HashSet<String>) -> f64 {
    match word {
        word if word.starts_with('@') => 2.0,
        word if usual.contains(word) => 0.15,
        _ => 0.6,
    }
}

impl Learned {
    pub fn of(report: &Seen) -> Learned {
        let mut learned = Learned::default();
        learned.take(report);
        learned
    }

    /// Learns one more report.
    pub fn take(&mut self, report: &Seen) {
        let origin = *self.origin.get_or_insert(report.point);
        if self.count == 0 {
            (self.first_at, self.last_at) = (report.at, report.at);
        }
        self.count += 1;
        self.lat += report.point.lat - origin.lat;
        self.long += report.point.long - origin.long;
        self.squares += origin.metres_to(report.point).powi(2);
        self.first_at = self.first_at.min(report.at);
        self.last_at = self.last_at.max(report.at);
        *self.services.entry(report.service).or_default() += 1;
        self.worded += i64::from(!report.words.is_empty());
        self.placed += i64::from(report.words.iter().any(|w| w.starts_with('@')));
        for word in &report.words {
            *self.words.entry(word.clone()).or_default() += 1;
        }
        self.forget_rare();
    }

    /// Unlearns a report that was taken out. Its words stay known: they are only a hint.
    pub fn release(&mut self, point: Point, service: i64) {
        let Some(origin) = self.origin.filter(|_| self.count > 1) else { return };
        self.count -= 1;
        self.lat -= point.lat - origin.lat;
        self.long -= point.long - origin.long;
        self.squares = (self.squares - origin.metres_to(point).powi(2)).max(0.0);
        if let Some(count) = self.services.get_mut(&service) {
            *count -= 1;
        }
        self.services.retain(|_, count| *count > 0);
    }

    /// Takes over everything of another incident.
    pub fn absorb(&mut self, other: &Learned) {
        let (Some(mine), Some(theirs)) = (self.origin, other.origin) else {
            if self.origin.is_none() {
                *self = other.clone();
            }
            return;
        };
        let n = other.count as f64;
        // Squares about another origin: the parallel axis theorem, both ways through the middle of the other.
        let middle = other.middle().unwrap_or(theirs);
        let about_middle = (other.squares - n * theirs.metres_to(middle).powi(2)).max(0.0);
        self.squares += about_middle + n * mine.metres_to(middle).powi(2);
        self.lat += other.lat + n * (theirs.lat - mine.lat);
        self.long += other.long + n * (theirs.long - mine.long);
        self.count += other.count;
        self.worded += other.worded;
        self.placed += other.placed;
        self.first_at = self.first_at.min(other.first_at);
        self.last_at = self.last_at.max(other.last_at);
        for (service, count) in &other.services {
            *self.services.entry(*service).or_default() += count;
        }
        for (word, count) in &other.words {
            *self.words.entry(word.clone()).or_default() += count;
        }
        self.forget_rare();
    }

    fn forget_rare(&mut self) {
        // With room to spare, so that words which come late can still become frequent.
        if self.words.len() <= 3 * MOST_WORDS {
            return;
        }
        let mut counts: Vec<(i64, bool)> =
            self.words.iter().map(|(w, count)| (*count, w.starts_with('@'))).collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let least = counts.get(MOST_WORDS).map_or(0, |(count, _)| *count);
        self.words.retain(|_, count| *count > least);
    }

    /// The middle of all reports.
    pub fn middle(&self) -> Option<Point> {
        let (origin, n) = (self.origin?, self.count.max(1) as f64);
        Point::new(origin.lat + self.lat / n, origin.long + self.long / n)
    }

    /// Root mean square distance from the middle, in metres.
    pub fn spread(&self) -> f64 {
        let (Some(origin), Some(middle)) = (self.origin, self.middle()) else { return 0.0 };
        let n = self.count.max(1) as f64;
        (self.squares / n - origin.metres_to(middle).powi(2)).max(0.0).sqrt()
    }

    /// Metres from the middle within which a report may belong to it.
    pub fn reach(&self, family: &Family) -> f64 {
        (SPREADS * self.spread()).clamp(family.reach, WIDEST * family.reach)
    }

    /// The service that most reports name.
    pub fn service(&self) -> Option<i64> {
        self.services.iter().max_by_key(|(service, count)| (**count, -**service)).map(|(service, _)| *service)
    }

    /// Share of a report's weighed words that the incident knows, each as far as its members use it.
    fn knows(&self, words: &[String], usual: &HashSet<String>) -> Option<f64> {
        if words.is_empty() || self.worded == 0 {
            return None;
        }
        let (mut known, mut all) = (0.0, 0.0);
        for word in words {
            let weight = weight(word, usual);
            let times = self.words.get(word).copied().unwrap_or(0) as f64;
            // One in five members saying a word makes it a word of the incident.
            known += weight * (5.0 * times / self.worded as f64).min(1.0);
            all += weight;
        }
        (all > 0.0).then_some(known / all)
    }

    /// Whether most members name streets and this report names only others.
    fn is_elsewhere(&self, words: &[String]) -> bool {
        let mut names = words.iter().filter(|w| w.starts_with('@')).peekable();
        self.placed >= 4
            && self.placed * 2 >= self.count
            && names.peek().is_some()
            && names.all(|name| self.words.get(name).copied().unwrap_or(0) * 20 < self.placed)
    }

    /// How alike a report and the incident are, from 0 to 1; 0 when it lies out of reach of place or time.
    pub fn likeness(&self, report: &Seen, family: &Family, usual: &HashSet<String>) -> f64 {
        let Some(middle) = self.middle() else { return 0.0 };
        let by_place = 1.0 - (middle.metres_to(report.point) / self.reach(family)).powi(2);
        let gap = (report.at - self.last_at).max(self.first_at - report.at).max(0);
        let by_time = 1.0 - gap as f64 / (family.hours.max(1) * 3_600_000) as f64;
        if by_place <= 0.0 || by_time <= 0.0 {
            return 0.0;
        }
        let alike = match self.knows(&report.words, usual) {
            None => 0.75 * by_place + 0.25 * by_time,
            Some(by_words) => 0.55 * by_place + 0.2 * by_time + 0.25 * by_words,
        };
        if self.is_elsewhere(&report.words) { alike - 0.1 } else { alike }
    }

    /// Whether two incidents of one family are one: their middles are close, and neither says otherwise.
    pub fn is_same(&self, other: &Learned, family: &Family, usual: &HashSet<String>) -> bool {
        let (Some(mine), Some(theirs)) = (self.middle(), other.middle()) else { return false };
        let gap = (other.first_at - self.last_at).max(self.first_at - other.last_at).max(0);
        if gap > family.hours * 3_600_000 || mine.metres_to(theirs) > 0.6 * family.reach {
            return false;
        }
        let (few, many) = if self.count < other.count { (self, other) } else { (other, self) };
        let mut words: Vec<(&i64, &String)> = few.words.iter().map(|(word, count)| (count, word)).collect();
        words.sort_unstable_by(|a, b| b.cmp(a));
        let words: Vec<String> = words.into_iter().take(12).map(|(_, word)| word.clone()).collect();
        many.knows(&words, usual).is_none_or(|known| known >= SAME_WORDS) && !many.is_elsewhere(&words)
    }
}
