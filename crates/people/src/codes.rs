//! One-time codes for citizens: six digits to the mobile, once, for five minutes.
//!
//! Whoever asks hears the same for a number that is known and one that is not. A code belongs to the number and to
//! the browser that asked for it. Six digits are few, so they are kept as a keyed hash, five wrong tries end a code,
//! and a number, an address and the city each get only so many in an hour.

use calendar::Timestamp;
use language::{Lang, mobile};
use storage::{Result, Tx, params, sql};

use crate::accounts::{self, take_turn};
use crate::refusal::NotSignedIn;
use crate::seal::{self, Seal};
use crate::{Act, Refusal};

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// How long a code works.
pub const LIFE: i64 = 5 * MINUTE;
/// Wrong tries that end a code.
pub const TRIES: i64 = 5;
/// How long after the first, second, third … code of an hour the next may be asked for; the last one stays.
const RESEND: [i64; 5] = [60 * SECOND, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE];
/// Codes in an hour: to one number, from one address, and in all.
const OF_NUMBER: i64 = 5;
const OF_ADDRESS: i64 = 20;
const OF_CITY: i64 = 3_000;
/// How far the clocks of two machines may be apart. A code from further in the future is not believed.
const CLOCKS_APART: i64 = 30 * SECOND;

/// Who asks for a code or types one.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// As it was typed.
    pub mobile: &'a str,
    /// A random text that stands in a cookie of the browser that asked.
    pub browser: &'a str,
    /// The address that the request came from.
    pub address: &'a str,
}

/// A code to be sent. It is not stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Made {
    /// Six ASCII digits.
    pub code: String,
    /// E.164.
    pub mobile: String,
    /// When the next may be asked for.
    pub resend_at: Timestamp,
    pub ends_at: Timestamp,
}

impl std::fmt::Debug for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Made")
    }
}

/// A number that was proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proven {
    pub account: i64,
    /// The account was made just now.
    pub is_new: bool,
}

/// Makes a code. Earlier ones of the number end. `Err(Refusal)` means that nothing was made: the number is none, or
/// the machine failed. `Ok(Err(Wait))` means too many.
pub fn make(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    asking: &Asking<'_>,
) -> Result<std::result::Result<Made, NotSignedIn>, Refusal> {
    let mobile = mobile::parse(asking.mobile)?;
    take_turn(tx, jurisdiction)?;
    let keys = Keys::of(seal, jurisdiction, &mobile, asking);
    let mut recent = recent(tx, jurisdiction, &keys, act.at)?;
    if let Some(until) = recent.wait(act.at) {
        return Ok(Err(NotSignedIn::Wait { until }));
    }
    tx.execute(
        sql!(
            "UPDATE sign_codes SET ended_at = $3 WHERE jurisdiction_id = $1 AND mobile_hash = $2 AND ended_at IS NULL"
        ),
        &params![jurisdiction, &keys.mobile, act.at.0],
    )?;
    let code = six_digits(act);
    let id = act.new_id();
    tx.execute_one(
        sql!(
            "INSERT INTO sign_codes (jurisdiction_id, id, mobile_hash, address_hash, browser_hash, code_hash, made_at, tries)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0)"
        ),
        &params![
            jurisdiction,
            id,
            &keys.mobile,
            &keys.address,
            &keys.browser,
            &code_hash(seal, id, &mobile, &code),
            act.at.0
        ],
    )?;
    recent.of_number.push(act.at.0);
    recent.of_address.push(act.at.0);
    let resend_at = recent.wait(act.at).unwrap_or(act.at);
    Ok(Ok(Made { code, mobile, resend_at, ends_at: act.at.plus_millis(LIFE) }))
}

/// Looks at a typed code. A right one is used up and gives the account of the number, made now if it is the first
/// time. Call it in a write whose outcome is committed even when the code was wrong: a wrong try counts, which is why
/// `Wrong` stands inside `Ok`.
pub fn verify(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    asking: &Asking<'_>,
    typed: &str,
) -> Result<std::result::Result<Proven, NotSignedIn>, Refusal> {
    let mobile = match prove(tx, act, seal, jurisdiction, asking, typed)? {
        Ok(mobile) => mobile,
        Err(not) => return Ok(Err(not)),
    };
    match accounts::by_mobile(tx, jurisdiction, &mobile)? {
        Some(account) if account.is_suspended() => Ok(Err(NotSignedIn::Wrong)),
        Some(account) => Ok(Ok(Proven { account: account.id, is_new: false })),
        None => {
            let account = accounts::store(tx, act, jurisdiction, "", Some(&mobile), None, None, Lang::Fa)?;
            Ok(Ok(Proven { account, is_new: true }))
        }
    }
}

/// [`verify`] for a number that nobody signs in with yet: looks at the code, uses it up, and returns the number as
/// E.164. Committed like [`verify`] whatever comes of it.
pub fn prove(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    asking: &Asking<'_>,
    typed: &str,
) -> Result<std::result::Result<String, NotSignedIn>, Refusal> {
    let mobile = mobile::parse(asking.mobile)?;
    let keys = Keys::of(seal, jurisdiction, &mobile, asking);
    let found = tx.query_opt(
        sql!(
            "SELECT id, code_hash, browser_hash, made_at FROM sign_codes
             WHERE jurisdiction_id = $1 AND mobile_hash = $2 AND ended_at IS NULL AND tries < $3 ORDER BY id DESC LIMIT 1"
        ),
        &params![jurisdiction, &keys.mobile, TRIES],
        |row| {
            Ok((row.get::<i64>(0)?, row.get::<String>(1)?, row.get::<String>(2)?, Timestamp(row.get(3)?)))
        },
    )?;
    let Some((id, hash, browser, made_at)) = found else { return Ok(Err(NotSignedIn::Over)) };
    let age = act.at.millis_since(made_at);
    if !(-CLOCKS_APART..LIFE).contains(&age) {
        return Ok(Err(NotSignedIn::Over));
    }
    // A browser that did not ask is told what a number without a code is told, and uses up no try of the one that did.
    if !seal::same(&browser, &keys.browser) {
        return Ok(Err(NotSignedIn::Over));
    }
    // The count goes up before the code is compared, on the row itself, so that many guesses at once get five tries
    // between them and not five each.
    let counted = tx.execute(
        sql!(
            "UPDATE sign_codes SET tries = tries + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND ended_at IS NULL AND tries < $3"
        ),
        &params![jurisdiction, id, TRIES],
    )?;
    if counted == 0 {
        return Ok(Err(NotSignedIn::Over));
    }
    let typed = language::digits::to_ascii(typed);
    let typed: String = typed.chars().filter(|c| c.is_ascii_digit()).collect();
    if !seal::same(&hash, &code_hash(seal, id, &mobile, &typed)) {
        let tries: Option<i64> = tx.value(
            sql!("SELECT tries FROM sign_codes WHERE jurisdiction_id = $1 AND id = $2"),
            &params![jurisdiction, id],
        )?;
        let is_over = tries.is_none_or(|tries| tries >= TRIES);
        return Ok(Err(if is_over { NotSignedIn::Over } else { NotSignedIn::Wrong }));
    }
    let used = tx.execute(
        sql!(
            "UPDATE sign_codes SET ended_at = $3 WHERE jurisdiction_id = $1 AND id = $2 AND ended_at IS NULL"
        ),
        &params![jurisdiction, id, act.at.0],
    )?;
    if used != 1 {
        return Ok(Err(NotSignedIn::Over));
    }
    Ok(Ok(mobile))
}

/// Deletes codes that no limit looks at any more.
pub(crate) fn forget_old(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, at_once: u32) -> Result<usize> {
    let gone = tx.execute(
        sql!(
            "DELETE FROM sign_codes WHERE jurisdiction_id = $1 AND id IN (
                 SELECT id FROM sign_codes WHERE jurisdiction_id = $1 AND made_at < $2 ORDER BY id LIMIT $3)"
        ),
        &params![jurisdiction, act.at.0 - 24 * HOUR, at_once],
    )?;
    Ok(gone as usize)
}

struct Keys {
    mobile: String,
    address: String,
    browser: String,
}

impl Keys {
    fn of(seal: &Seal, jurisdiction: i64, mobile: &str, asking: &Asking<'_>) -> Keys {
        let city = jurisdiction.to_string();
        let key = |purpose: &str, text: &str| seal.hash(purpose, &[&city, text]);
        Keys {
            mobile: key("code mobile", mobile),
            address: key("code address", asking.address),
            browser: key("code browser", asking.browser),
        }
    }
}

fn code_hash(seal: &Seal, id: i64, mobile: &str, code: &str) -> String {
    seal.hash("code", &[&id.to_string(), mobile, code])
}

/// Evenly: what is left over at the top of the range is drawn again.
fn six_digits(act: &Act) -> String {
    const CODES: u64 = 1_000_000;
    loop {
        let number = act.dice.number();
        if number < u64::MAX - u64::MAX % CODES {
            return format!("{:06}", number % CODES);
        }
    }
}

fn resend_after(made: usize) -> i64 {
    let last = RESEND.len() - 1;
    RESEND.get(made.saturating_sub(1).min(last)).copied().unwrap_or(HOUR)
}

/// When codes were made within the last hour, oldest first.
struct Recent {
    of_number: Vec<i64>,
    of_address: Vec<i64>,
    of_city: i64,
}

impl Recent {
    /// Until when the next code has to wait, if it has to.
    fn wait(&self, now: Timestamp) -> Option<Timestamp> {
        let mut until = 0;
        if let Some(last) = self.of_number.last() {
            until = until.max(last + resend_after(self.of_number.len()));
        }
        // The oldest of the hour leaves first.
        for (made, most) in [(&self.of_number, OF_NUMBER), (&self.of_address, OF_ADDRESS)] {
            if made.len() as i64 >= most {
                until = until.max(made.first().copied().unwrap_or(now.0) + HOUR);
            }
        }
        if self.of_city >= OF_CITY {
            until = until.max(now.0 + 5 * MINUTE);
        }
        (until > now.0).then_some(Timestamp(until))
    }
}

fn recent(tx: &mut Tx<'_>, jurisdiction: i64, keys: &Keys, now: Timestamp) -> Result<Recent> {
    // A clock that jumped back leaves codes in the future: an hour of them still counts, more is forgotten, so that
    // nobody waits for a year that is not coming.
    let (from, until) = (now.0 - HOUR, now.0 + HOUR);
    let read = |row: &storage::Row<'_>| row.get::<i64>(0);
    Ok(Recent {
        of_number: tx.query(
            sql!(
                "SELECT made_at FROM sign_codes WHERE jurisdiction_id = $1 AND mobile_hash = $2 AND made_at > $3 AND made_at < $4
                 ORDER BY made_at LIMIT 100"
            ),
            &params![jurisdiction, &keys.mobile, from, until],
            read,
        )?,
        of_address: tx.query(
            sql!(
                "SELECT made_at FROM sign_codes WHERE jurisdiction_id = $1 AND address_hash = $2 AND made_at > $3 AND made_at < $4
                 ORDER BY made_at LIMIT 100"
            ),
            &params![jurisdiction, &keys.address, from, until],
            read,
        )?,
        of_city: tx
            .value(
                sql!(
                    "SELECT COUNT(*) FROM sign_codes WHERE jurisdiction_id = $1 AND made_at > $2 AND made_at < $3"
                ),
                &params![jurisdiction, from, until],
            )?
            .unwrap_or(0),
    })
}
