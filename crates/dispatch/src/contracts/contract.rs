//! What was agreed with a contractor, from draft to its end.

use calendar::Timestamp;
use language::{digits, display};
use people::{Act, Permission, Where};
use storage::{Result, Row, Tx, params, sql};

use super::terms::Terms;
use super::{CONTRACT, ContractError, Done, one};
use crate::kinds::coded;

coded! {
    /// Where a contract stands.
    State {
        /// Being written: no orders yet.
        Draft = "draft",
        InForce = "in-force",
        /// No new orders; those that were given go on.
        Suspended = "suspended",
        Ended = "ended",
    }
}

/// Which state may follow which.
const MOVES: &[(State, &[State])] = &[
    (State::Draft, &[State::InForce, State::Ended]),
    (State::InForce, &[State::Suspended, State::Ended]),
    (State::Suspended, &[State::InForce, State::Ended]),
    (State::Ended, &[]),
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    pub id: i64,
    /// Its number, as letters write it and addresses carry it.
    pub code: String,
    pub title_fa: String,
    pub title_en: String,
    /// An external unit.
    pub contractor: i64,
    pub state: State,
    /// The first and the last day, in days since 1970.
    pub starts_on: i64,
    pub ends_on: i64,
    pub terms: Terms,
    /// Where its samples come from; shown to nobody.
    pub draw_seed: i64,
    pub version: i64,
}

impl Contract {
    /// Why no order may be given under it on a day; none when one may.
    pub fn refuses(&self, today: i64) -> Option<&'static str> {
        match self.state {
            State::Draft => Some("contract-draft"),
            State::Suspended => Some("contract-suspended"),
            State::Ended => Some("contract-over"),
            State::InForce if today < self.starts_on => Some("contract-not-begun"),
            State::InForce if today > self.ends_on => Some("contract-expired"),
            State::InForce => None,
        }
    }

    /// May still be written on.
    pub fn is_draft(&self) -> bool {
        self.state == State::Draft
    }

    pub fn may_become(&self, state: State) -> bool {
        MOVES.iter().any(|(from, to)| *from == self.state && to.contains(&state))
    }
}

/// What is written when a contract is made or changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    pub code: String,
    pub title_fa: String,
    pub title_en: String,
    pub contractor: Option<i64>,
    pub starts_on: Option<i64>,
    pub ends_on: Option<i64>,
    pub terms: Terms,
}

macro_rules! columns {
    () => {
        "id, code, title_fa, title_en, contractor_id, state, starts_on, ends_on, terms, draw_seed, version"
    };
}

fn read(row: &Row<'_>) -> Result<Contract> {
    Ok(Contract {
        id: row.get(0)?,
        code: row.get(1)?,
        title_fa: row.get(2)?,
        title_en: row.get(3)?,
        contractor: row.get(4)?,
        state: State::parse(&row.get::<String>(5)?).unwrap_or(State::Draft),
        starts_on: row.get(6)?,
        ends_on: row.get(7)?,
        terms: serde_json::from_str(&row.get::<String>(8)?).unwrap_or_default(),
        draw_seed: row.get(9)?,
        version: row.get(10)?,
    })
}

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: i64) -> Result<Option<Contract>> {
    tx.query_opt(
        sql!(concat!("SELECT ", columns!(), " FROM contracts WHERE jurisdiction_id = $1 AND id = $2")),
        &params![jurisdiction, id],
        read,
    )
}

pub fn by_code(tx: &mut Tx<'_>, jurisdiction: i64, code: &str) -> Result<Option<Contract>> {
    tx.query_opt(
        sql!(concat!("SELECT ", columns!(), " FROM contracts WHERE jurisdiction_id = $1 AND code = $2")),
        &params![jurisdiction, code],
        read,
    )
}

/// Every contract of the city, the newest first.
pub fn list(tx: &mut Tx<'_>, jurisdiction: i64, most: u32) -> Result<Vec<Contract>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM contracts WHERE jurisdiction_id = $1 ORDER BY id DESC LIMIT $2"
        )),
        &params![jurisdiction, most],
        read,
    )
}

/// The contracts of one contractor that are no drafts, the newest first.
pub fn of_contractor(tx: &mut Tx<'_>, jurisdiction: i64, contractor: i64) -> Result<Vec<Contract>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM contracts WHERE jurisdiction_id = $1 AND contractor_id = $2 AND state <> 'draft'
              ORDER BY id DESC LIMIT 500"
        )),
        &params![jurisdiction, contractor],
        read,
    )
}

/// Writes a contract down, as a draft.
pub fn make(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, draft: &Draft) -> Done<Contract> {
    act.require(Permission::ManageContracts, Where::city(jurisdiction))?;
    let id = act.new_id();
    // The seed fits 63 bits, as every number of a database does.
    let draw_seed = i64::try_from(act.dice.number() >> 1).unwrap_or(0);
    let made =
        Contract { id, draw_seed, version: 1, state: State::Draft, ..checked(tx, jurisdiction, draft)? };
    if by_code(tx, jurisdiction, &made.code)?.is_some() {
        return Err(ContractError::Wrong { field: "code", code: "taken" });
    }
    tx.execute(
        sql!(
            "INSERT INTO contracts (jurisdiction_id, id, code, title_fa, title_en, contractor_id, state, starts_on, ends_on,
                 terms, draw_seed, made_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7, $8, $9, $10, $11, $11)"
        ),
        &params![
            jurisdiction,
            id,
            &made.code,
            &made.title_fa,
            &made.title_en,
            made.contractor,
            made.starts_on,
            made.ends_on,
            &json(&made.terms)?,
            draw_seed,
            act.at.0
        ],
    )?;
    act.record(tx, jurisdiction, CONTRACT, id, "made", format!("{{\"contractor\":{}}}", made.contractor));
    Ok(made)
}

/// Changes a draft. What is in force is not changed: it is ended and another one made, or its price list is renewed.
pub fn change(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64, seen: i64, draft: &Draft) -> Done<()> {
    act.require(Permission::ManageContracts, Where::city(jurisdiction))?;
    let contract = by_id(tx, jurisdiction, id)?.ok_or(ContractError::NotFound)?;
    if !contract.is_draft() {
        return Err(ContractError::Refused("contract-in-force"));
    }
    let new = checked(tx, jurisdiction, draft)?;
    if by_code(tx, jurisdiction, &new.code)?.is_some_and(|other| other.id != id) {
        return Err(ContractError::Wrong { field: "code", code: "taken" });
    }
    one(tx.execute(
        sql!(
            "UPDATE contracts SET code = $4, title_fa = $5, title_en = $6, contractor_id = $7, starts_on = $8, ends_on = $9,
                 terms = $10, updated_at = $11, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3 AND state = 'draft'"
        ),
        &params![
            jurisdiction,
            id,
            seen,
            &new.code,
            &new.title_fa,
            &new.title_en,
            new.contractor,
            new.starts_on,
            new.ends_on,
            &json(&new.terms)?,
            act.at.0
        ],
    )?)?;
    act.record(tx, jurisdiction, CONTRACT, id, "changed", "{}".into());
    Ok(())
}

/// Puts a contract in force, suspends it, takes it up again or ends it.
pub fn set_state(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
    seen: i64,
    state: State,
) -> Done<()> {
    act.require(Permission::ManageContracts, Where::city(jurisdiction))?;
    let contract = by_id(tx, jurisdiction, id)?.ok_or(ContractError::NotFound)?;
    if !contract.may_become(state) {
        return Err(ContractError::Refused("contract-move"));
    }
    if contract.is_draft() && state == State::InForce {
        let lists = super::prices::lists(tx, jurisdiction, id)?;
        if super::prices::on_day(&lists, contract.starts_on).is_none() {
            return Err(ContractError::Refused("contract-no-prices"));
        }
    }
    one(tx.execute(
        sql!(
            "UPDATE contracts SET state = $4, updated_at = $5, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3"
        ),
        &params![jurisdiction, id, seen, state.code(), act.at.0],
    )?)?;
    let fact = match state {
        State::Draft => "changed",
        State::InForce if contract.is_draft() => "in-force",
        State::InForce => "resumed",
        State::Suspended => "suspended",
        State::Ended => "ended",
    };
    act.record(tx, jurisdiction, CONTRACT, id, fact, "{}".into());
    Ok(())
}

fn json(terms: &Terms) -> Result<String> {
    serde_json::to_string(terms).map_err(|_| storage::Error::Conflict)
}

fn checked(tx: &mut Tx<'_>, jurisdiction: i64, draft: &Draft) -> Done<Contract> {
    let wrong = |field, code| Err(ContractError::Wrong { field, code });
    let code = digits::to_ascii(draft.code.trim()).to_lowercase();
    let is_code = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if code.is_empty() || code.len() > 40 || !code.bytes().all(is_code) || code.starts_with('-') {
        return wrong("code", "wrong");
    }
    // These are addresses of pages of their own.
    if matches!(code.as_str(), "new" | "checks") {
        return wrong("code", "wrong");
    }
    let (title_fa, title_en) = (display::clean_line(&draft.title_fa), display::clean_line(&draft.title_en));
    if title_fa.is_empty() || title_fa.chars().count() > 200 || title_en.chars().count() > 200 {
        return wrong("title_fa", "missing");
    }
    let units = people::units::all(tx, jurisdiction)?;
    let is_contractor =
        |id: &i64| units.iter().any(|u| u.id == *id && u.kind == people::units::UnitKind::External);
    let Some(contractor) = draft.contractor.filter(is_contractor) else {
        return wrong("contractor", "unknown");
    };
    let Some(starts_on) = draft.starts_on else { return wrong("starts_on", "missing") };
    let Some(ends_on) = draft.ends_on.filter(|day| *day >= starts_on) else {
        return wrong("ends_on", "missing");
    };
    draft.terms.check()?;
    Ok(Contract {
        id: 0,
        code,
        title_fa,
        title_en,
        contractor,
        state: State::Draft,
        starts_on,
        ends_on,
        terms: draft.terms.clone(),
        draw_seed: 0,
        version: 1,
    })
}

/// The day of a moment in the city, in days since 1970.
pub(super) fn day_of(tx: &mut Tx<'_>, jurisdiction: i64, at: Timestamp) -> Result<i64> {
    let city = territory::cities(tx)?;
    let zone = city.iter().find(|city| city.id == jurisdiction).map(|city| city.zone.clone());
    Ok(at.day(&zone.unwrap_or(calendar::Zone::utc())).days_since_epoch())
}
