//! How long the next attempt to sign in has to wait.
//!
//! Waiting grows with failures and is never for ever. Whoever fails often from one place waits long there; whoever's
//! name is tried from many places waits a minute at most, so that nobody can shut a colleague out by guessing badly
//! on purpose (ASVS 6.1.1). Names are counted whether or not anybody has them.

use calendar::Timestamp;
use storage::{Result, Tx, params, sql};

use crate::Act;
use crate::seal::Seal;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
/// Failures are forgotten when there was none for so long.
const MEMORY: i64 = 24 * HOUR;

/// So many failures are free, then the wait begins and doubles with each more, up to the longest.
#[derive(Clone, Copy)]
struct Rule {
    what: &'static str,
    free: i64,
    first: i64,
    longest: i64,
}

const NAME_AND_ADDRESS: Rule = Rule { what: "both", free: 5, first: 30 * SECOND, longest: 15 * MINUTE };
const NAME: Rule = Rule { what: "name", free: 30, first: 5 * SECOND, longest: MINUTE };
const ADDRESS: Rule = Rule { what: "address", free: 60, first: 30 * SECOND, longest: 15 * MINUTE };

/// What is counted for one attempt.
#[derive(Debug, Clone)]
pub(crate) struct Counted {
    both: String,
    name: String,
    address: String,
}

impl Counted {
    /// `name` is a folded sign-in name, or the number of an account whose second proof is tried.
    pub(crate) fn of(seal: &Seal, name: &str, address: &str) -> Counted {
        Counted {
            both: seal.hash("failures both", &[name, address]),
            name: seal.hash("failures name", &[name]),
            address: seal.hash("failures address", &[address]),
        }
    }

    fn rules(&self) -> [(Rule, &str); 3] {
        [(NAME_AND_ADDRESS, &self.both), (NAME, &self.name), (ADDRESS, &self.address)]
    }
}

/// Until when the next attempt has to wait, if it has to.
pub(crate) fn wait(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    counted: &Counted,
    now: Timestamp,
) -> Result<Option<Timestamp>> {
    let mut until = None;
    for (rule, key) in counted.rules() {
        let found = tx.query_opt(
            sql!("SELECT failures, last_at FROM sign_failures WHERE jurisdiction_id = $1 AND what = $2"),
            &params![jurisdiction, &spelled(rule, key)],
            |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)),
        )?;
        if let Some((failures, last)) = found {
            until = until.max(rule.wait(failures, last, now));
        }
    }
    Ok(until)
}

impl Rule {
    fn wait(self, failures: i64, last: i64, now: Timestamp) -> Option<Timestamp> {
        if failures < self.free {
            return None;
        }
        let doubled = (failures - self.free).clamp(0, 20);
        let length = (self.first << doubled).min(self.longest);
        // A clock that jumped back waits its own length from now and no longer.
        let until = (last + length).min(now.0 + length);
        (until > now.0).then_some(Timestamp(until))
    }
}

pub(crate) fn count(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, counted: &Counted) -> Result<()> {
    for (rule, key) in counted.rules() {
        tx.execute(
            sql!(
                "INSERT INTO sign_failures (jurisdiction_id, what, failures, last_at) VALUES ($1, $2, 1, $3)
                 ON CONFLICT (jurisdiction_id, what) DO UPDATE SET last_at = excluded.last_at,
                     failures = CASE WHEN sign_failures.last_at < $4 THEN 1 ELSE sign_failures.failures + 1 END"
            ),
            &params![jurisdiction, &spelled(rule, key), act.at.0, act.at.0 - MEMORY],
        )?;
    }
    Ok(())
}

/// A success wipes the failures of its name, not those of its address: somebody with an account of their own could
/// else try the names of others for ever.
pub(crate) fn wipe(tx: &mut Tx<'_>, jurisdiction: i64, counted: &Counted) -> Result<()> {
    for (rule, key) in [(NAME_AND_ADDRESS, &counted.both), (NAME, &counted.name)] {
        tx.execute(
            sql!("DELETE FROM sign_failures WHERE jurisdiction_id = $1 AND what = $2"),
            &params![jurisdiction, &spelled(rule, key)],
        )?;
    }
    Ok(())
}

pub(crate) fn forget_old(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, at_once: u32) -> Result<usize> {
    let gone = tx.execute(
        sql!(
            "DELETE FROM sign_failures WHERE jurisdiction_id = $1 AND what IN (
                 SELECT what FROM sign_failures WHERE jurisdiction_id = $1 AND last_at < $2 ORDER BY what LIMIT $3)"
        ),
        &params![jurisdiction, act.at.0 - MEMORY, at_once],
    )?;
    Ok(gone as usize)
}

fn spelled(rule: Rule, key: &str) -> String {
    format!("{} {key}", rule.what)
}
