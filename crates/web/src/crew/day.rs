//! A crew's day as the page shows it: who we are, our shift, our stops in order, what we finished.

use calendar::{Timestamp, words as dates};
use dispatch::evidence::EvidenceKind;
use dispatch::field::read::{self, Brought};
use dispatch::job_types::{self, JobType, Kinds};
use dispatch::{Crew, Shift, ShiftState, WorkOrder, contracts, crews, orders, shifts};
use language::{Lang, digits};
use storage::Tx;
use territory::Atlas;
use words::Words;

use super::words_of;
use crate::parts::shown;
use crate::requests::divisions;

/// How far back a day goes when no shift was begun, in milliseconds.
const A_DAY: i64 = 18 * 3_600_000;

/// Everything about one crew on one page.
pub struct Day {
    pub name: String,
    pub code: String,
    pub status: &'static str,
    pub status_name: &'static str,
    pub shift: Option<ShiftView>,
    pub stops: Vec<Stop>,
    pub ended: Vec<Ended>,
    pub reasons: Vec<(String, String)>,
    /// Materials that are no usual part of a kind of work: code and name with its unit.
    pub materials: Vec<(String, String)>,
    pub stamp: String,
    /// The stops as a line on the map: `long,lat;long,lat`.
    pub route: String,
}

pub struct ShiftView {
    pub is_begun: bool,
    pub consents: bool,
    pub hours: String,
}

pub struct Stop {
    pub code: String,
    /// The code in the digits of the language.
    pub called: String,
    /// What is dialled after the number of the exchange, in the digits of the language.
    pub digits: String,
    pub n: String,
    pub title: String,
    pub words: String,
    pub address: String,
    pub place: String,
    pub lat: f64,
    pub long: f64,
    pub status: &'static str,
    pub status_name: &'static str,
    pub urgency: &'static str,
    pub urgency_name: &'static str,
    pub due: Option<String>,
    pub is_late: bool,
    pub planned: Option<String>,
    pub again: bool,
    pub dial: Option<String>,
    pub bring: String,
    pub checks: Vec<Check>,
    pub needs_before: bool,
    pub needs_after: bool,
    pub needs_quantities: bool,
    pub before: Vec<Photo>,
    pub after: Vec<Photo>,
    /// Usual materials, and the lines of the price list that are measured.
    pub usual: Vec<Counted>,
    pub measures: Vec<Counted>,
    /// What was written down already, as sentences.
    pub brought: Vec<String>,
}

pub struct Check {
    pub code: String,
    pub name: String,
    pub required: bool,
    pub ticked: bool,
}

pub struct Photo {
    pub full: String,
    pub small: String,
}

pub struct Counted {
    pub code: String,
    pub name: String,
    pub unit: String,
    pub usual: String,
}

pub struct Ended {
    pub code: String,
    pub title: String,
    pub address: String,
    pub status_name: &'static str,
    pub when: String,
    pub owes_photos: bool,
}

/// The day of the crew that somebody is in; none when they are in no crew.
pub fn of(
    tx: &mut Tx<'_>,
    w: Words,
    atlas: &Atlas,
    account: i64,
    now: Timestamp,
) -> storage::Result<Option<Day>> {
    let city = atlas.jurisdiction.id;
    let Some(crew) = crews::of_account(tx, city, account)? else { return Ok(None) };
    let kinds = job_types::kinds(tx, city)?;
    let shift = match shifts::current(tx, city, crew.id, now)? {
        Some(shift) => Some(shift),
        None => shifts::of_crew(tx, city, crew.id, now)?
            .into_iter()
            .find(|shift| shift.state == ShiftState::Planned),
    };
    let since = shift.as_ref().and_then(|s| s.begun_at).unwrap_or(now.plus_millis(-A_DAY));
    let open = orders::of_crew(tx, city, crew.id)?;
    let brought = read::brought(tx, city, crew.id)?;
    let ended = read::ended(tx, city, crew.id, since)?;
    let mut prices = Prices::default();
    let mut stops = Vec::new();
    for order in &open {
        let theirs: Vec<&Brought> = brought.iter().filter(|b| b.order == order.id).collect();
        let measures = prices.measures(tx, order, &kinds, w.lang(), now, atlas)?;
        stops.push(stop(w, atlas, &kinds, order, &theirs, measures, stops.len() + 1, now));
    }
    let zone = &atlas.jurisdiction.zone;
    let named = |list: &[job_types::Named]| -> Vec<(String, String)> {
        list.iter().map(|one| (one.code.clone(), with_unit(one, w.lang()))).collect()
    };
    Ok(Some(Day {
        name: crew.name(w.lang()).to_owned(),
        code: shown(&crew.code, w.lang()),
        status: crew.status.code(),
        status_name: words_of::crew_status(w, crew.status),
        shift: shift.as_ref().map(|shift| hours(w, shift, atlas)),
        route: stops.iter().map(|s: &Stop| format!("{},{}", s.long, s.lat)).collect::<Vec<_>>().join(";"),
        stops,
        ended: ended
            .into_iter()
            .map(|one| Ended {
                code: shown(&one.code, w.lang()),
                title: kinds.name(&one.job_type, w.lang()),
                address: one.address,
                status_name: words_of::status(w, one.status),
                when: dates::time(w.lang(), one.ended_at.minute_of_day(zone)),
                owes_photos: one.owes_photos,
            })
            .collect(),
        reasons: named(&kinds.reasons),
        materials: named(&kinds.materials),
        stamp: mark(&crew, &open),
    }))
}

/// Changes when the stops of somebody's crew change.
pub fn stamp(tx: &mut Tx<'_>, city: i64, account: i64) -> storage::Result<String> {
    let Some(crew) = crews::of_account(tx, city, account)? else { return Ok(String::new()) };
    let open = orders::of_crew(tx, city, crew.id)?;
    Ok(mark(&crew, &open))
}

fn mark(crew: &Crew, open: &[WorkOrder]) -> String {
    let versions: i64 = open.iter().map(|order| order.version).sum();
    let ids = open.iter().fold(0_i64, |all, order| all.wrapping_mul(31).wrapping_add(order.id.0));
    format!("{}-{}-{versions}-{ids:x}", crew.id.0, crew.version)
}

fn hours(w: Words, shift: &Shift, atlas: &Atlas) -> ShiftView {
    let zone = &atlas.jurisdiction.zone;
    let time = |at: Timestamp| dates::time(w.lang(), at.minute_of_day(zone));
    ShiftView {
        is_begun: shift.state == ShiftState::Begun,
        consents: shift.consent_at.is_some(),
        hours: w.crew_shift_hours_plain(&time(shift.starts_at), &time(shift.ends_at)),
    }
}

fn stop(
    w: Words,
    atlas: &Atlas,
    kinds: &Kinds,
    order: &WorkOrder,
    brought: &[&Brought],
    measures: Vec<Counted>,
    n: usize,
    now: Timestamp,
) -> Stop {
    let (lang, zone) = (w.lang(), &atlas.jurisdiction.zone);
    let kind = kinds.job_type(&order.job_type);
    let proof = kind.map(|kind| kind.proof).unwrap_or_default();
    let photos = |wanted: EvidenceKind| -> Vec<Photo> {
        let of_kind = brought.iter().filter(|b| b.kind == wanted).filter_map(|b| b.file.as_ref());
        let address = |file: &str| format!("/crew/photos/{}/{file}.jpg", order.code);
        of_kind.map(|p| Photo { full: address(&p.file), small: address(&p.thumbnail) }).collect()
    };
    let day = |at: Timestamp| match at.day(zone) == now.day(zone) {
        true => dates::time(lang, at.minute_of_day(zone)),
        false => dates::short_date_time(lang, at, zone),
    };
    let things = order.equipment.iter().map(|code| {
        kinds.equipment.iter().find(|e| e.code == *code).map_or(code.as_str(), |e| e.name(lang)).to_owned()
    });
    Stop {
        called: shown(&order.code, lang),
        digits: digits::shown(&order.code.replace('-', ""), lang),
        n: digits::grouped(i64::try_from(n).unwrap_or(0), lang),
        title: kinds.name(&order.job_type, lang),
        words: order.words.clone(),
        address: order.address.clone(),
        place: divisions(atlas, order.district, order.neighbourhood, lang),
        lat: order.point.lat,
        long: order.point.long,
        status: order.status.code(),
        status_name: words_of::status(w, order.status),
        urgency: order.urgency.code(),
        urgency_name: words_of::urgency(w, order.urgency),
        due: order.due_at.map(day),
        is_late: order.is_late(now),
        planned: order.planned_at.map(day),
        again: order.visit > 1,
        dial: order.request.and_then(|_| kinds.masking.dial(&order.code)),
        bring: things.collect::<Vec<_>>().join(if lang == Lang::Fa { "، " } else { ", " }),
        checks: kind.map_or_else(Vec::new, |kind| checks(kind, brought, lang)),
        needs_before: proof.before,
        needs_after: proof.after,
        needs_quantities: proof.quantities && order.contractor.is_some(),
        before: photos(EvidenceKind::Before),
        after: photos(EvidenceKind::After),
        usual: kind.map_or_else(Vec::new, |kind| usual(kind, kinds, lang)),
        brought: brought.iter().filter_map(|b| line(w, kinds, &measures, b)).collect(),
        measures,
        code: order.code.clone(),
    }
}

fn checks(kind: &JobType, brought: &[&Brought], lang: Lang) -> Vec<Check> {
    let ticked = |code: &str| {
        let last = brought.iter().rfind(|b| b.kind == EvidenceKind::Check && b.text("code") == code);
        last.is_some_and(|b| b.is_ticked())
    };
    kind.checklist
        .iter()
        .map(|check| Check {
            code: check.code.clone(),
            name: check.name(lang).to_owned(),
            required: check.required,
            ticked: ticked(&check.code),
        })
        .collect()
}

fn usual(kind: &JobType, kinds: &Kinds, lang: Lang) -> Vec<Counted> {
    let counted = |(code, amount): (&String, &i64)| {
        let named = kinds.materials.iter().find(|m| m.code == *code);
        Counted {
            code: code.clone(),
            name: named.map_or(code.as_str(), |m| m.name(lang)).to_owned(),
            unit: unit(named, lang),
            usual: digits::grouped(*amount, lang),
        }
    };
    kind.materials.iter().map(counted).collect()
}

/// What was used or measured, in words; photos and ticks are shown where they belong.
fn line(w: Words, kinds: &Kinds, measures: &[Counted], brought: &Brought) -> Option<String> {
    let lang = w.lang();
    let code = brought.text("code");
    let amount = digits::decimal(brought.amount(), 2, lang);
    match brought.kind {
        EvidenceKind::Material => {
            let named = kinds.materials.iter().find(|m| m.code == code);
            let name = named.map_or(code, |m| m.name(lang));
            Some(w.crew_used_plain(&amount, name, &unit(named, lang)))
        }
        EvidenceKind::Quantity => {
            let named = measures.iter().find(|m| m.code == code);
            let (name, unit) = named.map_or((code, ""), |m| (m.name.as_str(), m.unit.as_str()));
            Some(w.crew_used_plain(&amount, name, unit))
        }
        EvidenceKind::Note => Some(brought.text("words").to_owned()),
        _ => None,
    }
}

fn unit(named: Option<&job_types::Named>, lang: Lang) -> String {
    named.and_then(|one| one.unit.as_ref()).map_or_else(String::new, |unit| unit.get(lang).to_owned())
}

fn with_unit(one: &job_types::Named, lang: Lang) -> String {
    match unit(Some(one), lang) {
        unit if unit.is_empty() => one.name(lang).to_owned(),
        unit => format!("{} ({unit})", one.name(lang)),
    }
}

/// Price lists of the contracts among the stops, each read once.
#[derive(Default)]
struct Prices(Vec<(i64, Vec<contracts::PriceList>)>);

impl Prices {
    /// What is measured for an order: the lines of the contract's price list that its kind of work names, or all of them.
    fn measures(
        &mut self,
        tx: &mut Tx<'_>,
        order: &WorkOrder,
        kinds: &Kinds,
        lang: Lang,
        now: Timestamp,
        atlas: &Atlas,
    ) -> storage::Result<Vec<Counted>> {
        let named = kinds.job_type(&order.job_type).map_or(&[][..], |kind| kind.measures.as_slice());
        let mut lines = Vec::new();
        if let Some(contract) = order.contract {
            if self.0.iter().all(|(known, _)| *known != contract) {
                let lists = contracts::price_lists(tx, order.jurisdiction, contract)?;
                self.0.push((contract, lists));
            }
            let lists =
                self.0.iter().find(|(known, _)| *known == contract).map(|(_, lists)| lists.as_slice());
            let today = now.day(&atlas.jurisdiction.zone).days_since_epoch();
            let list = contracts::prices_on(lists.unwrap_or_default(), today);
            for item in list.map_or(&[][..], |list| list.items.as_slice()) {
                if named.is_empty() || named.contains(&item.code) {
                    let name = match lang {
                        Lang::En if !item.name_en.is_empty() => &item.name_en,
                        _ => &item.name_fa,
                    };
                    lines.push(Counted {
                        code: item.code.clone(),
                        name: name.clone(),
                        unit: item.unit.clone(),
                        usual: String::new(),
                    });
                }
            }
        }
        if lines.is_empty() && order.contractor.is_some() {
            lines = named
                .iter()
                .map(|code| Counted {
                    code: code.clone(),
                    name: code.clone(),
                    unit: String::new(),
                    usual: String::new(),
                })
                .collect();
        }
        Ok(lines)
    }
}
