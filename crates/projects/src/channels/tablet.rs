//! An interviewer at the door, without a net: ballots wait sealed on the tablet and come in later, each once.
//!
//! What comes in is judged by the server's clock when it comes in, like every ballot. What cannot be cast, because it
//! comes too late or the person voted already, goes into quarantine: it is kept sealed, counted in public, and never cast
//! behind anybody's back.

use calendar::Day;
use people::{Act, Permission, Seal, Where};
use serde::{Deserialize, Serialize};
use storage::{Result, Tx, params, sql};

use crate::ballots::identity::{Claim, Listed, prove};
use crate::ballots::key::RoundKey;
use crate::ballots::{Casting, Channel, Choice, cast, patterns};
use crate::book::book;
use crate::coded::{coded, json, known};
use crate::refusal::{ProjectError, no};
use crate::rounds::RoundId;
use crate::rules::IdentityRule;

coded! {
    ItemState { Cast = "cast", Quarantined = "quarantined" }
}

/// One ballot from a tablet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Drawn by the tablet, 16 to 64 letters and digits.
    pub item: String,
    /// The national number, or the mobile number, as the round asks for it.
    pub person: String,
    #[serde(default)]
    pub birth: String,
    /// The number of the pot; 0 for none.
    #[serde(default)]
    pub home: i64,
    pub choices: Vec<(i64, i64)>,
}

/// What became of an item; the same for every time it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    pub item: String,
    pub state: ItemState,
    /// Why it is in quarantine, as a code.
    pub refused: String,
}

/// Takes one item. Sending it again gives the first answer.
pub fn take(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    round: RoundId,
    item: &Item,
) -> std::result::Result<Answered, ProjectError> {
    act.require(Permission::TakeBallots, Where::city(jurisdiction))?;
    let is_name = (16..=64).contains(&item.item.len())
        && item.item.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !is_name {
        return Err(no("sheet-wrong", "item"));
    }
    let book = book(tx, jurisdiction)?;
    let round = book.round(round).ok_or(ProjectError::NotFound)?;
    let key = RoundKey::open(seal, round.id.0, &round.secret)?;
    let me = act.by.account().unwrap_or(0);
    // The row is the first thing, so that two sendings at once meet on it.
    let is_new = tx.execute(
        sql!(
            "INSERT INTO ballot_tablet_items (jurisdiction_id, round_id, item, account_id, state, refused, sealed, at)
             VALUES ($1, $2, $3, $4, 'quarantined', '', '', $5) ON CONFLICT (jurisdiction_id, round_id, item) DO NOTHING"
        ),
        &params![jurisdiction, round.id.0, &item.item, me, act.at.0],
    )?;
    if is_new == 0 {
        return answered(tx, jurisdiction, round.id, &item.item, me)?.ok_or(ProjectError::NotFound);
    }
    let is_mobile = round.rules.identity == IdentityRule::Mobile;
    let zone = territory::atlas(tx, jurisdiction)?.jurisdiction.zone.clone();
    let claim = Claim {
        mobile: is_mobile.then_some(item.person.as_str()),
        national_id: if is_mobile { "" } else { &item.person },
        birth: Day::parse(&language::digits::to_ascii(&item.birth)).ok(),
    };
    let today = act.at.day(&zone);
    let done = match prove(tx, &Listed { seal }, jurisdiction, round, Channel::Tablet, &claim, today) {
        Ok(identity) => {
            let casting = Casting {
                round: round.id,
                identity,
                home: round.pot_numbered(item.home).filter(|pot| !pot.is_of_city()).map(|pot| pot.id),
                choices: item
                    .choices
                    .iter()
                    .map(|(number, weight)| Choice { number: *number, weight: *weight })
                    .collect(),
                channel: Channel::Tablet,
                assistant: None,
            };
            cast(tx, act, seal, jurisdiction, &casting).map(|_| ())
        }
        Err(refused) => Err(refused),
    };
    let (state, refused, sealed) = match done {
        Ok(()) => (ItemState::Cast, "", String::new()),
        Err(ProjectError::Refused { code, .. }) => {
            if code == "voted-already" {
                patterns::was_refused(tx, act, jurisdiction, round.id, Channel::Tablet, me)?;
            }
            (
                ItemState::Quarantined,
                code,
                key.close(act, "tablet", &key.digest("item", &item.item), json(item)?.as_bytes())?,
            )
        }
        Err(other) => return Err(other),
    };
    tx.execute_one(
        sql!(
            "UPDATE ballot_tablet_items SET state = $4, refused = $5, sealed = $6 WHERE jurisdiction_id = $1 AND round_id = $2 AND item = $3"
        ),
        &params![jurisdiction, round.id.0, &item.item, state.code(), refused, &sealed],
    )?;
    Ok(Answered { item: item.item.clone(), state, refused: refused.into() })
}

fn answered(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    round: RoundId,
    item: &str,
    account: i64,
) -> Result<Option<Answered>> {
    tx.query_opt(
        sql!(
            "SELECT state, refused FROM ballot_tablet_items
             WHERE jurisdiction_id = $1 AND round_id = $2 AND item = $3 AND account_id = $4"
        ),
        &params![jurisdiction, round.0, item, account],
        |row| {
            let state = known(ItemState::parse(&row.get::<String>(0)?), "state of an item")?;
            Ok(Answered { item: item.into(), state, refused: row.get(1)? })
        },
    )
}

/// How many items are in quarantine, and why.
pub fn quarantine(tx: &mut Tx<'_>, jurisdiction: i64, round: RoundId) -> Result<Vec<(String, i64)>> {
    tx.query(
        sql!(
            "SELECT refused, COUNT(*) FROM ballot_tablet_items
             WHERE jurisdiction_id = $1 AND round_id = $2 AND state = 'quarantined' GROUP BY refused ORDER BY refused LIMIT 100"
        ),
        &params![jurisdiction, round.0],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
