//! Rounds and what is on their ballots, in memory: a ballot is checked against them without reading rows.

use std::collections::HashMap;
use std::sync::Arc;

use calendar::Timestamp;
use people::Act;
use requests::service::Both;
use storage::{Result, Tx, params, sql};

use crate::coded::known;
use crate::phases::{Phase, Timetable};
use crate::rounds::{Pot, PotId, Round, RoundId};

/// A project as ballots know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    pub project: i64,
    pub number: i64,
    pub pot: PotId,
    /// Rial.
    pub cost: i64,
    pub is_withdrawn: bool,
}

/// All rounds of a city, the newest first.
#[derive(Debug, Default)]
pub struct Book {
    pub rounds: Vec<Round>,
    offers: HashMap<(RoundId, i64), Offer>,
}

impl Book {
    pub fn round(&self, id: RoundId) -> Option<&Round> {
        self.rounds.iter().find(|round| round.id == id)
    }

    pub fn by_code(&self, code: &str) -> Option<&Round> {
        self.rounds.iter().find(|round| round.code == code)
    }

    /// What stands on the ballot of a round under a number, withdrawn or not.
    pub fn offer(&self, round: RoundId, number: i64) -> Option<&Offer> {
        self.offers.get(&(round, number))
    }

    /// Everything on the ballot of a round, by number.
    pub fn offers(&self, round: RoundId) -> Vec<Offer> {
        let mut all: Vec<Offer> =
            self.offers.iter().filter(|((r, _), _)| *r == round).map(|(_, offer)| *offer).collect();
        all.sort_unstable_by_key(|offer| offer.number);
        all
    }
}

/// The rounds of a city as this transaction sees them.
pub fn book(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Arc<Book>> {
    let edition: Option<i64> = tx.value(
        sql!("SELECT edition FROM project_editions WHERE jurisdiction_id = $1"),
        &params![jurisdiction],
    )?;
    tx.memo_of(jurisdiction, edition.unwrap_or(0), read)
}

/// Says that the book changed in this transaction.
pub(crate) fn touch(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<()> {
    tx.execute(
        sql!(
            "INSERT INTO project_editions (jurisdiction_id, edition) VALUES ($1, $2)
             ON CONFLICT (jurisdiction_id) DO UPDATE SET edition = excluded.edition"
        ),
        &params![jurisdiction, act.new_id()],
    )?;
    Ok(())
}

fn read(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Book> {
    let mut rounds = tx.query(
        sql!(
            "SELECT id, code, name_fa, name_en, about_fa, about_en, rules, rules_hash, is_public, ends_at, opened_at,
                 counted_at, seed_hash, seed, secret, version
             FROM rounds WHERE jurisdiction_id = $1 ORDER BY id DESC LIMIT 1000"
        ),
        &params![jurisdiction],
        |row| {
            Ok(Round {
                id: RoundId(row.get(0)?),
                code: row.get(1)?,
                name: Both::new(row.get::<String>(2)?, row.get::<String>(3)?),
                about: Both::new(row.get::<String>(4)?, row.get::<String>(5)?),
                rules: serde_json::from_str(&row.get::<String>(6)?).map_err(storage::Error::corrupt)?,
                rules_hash: row.get(7)?,
                is_public: row.get(8)?,
                times: Timetable { begins: Vec::new(), ends_at: Timestamp(row.get(9)?) },
                pots: Vec::new(),
                opened_at: row.get::<Option<i64>>(10)?.map(Timestamp),
                counted_at: row.get::<Option<i64>>(11)?.map(Timestamp),
                seed_hash: row.get(12)?,
                seed: row.get(13)?,
                secret: row.get(14)?,
                version: row.get(15)?,
            })
        },
    )?;
    let phases = tx.query(
        sql!(
            "SELECT round_id, phase, begins_at FROM round_phases WHERE jurisdiction_id = $1
             ORDER BY round_id, begins_at LIMIT 10000"
        ),
        &params![jurisdiction],
        |row| {
            let phase = known(Phase::parse(&row.get::<String>(1)?), "phase")?;
            Ok((row.get::<i64>(0)?, phase, Timestamp(row.get(2)?)))
        },
    )?;
    let pots = tx.query(
        sql!(
            "SELECT round_id, id, number, name_fa, name_en, division_id, budget FROM round_pots
             WHERE jurisdiction_id = $1 ORDER BY round_id, number LIMIT 100000"
        ),
        &params![jurisdiction],
        |row| {
            let pot = Pot {
                id: PotId(row.get(1)?),
                number: row.get(2)?,
                name: Both::new(row.get::<String>(3)?, row.get::<String>(4)?),
                division: row.get(5)?,
                budget: row.get(6)?,
            };
            Ok((row.get::<i64>(0)?, pot))
        },
    )?;
    for round in &mut rounds {
        let mine = |id: &i64| *id == round.id.0;
        round.times.begins =
            phases.iter().filter(|(id, ..)| mine(id)).map(|(_, phase, at)| (*phase, *at)).collect();
        round.pots = pots.iter().filter(|(id, _)| mine(id)).map(|(_, pot)| pot.clone()).collect();
    }
    let offers = tx.query(
        sql!(
            "SELECT round_id, number, id, pot_id, cost, state FROM projects
             WHERE jurisdiction_id = $1 AND state <> 'draft' ORDER BY round_id, number LIMIT 1000000"
        ),
        &params![jurisdiction],
        |row| {
            let offer = Offer {
                number: row.get(1)?,
                project: row.get(2)?,
                pot: PotId(row.get(3)?),
                cost: row.get(4)?,
                is_withdrawn: row.get::<String>(5)? == "withdrawn",
            };
            Ok(((RoundId(row.get(0)?), offer.number), offer))
        },
    )?;
    Ok(Book { rounds, offers: offers.into_iter().collect() })
}
