//! An address that opens one order without an account: for a small contractor's man on the spot.
//!
//! The key is drawn once, shown once and kept only as its hash. Whoever has it may see that one order, accept it, add
//! photos and measured lines and sign; nothing else. It ends by itself, by the signature, and when somebody revokes it.

use calendar::Timestamp;
use people::{Act, Permission};
use sha2::{Digest, Sha256};
use storage::{Result, Tx, params, sql};

use super::offers::{self, Offer, OfferState};
use super::{CONTRACT, ContractError, Done};

/// Letters that are not mistaken for each other when they are read aloud.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// How long a link lives at most, in hours.
pub const MOST_HOURS: i64 = 14 * 24;

/// By what right somebody acts for a contractor.
#[derive(Debug, Clone, Copy)]
pub enum Hand<'k> {
    /// An account with the permission, in the contractor's unit.
    Account,
    /// The key of a link.
    Link(&'k str),
}

/// A link as those see it who made it. The key itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub id: i64,
    pub made_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
}

impl Link {
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at > now
    }
}

/// What a key opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub offer: i64,
    pub expires_at: Timestamp,
}

fn hash(key: &str) -> String {
    Sha256::digest(key.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Makes a link to an order that is offered or accepted, for so many hours, and returns its key.
pub fn make_link(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, offer: i64, hours: i64) -> Done<String> {
    let offer = handed(tx, act, jurisdiction, offer)?;
    if !offer.state.is_open() || offer.signed_at.is_some() {
        return Err(ContractError::Refused("offer-over"));
    }
    if !(1..=MOST_HOURS).contains(&hours) {
        return Err(ContractError::Wrong { field: "hours", code: "out-of-range" });
    }
    let letter = |byte: &u8| LETTERS.get(usize::from(byte & 31)).map_or('0', |letter| char::from(*letter));
    // 130 bits.
    let key: String = act.dice.bytes().iter().take(26).map(letter).collect();
    let id = act.new_id();
    tx.execute(
        sql!(
            "INSERT INTO contract_links (jurisdiction_id, key_hash, id, offer_id, made_at, made_by, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &params![
            jurisdiction,
            &hash(&key),
            id,
            offer.id,
            act.at.0,
            &act.by.signature(),
            act.at.plus_hours(hours).0
        ],
    )?;
    act.record(
        tx,
        jurisdiction,
        CONTRACT,
        offer.contract,
        "link-made",
        format!("{{\"offer\":{}}}", offer.id),
    );
    Ok(key)
}

/// What a key opens now; none for a wrong, an old or a revoked one.
pub fn open_link(tx: &mut Tx<'_>, jurisdiction: i64, key: &str, now: Timestamp) -> Result<Option<Opened>> {
    // What is no key is not worth a look.
    if key.len() != 26 || !key.bytes().all(|b| LETTERS.contains(&b)) {
        return Ok(None);
    }
    tx.query_opt(
        sql!(
            "SELECT offer_id, expires_at FROM contract_links
             WHERE jurisdiction_id = $1 AND key_hash = $2 AND revoked_at IS NULL AND expires_at > $3"
        ),
        &params![jurisdiction, &hash(key), now.0],
        |row| Ok(Opened { offer: row.get(0)?, expires_at: Timestamp(row.get(1)?) }),
    )
}

/// The links of an offer, the newest first.
pub fn links_of(tx: &mut Tx<'_>, jurisdiction: i64, offer: i64) -> Result<Vec<Link>> {
    tx.query(
        sql!(
            "SELECT id, made_at, expires_at, revoked_at, last_used_at FROM contract_links
             WHERE jurisdiction_id = $1 AND offer_id = $2 ORDER BY id DESC LIMIT 50"
        ),
        &params![jurisdiction, offer],
        |row| {
            Ok(Link {
                id: row.get(0)?,
                made_at: Timestamp(row.get(1)?),
                expires_at: Timestamp(row.get(2)?),
                revoked_at: row.get::<Option<i64>>(3)?.map(Timestamp),
                last_used_at: row.get::<Option<i64>>(4)?.map(Timestamp),
            })
        },
    )
}

/// Makes the links of an offer open nothing any more.
pub fn revoke_link(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, offer: i64) -> Done<()> {
    let offer = handed(tx, act, jurisdiction, offer)?;
    end_links(tx, act, jurisdiction, offer.id)?;
    act.record(
        tx,
        jurisdiction,
        CONTRACT,
        offer.contract,
        "link-revoked",
        format!("{{\"offer\":{}}}", offer.id),
    );
    Ok(())
}

/// The offer, for whoever may hand out links to it: the city's dispatchers, and the contractor to its own people.
fn handed(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, offer: i64) -> Done<Offer> {
    let (offer, work) = offers::with_work(tx, jurisdiction, offer)?.ok_or(ContractError::NotFound)?;
    if !act.may(Permission::Dispatch, work.place(jurisdiction)) {
        offers::require(act, jurisdiction, &offer)?;
    }
    Ok(offer)
}

pub(super) fn end_links(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, offer: i64) -> Result<()> {
    tx.execute(
        sql!(
            "UPDATE contract_links SET revoked_at = $3
             WHERE jurisdiction_id = $1 AND offer_id = $2 AND revoked_at IS NULL"
        ),
        &params![jurisdiction, offer, act.at.0],
    )?;
    Ok(())
}

/// The offer that somebody wants to work on, if they may. For everybody else it is not there.
pub(super) fn reached(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    offer: i64,
    hand: Hand<'_>,
) -> Done<Offer> {
    let found = offers::by_id(tx, jurisdiction, offer)?.ok_or(ContractError::NotFound)?;
    match hand {
        Hand::Account => offers::require(act, jurisdiction, &found)?,
        Hand::Link(key) => {
            let opened = open_link(tx, jurisdiction, key, act.at)?.ok_or(ContractError::NotFound)?;
            if opened.offer != found.id {
                return Err(ContractError::NotFound);
            }
            tx.execute(
                sql!(
                    "UPDATE contract_links SET last_used_at = $3 WHERE jurisdiction_id = $1 AND key_hash = $2"
                ),
                &params![jurisdiction, &hash(key), act.at.0],
            )?;
        }
    }
    if matches!(found.state, OfferState::Offered | OfferState::Accepted) {
        Ok(found)
    } else {
        Err(ContractError::Refused("offer-over"))
    }
}
