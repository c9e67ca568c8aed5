//! What the divisions of a pack must agree on.

use std::collections::{HashMap, HashSet};

use geo::Intersects;

use super::PackDivision;
use crate::Level;

/// The divisions of one level so far, and the larger ones that they may belong to.
pub struct Seen<'p> {
    larger: HashMap<(Level, &'p str), &'p PackDivision>,
    level: Level,
    codes: HashSet<String>,
    was: HashSet<String>,
}

impl<'p> Seen<'p> {
    pub fn new(level: Level, larger: &'p [PackDivision]) -> Seen<'p> {
        let larger = larger.iter().map(|d| ((d.level, d.code.as_str()), d)).collect();
        Seen { larger, level, codes: HashSet::new(), was: HashSet::new() }
    }

    /// Takes in one more, or says what is wrong with it.
    pub fn add(&mut self, division: &PackDivision) -> Result<(), String> {
        let PackDivision { code, .. } = division;
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        if code.is_empty() || code.len() > 64 || !code.bytes().all(fits) {
            return Err(format!(
                "code {code:?} stands in addresses: use 1 to 64 of the signs a-z A-Z 0-9 . - _"
            ));
        }
        if division.name_fa.trim().is_empty() || division.name_en.trim().is_empty() {
            return Err("a division has a name in both languages".into());
        }
        if division.population.is_some_and(|people| people < 0) {
            return Err("population is below zero".into());
        }
        if !self.codes.insert(code.clone()) {
            return Err(format!("code {code} stands twice in this file"));
        }
        if self.was.contains(code) {
            return Err(format!("code {code} is in use and cannot also be the old code of another"));
        }
        for old in &division.was {
            if self.codes.contains(old) {
                return Err(format!("was: code {old} is in use and cannot also be the old code of {code}"));
            }
            if !self.was.insert(old.clone()) {
                return Err(format!("was: only one {} can carry on what {old} was", self.level.code()));
            }
        }
        if let (Some(border), Some(label)) = (&division.border, division.label)
            && !border.intersects(&label.coord())
        {
            return Err("the label lies outside the border".into());
        }
        self.nests(division)
    }

    fn nests(&self, division: &PackDivision) -> Result<(), String> {
        let Some((level, code)) = &division.parent else {
            // Where there are districts, everything smaller lies in one.
            return match self.level != Level::District && !self.larger.is_empty() {
                true => Err(format!("district is missing: each {} names its own", self.level.code())),
                false => Ok(()),
            };
        };
        let parent = self.larger.get(&(*level, code.as_str())).ok_or_else(|| {
            format!("{} {code} is unknown: no {} has this code", level.code(), level.code())
        })?;
        if let (Some(border), Some(label)) = (&parent.border, division.label)
            && !border.intersects(&label.coord())
        {
            return Err(format!("it names {} {code}, but lies outside its border", level.code()));
        }
        Ok(())
    }
}
