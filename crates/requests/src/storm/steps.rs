//! Begin, change, end: by people who may manage storms over that city or district.

use std::collections::HashSet;

use people::{Act, Denied, Permission, Where};
use storage::{Result, Tx, params, sql};
use territory::Level;

use super::{Mode, SUBJECT, State, Storm, StormId, by_id, open, rules};
use crate::catalogue::catalogue;
use crate::submit::json;

#[derive(Debug, thiserror::Error)]
pub enum StormError {
    #[error("there is no such storm")]
    NotFound,
    #[error("there is no such district")]
    DistrictUnknown,
    #[error("a storm is over this place already")]
    AlreadyBegun,
    #[error("it is over")]
    Over,
    #[error("there is no service {0}")]
    ServiceUnknown(String),
    #[error("{0}")]
    RuleWrong(&'static str),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

impl StormError {
    /// A stable code for programs and message keys; failures have none.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            StormError::NotFound => "storm-unknown",
            StormError::DistrictUnknown => "district-unknown",
            StormError::AlreadyBegun => "storm-already-begun",
            StormError::Over => "storm-over",
            StormError::ServiceUnknown(_) => "service-unknown",
            StormError::RuleWrong(_) => "storm-rule-wrong",
            StormError::Denied(_) => "denied",
            StormError::Failure(_) => return None,
        })
    }
}

type Done = std::result::Result<Storm, StormError>;

/// Begins storm mode over the city or one district, with the pack's rules or other ones. A proposal over the same
/// place becomes the storm.
pub fn begin(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    district: Option<i64>,
    mode: Option<Mode>,
) -> Done {
    act.require(Permission::ManageStorm, Where::city(jurisdiction).in_district(district))?;
    if let Some(id) = district {
        let atlas = territory::atlas(tx, jurisdiction)?;
        let known = atlas.division(id).is_some_and(|d| d.level == Level::District);
        if !known {
            return Err(StormError::DistrictUnknown);
        }
    }
    let mode = match mode {
        Some(mode) => checked(tx, jurisdiction, mode)?,
        None => rules::rules(tx, jurisdiction)?.storm.clone(),
    };
    let shifting = (mode.shift_given && mode.shift_hours > 0).then_some(0);
    let known = open(tx, jurisdiction)?.into_iter().find(|s| s.district == district);
    let storm = match known {
        Some(storm) if storm.is_begun() => return Err(StormError::AlreadyBegun),
        Some(proposed) => {
            let begun_by = act.by.signature();
            let mut storm =
                Storm { state: State::Begun, begun_at: act.at, begun_by, mode, shifting, ..proposed };
            update(tx, &mut storm)?;
            storm
        }
        None => {
            let storm = Storm {
                jurisdiction,
                id: StormId(act.new_id()),
                district,
                state: State::Begun,
                begun_at: act.at,
                ended_at: None,
                begun_by: act.by.signature(),
                rate: 0,
                usual: 0,
                mode,
                shifting,
                version: 1,
            };
            insert(tx, &storm)?;
            storm
        }
    };
    announce(tx, act, &storm, "begun")?;
    Ok(storm)
}

/// Changes what holds while it lasts.
pub fn change(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: StormId, mode: Mode) -> Done {
    let mut storm = by_id(tx, jurisdiction, id)?.ok_or(StormError::NotFound)?;
    act.require(Permission::ManageStorm, storm.place())?;
    if !storm.is_begun() {
        return Err(StormError::Over);
    }
    let mode = checked(tx, jurisdiction, mode)?;
    if mode == storm.mode {
        return Ok(storm);
    }
    // Whoever asks for it later, or adds a service that waits, has all promises looked at again; none is moved twice.
    if mode.shift_given && mode.shift_hours > 0 && (!storm.mode.shift_given || mode.wait != storm.mode.wait) {
        storm.shifting = Some(0);
    }
    storm.mode = mode;
    update(tx, &mut storm)?;
    announce(tx, act, &storm, "changed")?;
    Ok(storm)
}

/// Ends storm mode: from now on promises are as usual. What was promised for later stays so.
pub fn end(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: StormId) -> Done {
    over(tx, act, jurisdiction, id, State::Begun, State::Ended, "ended")
}

/// What the program proposed is no storm.
pub fn dismiss(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: StormId) -> Done {
    over(tx, act, jurisdiction, id, State::Proposed, State::Dismissed, "dismissed")
}

fn over(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: StormId,
    from: State,
    to: State,
    fact: &'static str,
) -> Done {
    let mut storm = by_id(tx, jurisdiction, id)?.ok_or(StormError::NotFound)?;
    act.require(Permission::ManageStorm, storm.place())?;
    if storm.state != from {
        return Err(StormError::Over);
    }
    (storm.state, storm.ended_at, storm.shifting) = (to, Some(act.at), None);
    update(tx, &mut storm)?;
    announce(tx, act, &storm, fact)?;
    Ok(storm)
}

fn checked(tx: &mut Tx<'_>, jurisdiction: i64, mut mode: Mode) -> std::result::Result<Mode, StormError> {
    for text in [&mut mode.message.fa, &mut mode.message.en, &mut mode.phone.fa, &mut mode.phone.en] {
        *text = language::display::clean_text(text);
    }
    if let Some(what) = mode.wrong() {
        return Err(StormError::RuleWrong(what));
    }
    let catalogue = catalogue(tx, jurisdiction)?;
    let known: HashSet<&str> = catalogue.services.iter().map(|s| s.code.as_str()).collect();
    match mode.first.iter().chain(&mode.wait).find(|code| !known.contains(code.as_str())) {
        Some(code) => Err(StormError::ServiceUnknown(code.clone())),
        None if mode.first.iter().any(|code| mode.wait.contains(code)) => {
            Err(StormError::RuleWrong("storm: a service comes first or waits, not both"))
        }
        None => Ok(mode),
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, storm: &Storm) -> Result<()> {
    tx.execute_one(
        sql!(
            "INSERT INTO storms (jurisdiction_id, id, district_id, state, is_open, begun_at, ended_at, begun_by, rate, usual, rules, shifting)
             VALUES ($1, $2, $3, $4, 1, $5, NULL, $6, $7, $8, $9, $10)"
        ),
        &params![
            storm.jurisdiction, storm.id.0, storm.district, storm.state.code(), storm.begun_at.0, &storm.begun_by, storm.rate,
            storm.usual, &json(&storm.mode)?, storm.shifting,
        ],
    )
}

pub(super) fn update(tx: &mut Tx<'_>, storm: &mut Storm) -> Result<()> {
    let is_open = matches!(storm.state, State::Proposed | State::Begun);
    tx.execute_one(
        sql!(
            "UPDATE storms SET state = $4, is_open = $5, begun_at = $6, ended_at = $7, begun_by = $8, rules = $9, shifting = $10,
                 version = version + 1 WHERE jurisdiction_id = $1 AND id = $2 AND version = $3"
        ),
        &params![
            storm.jurisdiction, storm.id.0, storm.version, storm.state.code(), is_open, storm.begun_at.0,
            storm.ended_at.map(|t| t.0), &storm.begun_by, &json(&storm.mode)?, storm.shifting,
        ],
    )?;
    storm.version += 1;
    Ok(())
}

/// Says what holds from now on, to the journal and to every copy of the rules in memory.
fn announce(tx: &mut Tx<'_>, act: &Act, storm: &Storm, fact: &'static str) -> Result<()> {
    if storm.state != State::Dismissed {
        tx.new_edition(storm.jurisdiction, act.new_id())?;
    }
    let payload = json(&serde_json::json!({ "district": storm.district, "rules": storm.mode }))?;
    act.record(tx, storm.jurisdiction, SUBJECT, storm.id.0, fact, payload);
    Ok(())
}
