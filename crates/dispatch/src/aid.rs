//! Help between districts: a crew of one works in another for a while. Asked, granted or refused, ended; all written.

use calendar::Timestamp;
use language::display;
use people::{Act, Permission, Where};
use storage::{Error, Result, Row, Tx, params, sql};
use territory::Level;

use crate::kinds::{coded, joined, split};
use crate::{AID, Crew, CrewId, DispatchError, Done, Seen, crews};

coded! {
    AidState { Asked = "asked", Granted = "granted", Refused = "refused", Ended = "ended" }
}

/// One case of help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aid {
    pub jurisdiction: i64,
    pub id: i64,
    /// The district that is asked.
    pub from: i64,
    /// The district that needs help.
    pub to: i64,
    /// Who goes, once it is granted.
    pub crew: Option<CrewId>,
    /// What they should be able to do.
    pub skills: Vec<String>,
    pub words: String,
    pub state: AidState,
    pub asked_at: Timestamp,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub version: i64,
}

/// What a district asks of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub from: i64,
    pub to: i64,
    pub skills: Vec<String>,
    pub words: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
}

const LONGEST_DAYS: i64 = 31;

/// A district asks another for a crew.
pub fn ask(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, wish: &Wish) -> Done<Aid> {
    act.require(Permission::ManageCrews, Where::city(jurisdiction).in_district(Some(wish.to)))?;
    let atlas = territory::atlas(tx, jurisdiction)?;
    let is_district = |id| atlas.division(id).is_some_and(|d| d.level == Level::District);
    if wish.from == wish.to || !is_district(wish.from) || !is_district(wish.to) {
        return Err(DispatchError::Refused("aid-district-wrong"));
    }
    let is_window = wish.starts_at < wish.ends_at && wish.ends_at > act.at;
    if !is_window || wish.ends_at.millis_since(wish.starts_at) > LONGEST_DAYS * 86_400_000 {
        return Err(DispatchError::Refused("aid-time-wrong"));
    }
    let kinds = crate::job_types::kinds(tx, jurisdiction)?;
    if !wish.skills.iter().all(|code| kinds.skills.iter().any(|skill| skill.code == *code)) {
        return Err(DispatchError::Refused("crew-skill-unknown"));
    }
    let words = display::clean_text(&wish.words);
    if words.chars().count() > 500 {
        return Err(DispatchError::Refused("words-too-long"));
    }
    let aid = Aid {
        jurisdiction,
        id: act.new_id(),
        from: wish.from,
        to: wish.to,
        crew: None,
        skills: split(&joined(&wish.skills)),
        words,
        state: AidState::Asked,
        asked_at: act.at,
        starts_at: wish.starts_at,
        ends_at: wish.ends_at,
        version: 1,
    };
    tx.execute_one(
        sql!(
            "INSERT INTO district_aid (jurisdiction_id, id, from_district, to_district, crew_id, skills, words, state, asked_at,
                 starts_at, ends_at, version)
             VALUES ($1, $2, $3, $4, NULL, $5, $6, $7, $8, $9, $10, 1)"
        ),
        &params![
            jurisdiction,
            aid.id,
            aid.from,
            aid.to,
            &joined(&aid.skills),
            &aid.words,
            aid.state.code(),
            aid.asked_at.0,
            aid.starts_at.0,
            aid.ends_at.0
        ],
    )?;
    tell(tx, act, &aid, "asked")?;
    Ok(aid)
}

/// The district that was asked sends one of its crews.
pub fn grant(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64, crew: CrewId, seen: Seen) -> Done<Aid> {
    let aid = asked(tx, act, jurisdiction, id, seen)?;
    let crew = crews::by_id(tx, jurisdiction, crew)?.filter(|crew| crew.is_active);
    let crew = crew.ok_or(DispatchError::Refused("crew-unknown"))?;
    if crew.district != Some(aid.from) {
        return Err(DispatchError::Refused("aid-crew-wrong"));
    }
    if !crew.suits(&aid.skills, &[]) {
        return Err(DispatchError::Refused("crew-lacks-skill"));
    }
    if aid.ends_at <= act.at {
        return Err(DispatchError::Refused("aid-time-wrong"));
    }
    moved(tx, act, Aid { crew: Some(crew.id), state: AidState::Granted, ..aid }, "granted")
}

/// The district that was asked cannot help.
pub fn refuse(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64, seen: Seen) -> Done<Aid> {
    let aid = asked(tx, act, jurisdiction, id, seen)?;
    moved(tx, act, Aid { state: AidState::Refused, ..aid }, "refused")
}

/// The crew goes home before the time, or nobody needs help any more. What it has in the other district it finishes;
/// what it has not begun there goes back to that district.
pub fn end(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64, seen: Seen) -> Done<Aid> {
    let aid = by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    let place = |district| Where::city(jurisdiction).in_district(Some(district));
    act.require(Permission::ManageCrews, place(aid.to))
        .or_else(|_| act.require(Permission::ManageCrews, place(aid.from)))?;
    if aid.version != seen.0 {
        return Err(DispatchError::Changed);
    }
    if !matches!(aid.state, AidState::Asked | AidState::Granted) {
        return Err(DispatchError::Refused("aid-over"));
    }
    moved(tx, act, Aid { state: AidState::Ended, ..aid }, "ended")
}

fn asked(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64, seen: Seen) -> Done<Aid> {
    let aid = by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    act.require(Permission::ManageCrews, Where::city(jurisdiction).in_district(Some(aid.from)))?;
    if aid.version != seen.0 {
        return Err(DispatchError::Changed);
    }
    if aid.state != AidState::Asked {
        return Err(DispatchError::Refused("aid-over"));
    }
    Ok(aid)
}

fn moved(tx: &mut Tx<'_>, act: &Act, mut aid: Aid, fact: &'static str) -> Done<Aid> {
    let ends_at = if aid.state == AidState::Ended { act.at.min(aid.ends_at) } else { aid.ends_at };
    let changed = tx.execute(
        sql!(
            "UPDATE district_aid SET state = $3, crew_id = $4, ends_at = $5, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $6"
        ),
        &params![
            aid.jurisdiction,
            aid.id,
            aid.state.code(),
            aid.crew.map(|crew| crew.0),
            ends_at.0,
            aid.version
        ],
    )?;
    crate::refusal::guarded(changed)?;
    (aid.version, aid.ends_at) = (aid.version + 1, ends_at);
    tell(tx, act, &aid, fact)?;
    Ok(aid)
}

fn tell(tx: &mut Tx<'_>, act: &Act, aid: &Aid, fact: &'static str) -> Result<()> {
    let payload = crate::json(&serde_json::json!({ "from": aid.from, "to": aid.to, "crew": aid.crew }))?;
    act.record(tx, aid.jurisdiction, AID, aid.id, fact, payload);
    Ok(())
}

/// Whether a crew may work in a district that is not its own, at this moment.
pub fn covers(tx: &mut Tx<'_>, crew: &Crew, district: Option<i64>, now: Timestamp) -> Result<bool> {
    let Some(district) = district else { return Ok(true) };
    let found: Option<i64> = tx.value(
        sql!(
            "SELECT id FROM district_aid WHERE jurisdiction_id = $1 AND to_district = $2 AND state IN ('asked', 'granted')
             AND state = 'granted' AND crew_id = $3 AND starts_at <= $4 AND ends_at > $4 ORDER BY id LIMIT 1"
        ),
        &params![crew.jurisdiction, district, crew.id.0, now.0],
    )?;
    Ok(found.is_some())
}

macro_rules! columns {
    () => {
        "jurisdiction_id, id, from_district, to_district, crew_id, skills, words, state, asked_at, starts_at, ends_at, version"
    };
}

/// Crews that help in a district now.
pub fn helping(tx: &mut Tx<'_>, jurisdiction: i64, district: i64, now: Timestamp) -> Result<Vec<Aid>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM district_aid WHERE jurisdiction_id = $1 AND to_district = $2 AND state IN ('asked', 'granted')
              AND state = 'granted' AND starts_at <= $3 AND ends_at > $3 ORDER BY id LIMIT 500"
        )),
        &params![jurisdiction, district, now.0],
        from_row,
    )
}

/// Every case, the newest first.
pub fn list(tx: &mut Tx<'_>, jurisdiction: i64, most: u32) -> Result<Vec<Aid>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM district_aid WHERE jurisdiction_id = $1 ORDER BY id DESC LIMIT $2"
        )),
        &params![jurisdiction, most.min(1000)],
        from_row,
    )
}

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: i64) -> Result<Option<Aid>> {
    tx.query_opt(
        sql!(concat!("SELECT ", columns!(), " FROM district_aid WHERE jurisdiction_id = $1 AND id = $2")),
        &params![jurisdiction, id],
        from_row,
    )
}

fn from_row(row: &Row<'_>) -> Result<Aid> {
    Ok(Aid {
        jurisdiction: row.get(0)?,
        id: row.get(1)?,
        from: row.get(2)?,
        to: row.get(3)?,
        crew: row.get::<Option<i64>>(4)?.map(CrewId),
        skills: split(&row.get::<String>(5)?),
        words: row.get(6)?,
        state: AidState::parse(&row.get::<String>(7)?)
            .ok_or_else(|| Error::corrupt("help in an unknown state"))?,
        asked_at: Timestamp(row.get(8)?),
        starts_at: Timestamp(row.get(9)?),
        ends_at: Timestamp(row.get(10)?),
        version: row.get(11)?,
    })
}
