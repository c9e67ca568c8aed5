//! Who is signed in where.
//!
//! A session is a random token in a browser and its hash in the database. Account and roles are read afresh each
//! time, so that whoever is suspended or loses a role feels it at the next request. A session ends when nobody used
//! it for a while, when it is too old, when its owner or whoever manages them ends it, and when the password changes.

use std::sync::Arc;

use calendar::Timestamp;
use sha2::{Digest, Sha256};
use storage::{Result, Tx, params, sql};

use crate::accounts::{self, ACCOUNT, memberships};
use crate::refusal::Refusal;
use crate::seal::hex;
use crate::{Act, Actor, Member, Role, managing};

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Assurance {
    /// A code sent to the mobile: a citizen. Such a session never carries a role of staff.
    Code,
    Password,
    PasswordTotp,
    Passkey,
    /// Another organisation's sign-in, by OpenID Connect.
    Oidc,
}

impl Assurance {
    pub const ALL: [Assurance; 5] =
        [Assurance::Code, Assurance::Password, Assurance::PasswordTotp, Assurance::Passkey, Assurance::Oidc];

    pub fn code(self) -> &'static str {
        match self {
            Assurance::Code => "code",
            Assurance::Password => "password",
            Assurance::PasswordTotp => "password+totp",
            Assurance::Passkey => "passkey",
            Assurance::Oidc => "oidc",
        }
    }

    pub fn parse(code: &str) -> Option<Assurance> {
        Assurance::ALL.into_iter().find(|assurance| assurance.code() == code)
    }

    /// More than a password.
    pub fn is_strong(self) -> bool {
        matches!(self, Assurance::PasswordTotp | Assurance::Passkey | Assurance::Oidc)
    }
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The longest life of a session and the longest pause in it, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub whole: i64,
    pub idle: i64,
}

/// A citizen's telephone stays signed in for a season: what it opens is their own requests.
pub const CITIZEN: Limits = Limits { whole: 90 * DAY, idle: 30 * DAY };
/// A shift of staff, with its longest break.
pub const STAFF: Limits = Limits { whole: 12 * HOUR, idle: 4 * HOUR };
/// Supervisors and administrators.
pub const SENSITIVE: Limits = Limits { whole: 12 * HOUR, idle: 30 * MINUTE };

/// How long sessions of these roles last.
pub fn limits(roles: &[Role]) -> Limits {
    if roles.iter().any(|role| role.is_sensitive()) {
        SENSITIVE
    } else if roles.iter().any(|role| role.is_staff()) {
        STAFF
    } else {
        CITIZEN
    }
}

/// How often a session in use is written down as seen.
const SEEN_EVERY: i64 = 2 * MINUTE;
/// How far the clocks of two machines may be apart. A session from further in the future is not believed.
const CLOCKS_APART: i64 = 5 * MINUTE;
/// Sessions that one account has at a time; the oldest ends when there are more.
const AT_ONCE: usize = 20;
const MOST_AGENT: usize = 200;

/// A live session and who acts in it.
#[derive(Debug, Clone)]
pub struct Session {
    pub id: i64,
    pub account: i64,
    pub name: String,
    pub actor: Actor,
    pub assurance: Assurance,
    pub began_at: Timestamp,
    pub seen_at: Timestamp,
    /// The first password must be changed before anything else.
    pub must_change_password: bool,
    /// Staff with a sensitive role who proved themselves by a password alone: they are to add a second proof.
    pub must_add_second: bool,
}

impl Session {
    /// Whether it is time to call [`seen`].
    pub fn is_to_be_seen(&self, now: Timestamp) -> bool {
        now.millis_since(self.seen_at) >= SEEN_EVERY
    }
}

/// A session as its owner's list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: i64,
    pub assurance: Assurance,
    /// What the browser says it is.
    pub agent: String,
    pub address: String,
    pub began_at: Timestamp,
    pub seen_at: Timestamp,
}

/// Begins a session and returns its token, which is not stored. Every sign-in begins a new one: a token that was in
/// the browser before is worth nothing afterwards, so nobody can plant one. `agent` is cut; `address` is kept for the
/// owner's list.
pub fn begin(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    account: i64,
    assurance: Assurance,
    agent: &str,
    address: &str,
) -> Result<String> {
    let token = hex(&act.dice.bytes());
    let agent: String = agent.chars().filter(|c| !c.is_control()).take(MOST_AGENT).collect();
    let address: String = address.chars().filter(|c| !c.is_control()).take(64).collect();
    let id = act.new_id();
    tx.execute(
        sql!(
            "INSERT INTO sessions (jurisdiction_id, id, token_hash, account_id, assurance, agent, address, began_at, seen_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)"
        ),
        &params![jurisdiction, id, &hash(&token), account, assurance.code(), &agent, &address, act.at.0],
    )?;
    tx.execute(
        sql!("UPDATE accounts SET signed_in_at = $3 WHERE jurisdiction_id = $1 AND id = $2"),
        &params![jurisdiction, account, act.at.0],
    )?;
    let open = rows(tx, jurisdiction, account)?;
    for old in open.iter().skip(AT_ONCE) {
        end_row(tx, act, jurisdiction, old.id)?;
    }
    // What citizens do for themselves is nobody's record.
    if assurance != Assurance::Code {
        let payload = serde_json::json!({ "session": id, "by": assurance.code() });
        act.record(tx, jurisdiction, ACCOUNT, account, "signed-in", payload.to_string());
    }
    Ok(token)
}

/// The session of a token, if it is live, with its owner's roles as they are now.
pub fn find(tx: &mut Tx<'_>, jurisdiction: i64, token: &str, now: Timestamp) -> Result<Option<Session>> {
    let found = tx.query_opt(
        sql!(
            "SELECT s.id, s.account_id, s.assurance, s.began_at, s.seen_at, a.name, a.password_until
             FROM sessions s JOIN accounts a ON a.jurisdiction_id = s.jurisdiction_id AND a.id = s.account_id
             WHERE s.jurisdiction_id = $1 AND s.token_hash = $2 AND s.ended_at IS NULL AND a.suspended_at IS NULL"
        ),
        &params![jurisdiction, &hash(token)],
        |row| {
            Ok((
                row.get::<i64>(0)?,
                row.get::<i64>(1)?,
                row.get::<String>(2)?,
                Timestamp(row.get(3)?),
                Timestamp(row.get(4)?),
                row.get::<String>(5)?,
                row.get::<Option<i64>>(6)?,
            ))
        },
    )?;
    let Some((id, account, assurance, began_at, seen_at, name, password_until)) = found else {
        return Ok(None);
    };
    let Some(assurance) = Assurance::parse(&assurance) else { return Ok(None) };
    // Whoever only holds the telephone of a colleague is not that colleague at work.
    let memberships = match assurance {
        Assurance::Code => Vec::new(),
        _ => memberships(tx, jurisdiction, account)?,
    };
    let member = Member { jurisdiction, account, name: name.clone(), memberships };
    let roles = member.roles();
    if !is_live(limits(&roles), began_at, seen_at, now) {
        return Ok(None);
    }
    let is_password = assurance == Assurance::Password;
    Ok(Some(Session {
        id,
        account,
        name,
        actor: Actor::Member(Arc::new(member)),
        assurance,
        began_at,
        seen_at,
        must_change_password: password_until.is_some()
            && (is_password || assurance == Assurance::PasswordTotp),
        must_add_second: is_password && roles.iter().any(|role| role.is_sensitive()),
    }))
}

/// Inside both limits. A clock that jumped back does not lengthen a session beyond what two clocks may differ.
fn is_live(limits: Limits, began_at: Timestamp, seen_at: Timestamp, now: Timestamp) -> bool {
    let age = now.millis_since(began_at);
    let idle = now.millis_since(seen_at);
    age >= -CLOCKS_APART && age < limits.whole && idle < limits.idle
}

/// Writes down that a session is in use. Call it when [`Session::is_to_be_seen`] says so.
pub fn seen(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64) -> Result<()> {
    // Never backwards: a slow machine must not shorten what a quick one wrote.
    tx.execute(
        sql!("UPDATE sessions SET seen_at = $3 WHERE jurisdiction_id = $1 AND id = $2 AND seen_at < $3 AND ended_at IS NULL"),
        &params![jurisdiction, id, act.at.0],
    )?;
    Ok(())
}

/// The open sessions of an account, the newest first, for its owner or whoever manages them. Those past their limits
/// are left out.
pub fn list(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, account: i64) -> Result<Vec<Listed>, Refusal> {
    managing::own_or_managed(tx, act, jurisdiction, account)?;
    let roles: Vec<Role> = memberships(tx, jurisdiction, account)?
        .into_iter()
        .filter(|m| m.is_active())
        .map(|m| m.role)
        .collect();
    let mut all = rows(tx, jurisdiction, account)?;
    all.retain(|s| {
        let limits = if s.assurance == Assurance::Code { CITIZEN } else { limits(&roles) };
        is_live(limits, s.began_at, s.seen_at, act.at)
    });
    Ok(all)
}

fn rows(tx: &mut Tx<'_>, jurisdiction: i64, account: i64) -> Result<Vec<Listed>> {
    tx.query(
        sql!(
            "SELECT id, assurance, agent, address, began_at, seen_at FROM sessions
             WHERE jurisdiction_id = $1 AND account_id = $2 AND ended_at IS NULL ORDER BY id DESC LIMIT 100"
        ),
        &params![jurisdiction, account],
        |row| {
            Ok(Listed {
                id: row.get(0)?,
                assurance: Assurance::parse(&row.get::<String>(1)?).unwrap_or(Assurance::Code),
                agent: row.get(2)?,
                address: row.get(3)?,
                began_at: Timestamp(row.get(4)?),
                seen_at: Timestamp(row.get(5)?),
            })
        },
    )
}

/// Ends one session: one's own, or that of somebody one manages. Ending it twice is fine.
pub fn revoke(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64) -> Result<(), Refusal> {
    let account: Option<i64> = tx.value(
        sql!("SELECT account_id FROM sessions WHERE jurisdiction_id = $1 AND id = $2"),
        &params![jurisdiction, id],
    )?;
    let account = account.ok_or(Refusal::NotFound)?;
    managing::own_or_managed(tx, act, jurisdiction, account)?;
    if end_row(tx, act, jurisdiction, id)? {
        announce(tx, act, jurisdiction, account, 1)?;
    }
    Ok(())
}

/// Ends every session of an account but `keep`, and says how many.
pub fn revoke_all(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    account: i64,
    keep: Option<i64>,
) -> Result<u64, Refusal> {
    managing::own_or_managed(tx, act, jurisdiction, account)?;
    Ok(end_all(tx, act, jurisdiction, account, keep)?)
}

pub(crate) fn end_all(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    account: i64,
    keep: Option<i64>,
) -> Result<u64> {
    let ended = tx.execute(
        sql!(
            "UPDATE sessions SET ended_at = $4 WHERE jurisdiction_id = $1 AND account_id = $2 AND id <> $3 AND ended_at IS NULL"
        ),
        &params![jurisdiction, account, keep.unwrap_or(0), act.at.0],
    )?;
    if ended > 0 {
        announce(tx, act, jurisdiction, account, ended)?;
    }
    Ok(ended)
}

fn end_row(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64) -> Result<bool> {
    let ended = tx.execute(
        sql!("UPDATE sessions SET ended_at = $3 WHERE jurisdiction_id = $1 AND id = $2 AND ended_at IS NULL"),
        &params![jurisdiction, id, act.at.0],
    )?;
    Ok(ended == 1)
}

fn announce(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, account: i64, ended: u64) -> Result<()> {
    // As with signing in: staff only. A citizen's own comings and goings are nobody's record.
    if accounts::by_id(tx, jurisdiction, account)?.is_some_and(|known| known.sign_name.is_some()) {
        act.record(tx, jurisdiction, ACCOUNT, account, "sessions-ended", format!("{{\"sessions\":{ended}}}"));
    }
    Ok(())
}

/// Deletes what ended or began so long ago that nobody can use it.
pub(crate) fn forget_old(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, at_once: u32) -> Result<usize> {
    let gone = tx.execute(
        sql!(
            "DELETE FROM sessions WHERE jurisdiction_id = $1 AND id IN (
                 SELECT id FROM sessions WHERE jurisdiction_id = $1 AND (began_at < $2 OR ended_at < $3) ORDER BY id LIMIT $4)"
        ),
        &params![jurisdiction, act.at.0 - CITIZEN.whole, act.at.0 - 7 * DAY, at_once],
    )?;
    Ok(gone as usize)
}

fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}
