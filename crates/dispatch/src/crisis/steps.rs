//! Begin, change, end: by people who may manage storms over that city or district.

use language::display;
use people::{Act, Permission, Where};
use requests::storm::{self, Mode, StormError, StormId};
use storage::{Tx, params, sql};
use territory::Level;

use super::{Crisis, CrisisId, Rules, SUBJECT, State, by_id, calls, current, volunteers};
use crate::{DispatchError, Done, Seen};

/// Begins a crisis over the city or one district. With `tell` in its rules a storm is begun there too, unless there is
/// one, and people read the message.
pub fn begin(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    district: Option<i64>,
    rules: Option<Rules>,
) -> Done<Crisis> {
    act.require(Permission::ManageStorm, Where::city(jurisdiction).in_district(district))?;
    is_district(tx, jurisdiction, district)?;
    let rules = match rules {
        Some(rules) => checked(tx, jurisdiction, rules)?,
        None => crate::roads::rules(tx, jurisdiction)?.crisis.clone(),
    };
    if current(tx, jurisdiction)?.all.iter().any(|crisis| crisis.district == district) {
        return Err(DispatchError::Refused("crisis-begun"));
    }
    let storm = if rules.tell { begin_storm(tx, act, jurisdiction, district, &rules)? } else { None };
    let crisis = Crisis {
        jurisdiction,
        id: CrisisId(act.new_id()),
        district,
        state: State::Begun,
        begun_at: act.at,
        ended_at: None,
        begun_by: act.by.signature(),
        rules,
        storm,
        version: 1,
    };
    tx.execute_one(
        sql!(
            "INSERT INTO crises (jurisdiction_id, id, district_id, state, is_open, begun_at, ended_at, begun_by, rules, storm_id, version)
             VALUES ($1, $2, $3, $4, 1, $5, NULL, $6, $7, $8, 1)"
        ),
        &params![
            jurisdiction,
            crisis.id.0,
            district,
            crisis.state.code(),
            crisis.begun_at.0,
            &crisis.begun_by,
            &crate::json(&crisis.rules)?,
            storm.map(|id| id.0)
        ],
    )?;
    announce(tx, act, &crisis, "begun")?;
    Ok(crisis)
}

/// Changes what holds while it lasts: weights, cut-off districts, the words to people.
pub fn change(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: CrisisId,
    rules: Rules,
    seen: Seen,
) -> Done<Crisis> {
    let mut crisis = begun(tx, act, jurisdiction, id, seen)?;
    let rules = checked(tx, jurisdiction, rules)?;
    if rules == crisis.rules {
        return Ok(crisis);
    }
    match (rules.tell, crisis.storm) {
        (true, None) => crisis.storm = begin_storm(tx, act, jurisdiction, crisis.district, &rules)?,
        (true, Some(storm)) if rules.message != crisis.rules.message => {
            tell_again(tx, act, &crisis, storm, &rules)?
        }
        (false, Some(storm)) => {
            end_storm(tx, act, jurisdiction, storm)?;
            crisis.storm = None;
        }
        _ => {}
    }
    crisis.rules = rules;
    update(tx, &mut crisis)?;
    announce(tx, act, &crisis, "changed")?;
    Ok(crisis)
}

/// Ends it. Shifts that were made for it and not begun are cancelled, volunteers who are not at work go home, and the
/// storm that it began is over. Who is at work finishes.
pub fn end(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: CrisisId, seen: Seen) -> Done<Crisis> {
    let mut crisis = begun(tx, act, jurisdiction, id, seen)?;
    calls::dismiss(tx, act, &crisis)?;
    volunteers::send_home(tx, act, &crisis)?;
    if let Some(storm) = crisis.storm {
        end_storm(tx, act, jurisdiction, storm)?;
    }
    (crisis.state, crisis.ended_at) = (State::Ended, Some(act.at));
    update(tx, &mut crisis)?;
    announce(tx, act, &crisis, "ended")?;
    Ok(crisis)
}

/// A crisis that lasts, for who may lead it and looked at it last.
pub(super) fn begun(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: CrisisId, seen: Seen) -> Done<Crisis> {
    let crisis = by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    act.require(Permission::ManageStorm, crisis.place())?;
    if !crisis.is_begun() {
        return Err(DispatchError::Refused("crisis-over"));
    }
    if crisis.version != seen.0 { Err(DispatchError::Changed) } else { Ok(crisis) }
}

fn is_district(tx: &mut Tx<'_>, jurisdiction: i64, district: Option<i64>) -> Done<()> {
    let atlas = territory::atlas(tx, jurisdiction)?;
    let known = district.is_none_or(|id| atlas.division(id).is_some_and(|d| d.level == Level::District));
    if known { Ok(()) } else { Err(DispatchError::Refused("crisis-district-unknown")) }
}

fn checked(tx: &mut Tx<'_>, jurisdiction: i64, mut rules: Rules) -> Done<Rules> {
    for text in [&mut rules.message.fa, &mut rules.message.en] {
        *text = display::clean_text(text);
    }
    if let Some(code) = rules.wrong() {
        return Err(DispatchError::Refused(code));
    }
    for district in &rules.cut_off {
        is_district(tx, jurisdiction, Some(*district))?;
    }
    let kinds = crate::job_types::kinds(tx, jurisdiction)?;
    if !rules.volunteer_skills.iter().all(|code| kinds.skills.iter().any(|skill| skill.code == *code)) {
        return Err(DispatchError::Refused("crew-skill-unknown"));
    }
    rules.cut_off.sort_unstable();
    rules.cut_off.dedup();
    Ok(rules)
}

/// A storm with the crisis's words, unless one is over this place already: then its own words stay.
fn begin_storm(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    district: Option<i64>,
    rules: &Rules,
) -> Done<Option<StormId>> {
    let mode = with_words(storm::rules::rules(tx, jurisdiction)?.storm.clone(), rules);
    match storm::begin(tx, act, jurisdiction, district, Some(mode)) {
        Ok(storm) => Ok(Some(storm.id)),
        Err(StormError::AlreadyBegun) => Ok(None),
        Err(error) => Err(refused(error)),
    }
}

fn tell_again(tx: &mut Tx<'_>, act: &Act, crisis: &Crisis, storm: StormId, rules: &Rules) -> Done<()> {
    let known = storm::by_id(tx, crisis.jurisdiction, storm)?.filter(storm::Storm::is_begun);
    let Some(known) = known else { return Ok(()) };
    let mode = with_words(known.mode, rules);
    storm::change(tx, act, crisis.jurisdiction, storm, mode).map_err(refused)?;
    Ok(())
}

fn end_storm(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, storm: StormId) -> Done<()> {
    match storm::end(tx, act, jurisdiction, storm) {
        // Somebody ended it before: it is what we want.
        Ok(_) | Err(StormError::Over | StormError::NotFound) => Ok(()),
        Err(error) => Err(refused(error)),
    }
}

fn with_words(mode: Mode, rules: &Rules) -> Mode {
    let message = if rules.message.is_empty() { mode.message.clone() } else { rules.message.clone() };
    Mode { message, ..mode }
}

fn refused(error: StormError) -> DispatchError {
    match error {
        StormError::Denied(denied) => denied.into(),
        StormError::Failure(failure) => failure.into(),
        _ => DispatchError::Refused("crisis-storm-refused"),
    }
}

pub(super) fn update(tx: &mut Tx<'_>, crisis: &mut Crisis) -> Done<()> {
    let changed = tx.execute(
        sql!(
            "UPDATE crises SET state = $4, is_open = $5, ended_at = $6, rules = $7, storm_id = $8, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3"
        ),
        &params![
            crisis.jurisdiction,
            crisis.id.0,
            crisis.version,
            crisis.state.code(),
            crisis.is_begun(),
            crisis.ended_at.map(|t| t.0),
            &crate::json(&crisis.rules)?,
            crisis.storm.map(|id| id.0)
        ],
    )?;
    crate::refusal::guarded(changed)?;
    crisis.version += 1;
    Ok(())
}

/// Says what holds from now on, to the journal and to every copy of the rules in memory.
fn announce(tx: &mut Tx<'_>, act: &Act, crisis: &Crisis, fact: &'static str) -> Done<()> {
    tx.new_edition(crisis.jurisdiction, act.new_id())?;
    let payload = crate::json(&serde_json::json!({ "district": crisis.district, "rules": crisis.rules }))?;
    act.record(tx, crisis.jurisdiction, SUBJECT, crisis.id.0, fact, payload);
    Ok(())
}
