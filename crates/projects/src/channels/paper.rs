//! Ballots on paper: a batch of sheets, each typed in by two people who do not see each other's typing.
//!
//! What was typed is sealed until both agree; then it is cast like any other ballot and what was typed goes. Where they
//! disagree, a third person looks at the sheet. Sheets count when they are typed in: after the end nothing is cast.

use calendar::{Day, Timestamp};
use language::display;
use people::{Act, Permission, Seal, Where};
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::{Error, Result, Row, Tx, params, sql};

use crate::ROUND;
use crate::ballots::identity::{Claim, Listed, prove};
use crate::ballots::key::RoundKey;
use crate::ballots::{Casting, Channel, Choice, cast, patterns};
use crate::book::book;
use crate::coded::{coded, json, known};
use crate::phases::Right;
use crate::refusal::{ProjectError, no};
use crate::rounds::{Round, RoundId};
use crate::rules::IdentityRule;

coded! {
    /// How a sheet stands.
    SheetState {
        /// One person typed it.
        First = "first",
        /// Two people typed different things.
        Mismatch = "mismatch",
        Cast = "cast",
        /// Both typed the same, and it cannot be cast.
        Refused = "refused",
    }
}

/// What stands on a sheet, as somebody typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// The national number, or the mobile number, as the round asks for it.
    pub person: String,
    pub birth: String,
    /// The number of the pot.
    pub home: String,
    /// Numbers, with points as `12=5`.
    pub choices: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub id: i64,
    pub round: RoundId,
    pub name: String,
    pub sheets: i64,
    pub made_by: i64,
    pub made_at: Timestamp,
    pub closed_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub sheet: i64,
    pub state: SheetState,
    pub first_by: i64,
    pub second_by: Option<i64>,
    pub refused: String,
    first_digest: String,
    first_sealed: String,
    second_sealed: String,
}

const MOST_SHEETS: i64 = 1000;

fn batch_row(row: &Row<'_>) -> Result<Batch> {
    Ok(Batch {
        id: row.get(0)?,
        round: RoundId(row.get(1)?),
        name: row.get(2)?,
        sheets: row.get(3)?,
        made_by: row.get(4)?,
        made_at: Timestamp(row.get(5)?),
        closed_at: row.get::<Option<i64>>(6)?.map(Timestamp),
    })
}

/// Begins a batch: sheets that came from one place.
pub fn begin(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    round: RoundId,
    name: &str,
    sheets: i64,
) -> std::result::Result<i64, ProjectError> {
    act.require(Permission::TakeBallots, Where::city(jurisdiction))?;
    let book = book(tx, jurisdiction)?;
    let round = book.round(round).ok_or(ProjectError::NotFound)?;
    round.require(Right::Vote, act.at)?;
    let name = display::clean_line(name);
    if name.is_empty() {
        return Err(no("name-missing", "name"));
    }
    if name.chars().count() > 120 {
        return Err(no("too-long", "name"));
    }
    if !(1..=MOST_SHEETS).contains(&sheets) {
        return Err(no("sheet-wrong", "sheets"));
    }
    let id = act.new_id();
    tx.execute_one(
        sql!(
            "INSERT INTO paper_batches (jurisdiction_id, id, round_id, name, sheets, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &params![jurisdiction, id, round.id.0, &name, sheets, act.by.account().unwrap_or(0), act.at.0],
    )?;
    act.record(
        tx,
        jurisdiction,
        ROUND,
        round.id.0,
        "paper-begun",
        json!({ "batch": id, "sheets": sheets }).to_string(),
    );
    Ok(id)
}

/// Batches of a round, the newest first.
pub fn batches(tx: &mut Tx<'_>, jurisdiction: i64, round: RoundId) -> Result<Vec<Batch>> {
    tx.query(
        sql!(
            "SELECT id, round_id, name, sheets, made_by, made_at, closed_at FROM paper_batches
             WHERE jurisdiction_id = $1 AND round_id = $2 ORDER BY id DESC LIMIT 500"
        ),
        &params![jurisdiction, round.0],
        batch_row,
    )
}

pub fn batch(tx: &mut Tx<'_>, jurisdiction: i64, id: i64) -> Result<Option<Batch>> {
    tx.query_opt(
        sql!(
            "SELECT id, round_id, name, sheets, made_by, made_at, closed_at FROM paper_batches WHERE jurisdiction_id = $1 AND id = $2"
        ),
        &params![jurisdiction, id],
        batch_row,
    )
}

/// The sheets of a batch that somebody typed, in order.
pub fn sheets(tx: &mut Tx<'_>, jurisdiction: i64, batch: i64) -> Result<Vec<Sheet>> {
    tx.query(
        sql!(
            "SELECT sheet, state, first_by, second_by, refused, first_digest, first_sealed, second_sealed FROM paper_sheets
             WHERE jurisdiction_id = $1 AND batch_id = $2 ORDER BY sheet LIMIT 1000"
        ),
        &params![jurisdiction, batch],
        sheet_row,
    )
}

fn sheet_row(row: &Row<'_>) -> Result<Sheet> {
    Ok(Sheet {
        sheet: row.get(0)?,
        state: known(SheetState::parse(&row.get::<String>(1)?), "state of a sheet")?,
        first_by: row.get(2)?,
        second_by: row.get(3)?,
        refused: row.get(4)?,
        first_digest: row.get(5)?,
        first_sealed: row.get(6)?,
        second_sealed: row.get(7)?,
    })
}

fn sheet(tx: &mut Tx<'_>, jurisdiction: i64, batch: i64, sheet: i64) -> Result<Option<Sheet>> {
    tx.query_opt(
        sql!(
            "SELECT sheet, state, first_by, second_by, refused, first_digest, first_sealed, second_sealed FROM paper_sheets
             WHERE jurisdiction_id = $1 AND batch_id = $2 AND sheet = $3"
        ),
        &params![jurisdiction, batch, sheet],
        sheet_row,
    )
}

/// Types a sheet in: the first time it waits for a second person, the second time both are compared.
pub fn enter(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    batch_id: i64,
    number: i64,
    typed: &Typed,
) -> std::result::Result<SheetState, ProjectError> {
    act.require(Permission::TakeBallots, Where::city(jurisdiction))?;
    let desk = Desk::open(tx, act, seal, jurisdiction, batch_id, number)?;
    let me = act.by.account().unwrap_or(0);
    let typed = desk.read(typed)?;
    let place = desk.place();
    let digest = desk.key.digest(&place, &json(&typed)?);
    match sheet(tx, jurisdiction, batch_id, number)? {
        None => {
            let sealed = desk.key.close(act, "sheet", &digest, json(&typed)?.as_bytes())?;
            tx.execute_one(
                sql!(
                    "INSERT INTO paper_sheets (jurisdiction_id, batch_id, sheet, state, first_by, first_digest, first_sealed, updated_at)
                     VALUES ($1, $2, $3, 'first', $4, $5, $6, $7)"
                ),
                &params![jurisdiction, batch_id, number, me, &digest, &sealed, act.at.0],
            )?;
            Ok(SheetState::First)
        }
        Some(known) if known.state != SheetState::First => Err(no("sheet-done", "sheet")),
        Some(known) if known.first_by == me => Err(no("sheet-same-person", "sheet")),
        Some(known) if known.first_digest == digest => desk.put(tx, act, seal, &typed, Some(me), None),
        Some(_) => {
            let sealed = desk.key.close(act, "sheet", &digest, json(&typed)?.as_bytes())?;
            tx.execute_one(
                sql!(
                    "UPDATE paper_sheets SET state = 'mismatch', second_by = $4, second_digest = $5, second_sealed = $6, updated_at = $7
                     WHERE jurisdiction_id = $1 AND batch_id = $2 AND sheet = $3 AND state = 'first'"
                ),
                &params![jurisdiction, batch_id, number, me, &digest, &sealed, act.at.0],
            )?;
            Ok(SheetState::Mismatch)
        }
    }
}

/// A third person looks at a sheet on which two disagree, and says what stands there.
pub fn settle(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    batch_id: i64,
    number: i64,
    typed: &Typed,
) -> std::result::Result<SheetState, ProjectError> {
    act.require(Permission::TakeBallots, Where::city(jurisdiction))?;
    let desk = Desk::open(tx, act, seal, jurisdiction, batch_id, number)?;
    let me = act.by.account().unwrap_or(0);
    let known = sheet(tx, jurisdiction, batch_id, number)?.ok_or(ProjectError::NotFound)?;
    if known.state != SheetState::Mismatch {
        return Err(no("sheet-done", "sheet"));
    }
    if known.first_by == me || known.second_by == Some(me) {
        return Err(no("sheet-same-person", "sheet"));
    }
    let typed = desk.read(typed)?;
    desk.put(tx, act, seal, &typed, known.second_by, Some(me))
}

/// What the two people typed, for the third.
pub fn both(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    batch_id: i64,
    number: i64,
) -> std::result::Result<Option<(Typed, Typed)>, ProjectError> {
    act.require(Permission::TakeBallots, Where::city(jurisdiction))?;
    let me = act.by.account().unwrap_or(0);
    let Some(known) = sheet(tx, jurisdiction, batch_id, number)? else { return Ok(None) };
    let third = known.first_by != me && known.second_by != Some(me);
    if known.state != SheetState::Mismatch || !third {
        return Ok(None);
    }
    let batch = batch(tx, jurisdiction, batch_id)?.ok_or(ProjectError::NotFound)?;
    let book = book(tx, jurisdiction)?;
    let round = book.round(batch.round).ok_or(ProjectError::NotFound)?;
    let key = RoundKey::open(seal, round.id.0, &round.secret)?;
    let digests = tx.query_opt(
        sql!(
            "SELECT first_digest, second_digest FROM paper_sheets WHERE jurisdiction_id = $1 AND batch_id = $2 AND sheet = $3"
        ),
        &params![jurisdiction, batch_id, number],
        |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)),
    )?;
    let Some((first, second)) = digests else { return Ok(None) };
    let read = |digest: &str, sealed: &str| -> Result<Typed> {
        let bytes =
            key.reveal("sheet", digest, sealed).ok_or_else(|| Error::corrupt("a sheet does not open"))?;
        serde_json::from_slice(&bytes).map_err(Error::corrupt)
    };
    Ok(Some((read(&first, &known.first_sealed)?, read(&second, &known.second_sealed)?)))
}

/// One sheet of one batch, and everything that is needed to judge it.
struct Desk {
    jurisdiction: i64,
    round: Round,
    batch: Batch,
    number: i64,
    key: RoundKey,
}

impl Desk {
    fn open(
        tx: &mut Tx<'_>,
        act: &Act,
        seal: &Seal,
        jurisdiction: i64,
        batch_id: i64,
        number: i64,
    ) -> std::result::Result<Desk, ProjectError> {
        let batch = batch(tx, jurisdiction, batch_id)?.ok_or(ProjectError::NotFound)?;
        if batch.closed_at.is_some() {
            return Err(no("batch-closed", ""));
        }
        if !(1..=batch.sheets).contains(&number) {
            return Err(no("sheet-wrong", "sheet"));
        }
        let book = book(tx, jurisdiction)?;
        let round = book.round(batch.round).ok_or(ProjectError::NotFound)?.clone();
        if !round.allows(Right::Vote, act.at) {
            return Err(no("voting-closed", ""));
        }
        let key = RoundKey::open(seal, round.id.0, &round.secret)?;
        Ok(Desk { jurisdiction, round, batch, number, key })
    }

    fn place(&self) -> String {
        format!("{}:{}", self.batch.id, self.number)
    }

    /// In one spelling, so that two people who type the same thing differently agree.
    fn read(&self, typed: &Typed) -> std::result::Result<Typed, ProjectError> {
        let person: String = language::digits::to_ascii(&typed.person)
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '+')
            .collect();
        let (person, birth) = match self.round.rules.identity {
            IdentityRule::Mobile => (
                language::mobile::parse(&person).map_err(|_| no("identity-mobile", "person"))?,
                String::new(),
            ),
            IdentityRule::Registry => {
                if !language::national_id::is_valid(&person) {
                    return Err(no("identity-number", "person"));
                }
                let day = Day::parse(&language::digits::to_ascii(&typed.birth))
                    .map_err(|_| no("identity-birth", "birth"))?;
                (person, day.days_since_epoch().to_string())
            }
        };
        let home = language::digits::to_ascii(typed.home.trim());
        let mut choices = choices_of(&typed.choices)?;
        if self.round.rules.ballot.kind != crate::rules::BallotKind::Ranked {
            choices.sort_unstable();
        }
        let choices =
            choices.iter().map(|c| format!("{}={}", c.number, c.weight)).collect::<Vec<_>>().join(" ");
        Ok(Typed { person, birth, home, choices })
    }

    fn put(
        &self,
        tx: &mut Tx<'_>,
        act: &Act,
        seal: &Seal,
        typed: &Typed,
        second: Option<i64>,
        settled: Option<i64>,
    ) -> std::result::Result<SheetState, ProjectError> {
        let zone = territory::atlas(tx, self.jurisdiction)?.jurisdiction.zone.clone();
        let birth = typed.birth.parse().ok().map(Day::from_days_since_epoch);
        let is_mobile = self.round.rules.identity == IdentityRule::Mobile;
        let claim = Claim {
            mobile: is_mobile.then_some(typed.person.as_str()),
            national_id: if is_mobile { "" } else { &typed.person },
            birth,
        };
        let today = act.at.day(&zone);
        let proven =
            prove(tx, &Listed { seal }, self.jurisdiction, &self.round, Channel::Paper, &claim, today);
        let home = typed.home.parse().ok().and_then(|n| self.round.pot_numbered(n)).map(|pot| pot.id);
        let done = match proven {
            Ok(identity) => {
                let casting = Casting {
                    round: self.round.id,
                    identity,
                    home,
                    choices: choices_of(&typed.choices)?,
                    channel: Channel::Paper,
                    assistant: Some(self.batch.made_by),
                };
                cast(tx, act, seal, self.jurisdiction, &casting).map(|_| ())
            }
            Err(refused) => Err(refused),
        };
        let (state, refused) = match done {
            Ok(()) => (SheetState::Cast, ""),
            Err(ProjectError::Refused { code, .. }) => (SheetState::Refused, code),
            Err(other) => return Err(other),
        };
        if refused == "voted-already" {
            patterns::was_refused(
                tx,
                act,
                self.jurisdiction,
                self.round.id,
                Channel::Paper,
                self.batch.made_by,
            )?;
        }
        // What was typed goes; that it was typed, by whom, and what became of it stays.
        tx.execute_one(
            sql!(
                "UPDATE paper_sheets SET state = $4, second_by = $5, settled_by = $6, refused = $7, first_sealed = '', second_sealed = '',
                     first_digest = '', second_digest = '', updated_at = $8
                 WHERE jurisdiction_id = $1 AND batch_id = $2 AND sheet = $3 AND state IN ('first', 'mismatch')"
            ),
            &params![
                self.jurisdiction, self.batch.id, self.number, state.code(), second, settled, refused, act.at.0
            ],
        )?;
        Ok(state)
    }
}

fn choices_of(typed: &str) -> std::result::Result<Vec<Choice>, ProjectError> {
    let ascii = language::digits::to_ascii(typed);
    let mut choices = Vec::new();
    let apart = |c: char| c.is_whitespace() || matches!(c, ',' | '،' | ';' | '؛' | '-' | '.');
    for (place, part) in ascii.split(apart).filter(|part| !part.is_empty()).enumerate() {
        let (number, weight) = part.split_once(['=', ':']).unwrap_or((part, "1"));
        let whole = |text: &str| text.parse::<i64>().map_err(|_| no("choice-unknown", "choices"));
        choices.push(Choice { number: whole(number)?, weight: whole(weight)? });
        if place >= 100 {
            return Err(no("too-many", "choices"));
        }
    }
    if choices.is_empty() {
        return Err(no("ballot-empty", "choices"));
    }
    Ok(choices)
}
