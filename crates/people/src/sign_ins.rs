//! A sign-in that is under way, between its first page and its session.
//!
//! The browser holds a random token, we its hash; what was proved so far stands here and never in a form. Each stage
//! is left by its own proof, and a session begins only when all that the account needs was proved. Ten minutes, and
//! it never was.

use serde_json::Value;
use sha2::{Digest, Sha256};
use storage::{Result, Tx, params, sql};

use crate::Act;
use calendar::Timestamp;

/// How long one may take from the first page to the last.
pub const LIFE_MS: i64 = 10 * 60_000;
/// Wrong proofs at one stage, after which it begins again.
pub const TRIES: i64 = 5;

macro_rules! stages {
    ($($(#[$doc:meta])* $name:ident = $code:literal),* $(,)?) => {
        /// What the next proof is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Stage { $($(#[$doc])* $name),* }

        impl Stage {
            pub fn code(self) -> &'static str {
                match self { $(Stage::$name => $code),* }
            }

            fn parse(code: &str) -> Option<Stage> {
                [$(Stage::$name),*].into_iter().find(|stage| stage.code() == code)
            }
        }
    };
}

stages! {
    /// A citizen's code by SMS.
    Code = "code",
    /// The password was right; it is a first one and must be changed.
    NewPassword = "new-password",
    /// The password was right; there is no second factor yet.
    Enrol = "enrol",
    /// The password was right; the second factor is asked.
    Second = "second",
    /// A passkey is asked to sign a challenge; nobody has proved anything yet.
    Passkey = "passkey",
    /// Somebody is at the organisation's provider.
    Federated = "federated",
    /// Somebody who is signed in is making a new passkey.
    NewPasskey = "new-passkey",
    /// Somebody who is signed in is proving a new mobile number.
    NewMobile = "new-mobile",
    /// Somebody who is signed in is setting up a new app for one-time codes.
    NewTotp = "new-totp",
}

/// A sign-in as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct SignIn {
    pub stage: Stage,
    /// Whose password, passkey or code it was; none while nobody has proved anything.
    pub account: Option<i64>,
    pub data: Value,
    /// Wrong proofs at this stage.
    pub tries: i64,
    pub ends_at: Timestamp,
}

impl SignIn {
    /// A text that the stage remembers, or nothing.
    pub fn text(&self, name: &str) -> &str {
        self.data.get(name).and_then(Value::as_str).unwrap_or("")
    }
}

/// Begins one and returns its token, which is not kept.
pub fn begin(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    stage: Stage,
    account: Option<i64>,
    data: &Value,
) -> Result<String> {
    // What others left lying is cleared by those who come.
    tx.execute(
        sql!("DELETE FROM sign_ins WHERE jurisdiction_id = $1 AND ends_at < $2"),
        &params![jurisdiction, act.at.0],
    )?;
    let token: String = act.dice.bytes().iter().map(|b| format!("{b:02x}")).collect();
    let (data, ends_at) = (data.to_string(), act.at.0 + LIFE_MS);
    tx.execute(
        sql!(
            "INSERT INTO sign_ins (jurisdiction_id, token_hash, stage, account_id, data, tries, ends_at)
             VALUES ($1, $2, $3, $4, $5, 0, $6)"
        ),
        &params![jurisdiction, &hash(&token), stage.code(), account, &data, ends_at],
    )?;
    Ok(token)
}

/// The sign-in of a token, if its time is not over and it was not tried too often.
pub fn find(tx: &mut Tx<'_>, jurisdiction: i64, token: &str, now: Timestamp) -> Result<Option<SignIn>> {
    let found = tx.query_opt(
        sql!(
            "SELECT stage, account_id, data, tries, ends_at FROM sign_ins
             WHERE jurisdiction_id = $1 AND token_hash = $2 AND ends_at >= $3 AND tries < $4"
        ),
        &params![jurisdiction, &hash(token), now.0, TRIES],
        |row| {
            Ok((
                row.get::<String>(0)?,
                row.get::<Option<i64>>(1)?,
                row.get::<String>(2)?,
                row.get::<i64>(3)?,
                row.get::<i64>(4)?,
            ))
        },
    )?;
    Ok(found.and_then(|(stage, account, data, tries, ends_at)| {
        Some(SignIn {
            stage: Stage::parse(&stage)?,
            account,
            data: serde_json::from_str(&data).unwrap_or(Value::Null),
            tries,
            ends_at: Timestamp(ends_at),
        })
    }))
}

/// Counts a wrong proof.
pub fn tried(tx: &mut Tx<'_>, jurisdiction: i64, token: &str) -> Result<()> {
    tx.execute(
        sql!("UPDATE sign_ins SET tries = tries + 1 WHERE jurisdiction_id = $1 AND token_hash = $2"),
        &params![jurisdiction, &hash(token)],
    )?;
    Ok(())
}

/// Keeps what a stage has to remember anew.
pub fn remember(tx: &mut Tx<'_>, jurisdiction: i64, token: &str, data: &Value) -> Result<()> {
    tx.execute(
        sql!("UPDATE sign_ins SET data = $3 WHERE jurisdiction_id = $1 AND token_hash = $2"),
        &params![jurisdiction, &hash(token), &data.to_string()],
    )?;
    Ok(())
}

/// Ends one, so that its token opens nothing any more. Says whether it was there: of two that come at once with the
/// same proof, one finds it gone.
pub fn end(tx: &mut Tx<'_>, jurisdiction: i64, token: &str) -> Result<bool> {
    let gone = tx.execute(
        sql!("DELETE FROM sign_ins WHERE jurisdiction_id = $1 AND token_hash = $2"),
        &params![jurisdiction, &hash(token)],
    )?;
    Ok(gone == 1)
}

fn hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}
