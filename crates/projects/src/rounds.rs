//! Beginning a round, its dates, its rules, its pots of money; and the clock that announces each phase.

use calendar::Timestamp;
use language::display;
use people::{Act, Chore, Permission, Seal, Where};
use requests::service::Both;
use serde_json::json;
use sha2::{Digest, Sha256};
use storage::{Result, Tx, params, sql};

use crate::ROUND;
use crate::ballots::key::RoundKey;
use crate::book::{self, book};
use crate::coded::json;
use crate::phases::{Phase, Right, Stage, Timetable};
use crate::refusal::{ProjectError, no};
use crate::rules::Rules;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoundId(pub i64);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PotId(pub i64);

/// Money for one part of the city, or for all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pot {
    pub id: PotId,
    /// Small, for paper and telephone; 0 is the city's own.
    pub number: i64,
    pub name: Both,
    pub division: Option<i64>,
    /// Rial.
    pub budget: i64,
}

impl Pot {
    /// Everybody votes in it.
    pub fn is_of_city(&self) -> bool {
        self.division.is_none()
    }
}

/// A round with its phases and pots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    pub id: RoundId,
    /// In addresses: `1405`.
    pub code: String,
    pub name: Both,
    pub about: Both,
    pub rules: Rules,
    /// The rules' hash since they were published; empty before.
    pub rules_hash: String,
    pub is_public: bool,
    pub times: Timetable,
    pub pots: Vec<Pot>,
    pub opened_at: Option<Timestamp>,
    pub counted_at: Option<Timestamp>,
    /// SHA-256 of what decides between equals.
    pub seed_hash: String,
    /// What decides between equals, once the box is open.
    pub seed: String,
    pub(crate) secret: String,
    pub version: i64,
}

impl Round {
    pub fn stage(&self, now: Timestamp) -> Stage {
        self.times.at(now)
    }

    pub fn allows(&self, right: Right, now: Timestamp) -> bool {
        self.stage(now).allows(right)
    }

    pub(crate) fn require(&self, right: Right, now: Timestamp) -> std::result::Result<(), ProjectError> {
        if self.allows(right, now) { Ok(()) } else { Err(no("phase", "")) }
    }

    pub fn pot(&self, id: PotId) -> Option<&Pot> {
        self.pots.iter().find(|pot| pot.id == id)
    }

    pub fn pot_numbered(&self, number: i64) -> Option<&Pot> {
        self.pots.iter().find(|pot| pot.number == number)
    }

    /// The pot of a place: that of the neighbourhood, or else of its district.
    pub fn pot_of(&self, district: Option<i64>, neighbourhood: Option<i64>) -> Option<&Pot> {
        let of = |division: Option<i64>| {
            let division = division?;
            self.pots.iter().find(|pot| pot.division == Some(division))
        };
        of(neighbourhood).or_else(|| of(district))
    }

    /// Pots of parts of the city, among which people have one.
    pub fn homes(&self) -> impl Iterator<Item = &Pot> {
        self.pots.iter().filter(|pot| !pot.is_of_city())
    }

    pub fn budget(&self) -> i64 {
        self.pots.iter().map(|pot| pot.budget).fold(0, i64::saturating_add)
    }
}

/// What a manager says of a round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    pub code: String,
    pub name: Both,
    pub about: Both,
    pub rules: Rules,
    pub times: Timetable,
    pub pots: Vec<NewPot>,
    pub is_public: bool,
    /// Why the dates of a round that has begun are changed.
    pub reason: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewPot {
    pub number: i64,
    pub name: Both,
    pub division: Option<i64>,
    pub budget: i64,
}

/// No city has more money than this, in rial: a hundred times that of Tehran's third round.
const MOST_BUDGET: i64 = 9_000_000_000_000_000;
const MOST_POTS: usize = 1000;
const MOST_NAME: usize = 120;
const MOST_ABOUT: usize = 4000;

/// Begins a round, or changes the one with this id.
pub fn put(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    id: Option<RoundId>,
    draft: &Draft,
) -> std::result::Result<RoundId, ProjectError> {
    act.require(Permission::ManageRounds, Where::city(jurisdiction))?;
    let draft = cleaned(draft)?;
    let known = book(tx, jurisdiction)?;
    if known.rounds.iter().any(|round| round.code == draft.code && Some(round.id) != id) {
        return Err(no("code-taken", "code"));
    }
    match id {
        None => begin(tx, act, seal, jurisdiction, &draft),
        Some(id) => {
            let round = known.round(id).ok_or(ProjectError::NotFound)?;
            change(tx, act, jurisdiction, round, &draft)?;
            Ok(id)
        }
    }
}

fn begin(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    draft: &Draft,
) -> std::result::Result<RoundId, ProjectError> {
    draft.times.check()?;
    let id = act.new_id();
    let secret =
        RoundKey::draw(act, seal, id).ok_or_else(|| storage::Error::corrupt("a key was not sealed"))?;
    // The seed follows from the key of the round: fixed now, known to nobody before the box is opened.
    let seed = RoundKey::open(seal, id, &secret)?.seed();
    tx.execute_one(
        sql!(
            "INSERT INTO rounds (jurisdiction_id, id, code, name_fa, name_en, about_fa, about_en, rules, is_public, ends_at, secret, seed_hash, made_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        ),
        &params![
            jurisdiction, id, &draft.code, &draft.name.fa, &draft.name.en, &draft.about.fa, &draft.about.en,
            &json(&draft.rules)?, draft.is_public, draft.times.ends_at.0, &secret, &hash_of(&seed), act.at.0
        ],
    )?;
    store_parts(tx, act, jurisdiction, id, draft)?;
    book::touch(tx, act, jurisdiction)?;
    let payload = json!({ "code": draft.code, "rules": draft.rules.hash()?, "seed": hash_of(&seed) });
    act.record(tx, jurisdiction, ROUND, id, "made", payload.to_string());
    Ok(RoundId(id))
}

pub(crate) fn hash_of(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn change(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    round: &Round,
    draft: &Draft,
) -> std::result::Result<(), ProjectError> {
    let mut draft = draft.clone();
    keep_moments(&mut draft.times, &round.times);
    let draft = &draft;
    let was_published = round.is_public || !round.rules_hash.is_empty();
    let has_begun = was_published && round.stage(act.at) != Stage::Ahead;
    // Otherwise its timetable could be written anew behind the scenes.
    if round.is_public && has_begun && !draft.is_public {
        return Err(no("dates-past", "is_public"));
    }
    let moved = draft.times != round.times;
    if moved && has_begun {
        round.times.may_become(&draft.times, act.at)?;
        if draft.reason.is_empty() {
            return Err(no("reason-missing", "reason"));
        }
    } else {
        draft.times.check()?;
    }
    if !round.rules_hash.is_empty() && (draft.rules != round.rules || !same_pots(round, &draft.pots)) {
        return Err(no("rules-published", "rules"));
    }
    // A pot with projects in it is not taken away under them.
    for pot in &round.pots {
        let stays = draft.pots.iter().any(|new| new.number == pot.number && new.division == pot.division);
        let used: Option<i64> = tx.value(
            sql!(
                "SELECT COUNT(*) FROM projects WHERE jurisdiction_id = $1 AND round_id = $2 AND pot_id = $3"
            ),
            &params![jurisdiction, round.id.0, pot.id.0],
        )?;
        if !stays && used.unwrap_or(0) > 0 {
            return Err(no("pots-missing", "pots"));
        }
    }
    let changed = tx.execute(
        sql!(
            "UPDATE rounds SET code = $3, name_fa = $4, name_en = $5, about_fa = $6, about_en = $7, rules = $8,
                 is_public = $9, ends_at = $10, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $11"
        ),
        &params![
            jurisdiction, round.id.0, &draft.code, &draft.name.fa, &draft.name.en, &draft.about.fa, &draft.about.en,
            &json(&draft.rules)?, draft.is_public, draft.times.ends_at.0, round.version
        ],
    )?;
    if changed != 1 {
        return Err(ProjectError::Changed);
    }
    store_parts(tx, act, jurisdiction, round.id.0, draft)?;
    book::touch(tx, act, jurisdiction)?;
    let dates: Vec<(&str, i64)> = draft.times.begins.iter().map(|(phase, at)| (phase.code(), at.0)).collect();
    let payload = if moved {
        json!({ "dates": dates, "ends": draft.times.ends_at.0, "reason": hash_of(&draft.reason) })
    } else {
        json!({ "rules": draft.rules.hash()? })
    };
    act.record(
        tx,
        jurisdiction,
        ROUND,
        round.id.0,
        if moved { "dates-changed" } else { "changed" },
        payload.to_string(),
    );
    Ok(())
}

/// Forms speak of minutes: a date that is the same to the minute is the same.
fn keep_moments(new: &mut Timetable, old: &Timetable) {
    const MINUTE: i64 = 60_000;
    let same = |a: Timestamp, b: Timestamp| a.0.div_euclid(MINUTE) == b.0.div_euclid(MINUTE);
    for (phase, at) in &mut new.begins {
        if let Some(known) = old.begins_at(*phase).filter(|known| same(*known, *at)) {
            *at = known;
        }
    }
    if same(new.ends_at, old.ends_at) {
        new.ends_at = old.ends_at;
    }
}

fn same_pots(round: &Round, pots: &[NewPot]) -> bool {
    round.pots.len() == pots.len()
        && round.pots.iter().all(|old| {
            pots.iter().any(|new| {
                new.number == old.number && new.division == old.division && new.budget == old.budget
            })
        })
}

/// Phases are written anew; pots keep their id under their number, because projects stand in them.
fn store_parts(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, round: i64, draft: &Draft) -> Result<()> {
    tx.execute(
        sql!("DELETE FROM round_phases WHERE jurisdiction_id = $1 AND round_id = $2"),
        &params![jurisdiction, round],
    )?;
    for (phase, at) in &draft.times.begins {
        tx.execute_one(
            sql!("INSERT INTO round_phases (jurisdiction_id, round_id, phase, begins_at) VALUES ($1, $2, $3, $4)"),
            &params![jurisdiction, round, phase.code(), at.0],
        )?;
    }
    let numbers = tx.query(
        sql!("SELECT number FROM round_pots WHERE jurisdiction_id = $1 AND round_id = $2 ORDER BY number LIMIT 10000"),
        &params![jurisdiction, round],
        |row| row.get::<i64>(0),
    )?;
    for number in numbers.iter().filter(|number| draft.pots.iter().all(|pot| pot.number != **number)) {
        tx.execute(
            sql!("DELETE FROM round_pots WHERE jurisdiction_id = $1 AND round_id = $2 AND number = $3"),
            &params![jurisdiction, round, *number],
        )?;
    }
    for pot in &draft.pots {
        tx.execute(
            sql!(
                "INSERT INTO round_pots (jurisdiction_id, id, round_id, number, name_fa, name_en, division_id, budget)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                 ON CONFLICT (jurisdiction_id, round_id, number) DO UPDATE SET name_fa = excluded.name_fa,
                     name_en = excluded.name_en, division_id = excluded.division_id, budget = excluded.budget"
            ),
            &params![jurisdiction, act.new_id(), round, pot.number, &pot.name.fa, &pot.name.en, pot.division, pot.budget],
        )?;
    }
    Ok(())
}

fn cleaned(draft: &Draft) -> std::result::Result<Draft, ProjectError> {
    let line = |text: &str, field| {
        let text = display::clean_line(text);
        if text.chars().count() > MOST_NAME { Err(no("too-long", field)) } else { Ok(text) }
    };
    let code = language::digits::to_ascii(draft.code.trim()).to_lowercase();
    let is_code = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if code.is_empty() || code.len() > 30 || !code.bytes().all(is_code) || code == "manage" {
        return Err(no("code-wrong", "code"));
    }
    let name = Both::new(line(&draft.name.fa, "name_fa")?, line(&draft.name.en, "name_en")?);
    if name.is_empty() {
        return Err(no("name-missing", "name_fa"));
    }
    let about = Both::new(display::clean_text(&draft.about.fa), display::clean_text(&draft.about.en));
    if about.fa.chars().count() > MOST_ABOUT || about.en.chars().count() > MOST_ABOUT {
        return Err(no("too-long", "about_fa"));
    }
    draft.rules.check()?;
    let mut numbers: Vec<i64> = draft.pots.iter().map(|pot| pot.number).collect();
    numbers.sort_unstable();
    if draft.pots.is_empty()
        || draft.pots.len() > MOST_POTS
        || numbers.windows(2).any(|two| two.first() == two.get(1))
    {
        return Err(no("pots-missing", "pots"));
    }
    let mut pots = Vec::with_capacity(draft.pots.len());
    for pot in &draft.pots {
        if !(0..=MOST_BUDGET).contains(&pot.budget) {
            return Err(no("budget-wrong", "pots"));
        }
        // Number 0 and no other is the whole city.
        if (pot.number == 0) != pot.division.is_none() || !(0..=9999).contains(&pot.number) {
            return Err(no("pot-unknown", "pots"));
        }
        let name = Both::new(line(&pot.name.fa, "pots")?, line(&pot.name.en, "pots")?);
        pots.push(NewPot { name, ..pot.clone() });
    }
    let reason = display::clean_text(&draft.reason);
    Ok(Draft { code, name, about, pots, reason, ..draft.clone() })
}

/// The clock: says in the journal that a phase began, and publishes the rules under their hash before anybody votes.
pub const CLOCK: Chore = Chore { name: "rounds-clock", every: 15_000, at_once: 100, run: announce };

/// What the clock says now. Rounds in which nothing new began are left alone.
pub fn announce(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, _: u32) -> Result<usize> {
    let book = book(tx, jurisdiction)?;
    for round in book.rounds.iter().filter(|round| round.is_public) {
        let stage = round.stage(act.at);
        if stage == Stage::Ahead {
            continue;
        }
        let told = tx.execute(
            sql!(
                "UPDATE rounds SET announced = $3 WHERE jurisdiction_id = $1 AND id = $2 AND announced <> $3"
            ),
            &params![jurisdiction, round.id.0, stage.code()],
        )?;
        let by_now = matches!(stage, Stage::In(phase) if phase >= Phase::Publication) || stage == Stage::Over;
        if by_now && round.rules_hash.is_empty() {
            publish_rules(tx, act, jurisdiction, round)?;
        }
        if told == 1 {
            let payload = json!({ "phase": stage.code() });
            act.record(tx, jurisdiction, ROUND, round.id.0, "phase-began", payload.to_string());
        }
    }
    // Whatever was there is done.
    Ok(0)
}

/// Fixes the rules: from here on a change of them is refused.
pub(crate) fn publish_rules(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, round: &Round) -> Result<()> {
    let hash = round.rules.hash()?;
    let fixed = tx.execute(
        sql!("UPDATE rounds SET rules_hash = $3 WHERE jurisdiction_id = $1 AND id = $2 AND rules_hash = ''"),
        &params![jurisdiction, round.id.0, &hash],
    )?;
    if fixed == 1 {
        book::touch(tx, act, jurisdiction)?;
        let payload = json!({ "rules": hash, "seed": round.seed_hash });
        act.record(tx, jurisdiction, ROUND, round.id.0, "rules-published", payload.to_string());
    }
    Ok(())
}
