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
            "INSERT INTO sign_ins (jurisdiction_id, token_hash, stage, account_id, data, ends_at)
             VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        &params![jurisdiction, &hash(&token), stage.code(), account, &data, ends_at],
    )?;
    Ok(token)
}

/// The sign-in of a token, if its time is not over.
pub fn find(tx: &mut Tx<'_>, jurisdiction: i64, token: &str, now: Timestamp) -> Result<Option<SignIn>> {
    let found = tx.query_opt(
        sql!(
            "SELECT stage, account_id, data, ends_at FROM sign_ins
             WHERE jurisdiction_id = $1 AND token_hash = $2 AND ends_at >= $3"
        ),
        &params![jurisdiction, &hash(token), now.0],
        |row| {
            Ok((row.get::<String>(0)?, row.get::<Option<i64>>(1)?, row.get::<String>(2)?, row.get::<i64>(3)?))
        },
    )?;
    Ok(found.and_then(|(stage, account, data, ends_at)| {
        Some(SignIn {
            stage: Stage::parse(&stage)?,
            account,
            data: serde_json::from_str(&data).unwrap_or(Value::Null),
            ends_at: Timestamp(ends_at),
        })
    }))
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;
    use storage::Db;

    use super::*;
    use crate::{Actor, Dice};

    const AT: Timestamp = Timestamp(1_700_000_000_000);

    fn act(at: i64) -> Act {
        Act::new(Actor::System("test"), Timestamp(AT.0 + at), Arc::new(Dice::seeded(at as u64)))
    }

    #[test]
    fn a_token_leads_to_its_own_sign_in_for_ten_minutes() {
        for (engine, db) in Db::for_stories().unwrap() {
            let token = db
                .write_blocking(|tx| begin(tx, &act(0), 1, Stage::Code, Some(7), &json!({ "mobile": "+98" })))
                .unwrap();
            let find_at = |city: i64, token: &str, at: i64| {
                let token = token.to_owned();
                db.read_blocking(move |tx| find(tx, city, &token, Timestamp(AT.0 + at))).unwrap()
            };
            let found = find_at(1, &token, 1000).unwrap();
            assert_eq!(
                (found.stage, found.account, found.text("mobile")),
                (Stage::Code, Some(7), "+98"),
                "{engine}"
            );
            assert_eq!(found.text("nothing"), "");
            assert_eq!(find_at(2, &token, 1000), None, "{engine}: another city");
            assert_eq!(find_at(1, "", 1000), None, "{engine}");
            assert_eq!(
                find_at(1, &hash(&token), 1000),
                None,
                "{engine}: what stands in the table opens nothing"
            );
            assert!(
                find_at(1, &token, LIFE_MS).is_some() && find_at(1, &token, LIFE_MS + 1).is_none(),
                "{engine}"
            );
            // What is over is cleared away by whoever comes next.
            db.write_blocking(|tx| begin(tx, &act(LIFE_MS + 2), 1, Stage::Code, None, &json!({}))).unwrap();
            assert_eq!(find_at(1, &token, 0), None, "{engine}");
        }
    }

    #[test]
    fn what_is_proved_ends_once() {
        for (engine, db) in Db::for_stories().unwrap() {
            let token =
                db.write_blocking(|tx| begin(tx, &act(0), 1, Stage::Passkey, None, &json!({}))).unwrap();
            let one = token.clone();
            db.write_blocking(move |tx| remember(tx, 1, &one, &json!({ "next": "/me" }))).unwrap();
            let one = token.clone();
            let found = db.read_blocking(move |tx| find(tx, 1, &one, AT)).unwrap().unwrap();
            assert_eq!(found.text("next"), "/me", "{engine}");
            let one = token.clone();
            assert!(db.write_blocking(move |tx| end(tx, 1, &one)).unwrap(), "{engine}");
            assert!(!db.write_blocking(move |tx| end(tx, 1, &token)).unwrap(), "{engine}");
        }
    }
}
