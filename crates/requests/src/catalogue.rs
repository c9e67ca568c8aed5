//! What the city offers and who does it where, in memory.
//!
//! Read once per edition (see `storage::Tx::memo`) and asked by every verb. The most specific rule wins:
//! this service here, this service anywhere, its group here, its group anywhere, everything here, everything.

use std::collections::HashMap;
use std::sync::Arc;

use language::{Lang, fold};
use people::units::{self, Unit};
use storage::{Error, Result, Tx, params, sql};
use territory::{Atlas, Level};

use crate::service::{Both, Definition, Group, Service};

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    service: Option<i64>,
    group: Option<i64>,
    district: Option<i64>,
    unit: i64,
}

pub struct Catalogue {
    pub jurisdiction: i64,
    pub groups: Vec<Group>,
    /// In the order of the city pack.
    pub services: Vec<Service>,
    by_id: HashMap<i64, usize>,
    by_code: HashMap<String, usize>,
    rules: Vec<Rule>,
    units: HashMap<i64, Unit>,
    /// The folded words by which a service is found.
    service_words: HashMap<i64, String>,
    /// The folded words that a service or a place adds to the search text of its requests.
    name_words: HashMap<i64, String>,
    place_words: HashMap<i64, String>,
}

/// The catalogue of a jurisdiction as this transaction sees it.
pub fn catalogue(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Arc<Catalogue>> {
    tx.memo(jurisdiction, Catalogue::load)
}

impl Catalogue {
    /// A catalogue of nothing, for rules that are tested without a city.
    #[cfg(test)]
    pub(crate) fn empty() -> Self {
        Catalogue {
            jurisdiction: 1,
            groups: Vec::new(),
            services: Vec::new(),
            by_id: HashMap::new(),
            by_code: HashMap::new(),
            rules: Vec::new(),
            units: HashMap::new(),
            service_words: HashMap::new(),
            name_words: HashMap::new(),
            place_words: HashMap::new(),
        }
    }

    fn load(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Self> {
        let groups = tx.query(
            sql!("SELECT id, code, name_fa, name_en, icon FROM service_groups WHERE jurisdiction_id = $1 ORDER BY position, id LIMIT 1000"),
            &params![jurisdiction],
            |row| {
                Ok(Group { id: row.get(0)?, code: row.get(1)?, name: Both::new(row.get::<String>(2)?, row.get::<String>(3)?), icon: row.get(4)? })
            },
        )?;
        let services: Vec<Service> = tx.query(
            sql!("SELECT id, code, group_id, is_open, definition FROM services WHERE jurisdiction_id = $1 ORDER BY position, id LIMIT 20000"),
            &params![jurisdiction],
            |row| {
                let about: Definition = serde_json::from_str(&row.get::<String>(4)?).map_err(Error::corrupt)?;
                Ok(Service { id: row.get(0)?, code: row.get(1)?, group: row.get(2)?, is_open: row.get(3)?, about })
            },
        )?;
        let rules = tx.query(
            sql!("SELECT service_id, group_id, district_id, unit_id FROM routing_rules WHERE jurisdiction_id = $1 ORDER BY id LIMIT 100000"),
            &params![jurisdiction],
            |row| Ok(Rule { service: row.get(0)?, group: row.get(1)?, district: row.get(2)?, unit: row.get(3)? }),
        )?;
        let units = units::all(tx, jurisdiction)?.into_iter().map(|unit| (unit.id, unit)).collect();
        let atlas = territory::atlas(tx, jurisdiction)?;
        Ok(Catalogue {
            jurisdiction,
            by_id: services.iter().enumerate().map(|(n, s)| (s.id, n)).collect(),
            by_code: services.iter().enumerate().map(|(n, s)| (s.code.clone(), n)).collect(),
            service_words: services.iter().map(|s| (s.id, words_of_service(s, &groups))).collect(),
            name_words: services
                .iter()
                .map(|s| (s.id, fold::search_text(&format!("{} {}", s.about.name.fa, s.about.name.en))))
                .collect(),
            place_words: words_of_places(&atlas),
            groups,
            services,
            rules,
            units,
        })
    }

    pub fn service(&self, id: i64) -> Option<&Service> {
        self.services.get(*self.by_id.get(&id)?)
    }

    pub fn by_code(&self, code: &str) -> Option<&Service> {
        self.services.get(*self.by_code.get(code)?)
    }

    pub fn group(&self, id: i64) -> Option<&Group> {
        self.groups.iter().find(|g| g.id == id)
    }

    /// The services of a group that may be asked for now.
    pub fn offered_in(&self, group: i64) -> impl Iterator<Item = &Service> {
        self.services.iter().filter(move |s| s.group == group && s.is_open)
    }

    pub fn unit(&self, id: i64) -> Option<&Unit> {
        self.units.get(&id)
    }

    pub fn unit_by_code(&self, code: &str) -> Option<&Unit> {
        self.units.values().find(|unit| unit.code == code)
    }

    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    pub fn unit_name(&self, id: Option<i64>, lang: Lang) -> &str {
        match id.and_then(|id| self.units.get(&id)) {
            Some(unit) if lang == Lang::En && !unit.name_en.is_empty() => &unit.name_en,
            Some(unit) => &unit.name_fa,
            None => "",
        }
    }

    /// The unit that owns a service at a place; `None` when no rule says so.
    pub fn responsible(&self, service: &Service, district: Option<i64>) -> Option<i64> {
        let specific = |rule: &&Rule| {
            let what = match (rule.service, rule.group) {
                (Some(_), _) => 0,
                (None, Some(_)) => 2,
                (None, None) => 4,
            };
            what + i32::from(rule.district.is_none())
        };
        self.rules
            .iter()
            .filter(|rule| {
                rule.service.is_none_or(|s| s == service.id)
                    && rule.group.is_none_or(|g| g == service.group)
                    && (rule.district.is_none() || rule.district == district)
            })
            .min_by_key(specific)
            .map(|rule| rule.unit)
    }

    /// Services for words that somebody typed: every word must be met, the name counts more than keywords.
    /// Without words, all that are offered.
    pub fn search(&self, words: &str, most: usize) -> Vec<&Service> {
        let query = fold::query(words);
        let mut found: Vec<(usize, usize, &Service)> = self
            .services
            .iter()
            .enumerate()
            .filter(|(_, s)| s.is_open)
            .filter_map(|(n, s)| {
                let words = self.service_words.get(&s.id)?;
                let meets = |term: &String, prefix: bool| {
                    words
                        .split(' ')
                        .position(|w| if prefix { w.starts_with(term.as_str()) } else { w == term })
                };
                let last = query.terms.len().saturating_sub(1);
                let mut worst = 0;
                for (i, term) in query.terms.iter().enumerate() {
                    // What is being typed is often half a word, so any word may be a beginning of three letters.
                    let half = (i == last && query.last_is_prefix) || term.chars().count() >= 3;
                    worst = worst.max(meets(term, half)?);
                }
                Some((worst, n, s))
            })
            .collect();
        found.sort_by_key(|(worst, n, _)| (*worst, *n));
        found.into_iter().take(most).map(|(_, _, s)| s).collect()
    }

    /// What a service adds to the search text of its requests.
    pub(crate) fn service_words(&self, service: i64) -> &str {
        self.name_words.get(&service).map_or("", String::as_str)
    }

    /// Every folded word by which a service is found: its names, keywords and group.
    pub(crate) fn all_words(&self, service: i64) -> &str {
        self.service_words.get(&service).map_or("", String::as_str)
    }

    /// What a division adds to the search text of its requests.
    pub(crate) fn place_words(&self, division: Option<i64>) -> &str {
        division.and_then(|id| self.place_words.get(&id)).map_or("", String::as_str)
    }
}

fn words_of_service(service: &Service, groups: &[Group]) -> String {
    let about = &service.about;
    let mut text = format!("{} {}", about.name.fa, about.name.en);
    for word in about.keywords.fa.iter().chain(&about.keywords.en) {
        text.push(' ');
        text.push_str(word);
    }
    if let Some(group) = groups.iter().find(|g| g.id == service.group) {
        text.push_str(&format!(" {} {}", group.name.fa, group.name.en));
    }
    fold::search_text(&text)
}

fn words_of_places(atlas: &Atlas) -> HashMap<i64, String> {
    Level::ALL
        .into_iter()
        .flat_map(|level| atlas.divisions(level))
        .map(|d| (d.id, fold::search_text(&format!("{} {}", d.name_fa, d.name_en))))
        .collect()
}
