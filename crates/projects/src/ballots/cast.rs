//! A ballot comes in.
//!
//! The clock is the server's, read when the request came in: `act.at`. The roll and the box are written in one
//! transaction, each under its own token; the journal learns the seal and nothing of the person.

use people::{Act, Actor, Permission, Seal, Where};
use serde_json::json;
use storage::{Result, Tx, params, sql};

use super::choices::{Choice, check};
use super::identity::Identity;
use super::key::RoundKey;
use super::receipt;
use super::sealed::Content;
use super::{Channel, patterns};
use crate::BALLOT;
use crate::book::{Book, book};
use crate::phases::{Phase, Right};
use crate::refusal::{ProjectError, no};
use crate::rounds::{Pot, PotId, Round, RoundId};
use crate::rules::{HomeRule, IdentityRule};

/// What somebody votes.
#[derive(Debug, Clone)]
pub struct Casting {
    pub round: RoundId,
    pub identity: Identity,
    /// The part of the city they chose, where they may choose.
    pub home: Option<PotId>,
    pub choices: Vec<Choice>,
    pub channel: Channel,
    /// Who took it from the voter, when it is not whoever acts.
    pub assistant: Option<i64>,
}

/// A ballot that lies in the box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cast {
    /// Proves that this sealed ballot is in the box. It says nothing of what is in it.
    pub receipt: String,
    /// It took the place of an earlier one of the same person.
    pub is_change: bool,
    /// The very same ballot lay there already.
    pub is_repeat: bool,
}

const BALLOT_SEAL: &str = "ballot";
const DAY: i64 = 86_400_000;

/// Takes a ballot. The person may vote again until the end and the last one counts; what staff take from others never
/// takes the place of a ballot that is there.
pub fn cast(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    casting: &Casting,
) -> std::result::Result<Cast, ProjectError> {
    let assisted = casting.channel.is_assisted();
    let permission = if assisted { Permission::TakeBallots } else { Permission::TakePart };
    act.require(permission, Where::city(jurisdiction))?;
    let book = book(tx, jurisdiction)?;
    let round = book.round(casting.round).filter(|round| round.is_public).ok_or(ProjectError::NotFound)?;
    is_open(round, act)?;
    let (home, pots) = pots_of(round, casting.home, &casting.identity)?;
    let choices =
        check(&round.rules.ballot, &pots, &casting.choices, |number| book.offer(round.id, number).copied())?;
    let key = RoundKey::open(seal, round.id.0, &round.secret)?;
    let slot = key.slot(&casting.identity.person);
    let assistant = casting.assistant.or(act.by.account()).unwrap_or(0);
    let content = Content {
        home: home.map(|pot| pot.number),
        channel: casting.channel,
        assistant: if assisted { assistant } else { 0 },
        choices,
    };
    let earlier = in_the_box(tx, jurisdiction, round.id, &slot)?;
    if let Some((receipt, sealed)) = &earlier {
        let old = key.reveal(BALLOT_SEAL, &slot, sealed).and_then(|bytes| Content::from_bytes(&bytes));
        // Somebody who taps twice is told what they were told first.
        if old.as_ref().is_some_and(|old| old.home == content.home && old.choices == content.choices)
            && !assisted
        {
            return Ok(Cast { receipt: receipt.clone(), is_change: false, is_repeat: true });
        }
        if assisted {
            return Err(no("voted-already", ""));
        }
    }
    let phone = match (&casting.identity.mobile, round.rules.identity) {
        (Some(mobile), IdentityRule::Registry) => key.phone(mobile),
        _ => String::new(),
    };
    if !assisted && phone.is_empty() && round.rules.identity == IdentityRule::Registry {
        return Err(no("identity-mobile", "mobile"));
    }
    let token = key.person(&casting.identity.person);
    // A telephone counts for each person whom it speaks for, also when it takes the place of an earlier ballot of theirs.
    if !assisted && !phone.is_empty() {
        let others: Option<i64> = tx.value(
            sql!("SELECT COUNT(*) FROM ballot_roll WHERE jurisdiction_id = $1 AND round_id = $2 AND phone = $3 AND token <> $4"),
            &params![jurisdiction, round.id.0, &phone, &token],
        )?;
        if others.unwrap_or(0) >= round.rules.most_of_phone {
            return Err(no("phone-used", "mobile"));
        }
    }
    tx.execute(
        sql!(
            "INSERT INTO ballot_roll (jurisdiction_id, round_id, token, phone, pot_id, channel, voted_on)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (jurisdiction_id, round_id, token) DO UPDATE SET pot_id = excluded.pot_id,
                 phone = CASE WHEN excluded.phone <> '' THEN excluded.phone ELSE ballot_roll.phone END"
        ),
        &params![
            jurisdiction,
            round.id.0,
            &token,
            &phone,
            home.map(|pot| pot.id.0),
            casting.channel.code(),
            act.at.0.div_euclid(DAY)
        ],
    )?;
    let sealed = key.close(act, BALLOT_SEAL, &slot, &content.to_bytes(&round.rules.ballot)?)?;
    let receipt = receipt::of(&sealed);
    tx.execute_one(
        sql!("INSERT INTO ballot_seals (jurisdiction_id, round_id, receipt) VALUES ($1, $2, $3)"),
        &params![jurisdiction, round.id.0, &receipt],
    )?;
    put_in(tx, jurisdiction, round.id, &slot, &receipt, &sealed, assisted)?;
    if assisted {
        patterns::took(tx, act, jurisdiction, round.id, casting.channel, assistant)?;
    }
    announce(tx, act, jurisdiction, round, casting.channel, home, &receipt, earlier.is_none());
    Ok(Cast { receipt, is_change: earlier.is_some(), is_repeat: false })
}

/// Two ballots of one person at the same moment meet on the row of the box: one of them is the later.
fn put_in(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    round: RoundId,
    slot: &str,
    receipt: &str,
    sealed: &str,
    assisted: bool,
) -> std::result::Result<(), ProjectError> {
    let put = if assisted {
        tx.execute(
            sql!(
                "INSERT INTO ballots (jurisdiction_id, round_id, slot, receipt, sealed) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (jurisdiction_id, round_id, slot) DO NOTHING"
            ),
            &params![jurisdiction, round.0, slot, receipt, sealed],
        )?
    } else {
        tx.execute(
            sql!(
                "INSERT INTO ballots (jurisdiction_id, round_id, slot, receipt, sealed) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (jurisdiction_id, round_id, slot) DO UPDATE SET receipt = excluded.receipt, sealed = excluded.sealed"
            ),
            &params![jurisdiction, round.0, slot, receipt, sealed],
        )?
    };
    // It was not there a moment ago: somebody was faster, and everything is looked at again.
    if put == 1 { Ok(()) } else { Err(ProjectError::Failure(storage::Error::Conflict)) }
}

fn announce(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    round: &Round,
    channel: Channel,
    home: Option<&Pot>,
    receipt: &str,
    is_first: bool,
) {
    // Whoever votes for themselves is a citizen here, also at the city's own desk.
    let by = if channel.is_assisted() { act.clone() } else { Act { by: Actor::Citizen, ..act.clone() } };
    let payload = json!({
        "seal": receipt, "channel": channel.code(), "pot": home.map_or(0, |pot| pot.id.0), "first": is_first,
    });
    by.record(tx, jurisdiction, BALLOT, round.id.0, "sealed", payload.to_string());
}

fn is_open(round: &Round, act: &Act) -> std::result::Result<(), ProjectError> {
    if round.opened_at.is_some() {
        return Err(no("voting-closed", ""));
    }
    if round.allows(Right::Vote, act.at) {
        return Ok(());
    }
    let is_over = round.times.ends_of(Phase::Voting).is_some_and(|end| end <= act.at);
    Err(no(if is_over { "voting-closed" } else { "voting-not-open" }, ""))
}

/// The pots that somebody votes in: that of their part of the city, and the city's own.
pub(crate) fn pots_of<'r>(
    round: &'r Round,
    chosen: Option<PotId>,
    identity: &Identity,
) -> std::result::Result<(Option<&'r Pot>, Vec<&'r Pot>), ProjectError> {
    let home = match round.rules.home {
        HomeRule::None => None,
        HomeRule::Chosen => {
            let chosen = chosen.ok_or(no("home-missing", "home"))?;
            Some(round.pot(chosen).filter(|pot| !pot.is_of_city()).ok_or(no("home-unknown", "home"))?)
        }
        HomeRule::Proven => {
            let division = identity.division;
            let own = round.pot_of(None, division).ok_or(no("home-unknown", "home"))?;
            if chosen.is_some_and(|chosen| chosen != own.id) {
                return Err(no("home-not-yours", "home"));
            }
            Some(own)
        }
    };
    let pots = round
        .pots
        .iter()
        .filter(|pot| pot.is_of_city() || home.is_some_and(|home| home.id == pot.id))
        .collect();
    Ok((home, pots))
}

fn in_the_box(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    round: RoundId,
    slot: &str,
) -> Result<Option<(String, String)>> {
    tx.query_opt(
        sql!(
            "SELECT receipt, sealed FROM ballots WHERE jurisdiction_id = $1 AND round_id = $2 AND slot = $3"
        ),
        &params![jurisdiction, round.0, slot],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Whether a ballot would be taken, for a last look: its choices, by number.
pub fn look(
    round: &Round,
    home: Option<PotId>,
    identity: &Identity,
    choices: &[Choice],
    book: &Book,
) -> std::result::Result<Vec<Choice>, ProjectError> {
    let (_, pots) = pots_of(round, home, identity)?;
    check(&round.rules.ballot, &pots, choices, |number| book.offer(round.id, number).copied())
}

/// Whether somebody has a ballot in the box. What is in it is not told to anybody, not even to them: whoever can see
/// their own vote can be made to show it.
pub fn has_voted(
    tx: &mut Tx<'_>,
    seal: &Seal,
    jurisdiction: i64,
    round: &Round,
    identity: &Identity,
) -> std::result::Result<bool, ProjectError> {
    let key = RoundKey::open(seal, round.id.0, &round.secret)?;
    Ok(in_the_box(tx, jurisdiction, round.id, &key.slot(&identity.person))?.is_some())
}
