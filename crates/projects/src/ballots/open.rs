//! After the vote: the box is opened, once.
//!
//! Every sealed ballot is checked against the seals that came in, opened, and written under a number drawn now, in the
//! order of those numbers, so that neither order nor time leads back. Choices of projects that were withdrawn fall away.

use people::{Act, Permission, Seal, Where};
use serde_json::json;
use storage::{Error, Param, Result, Tx, params, sql};

use super::key::RoundKey;
use super::patterns::Looking;
use super::sealed::Content;
use super::{Channel, Choice, receipt};
use crate::ROUND;
use crate::book::{self, book};
use crate::coded::known;
use crate::phases::Right;
use crate::refusal::{ProjectError, no};
use crate::rounds::{PotId, RoundId};

/// A ballot after the box was opened: nobody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub pot: Option<PotId>,
    pub channel: Channel,
    pub choices: Vec<Choice>,
}

/// What was in the box.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Selections {
    pub ballots: i64,
    /// Choices on all of them together.
    pub selections: i64,
}

/// Opens the box. Refused before the vote is over, and the second time.
pub fn open_box(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    round: RoundId,
) -> std::result::Result<Selections, ProjectError> {
    act.require(Permission::ManageRounds, Where::city(jurisdiction))?;
    let book = book(tx, jurisdiction)?;
    let round = book.round(round).ok_or(ProjectError::NotFound)?;
    if !round.allows(Right::Count, act.at) {
        return Err(no("box-closed", ""));
    }
    if round.opened_at.is_some() {
        return Err(no("box-opened", ""));
    }
    let key = RoundKey::open(seal, round.id.0, &round.secret)?;
    let mut all: Vec<(i64, Content)> = Vec::new();
    let mut looking = Looking::default();
    tx.for_each(
        sql!(
            "SELECT b.slot, b.receipt, b.sealed, s.receipt FROM ballots b
             LEFT JOIN ballot_seals s ON s.jurisdiction_id = b.jurisdiction_id AND s.round_id = b.round_id AND s.receipt = b.receipt
             WHERE b.jurisdiction_id = $1 AND b.round_id = $2 ORDER BY b.slot"
        ),
        &params![jurisdiction, round.id.0],
        |row| {
            let (slot, told, sealed) = (row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(2)?);
            let came = row.get::<Option<String>>(3)?;
            if receipt::of(&sealed) != told || came.is_none() {
                return Err(Error::corrupt("a ballot in the box is not the one that was sealed"));
            }
            let content = key.reveal("ballot", &slot, &sealed).and_then(|bytes| Content::from_bytes(&bytes));
            let mut content = content.ok_or_else(|| Error::corrupt("a ballot in the box does not open"))?;
            looking.see(&content);
            let stands = |choice: &Choice| book.offer(round.id, choice.number).is_some_and(|o| !o.is_withdrawn);
            content.choices.retain(stands);
            let number = (act.dice.number() >> 1) as i64;
            all.push((number, content));
            Ok(())
        },
    )?;
    all.sort_unstable_by_key(|(number, _)| *number);
    let sums = Selections {
        ballots: all.len() as i64,
        selections: all.iter().map(|(_, content)| content.choices.len() as i64).sum(),
    };
    store(tx, jurisdiction, round.id, &all, |number| round.pot_numbered(number).map(|pot| pot.id.0))?;
    looking.keep(tx, jurisdiction, round.id)?;
    let seed = key.seed();
    tx.execute_one(
        sql!(
            "UPDATE rounds SET opened_at = $3, seed = $4, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND opened_at IS NULL"
        ),
        &params![jurisdiction, round.id.0, act.at.0, &seed],
    )?;
    book::touch(tx, act, jurisdiction)?;
    let payload = json!({ "ballots": sums.ballots, "selections": sums.selections, "seed": seed });
    act.record(tx, jurisdiction, ROUND, round.id.0, "box-opened", payload.to_string());
    Ok(sums)
}

fn store(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    round: RoundId,
    all: &[(i64, Content)],
    pot: impl Fn(i64) -> Option<i64>,
) -> Result<()> {
    for some in all.chunks(4096) {
        let written: Vec<String> = some.iter().map(|(_, content)| written(&content.choices)).collect();
        let values: Vec<Param<'_>> = some
            .iter()
            .zip(&written)
            .flat_map(|((id, content), choices)| {
                params![
                    jurisdiction,
                    round.0,
                    *id,
                    content.home.and_then(&pot),
                    content.channel.code(),
                    choices
                ]
            })
            .collect();
        tx.insert_many(
            "INSERT INTO ballots_opened (jurisdiction_id, round_id, id, pot_id, channel, choices) VALUES",
            6,
            &values,
            "",
        )?;
    }
    Ok(())
}

/// `12:1 40:1`
fn written(choices: &[Choice]) -> String {
    choices.iter().map(|c| format!("{}:{}", c.number, c.weight)).collect::<Vec<_>>().join(" ")
}

fn read_choices(text: &str) -> Result<Vec<Choice>> {
    text.split_whitespace()
        .map(|pair| {
            let (number, weight) = pair.split_once(':').ok_or_else(|| Error::corrupt("an opened ballot"))?;
            let whole = |text: &str| text.parse::<i64>().map_err(Error::corrupt);
            Ok(Choice { number: whole(number)?, weight: whole(weight)? })
        })
        .collect()
}

/// Every opened ballot of a round, in the order of the numbers that were drawn. Calls `each` for one after the other.
pub fn opened(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    round: RoundId,
    mut each: impl FnMut(i64, Opened) -> Result<()>,
) -> Result<()> {
    tx.for_each(
        sql!(
            "SELECT id, pot_id, channel, choices FROM ballots_opened WHERE jurisdiction_id = $1 AND round_id = $2 ORDER BY id"
        ),
        &params![jurisdiction, round.0],
        |row| {
            let ballot = Opened {
                pot: row.get::<Option<i64>>(1)?.map(PotId),
                channel: known(Channel::parse(&row.get::<String>(2)?), "channel")?,
                choices: read_choices(&row.get::<String>(3)?)?,
            };
            each(row.get(0)?, ballot)
        },
    )
}

/// How many ballots were counted and what stood on them; nothing before the box is opened.
pub fn selections(tx: &mut Tx<'_>, jurisdiction: i64, round: RoundId) -> Result<Selections> {
    let mut sums = Selections::default();
    opened(tx, jurisdiction, round, |_, ballot| {
        sums.ballots += 1;
        sums.selections += ballot.choices.len() as i64;
        Ok(())
    })?;
    Ok(sums)
}
