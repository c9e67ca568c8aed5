//! One row of a table, judged and understood.

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::Result;
use calendar::{Day, Timestamp, Zone};
use csv::StringRecord;
use jiff::fmt::strtime;
use requests::{Channel, Status};
use territory::{Atlas, Level, Point};

use super::mapping::{Mapping, Mend, Names};
use crate::end::wrong;

/// A row that can be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub external_id: String,
    pub service: Named,
    /// The group of the service, should it have to be made.
    pub group: String,
    pub unit: Option<Named>,
    pub status: Status,
    pub channel: Channel,
    pub words: String,
    pub address: String,
    pub point: Option<Point>,
    pub division: Option<i64>,
    pub requested_at: Timestamp,
    pub updated_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub due_at: Option<Timestamp>,
    pub resolution: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub code: String,
    pub name: String,
}

/// What became of a row.
#[derive(Debug)]
pub enum Judged {
    /// Kept; the reasons say what was left out of it.
    Kept(Box<Row>, Vec<&'static str>),
    Rejected(&'static str),
}

/// Reads the rows of one city.
pub struct Reader {
    mapping: Mapping,
    at: Positions,
    atlas: Arc<Atlas>,
    zone: Zone,
    now: Timestamp,
    earliest: Option<Timestamp>,
    seen: HashSet<String>,
}

struct Positions {
    external_id: Vec<usize>,
    requested_at: Vec<usize>,
    closed_at: Vec<usize>,
    updated_at: Vec<usize>,
    due_at: Vec<usize>,
    status: Vec<usize>,
    channel: Vec<usize>,
    unit: Vec<usize>,
    resolution: Vec<usize>,
    lat: Vec<usize>,
    long: Vec<usize>,
    address: Vec<usize>,
    district: Vec<usize>,
    service: Vec<usize>,
    category: Vec<usize>,
    description: Vec<usize>,
}

impl Reader {
    pub fn new(mapping: Mapping, header: &StringRecord, atlas: Arc<Atlas>, now: Timestamp) -> Result<Reader> {
        let find = |names: &Names| -> Result<Vec<usize>> {
            names.0.iter().map(|name| position(header, name)).collect()
        };
        let c = &mapping.columns;
        let at = Positions {
            external_id: find(&c.external_id)?,
            requested_at: find(&c.requested_at)?,
            closed_at: find(&c.closed_at)?,
            updated_at: find(&c.updated_at)?,
            due_at: find(&c.due_at)?,
            status: find(&c.status)?,
            channel: find(&c.channel)?,
            unit: find(&c.unit)?,
            resolution: find(&c.resolution)?,
            lat: find(&c.lat)?,
            long: find(&c.long)?,
            address: find(&c.address)?,
            district: find(&c.district)?,
            service: find(&c.service)?,
            category: find(&c.category)?,
            description: find(&c.description)?,
        };
        let zone = mapping.time.zone.clone().unwrap_or_else(|| atlas.jurisdiction.zone.clone());
        let earliest = mapping.bad.earliest.map(|day| zone.start_of(day.0));
        Ok(Reader { at, zone, earliest, mapping, atlas, now, seen: HashSet::new() })
    }

    /// Judges a row, in the order that the mapping's reference gives.
    pub fn judge(&mut self, fields: &StringRecord) -> Judged {
        match self.read(fields) {
            Ok((row, mended)) => Judged::Kept(Box::new(row), mended),
            Err(reason) => Judged::Rejected(reason),
        }
    }

    fn read(&mut self, fields: &StringRecord) -> Result<(Row, Vec<&'static str>), &'static str> {
        let get = |at: &[usize]| first(fields, at);
        let external_id = get(&self.at.external_id);
        if external_id.is_empty() {
            return Err("no_id");
        }
        if self.seen.contains(external_id) {
            return Err("repeated_id");
        }
        let requested = get(&self.at.requested_at);
        if requested.is_empty() {
            return Err("no_date");
        }
        let time = |at: &[usize]| match get(at) {
            "" => Ok(None),
            text => self.time(text).map(Some).ok_or("unreadable_date"),
        };
        let requested_at = self.time(requested).ok_or("unreadable_date")?;
        let (closed_at, updated_at, due_at) =
            (time(&self.at.closed_at)?, time(&self.at.updated_at)?, time(&self.at.due_at)?);
        if self.earliest.is_some_and(|earliest| requested_at < earliest) {
            return Err("too_old");
        }
        if requested_at > self.now {
            return Err("future_date");
        }
        let unit_text = get(&self.at.unit);
        let service_name = self.service_name(fields).ok_or("no_service")?;
        let service = Named { code: slug(&service_name), name: service_name };
        if service.code.is_empty() {
            return Err("no_service");
        }
        let status = match get(&self.at.status) {
            "" if self.at.status.is_empty() => Status::Received,
            text => self
                .mapping
                .status
                .values
                .get(text)
                .copied()
                .or(self.mapping.status.otherwise)
                .ok_or("unknown_status")?,
        };
        let mut mended = Vec::new();
        let point = self.point(fields, &mut mended)?;
        let closed_at = self.closing(requested_at, closed_at, &mut mended)?.filter(|_| !status.is_open());

        let group = self.group_of(&service.name, get(&self.at.category), unit_text);
        let channel_text = get(&self.at.channel);
        let channel = self.mapping.channel.values.get(channel_text).copied();
        let row = Row {
            external_id: external_id.to_owned(),
            group,
            unit: self.unit(unit_text),
            status,
            channel: channel.or(self.mapping.channel.otherwise).unwrap_or(Channel::Import),
            words: self.replaced(&self.joined(fields, &self.at.description, &self.mapping.description)),
            address: self.joined(fields, &self.at.address, &self.mapping.address),
            division: self.district(get(&self.at.district)),
            point,
            requested_at,
            // What was last changed tomorrow was last changed at some time until now.
            updated_at: updated_at.filter(|at| *at >= requested_at).map(|at| at.min(self.now)),
            closed_at,
            due_at,
            resolution: self.replaced(get(&self.at.resolution)),
            service,
        };
        self.seen.insert(row.external_id.clone());
        Ok((row, mended))
    }

    fn time(&self, text: &str) -> Option<Timestamp> {
        let parsed = self.mapping.time.formats.iter().find_map(|format| strtime::parse(format, text).ok())?;
        if parsed.offset().is_some() {
            return Some(Timestamp(parsed.to_timestamp().ok()?.as_millisecond()));
        }
        let date = parsed.to_date().ok()?;
        let day = Day(date);
        let seconds = match parsed.to_time() {
            Ok(time) if parsed.hour().is_some() => {
                i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second())
            }
            _ => self.mapping.time.date_only_at.map_or(720, |time| i64::from(time.minute())) * 60,
        };
        let minute = u16::try_from(seconds / 60).ok()?;
        Some(self.zone.at(day, minute).plus_millis(seconds % 60 * 1000))
    }

    fn service_name(&self, fields: &StringRecord) -> Option<String> {
        let m = &self.mapping.service;
        let says = |text: &&str| !m.skip.iter().any(|skip| skip == text);
        let mut name = distinct(filled(fields, &self.at.service).filter(says)).join(&m.join);
        if name.is_empty() {
            name = filled(fields, &self.at.category).next()?.to_owned();
        }
        Some(if m.tidy_capitals { tidied(&name) } else { name })
    }

    fn group_of(&self, name: &str, category: &str, unit: &str) -> String {
        let m = &self.mapping.service;
        if m.groups.is_empty() {
            return m.group.clone();
        }
        let about = format!("{name} {category} {unit}").to_lowercase();
        let found =
            m.groups.iter().find(|group| group.words.iter().any(|word| about.contains(&word.to_lowercase())));
        found.map_or(&m.group, |group| &group.code).clone()
    }

    fn unit(&self, text: &str) -> Option<Named> {
        if text.is_empty() {
            return None;
        }
        let code = self.mapping.unit.values.get(text).cloned().unwrap_or_else(|| slug(text));
        (!code.is_empty()).then(|| Named { code, name: text.to_owned() })
    }

    fn district(&self, text: &str) -> Option<i64> {
        let m = &self.mapping.district;
        let text = text.strip_prefix(m.strip.as_str()).unwrap_or(text).trim();
        let code = m.values.get(text).map_or(text, String::as_str);
        self.atlas.by_code(Level::District, code).filter(|d| !d.retired).map(|d| d.id)
    }

    fn point(
        &self,
        fields: &StringRecord,
        mended: &mut Vec<&'static str>,
    ) -> Result<Option<Point>, &'static str> {
        let get = |at: &[usize]| first(fields, at);
        let (lat, long) = (get(&self.at.lat), get(&self.at.long));
        if lat.is_empty() && long.is_empty() {
            return Ok(None);
        }
        let number = |text: &str| text.parse::<f64>().ok();
        let point = number(lat).zip(number(long)).and_then(|(lat, long)| Point::new(lat, long));
        let (reason, mend) = match point.filter(|p| p.lat != 0.0 || p.long != 0.0) {
            None => ("impossible_place", self.mapping.bad.impossible_place),
            Some(p) => match self.mapping.bad.bounds {
                Some([west, south, east, north])
                    if !(west..=east).contains(&p.long) || !(south..=north).contains(&p.lat) =>
                {
                    ("outside", self.mapping.bad.outside)
                }
                _ => return Ok(Some(p)),
            },
        };
        mend_or_reject(reason, mend, mended)?;
        Ok(None)
    }

    fn closing(
        &self,
        requested_at: Timestamp,
        closed_at: Option<Timestamp>,
        mended: &mut Vec<&'static str>,
    ) -> Result<Option<Timestamp>, &'static str> {
        let (reason, mend) = match closed_at {
            Some(at) if at < requested_at => ("closes_before_open", self.mapping.bad.closes_before_open),
            Some(at) if at > self.now => ("closes_in_future", self.mapping.bad.closes_in_future),
            fine => return Ok(fine),
        };
        mend_or_reject(reason, mend, mended)?;
        Ok(None)
    }

    fn joined(&self, fields: &StringRecord, at: &[usize], how: &super::mapping::Joined) -> String {
        distinct(filled(fields, at).filter(|text| !how.skip.iter().any(|skip| skip == text))).join(&how.join)
    }

    fn replaced(&self, text: &str) -> String {
        let all = &self.mapping.replace.values;
        all.iter().fold(
            text.to_owned(),
            |text, (from, to)| if from.is_empty() { text } else { text.replace(from, to) },
        )
    }
}

fn mend_or_reject(
    reason: &'static str,
    mend: Mend,
    mended: &mut Vec<&'static str>,
) -> Result<(), &'static str> {
    if mend == Mend::Reject {
        return Err(reason);
    }
    mended.push(reason);
    Ok(())
}

/// Where a column stands in the header.
pub fn position(header: &StringRecord, name: &str) -> Result<usize> {
    header.iter().position(|column| column.trim() == name).ok_or_else(|| {
        wrong!("the file has no column {name:?}; it has: {}", header.iter().collect::<Vec<_>>().join(", "))
    })
}

fn filled<'r>(fields: &'r StringRecord, at: &'r [usize]) -> impl Iterator<Item = &'r str> {
    at.iter().filter_map(|n| fields.get(*n)).map(str::trim).filter(|text| !text.is_empty())
}

fn first<'r>(fields: &'r StringRecord, at: &[usize]) -> &'r str {
    at.iter().filter_map(|n| fields.get(*n)).map(str::trim).find(|text| !text.is_empty()).unwrap_or("")
}

/// The parts, each once, whatever their case.
fn distinct<'r>(parts: impl Iterator<Item = &'r str>) -> Vec<&'r str> {
    let mut said: Vec<&str> = Vec::new();
    for part in parts {
        if !said.iter().any(|earlier| earlier.eq_ignore_ascii_case(part)) {
            said.push(part);
        }
    }
    said
}

/// Small ASCII letters and digits, anything else one hyphen, 60 at most.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            out.push(letter.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if out.len() >= 60 {
            break;
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// A sentence instead of ALL CAPITALS; a short word such as "TLC" is an abbreviation and stays.
fn tidied(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if letters <= 4 || text.chars().any(char::is_lowercase) {
        return text.to_owned();
    }
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().collect();
    first + &letters.as_str().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_small_ascii_and_hyphens() {
        assert_eq!(slug("Street Light - 1/Out"), "street-light-1-out");
        assert_eq!(slug("  HEAT/HOT WATER "), "heat-hot-water");
        assert_eq!(slug("نظافت"), "");
        assert!(slug(&"long ".repeat(40)).len() <= 60);
    }

    #[test]
    fn capitals_become_a_sentence() {
        assert_eq!(tidied("HEAT/HOT WATER"), "Heat/hot water");
        assert_eq!(tidied("TLC"), "TLC");
        assert_eq!(tidied("Noise - Residential"), "Noise - Residential");
    }
}
