//! Accounts that are known to the organisation's own sign-on.
//!
//! An account is bound to what the provider calls its subject, together with the provider's own name (`iss` and
//! `sub`), by the person themselves while signed in. An e-mail address binds nothing: it can be given to somebody
//! else tomorrow.

use calendar::Timestamp;
use storage::{Result, Tx, params, sql};

use crate::Act;

/// A binding as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    pub issuer: String,
    pub subject: String,
    pub bound_at: Timestamp,
}

#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The subject belongs to another account, or the account to another subject of this provider.
    #[error("already bound to something else")]
    Taken,
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

/// Binds an account to a subject. Binding what is bound so already changes nothing.
pub fn bind(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    account: i64,
    issuer: &str,
    subject: &str,
) -> Result<(), BindError> {
    match account_of(tx, jurisdiction, issuer, subject)? {
        Some(known) if known == account => return Ok(()),
        Some(_) => return Err(BindError::Taken),
        None => {}
    }
    if of(tx, jurisdiction, account)?.iter().any(|binding| binding.issuer == issuer) {
        return Err(BindError::Taken);
    }
    tx.execute(
        sql!(
            "INSERT INTO federated_accounts (jurisdiction_id, issuer, subject, account_id, bound_at)
             VALUES ($1, $2, $3, $4, $5)"
        ),
        &params![jurisdiction, issuer, subject, account, act.at.0],
    )?;
    act.record(tx, jurisdiction, "account", account, "sign-on-bound", "{}".into());
    Ok(())
}

/// The account that a subject of a provider is bound to.
pub fn account_of(tx: &mut Tx<'_>, jurisdiction: i64, issuer: &str, subject: &str) -> Result<Option<i64>> {
    tx.value(
        sql!("SELECT account_id FROM federated_accounts WHERE jurisdiction_id = $1 AND issuer = $2 AND subject = $3"),
        &params![jurisdiction, issuer, subject],
    )
}

/// What an account is bound to.
pub fn of(tx: &mut Tx<'_>, jurisdiction: i64, account: i64) -> Result<Vec<Binding>> {
    tx.query(
        sql!(
            "SELECT issuer, subject, bound_at FROM federated_accounts
             WHERE jurisdiction_id = $1 AND account_id = $2 ORDER BY issuer, subject LIMIT 100"
        ),
        &params![jurisdiction, account],
        |row| Ok(Binding { issuer: row.get(0)?, subject: row.get(1)?, bound_at: Timestamp(row.get(2)?) }),
    )
}

/// Loosens an account from a provider. Says whether it was bound.
pub fn unbind(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, account: i64, issuer: &str) -> Result<bool> {
    let gone = tx.execute(
        sql!("DELETE FROM federated_accounts WHERE jurisdiction_id = $1 AND account_id = $2 AND issuer = $3"),
        &params![jurisdiction, account, issuer],
    )?;
    if gone > 0 {
        act.record(tx, jurisdiction, "account", account, "sign-on-unbound", "{}".into());
    }
    Ok(gone > 0)
}

/// Remembers with which session at the provider one of ours began; `sid` is empty when the provider names none.
pub fn began(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    session: i64,
    issuer: &str,
    subject: &str,
    sid: &str,
) -> Result<()> {
    tx.execute(
        sql!(
            "INSERT INTO federated_sessions (jurisdiction_id, session_id, issuer, subject, sid, begun_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (jurisdiction_id, session_id) DO NOTHING"
        ),
        &params![jurisdiction, session, issuer, subject, sid, act.at.0],
    )?;
    Ok(())
}

/// Our sessions that began with a session at the provider; with an empty `sid` all of that subject. They are
/// forgotten here: the caller ends them.
pub fn ended(tx: &mut Tx<'_>, jurisdiction: i64, issuer: &str, subject: &str, sid: &str) -> Result<Vec<i64>> {
    // Who names neither names nobody.
    if subject.is_empty() && sid.is_empty() {
        return Ok(Vec::new());
    }
    let sessions = tx.query(
        sql!(
            "SELECT session_id FROM federated_sessions
             WHERE jurisdiction_id = $1 AND issuer = $2 AND ($3 = '' OR subject = $3) AND ($4 = '' OR sid = $4)
             ORDER BY session_id LIMIT 1000"
        ),
        &params![jurisdiction, issuer, subject, sid],
        |row| row.get::<i64>(0),
    )?;
    for session in &sessions {
        tx.execute(
            sql!("DELETE FROM federated_sessions WHERE jurisdiction_id = $1 AND session_id = $2"),
            &params![jurisdiction, *session],
        )?;
    }
    Ok(sessions)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use storage::Db;

    use super::*;
    use crate::{Actor, Dice};

    const HERE: &str = "https://sign-on.example";

    fn act() -> Act {
        Act::new(Actor::System("test"), Timestamp(1_700_000_000_000), Arc::new(Dice::seeded(1)))
    }

    #[test]
    fn a_subject_belongs_to_one_account_and_an_account_to_one_subject_of_a_provider() {
        for (engine, db) in Db::for_stories().unwrap() {
            let bind_to = |account: i64, issuer: &'static str, subject: &'static str| {
                db.write_blocking(move |tx| bind(tx, &act(), 1, account, issuer, subject))
            };
            bind_to(7, HERE, "a").unwrap();
            bind_to(7, HERE, "a").unwrap();
            assert!(matches!(bind_to(8, HERE, "a"), Err(BindError::Taken)), "{engine}");
            assert!(matches!(bind_to(7, HERE, "b"), Err(BindError::Taken)), "{engine}");
            // The same subject of another provider is somebody else.
            bind_to(8, "https://other.example", "a").unwrap();
            let who = |city: i64, issuer: &'static str, subject: &'static str| {
                db.read_blocking(move |tx| account_of(tx, city, issuer, subject)).unwrap()
            };
            assert_eq!(who(1, HERE, "a"), Some(7), "{engine}");
            assert_eq!(who(1, "https://other.example", "a"), Some(8), "{engine}");
            assert_eq!(
                (who(1, HERE, "A"), who(1, "https://sign-on.example/", "a"), who(2, HERE, "a")),
                (None, None, None)
            );
            assert!(db.write_blocking(|tx| unbind(tx, &act(), 1, 7, HERE)).unwrap(), "{engine}");
            assert_eq!(who(1, HERE, "a"), None, "{engine}");
            bind_to(8, HERE, "a").unwrap();
        }
    }

    #[test]
    fn a_provider_ends_what_began_with_its_own_sessions() {
        for (engine, db) in Db::for_stories().unwrap() {
            for (session, subject, sid) in [(1, "a", "s1"), (2, "a", "s2"), (3, "b", "s3"), (4, "a", "")] {
                db.write_blocking(move |tx| began(tx, &act(), 1, session, HERE, subject, sid)).unwrap();
            }
            let end = |subject: &'static str, sid: &'static str| {
                db.write_blocking(move |tx| ended(tx, 1, HERE, subject, sid)).unwrap()
            };
            assert_eq!(end("", ""), Vec::<i64>::new(), "{engine}: who names neither names nobody");
            assert_eq!(end("b", "s1"), Vec::<i64>::new(), "{engine}");
            assert_eq!(end("", "s1"), [1], "{engine}");
            assert_eq!(end("a", ""), [2, 4], "{engine}");
            assert_eq!(end("a", ""), Vec::<i64>::new(), "{engine}: once");
            assert_eq!(end("b", "s3"), [3], "{engine}");
        }
    }
}
