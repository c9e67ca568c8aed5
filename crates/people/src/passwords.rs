//! Passwords of staff: which are good enough, and how they are kept.
//!
//! Any sentence of 8 to 128 characters will do that is not among the first that anybody would try; no rules about
//! signs and capitals, no forced change (OWASP ASVS 5.0, V6.2). A password is compared exactly as it was typed:
//! Persian and Latin digits are different signs here, as everywhere else they are not.

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::Dice;

mod common; // what everybody tries first

/// Fewest and most characters.
pub const LEAST: usize = 8;
pub const MOST: usize = 128;

/// Argon2id with 19 MiB, two rounds and one lane: the first of the equal choices of the OWASP Password Storage Cheat
/// Sheet. It stands in every stored hash, so that it can be raised later.
const MEMORY_KIB: u32 = 19 * 1024;
const ROUNDS: u32 = 2;
const LANES: u32 = 1;

/// A stored password: a PHC string with algorithm, cost, salt and hash.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub(crate) String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash")
    }
}

/// Why a password is not good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("a password has at least {LEAST} characters")]
    TooShort,
    #[error("a password has at most {MOST} characters")]
    TooLong,
    /// Among the first that anybody tries: a common password, a local word, a row of keys, a date or a telephone.
    #[error("this is among the first that anybody would try")]
    Common,
    #[error("the password repeats a name of the account")]
    LikeName,
}

impl WeakPassword {
    pub fn code(self) -> &'static str {
        match self {
            WeakPassword::TooShort => "password-too-short",
            WeakPassword::TooLong => "password-too-long",
            WeakPassword::Common => "password-common",
            WeakPassword::LikeName => "password-like-name",
        }
    }
}

/// Refuses what is too short, too long or too easy to guess. `names` are those of the account and of the city.
pub fn check(typed: &str, names: &[&str]) -> Result<(), WeakPassword> {
    match typed.chars().count() {
        n if n < LEAST => return Err(WeakPassword::TooShort),
        n if n > MOST => return Err(WeakPassword::TooLong),
        _ => {}
    }
    if common::is_common(typed) {
        return Err(WeakPassword::Common);
    }
    if common::is_like(typed, names) {
        return Err(WeakPassword::LikeName);
    }
    Ok(())
}

/// Hashes a password. It takes tens of milliseconds and 19 MiB on purpose: call it on a thread that may block, never
/// inside a transaction.
pub fn hash(dice: &Dice, typed: &str) -> storage::Result<PasswordHash> {
    let random = dice.bytes();
    let salt = random.get(..16).unwrap_or(&random);
    let hash = argon2()?
        .hash_password_with_salt(typed.as_bytes(), salt)
        .map_err(|e| storage::Error::settings(format_args!("hashing a password: {e}")))?;
    Ok(PasswordHash(hash.to_string()))
}

/// Whether the password fits. Without a stored password it does the same work and says no, so that the time it takes
/// does not tell who has one. As slow as [`hash`].
pub fn fits(stored: Option<&PasswordHash>, typed: &str) -> bool {
    // The hash of nobody's password, of today's cost.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdCE$\
                          AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let text = stored.map_or(NOBODY, |hash| hash.0.as_str());
    let (Ok(hash), Ok(argon2)) = (Phc::new(text), argon2()) else { return false };
    // What nobody could have set is still worked on, cut to what could be.
    let typed: String = typed.chars().take(MOST + 1).collect();
    argon2.verify_password(typed.as_bytes(), &hash).is_ok() && stored.is_some()
}

/// A first password for somebody else to hand over: 16 letters and digits that are not mixed up when read aloud, about
/// 80 bits.
pub fn first(dice: &Dice) -> String {
    grouped(&spell(dice, 16))
}

const CLEAR: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz_";

/// Random signs out of 31 that nobody mixes up.
pub(crate) fn spell(dice: &Dice, length: usize) -> String {
    let mut text = String::with_capacity(length);
    while text.len() < length {
        // The last sign of the alphabet stands for "draw again", so that all others are equally likely.
        let fresh = dice.bytes().into_iter().filter_map(|byte| CLEAR.get(usize::from(byte & 31)).copied());
        text.extend(fresh.filter(|sign| *sign != b'_').map(char::from).take(length - text.len()));
    }
    text
}

/// Four and four.
pub(crate) fn grouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

fn argon2() -> storage::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, ROUNDS, LANES, None)
        .map_err(|e| storage::Error::settings(format_args!("the cost of passwords: {e}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}
