//! Staff sign in: a name, a password, and the second proof if they have one.
//!
//! It goes in three steps, because looking at a password is slow on purpose and must not hold up the one writer:
//! [`look_up`] reads, [`Attempt::fits`] works on a thread of its own, [`settle`] writes what came of it. A name that
//! nobody has takes the same steps and the same work, and hears the same answer.

use calendar::Timestamp;
use storage::{Result, Tx, params, sql};

use crate::accounts::{self, ACCOUNT, fold_sign_name};
use crate::failures::{self, Counted};
use crate::passwords::{self, PasswordHash};
use crate::refusal::NotSignedIn;
use crate::seal::{self, Seal};
use crate::sessions::Assurance;
use crate::{Act, second};

/// How long the second page may take after the first.
const TICKET_LIFE: i64 = 5 * 60_000;

/// One attempt to sign in, between its steps.
#[derive(Debug, Clone)]
pub struct Attempt {
    account: Option<i64>,
    stored: Option<PasswordHash>,
    counted: Counted,
    wait: Option<Timestamp>,
}

/// Somebody who proved who they are. Their session is begun with [`crate::sessions::begin`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub account: i64,
    pub assurance: Assurance,
    /// They signed in with a first password and must choose their own before anything else.
    pub must_change_password: bool,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Known(Known),
    /// The password fits; the second proof is asked on the next page. The ticket proves the first page: keep it in a
    /// cookie of this browser and give it to [`second_page`].
    Second {
        ticket: String,
    },
    Refused(NotSignedIn),
}

/// Reads what is needed to look at a password.
pub fn look_up(
    tx: &mut Tx<'_>,
    seal: &Seal,
    jurisdiction: i64,
    name: &str,
    address: &str,
    now: Timestamp,
) -> Result<Attempt> {
    // What can be nobody's name is counted too, as it was typed.
    let folded = fold_sign_name(name).unwrap_or_else(|_| name.chars().take(100).collect());
    let counted = Counted::of(seal, &folded, address);
    let wait = failures::wait(tx, jurisdiction, &counted, now)?;
    let account = accounts::by_sign_name(tx, jurisdiction, name)?.map(|account| account.id);
    // Both ways ask the database twice.
    let stored = accounts::password(tx, jurisdiction, account.unwrap_or(0))?;
    Ok(Attempt { account, stored, counted, wait })
}

impl Attempt {
    /// Whether the password fits. Slow on purpose, also for nobody: call it on a thread that may block.
    pub fn fits(&self, typed: &str) -> bool {
        if self.wait.is_some() {
            return false;
        }
        passwords::fits(self.stored.as_ref(), typed)
    }
}

/// Writes down what came of an attempt. The write is to be committed whatever the outcome is: a failure counts.
pub fn settle(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    attempt: &Attempt,
    fits: bool,
) -> Result<Outcome> {
    // Asked again, because many attempts may have been looked up at once.
    let wait = attempt.wait.max(failures::wait(tx, jurisdiction, &attempt.counted, act.at)?);
    if let Some(until) = wait {
        return Ok(Outcome::Refused(NotSignedIn::Wait { until }));
    }
    let account = match attempt.account {
        Some(id) if fits => accounts::by_id(tx, jurisdiction, id)?.filter(|account| !account.is_suspended()),
        _ => None,
    };
    // The password may have been changed between the steps; then what fitted is worth nothing.
    let account = match account {
        Some(account) if accounts::password(tx, jurisdiction, account.id)? == attempt.stored => account,
        _ => {
            failures::count(tx, act, jurisdiction, &attempt.counted)?;
            if let Some(id) = attempt.account {
                act.record(tx, jurisdiction, ACCOUNT, id, "sign-in-failed", "{}".into());
            }
            return Ok(Outcome::Refused(NotSignedIn::Wrong));
        }
    };
    if account.password_until.is_some_and(|until| act.at >= until) {
        return Ok(Outcome::Refused(NotSignedIn::PasswordOver));
    }
    if account.has_totp {
        return Ok(Outcome::Second { ticket: ticket(seal, jurisdiction, account.id, act.at) });
    }
    failures::wipe(tx, jurisdiction, &attempt.counted)?;
    Ok(Outcome::Known(Known {
        account: account.id,
        assurance: Assurance::Password,
        must_change_password: account.must_change_password(),
    }))
}

/// The second page: a code of the authenticator, or a recovery code. Commit the write whatever the outcome is.
pub fn second_page(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    ticket: &str,
    typed: &str,
    address: &str,
) -> Result<Outcome> {
    let Some(id) = holder(seal, jurisdiction, ticket, act.at) else {
        return Ok(Outcome::Refused(NotSignedIn::Over));
    };
    let counted = Counted::of(seal, &format!("second {id}"), address);
    if let Some(until) = failures::wait(tx, jurisdiction, &counted, act.at)? {
        return Ok(Outcome::Refused(NotSignedIn::Wait { until }));
    }
    let account = accounts::by_id(tx, jurisdiction, id)?.filter(|account| !account.is_suspended());
    let Some(account) = account else { return Ok(Outcome::Refused(NotSignedIn::Over)) };
    if !second::fits(tx, act, seal, jurisdiction, id, typed)? {
        failures::count(tx, act, jurisdiction, &counted)?;
        act.record(tx, jurisdiction, ACCOUNT, id, "sign-in-failed", "{\"by\":\"totp\"}".into());
        return Ok(Outcome::Refused(NotSignedIn::Wrong));
    }
    failures::wipe(tx, jurisdiction, &counted)?;
    if let Some(name) = &account.sign_name {
        failures::wipe(tx, jurisdiction, &Counted::of(seal, name, address))?;
    }
    Ok(Outcome::Known(Known {
        account: id,
        assurance: Assurance::PasswordTotp,
        must_change_password: account.must_change_password(),
    }))
}

/// Proves the password once more before something that matters (ASVS 7.5.1): the same counting as at the door, and
/// the same three steps. The account is one's own.
pub fn look_up_own(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    address: &str,
) -> Result<Attempt> {
    let account = act.by.account();
    let counted = Counted::of(seal, &format!("own {}", account.unwrap_or(0)), address);
    let wait = failures::wait(tx, jurisdiction, &counted, act.at)?;
    let stored = accounts::password(tx, jurisdiction, account.unwrap_or(0))?;
    Ok(Attempt { account, stored, counted, wait })
}

/// Whether the password that was proven once more was right.
pub fn settle_own(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    attempt: &Attempt,
    fits: bool,
) -> Result<std::result::Result<(), NotSignedIn>> {
    if let Some(until) = attempt.wait.max(failures::wait(tx, jurisdiction, &attempt.counted, act.at)?) {
        return Ok(Err(NotSignedIn::Wait { until }));
    }
    if fits && attempt.account.is_some() && attempt.account == act.by.account() {
        failures::wipe(tx, jurisdiction, &attempt.counted)?;
        return Ok(Ok(()));
    }
    failures::count(tx, act, jurisdiction, &attempt.counted)?;
    Ok(Err(NotSignedIn::Wrong))
}

fn ticket(seal: &Seal, jurisdiction: i64, account: i64, at: Timestamp) -> String {
    let mac = ticket_mac(seal, jurisdiction, account, at.0);
    format!("{account}.{}.{mac}", at.0)
}

fn holder(seal: &Seal, jurisdiction: i64, ticket: &str, now: Timestamp) -> Option<i64> {
    let mut parts = ticket.splitn(3, '.');
    let account: i64 = parts.next()?.parse().ok()?;
    let at: i64 = parts.next()?.parse().ok()?;
    let mac = parts.next()?;
    let age = now.0.checked_sub(at)?;
    let is_fresh = (-30_000..TICKET_LIFE).contains(&age);
    (is_fresh && seal::same(mac, &ticket_mac(seal, jurisdiction, account, at))).then_some(account)
}

fn ticket_mac(seal: &Seal, jurisdiction: i64, account: i64, at: i64) -> String {
    seal.hash("second page", &[&jurisdiction.to_string(), &account.to_string(), &at.to_string()])
}

/// Signed in some other way that proves who they are, such as a passkey: refuses the account when it is suspended.
pub fn known(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    account: i64,
    assurance: Assurance,
) -> Result<std::result::Result<Known, NotSignedIn>> {
    let found: Option<i64> = tx.value(
        sql!("SELECT id FROM accounts WHERE jurisdiction_id = $1 AND id = $2 AND suspended_at IS NULL"),
        &params![jurisdiction, account],
    )?;
    Ok(match found {
        Some(account) => Ok(Known { account, assurance, must_change_password: false }),
        None => Err(NotSignedIn::Wrong),
    })
}
