//! A vote by text message (SMS) or by a menu on the telephone (USSD): one step at a time.
//!
//! The machine is the same for both; the doors put what it says into words. Between two steps what somebody said is kept
//! sealed under a keyed hash of their number, for a quarter of an hour. Nothing that is said back by SMS names a
//! project: such messages are kept in an outbox.

use calendar::Day;
use language::{digits, fold};
use people::{Act, Chore, Seal};
use requests::service::Both;
use serde::{Deserialize, Serialize};
use storage::{Error, Result, Tx, params, sql};

use crate::ballots::identity::{Claim, Identity, Listed, prove};
use crate::ballots::key::RoundKey;
use crate::ballots::{Casting, Channel, Choice, cast};
use crate::book::book;
use crate::coded::{coded, json, known};
use crate::phases::Right;
use crate::refusal::ProjectError;
use crate::rounds::Round;
use crate::rules::{BallotKind, HomeRule, IdentityRule};

const QUARTER: i64 = 15 * 60_000;

coded! {
    /// What we wait for.
    Step {
        National = "national",
        Birth = "birth",
        Home = "home",
        Choices = "choices",
        Confirm = "confirm",
    }
}

/// What is said to the person; the doors have the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say {
    /// Nobody votes now.
    NoVote,
    AskNational,
    AskBirth,
    /// Their part of the city, by name or number.
    AskHome,
    /// Numbers of projects; the home that was chosen.
    AskChoices {
        kind: BallotKind,
        most: i64,
        points: i64,
        home: Option<Both>,
    },
    /// How many were chosen. The numbers themselves are for menus, which nobody keeps.
    AskConfirm {
        count: i64,
        numbers: Vec<i64>,
    },
    /// A refusal, and the step stays.
    Refused {
        code: &'static str,
        step: Step,
    },
    Cancelled,
    Done {
        receipt: String,
        is_change: bool,
    },
}

impl Say {
    /// Whether the person is expected to answer.
    pub fn goes_on(&self) -> bool {
        !matches!(self, Say::NoVote | Say::Cancelled | Say::Done { .. })
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Said {
    national: String,
    /// Days since 1970.
    birth: Option<i64>,
    home: Option<i64>,
    choices: Vec<(i64, i64)>,
}

/// Words that begin a vote, folded.
const BEGIN: [&str; 4] = ["رای", "رأی", "vote", "ray"];
const CANCEL: [&str; 4] = ["لغو", "انصراف", "cancel", "stop"];

/// Whether a text is for this machine: it begins a vote, or answers a question of ours. Whoever keeps texts must know
/// before it keeps this one.
pub fn is_for_us(
    tx: &mut Tx<'_>,
    seal: &Seal,
    jurisdiction: i64,
    mobile: &str,
    text: &str,
    act: &Act,
) -> Result<bool> {
    let book = book(tx, jurisdiction)?;
    let Some(round) = voting(&book.rounds, act) else { return Ok(begins(text)) };
    if begins(text) {
        return Ok(true);
    }
    let key = RoundKey::open(seal, round.id.0, &round.secret)?;
    Ok(under_way(tx, act, &key, jurisdiction, round, mobile)?.is_some())
}

fn voting<'r>(rounds: &'r [Round], act: &Act) -> Option<&'r Round> {
    rounds.iter().find(|round| round.is_public && round.allows(Right::Vote, act.at))
}

fn is_one(text: &str, words: &[&str]) -> bool {
    let mine = fold::key(text);
    words.iter().any(|word| fold::key(word) == mine)
}

fn begins(text: &str) -> bool {
    is_one(text, &BEGIN)
}

fn under_way(
    tx: &mut Tx<'_>,
    act: &Act,
    key: &RoundKey,
    jurisdiction: i64,
    round: &Round,
    mobile: &str,
) -> Result<Option<(Step, Said)>> {
    let number = key.dialogue(mobile);
    let found = tx.query_opt(
        sql!(
            "SELECT step, sealed FROM ballot_dialogues
             WHERE jurisdiction_id = $1 AND number = $2 AND round_id = $3 AND updated_at > $4"
        ),
        &params![jurisdiction, &number, round.id.0, act.at.0 - QUARTER],
        |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)),
    )?;
    let Some((step, sealed)) = found else { return Ok(None) };
    let bytes =
        key.reveal("dialogue", &number, &sealed).ok_or_else(|| Error::corrupt("a dialogue does not open"))?;
    let said = serde_json::from_slice(&bytes).map_err(Error::corrupt)?;
    Ok(Some((known(Step::parse(&step), "step")?, said)))
}

/// Takes one text of a number that the network vouches for, and says what comes next.
pub fn step(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    mobile: &str,
    channel: Channel,
    text: &str,
) -> std::result::Result<Say, ProjectError> {
    let book = book(tx, jurisdiction)?;
    let Some(round) = voting(&book.rounds, act) else { return Ok(Say::NoVote) };
    let key = RoundKey::open(seal, round.id.0, &round.secret)?;
    let talk = Talk { act, seal, key: &key, jurisdiction, round, mobile, channel };
    let known = under_way(tx, act, &key, jurisdiction, round, mobile)?;
    if is_one(text, &CANCEL) {
        talk.forget(tx)?;
        return Ok(Say::Cancelled);
    }
    match known {
        Some((step, said)) if !begins(text) => talk.answer(tx, step, said, text),
        _ => talk.begin(tx),
    }
}

struct Talk<'t> {
    act: &'t Act,
    seal: &'t Seal,
    key: &'t RoundKey,
    jurisdiction: i64,
    round: &'t Round,
    mobile: &'t str,
    channel: Channel,
}

impl Talk<'_> {
    fn begin(&self, tx: &mut Tx<'_>) -> std::result::Result<Say, ProjectError> {
        let first = if self.round.rules.identity == IdentityRule::Registry {
            Step::National
        } else {
            self.after_identity()
        };
        self.ask(tx, first, &Said::default())
    }

    fn after_identity(&self) -> Step {
        if self.round.rules.home == HomeRule::Chosen { Step::Home } else { Step::Choices }
    }

    fn answer(
        &self,
        tx: &mut Tx<'_>,
        step: Step,
        mut said: Said,
        text: &str,
    ) -> std::result::Result<Say, ProjectError> {
        match step {
            Step::National => {
                if !language::national_id::is_valid(text) {
                    return Ok(Say::Refused { code: "identity-number", step });
                }
                said.national = text.to_owned();
                self.ask(tx, Step::Birth, &said)
            }
            Step::Birth => {
                let Ok(day) = Day::parse(&digits::to_ascii(text)) else {
                    return Ok(Say::Refused { code: "identity-birth", step });
                };
                said.birth = Some(day.days_since_epoch());
                if let Err(refused) = self.identity(tx, &said) {
                    return self.refused(tx, refused, Step::National, &Said::default());
                }
                self.ask(tx, self.after_identity(), &said)
            }
            Step::Home => match self.home(text) {
                Some(number) => {
                    said.home = Some(number);
                    self.ask(tx, Step::Choices, &said)
                }
                None => Ok(Say::Refused { code: "home-unknown", step }),
            },
            Step::Choices => {
                let Some(choices) = read(text, self.round.rules.ballot.kind) else {
                    return Ok(Say::Refused { code: "choice-unknown", step });
                };
                said.choices = self.ranked(tx, choices)?;
                match self.look(tx, &said) {
                    Ok(()) => self.ask(tx, Step::Confirm, &said),
                    Err(refused) => self.refused(tx, refused, Step::Choices, &said),
                }
            }
            Step::Confirm => {
                if digits::to_ascii(text.trim()) != "1" {
                    said.choices.clear();
                    return self.ask(tx, Step::Choices, &said);
                }
                let casting = self.casting(tx, &said)?;
                match cast(tx, self.act, self.seal, self.jurisdiction, &casting) {
                    Ok(cast) => {
                        self.forget(tx)?;
                        Ok(Say::Done { receipt: cast.receipt, is_change: cast.is_change })
                    }
                    Err(refused) => self.refused(tx, refused, Step::Choices, &said),
                }
            }
        }
    }

    /// Keeps what was said and asks for the next thing.
    fn ask(&self, tx: &mut Tx<'_>, step: Step, said: &Said) -> std::result::Result<Say, ProjectError> {
        let number = self.key.dialogue(self.mobile);
        let sealed = self.key.close(self.act, "dialogue", &number, json(said)?.as_bytes())?;
        tx.execute(
            sql!(
                "INSERT INTO ballot_dialogues (jurisdiction_id, number, round_id, step, sealed, updated_at)
                 VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (jurisdiction_id, number) DO UPDATE SET round_id = excluded.round_id, step = excluded.step,
                     sealed = excluded.sealed, updated_at = excluded.updated_at"
            ),
            &params![self.jurisdiction, &number, self.round.id.0, step.code(), &sealed, self.act.at.0],
        )?;
        let rule = &self.round.rules.ballot;
        Ok(match step {
            Step::National => Say::AskNational,
            Step::Birth => Say::AskBirth,
            Step::Home => Say::AskHome,
            Step::Choices => Say::AskChoices {
                kind: rule.kind,
                most: rule.most,
                points: rule.points,
                home: said.home.and_then(|n| self.round.pot_numbered(n)).map(|pot| pot.name.clone()),
            },
            Step::Confirm => Say::AskConfirm {
                count: said.choices.len() as i64,
                numbers: said.choices.iter().map(|(number, _)| *number).collect(),
            },
        })
    }

    fn refused(
        &self,
        tx: &mut Tx<'_>,
        error: ProjectError,
        step: Step,
        said: &Said,
    ) -> std::result::Result<Say, ProjectError> {
        let ProjectError::Refused { code, .. } = error else { return Err(error) };
        self.ask(tx, step, said)?;
        Ok(Say::Refused { code, step })
    }

    fn forget(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.execute(
            sql!("DELETE FROM ballot_dialogues WHERE jurisdiction_id = $1 AND number = $2"),
            &params![self.jurisdiction, &self.key.dialogue(self.mobile)],
        )?;
        Ok(())
    }

    fn identity(&self, tx: &mut Tx<'_>, said: &Said) -> std::result::Result<Identity, ProjectError> {
        let zone = territory::atlas(tx, self.jurisdiction)?.jurisdiction.zone.clone();
        let claim = Claim {
            mobile: Some(self.mobile),
            national_id: &said.national,
            birth: said.birth.map(Day::from_days_since_epoch),
        };
        let today = self.act.at.day(&zone);
        prove(tx, &Listed { seal: self.seal }, self.jurisdiction, self.round, self.channel, &claim, today)
    }

    fn casting(&self, tx: &mut Tx<'_>, said: &Said) -> std::result::Result<Casting, ProjectError> {
        Ok(Casting {
            round: self.round.id,
            identity: self.identity(tx, said)?,
            home: said.home.and_then(|number| self.round.pot_numbered(number)).map(|pot| pot.id),
            choices: said
                .choices
                .iter()
                .map(|(number, weight)| Choice { number: *number, weight: *weight })
                .collect(),
            channel: self.channel,
            assistant: None,
        })
    }

    /// Whether the ballot would be taken.
    fn look(&self, tx: &mut Tx<'_>, said: &Said) -> std::result::Result<(), ProjectError> {
        let casting = self.casting(tx, said)?;
        let book = book(tx, self.jurisdiction)?;
        let (_, pots) = crate::ballots::pots_of(self.round, casting.home, &casting.identity)?;
        let offer = |number| book.offer(self.round.id, number).copied();
        crate::ballots::check(&self.round.rules.ballot, &pots, &casting.choices, offer).map(|_| ())
    }

    /// Places of a ranked ballot are counted in each pot apart, in the order in which the numbers were said.
    fn ranked(&self, tx: &mut Tx<'_>, mut choices: Vec<(i64, i64)>) -> Result<Vec<(i64, i64)>> {
        if self.round.rules.ballot.kind == BallotKind::Ranked {
            let book = book(tx, self.jurisdiction)?;
            let mut places = std::collections::HashMap::new();
            for (number, weight) in &mut choices {
                let pot = book.offer(self.round.id, *number).map(|offer| offer.pot);
                let place = places.entry(pot).or_insert(0);
                *place += 1;
                *weight = *place;
            }
        }
        Ok(choices)
    }

    fn home(&self, text: &str) -> Option<i64> {
        if let Some(number) = digits::parse_i64(text.trim()) {
            return self.round.pot_numbered(number).filter(|pot| !pot.is_of_city()).map(|pot| pot.number);
        }
        let wanted = fold::key(text);
        let mut same = self
            .round
            .homes()
            .filter(|pot| fold::key(&pot.name.fa) == wanted || fold::key(&pot.name.en) == wanted);
        // Two of one name are told apart by their numbers.
        match (same.next(), same.next()) {
            (Some(pot), None) => Some(pot.number),
            _ => None,
        }
    }
}

/// Numbers, with their points as `12=5` where points are given.
fn read(text: &str, kind: BallotKind) -> Option<Vec<(i64, i64)>> {
    let ascii = digits::to_ascii(text);
    let mut choices = Vec::new();
    for part in
        ascii.split(|c: char| c.is_whitespace() || matches!(c, ',' | '،' | ';' | '؛' | '*' | '#' | '-' | '.'))
    {
        if part.is_empty() {
            continue;
        }
        let (number, weight) = part.split_once(['=', ':']).unwrap_or((part, "1"));
        if kind == BallotKind::Points && !part.contains(['=', ':']) {
            return None;
        }
        choices.push((number.parse().ok()?, weight.parse().ok()?));
    }
    (!choices.is_empty() && choices.len() <= 100).then_some(choices)
}

/// Dialogues that nobody goes on with are deleted.
pub const FORGET: Chore =
    Chore { name: "ballot-dialogues-forget", every: 5 * 60_000, at_once: 500, run: forget_old };

fn forget_old(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, at_once: u32) -> Result<usize> {
    let gone = tx.execute(
        sql!(
            "DELETE FROM ballot_dialogues WHERE jurisdiction_id = $1 AND number IN (
                 SELECT number FROM ballot_dialogues WHERE jurisdiction_id = $1 AND updated_at < $2 ORDER BY number LIMIT $3)"
        ),
        &params![jurisdiction, act.at.0 - QUARTER, at_once],
    )?;
    Ok(gone as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_however_they_are_typed() {
        for typed in ["12 40 7", "۱۲، ۴۰، ۷", "12,40,7", "12*40*7#", " 12 - 40 . 7 "] {
            assert_eq!(read(typed, BallotKind::Approval), Some(vec![(12, 1), (40, 1), (7, 1)]), "{typed}");
        }
        assert_eq!(read("12=5 40:5", BallotKind::Points), Some(vec![(12, 5), (40, 5)]));
        for wrong in ["", "درخت", "12 x"] {
            assert_eq!(read(wrong, BallotKind::Approval), None, "{wrong}");
        }
        assert_eq!(read("12 40", BallotKind::Points), None);
        assert!(begins("رأی") && begins("راي") && begins(" Vote ") && !begins("رأی دادن"));
    }
}
