//! The generated year as records, ready to be brought in.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Result;
use calendar::Timestamp;
use language::Lang;
use requests::import::Record;
use requests::{Catalogue, Kind, Priority, Status};
use territory::Atlas;

use super::chance::{Chance, Weighted};
use super::fates::Fates;
use super::ground::{Ground, Spot};
use super::script::Script;
use super::words::Words;
use super::year::{self, Moment};
use crate::end::wrong;

/// Makes about `wanted` requests in the order of time and hands each to `each`.
pub fn requests(
    script: &Script,
    catalogue: &Catalogue,
    atlas: &Arc<Atlas>,
    now: Timestamp,
    wanted: usize,
    seed: u64,
    mut each: impl FnMut(Record) -> Result<()>,
) -> Result<()> {
    let mut chance = Chance::new(seed);
    check(script, catalogue)?;
    let moments = year::moments(script, &atlas.jurisdiction.zone, now, wanted, &mut chance)?;
    let ground = Ground::new(atlas.clone());
    let words = Words::new(script);
    let fates = Fates::new(script);
    let channels = Weighted::new(script.channel.iter().copied());
    let mut incidents: HashMap<usize, Vec<(String, Spot)>> = HashMap::new();

    for (n, moment) in moments.iter().enumerate() {
        let (code, spot, is_known) = whereabouts(script, moment, &ground, &mut incidents, &mut chance);
        let (Some(service), Some(spot)) = (catalogue.by_code(&code), spot) else { continue };
        let group = catalogue.group(service.group).map_or("", |g| g.code.as_str());
        let written = words.write(&service.code, atlas, &spot.place, &mut chance);
        let is_urgent = service.about.target.urgent.is_some()
            && chance.happens(if moment.event.is_some() { 0.4 } else { 0.08 });
        let priority = if is_urgent { Priority::Urgent } else { Priority::Normal };
        let kind = service.about.kind.unwrap_or(Kind::Request);
        let mut fate =
            fates.draw(moment.at, kind, service.target(priority), atlas.working(), now, &mut chance);
        if is_known && chance.happens(0.3) && !fate.status.is_open() {
            // The second report of one incident is often found to be one.
            fate.status = Status::Duplicate;
        }
        let resolution = match fate.status {
            Status::Answered | Status::Closed => words.answer(group, &service.code, &mut chance),
            Status::Declined => words.decline(group, &service.code, &mut chance),
            Status::Reopened => words.any(&script.objection, &mut chance),
            Status::ReferredOutside => words.any(&script.referral, &mut chance),
            Status::WaitingForCitizen => words.any(&script.question, &mut chance),
            _ => String::new(),
        };
        each(Record {
            external_id: format!("{seed}-{:06}", n + 1),
            kind,
            service_code: service.code.clone(),
            status: fate.status,
            channel: channels.draw(&mut chance).copied().unwrap_or(requests::Channel::Phone),
            language: Lang::Fa,
            priority,
            words: written.words,
            address: written.address,
            point: Some(spot.point),
            division: spot.place.smallest(),
            unit: None,
            requested_at: moment.at,
            updated_at: Some(fate.updated_at),
            closed_at: fate.closed_at,
            due_at: None,
            resolution,
        })?;
    }
    Ok(())
}

/// What and where. In a storm many people report the same few incidents; then it is known already.
fn whereabouts(
    script: &Script,
    moment: &Moment,
    ground: &Ground,
    incidents: &mut HashMap<usize, Vec<(String, Spot)>>,
    chance: &mut Chance,
) -> (String, Option<Spot>, bool) {
    let Some((number, event)) = moment.event.and_then(|n| Some((n, script.event.get(n)?))) else {
        return (moment.service.clone(), ground.spot(None, chance), false);
    };
    let known = incidents.entry(number).or_default();
    if chance.happens(event.same_incident) && !known.is_empty() {
        // The latest ones: yesterday's tree is off the road today.
        let recent = known.get(known.len().saturating_sub(40)..).unwrap_or(known);
        if let Some((service, spot)) = chance.one(recent).cloned() {
            return (service, Some(ground.beside(&spot, chance)), true);
        }
    }
    let district = event.district.as_deref().filter(|_| chance.happens(event.district_share));
    let spot = ground.spot(district, chance);
    if let Some(spot) = &spot {
        known.push((moment.service.clone(), spot.clone()));
    }
    (moment.service.clone(), spot, false)
}

/// A service that the script names and the pack does not have is a slip that should be seen.
fn check(script: &Script, catalogue: &Catalogue) -> Result<()> {
    let named = script.mix.iter().flat_map(|mix| mix.weights.keys());
    let named = named.chain(script.words_for.iter().map(|w| &w.service));
    match named.into_iter().find(|code| catalogue.by_code(code).is_none()) {
        Some(code) => Err(wrong!("demo.toml: there is no service {code:?} in this city")),
        None => Ok(()),
    }
}
