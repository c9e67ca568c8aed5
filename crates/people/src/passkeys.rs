//! Passkeys: public keys whose private half never leaves a telephone, a computer or a small stick.
//!
//! The ceremonies with the browser happen at the door; here stands which key belongs to whom. Nothing in this table
//! lets anyone sign in.

use calendar::Timestamp;
use storage::{Result, Tx, params, sql};

use crate::Act;

/// Passkeys of one account. More than these nobody has in a pocket.
pub const MOST: usize = 20;
/// Characters of a name.
pub const NAME_MOST: usize = 60;

/// A passkey as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    pub id: i64,
    pub account: i64,
    pub credential: String,
    pub public_key: String,
    pub state: String,
    pub name: String,
    pub made_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// Why a passkey was not kept.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// This key is kept already, here or at another account.
    #[error("this passkey is known already")]
    Known,
    #[error("no more than {MOST} passkeys")]
    TooMany,
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

/// Keeps the key that somebody made for their own account.
pub fn add(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    account: i64,
    credential: &str,
    public_key: &str,
    state: &str,
    name: &str,
) -> Result<i64, PasskeyError> {
    if of(tx, jurisdiction, account)?.len() >= MOST {
        return Err(PasskeyError::TooMany);
    }
    let id = act.new_id();
    let name: String = name.trim().chars().take(NAME_MOST).collect();
    let added = tx.execute(
        sql!(
            "INSERT INTO passkeys (jurisdiction_id, id, account_id, credential, public_key, state, name, made_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (jurisdiction_id, credential) DO NOTHING"
        ),
        &params![jurisdiction, id, account, credential, public_key, state, &name, act.at.0],
    )?;
    if added == 0 {
        return Err(PasskeyError::Known);
    }
    act.record(tx, jurisdiction, "account", account, "passkey-added", "{}".into());
    Ok(id)
}

/// The passkeys of an account, the newest first.
pub fn of(tx: &mut Tx<'_>, jurisdiction: i64, account: i64) -> Result<Vec<Passkey>> {
    tx.query(
        sql!(
            "SELECT id, account_id, credential, public_key, state, name, made_at, used_at FROM passkeys
             WHERE jurisdiction_id = $1 AND account_id = $2 ORDER BY id DESC LIMIT 100"
        ),
        &params![jurisdiction, account],
        read,
    )
}

/// The passkey that an authenticator names.
pub fn by_credential(tx: &mut Tx<'_>, jurisdiction: i64, credential: &str) -> Result<Option<Passkey>> {
    tx.query_opt(
        sql!(
            "SELECT id, account_id, credential, public_key, state, name, made_at, used_at FROM passkeys
             WHERE jurisdiction_id = $1 AND credential = $2"
        ),
        &params![jurisdiction, credential],
        read,
    )
}

/// Notes that a passkey signed, and what changed in it.
pub fn used(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64, state: &str) -> Result<()> {
    tx.execute(
        sql!("UPDATE passkeys SET state = $3, used_at = $4 WHERE jurisdiction_id = $1 AND id = $2"),
        &params![jurisdiction, id, state, act.at.0],
    )?;
    Ok(())
}

/// Takes one passkey of an account away. Says whether it was there.
pub fn remove(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, account: i64, id: i64) -> Result<bool> {
    let gone = tx.execute(
        sql!("DELETE FROM passkeys WHERE jurisdiction_id = $1 AND account_id = $2 AND id = $3"),
        &params![jurisdiction, account, id],
    )?;
    if gone == 1 {
        act.record(tx, jurisdiction, "account", account, "passkey-removed", "{}".into());
    }
    Ok(gone == 1)
}

fn read(row: &storage::Row<'_>) -> Result<Passkey> {
    Ok(Passkey {
        id: row.get(0)?,
        account: row.get(1)?,
        credential: row.get(2)?,
        public_key: row.get(3)?,
        state: row.get(4)?,
        name: row.get(5)?,
        made_at: Timestamp(row.get(6)?),
        used_at: row.get::<Option<i64>>(7)?.map(Timestamp),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use storage::Db;

    use super::*;
    use crate::{Actor, Dice};

    fn act() -> Act {
        Act::new(Actor::System("test"), Timestamp(1_700_000_000_000), Arc::new(Dice::seeded(1)))
    }

    #[test]
    fn a_passkey_belongs_to_one_account_and_is_removed_by_its_owner() {
        for (engine, db) in Db::for_stories().unwrap() {
            let shared = act();
            let add_one = |account: i64, credential: &'static str| {
                let act = shared.clone();
                db.write_blocking(move |tx| {
                    add(tx, &act, 1, account, credential, "key", "s0", "  my telephone  ")
                })
            };
            let id = add_one(7, "aa").unwrap();
            assert!(matches!(add_one(8, "aa"), Err(PasskeyError::Known)), "{engine}");
            let known = db.read_blocking(|tx| by_credential(tx, 1, "aa")).unwrap().unwrap();
            assert_eq!(
                (known.account, known.name.as_str(), known.used_at),
                (7, "my telephone", None),
                "{engine}"
            );
            assert_eq!(
                db.read_blocking(|tx| by_credential(tx, 2, "aa")).unwrap(),
                None,
                "{engine}: another city"
            );
            let act = shared.clone();
            db.write_blocking(move |tx| used(tx, &act, 1, id, "s1")).unwrap();
            let known = db.read_blocking(|tx| by_credential(tx, 1, "aa")).unwrap().unwrap();
            assert!(known.state == "s1" && known.used_at.is_some(), "{engine}");
            let act = shared.clone();
            assert!(
                !db.write_blocking(move |tx| remove(tx, &act, 1, 8, id)).unwrap(),
                "{engine}: not theirs"
            );
            let act = shared.clone();
            assert!(db.write_blocking(move |tx| remove(tx, &act, 1, 7, id)).unwrap(), "{engine}");
            assert!(db.read_blocking(|tx| of(tx, 1, 7)).unwrap().is_empty(), "{engine}");
        }
    }

    #[test]
    fn nobody_keeps_passkeys_without_end() {
        for (engine, db) in Db::for_stories().unwrap() {
            let shared = act();
            let last = db.write_blocking(move |tx| {
                for n in 0..MOST {
                    add(tx, &shared, 1, 7, &format!("{n:02x}"), "key", "s", "")?;
                }
                add(tx, &shared, 1, 7, "ff", "key", "s", "")
            });
            assert!(matches!(last, Err(PasskeyError::TooMany)), "{engine}");
        }
    }
}
