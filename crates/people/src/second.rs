//! The second proof: a code from an authenticator that changes every thirty seconds (RFC 6238), and recovery codes for
//! the day it is lost.
//!
//! SHA-1, six digits and thirty seconds, because that is what every authenticator understands. A step whose code was
//! used is remembered, so that a code works once. Recovery codes work once each and are kept as hashes.

use calendar::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use storage::{Result, Tx, params, sql};

use crate::accounts::{self, ACCOUNT};
use crate::passwords::{grouped, spell};
use crate::refusal::Refusal;
use crate::seal::{self, Seal};
use crate::{Act, managing};

/// Milliseconds that one code is shown.
const STEP: i64 = 30_000;
/// Steps before and after the present one that are accepted, for clocks of telephones.
const AROUND: i64 = 1;
/// 160 bits, as RFC 4226 recommends.
const SECRET: usize = 20;
const RECOVERY_CODES: usize = 10;
/// Characters of a recovery code, of 31 signs each: about 60 bits.
const RECOVERY_LENGTH: usize = 12;

const PURPOSE: &str = "totp";
const PENDING: &str = "totp pending";

/// What an authenticator has to be told. Shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct Begun {
    /// The secret in base 32, for typing.
    pub secret: String,
    /// `otpauth://…`, for a QR code.
    pub address: String,
}

impl std::fmt::Debug for Begun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Begun")
    }
}

/// Draws a secret. It counts only after [`confirm`]; until then the old one stays. `issuer` is the name of the city.
pub fn begin(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    account: i64,
    issuer: &str,
) -> Result<Begun, Refusal> {
    own(act, account)?;
    let known = accounts::by_id(tx, jurisdiction, account)?.ok_or(Refusal::NotFound)?;
    let random = act.dice.bytes();
    let secret = random.get(..SECRET).unwrap_or(&random);
    let sealed = seal.close(&act.dice, PENDING, account, secret).ok_or_else(unsealed)?;
    tx.execute_one(
        sql!("UPDATE accounts SET totp_pending = $3 WHERE jurisdiction_id = $1 AND id = $2"),
        &params![jurisdiction, account, &sealed],
    )?;
    let secret = base32(secret);
    let (issuer, who) = (encoded(issuer), encoded(known.sign_name.as_deref().unwrap_or(&known.name)));
    let address = format!("otpauth://totp/{issuer}:{who}?secret={secret}&issuer={issuer}");
    Ok(Begun { secret, address })
}

/// Puts the secret into force when a code of it is right, and returns the recovery codes, which cannot be shown
/// again. Older ones are worth nothing any more.
pub fn confirm(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    account: i64,
    typed: &str,
) -> Result<Vec<String>, Refusal> {
    own(act, account)?;
    let pending: Option<Option<String>> = tx.query_opt(
        sql!("SELECT totp_pending FROM accounts WHERE jurisdiction_id = $1 AND id = $2"),
        &params![jurisdiction, account],
        |row| row.get(0),
    )?;
    let pending = pending.flatten().ok_or(Refusal::NotBegun)?;
    let secret = seal.open(PENDING, account, &pending).ok_or(Refusal::NotBegun)?;
    let step = right_step(&secret, typed, act.at, i64::MIN).ok_or(Refusal::CodeWrong)?;
    let sealed = seal.close(&act.dice, PURPOSE, account, &secret).ok_or_else(unsealed)?;
    tx.execute_one(
        sql!(
            "UPDATE accounts SET totp_secret = $3, totp_step = $4, totp_pending = NULL WHERE jurisdiction_id = $1 AND id = $2"
        ),
        &params![jurisdiction, account, &sealed, step],
    )?;
    act.record(tx, jurisdiction, ACCOUNT, account, "second-proof-set", "{}".into());
    new_recovery_codes(tx, act, seal, jurisdiction, account)
}

/// Draws new recovery codes; the old ones are worth nothing any more.
pub fn new_recovery_codes(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    account: i64,
) -> Result<Vec<String>, Refusal> {
    own(act, account)?;
    forget_recovery_codes(tx, jurisdiction, account)?;
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let code = spell(&act.dice, RECOVERY_LENGTH);
        tx.execute_one(
            sql!("INSERT INTO recovery_codes (jurisdiction_id, account_id, code_hash) VALUES ($1, $2, $3)"),
            &params![jurisdiction, account, &recovery_hash(seal, account, &code)],
        )?;
        codes.push(grouped(&code));
    }
    Ok(codes)
}

/// How many recovery codes are left.
pub fn recovery_codes_left(tx: &mut Tx<'_>, jurisdiction: i64, account: i64) -> Result<i64> {
    Ok(tx
        .value(
            sql!("SELECT COUNT(*) FROM recovery_codes WHERE jurisdiction_id = $1 AND account_id = $2 AND used_at IS NULL"),
            &params![jurisdiction, account],
        )?
        .unwrap_or(0))
}

/// Takes the second proof away: one's own, or that of somebody one manages who lost it.
pub fn remove(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, account: i64) -> Result<(), Refusal> {
    managing::own_or_managed(tx, act, jurisdiction, account)?;
    tx.execute_one(
        sql!(
            "UPDATE accounts SET totp_secret = NULL, totp_pending = NULL, totp_step = NULL WHERE jurisdiction_id = $1 AND id = $2"
        ),
        &params![jurisdiction, account],
    )?;
    forget_recovery_codes(tx, jurisdiction, account)?;
    act.record(tx, jurisdiction, ACCOUNT, account, "second-proof-removed", "{}".into());
    Ok(())
}

/// Whether a typed code is right, and uses it up: a code of the authenticator, or a recovery code.
pub(crate) fn fits(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    account: i64,
    typed: &str,
) -> Result<bool> {
    let found = tx.query_opt(
        sql!("SELECT totp_secret, totp_step FROM accounts WHERE jurisdiction_id = $1 AND id = $2"),
        &params![jurisdiction, account],
        |row| Ok((row.get::<Option<String>>(0)?, row.get::<Option<i64>>(1)?)),
    )?;
    let Some((Some(sealed), used)) = found else { return Ok(false) };
    let typed: String = language::digits::to_ascii(&typed.to_lowercase())
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .collect();
    // A step from the future was used while the clock was wrong. Nobody waits for it to come again.
    let last = used.filter(|used| *used <= act.at.0.div_euclid(STEP) + AROUND).unwrap_or(i64::MIN);
    let step =
        seal.open(PURPOSE, account, &sealed).and_then(|secret| right_step(&secret, &typed, act.at, last));
    if let Some(step) = step {
        // The old step is part of the change, so that one code typed twice at once works once.
        let changed = tx.execute(
            sql!(
                "UPDATE accounts SET totp_step = $3
                 WHERE jurisdiction_id = $1 AND id = $2 AND COALESCE(totp_step, 0) = $4"
            ),
            &params![jurisdiction, account, step, used.unwrap_or(0)],
        )?;
        return Ok(changed == 1);
    }
    let used = tx.execute(
        sql!(
            "UPDATE recovery_codes SET used_at = $4
             WHERE jurisdiction_id = $1 AND account_id = $2 AND code_hash = $3 AND used_at IS NULL"
        ),
        &params![jurisdiction, account, &recovery_hash(seal, account, &typed), act.at.0],
    )?;
    if used == 1 {
        act.record(tx, jurisdiction, ACCOUNT, account, "recovery-code-used", "{}".into());
    }
    Ok(used == 1)
}

/// The step after `used` whose code was typed.
fn right_step(secret: &[u8], typed: &str, now: Timestamp, used: i64) -> Option<i64> {
    let typed = language::digits::to_ascii(typed.trim());
    let present = now.0.div_euclid(STEP);
    (present - AROUND..=present + AROUND)
        .filter(|step| *step > used)
        .find(|step| totp(secret, *step, 6).is_some_and(|code| seal::same(&code, &typed)))
}

/// The code that an authenticator shows, for tests and for the demo's own sign-in.
pub fn code_at(secret_base32: &str, now: Timestamp) -> Option<String> {
    totp(&unbase32(secret_base32)?, now.0.div_euclid(STEP), 6)
}

/// RFC 4226 with the step as its counter.
fn totp(secret: &[u8], step: i64, digits: u32) -> Option<String> {
    let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(secret).ok()?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let from = usize::from(hash.last()? & 15);
    let four: [u8; 4] = hash.get(from..from + 4)?.try_into().ok()?;
    let number = (u32::from_be_bytes(four) & 0x7fff_ffff) % 10u32.pow(digits);
    Some(format!("{number:0width$}", width = digits as usize))
}

fn own(act: &Act, account: i64) -> Result<(), Refusal> {
    if act.by.account() == Some(account) { Ok(()) } else { Err(accounts::denied(act)) }
}

fn forget_recovery_codes(tx: &mut Tx<'_>, jurisdiction: i64, account: i64) -> Result<()> {
    tx.execute(
        sql!("DELETE FROM recovery_codes WHERE jurisdiction_id = $1 AND account_id = $2"),
        &params![jurisdiction, account],
    )?;
    Ok(())
}

fn recovery_hash(seal: &Seal, account: i64, code: &str) -> String {
    seal.hash("recovery", &[&account.to_string(), code])
}

fn unsealed() -> storage::Error {
    storage::Error::settings("a secret could not be sealed")
}

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// RFC 4648 without padding, as authenticators read it.
fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut held, mut bits) = (0u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.extend(BASE32.get(((held >> bits) & 31) as usize).map(|b| char::from(*b)));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.extend(BASE32.get(((held << (5 - bits)) & 31) as usize).map(|b| char::from(*b)));
    }
    text
}

fn unbase32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0u32, 0);
    for letter in text.bytes().filter(|b| !b.is_ascii_whitespace()) {
        let value = BASE32.iter().position(|b| *b == letter.to_ascii_uppercase())? as u32;
        held = (held << 5) | value;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
        held &= (1 << bits) - 1;
    }
    Some(bytes)
}

/// Percent-encoded for an address.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_6238_hold() {
        let secret = b"12345678901234567890";
        for (seconds, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let step = seconds * 1000 / STEP;
            assert_eq!(totp(secret, step, 8).as_deref(), Some(code), "{seconds}");
        }
    }

    #[test]
    fn the_vectors_of_rfc_4648_hold() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
            assert_eq!(unbase32(text).as_deref(), Some(bytes.as_bytes()));
        }
    }
}
