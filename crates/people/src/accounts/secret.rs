//! The password of an account: chosen by its owner, or given for a first time by whoever looks after them.

use calendar::Timestamp;
use storage::{Result, Tx, params, sql};

use super::{ACCOUNT, Account, FIRST_PASSWORD_DAYS, by_id, denied};
use crate::memberships::accept_all;
use crate::passwords::{self, PasswordHash};
use crate::refusal::Refusal;
use crate::{Act, managing, sessions};

/// Sets a password that the person chose. Everything else that is signed in as them is signed out; `keep` is the
/// session that they do it from. `hash` comes from [`passwords::hash`] after [`passwords::check`].
pub fn set_password(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
    hash: &PasswordHash,
    keep: Option<i64>,
) -> Result<(), Refusal> {
    by_id(tx, jurisdiction, id)?.ok_or(Refusal::NotFound)?;
    // Others give a first password and never choose one (ASVS 6.4.6).
    if act.by.account() != Some(id) {
        return Err(denied(act));
    }
    write_password(tx, act, jurisdiction, id, hash, None)?;
    accept_all(tx, act, jurisdiction, id)?;
    sessions::end_all(tx, act, jurisdiction, id, keep)?;
    act.record(tx, jurisdiction, ACCOUNT, id, "password-chosen", "{}".into());
    Ok(())
}

/// Gives somebody a first password, which they must change and which dies after [`FIRST_PASSWORD_DAYS`]. A second
/// proof stays as it is (ASVS 6.4.3). Everything that is signed in as them is signed out.
pub fn give_first_password(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
    hash: &PasswordHash,
) -> Result<(), Refusal> {
    by_id(tx, jurisdiction, id)?.ok_or(Refusal::NotFound)?;
    managing::managed(tx, act, jurisdiction, id)?;
    let until = act.at.plus_millis(FIRST_PASSWORD_DAYS * 24 * 3_600_000);
    write_password(tx, act, jurisdiction, id, hash, Some(until))?;
    sessions::end_all(tx, act, jurisdiction, id, None)?;
    act.record(tx, jurisdiction, ACCOUNT, id, "password-given", "{}".into());
    Ok(())
}

/// Gives a demo account the password that is printed for it: it need not be changed. Only the program itself does
/// this.
pub fn admit_password(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
    hash: &PasswordHash,
) -> Result<(), Refusal> {
    if !matches!(act.by, crate::Actor::System(_)) {
        return Err(denied(act));
    }
    write_password(tx, act, jurisdiction, id, hash, None)?;
    Ok(())
}

fn write_password(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
    hash: &PasswordHash,
    until: Option<Timestamp>,
) -> Result<()> {
    tx.execute_one(
        sql!(
            "UPDATE accounts SET password = $3, password_at = $4, password_until = $5 WHERE jurisdiction_id = $1 AND id = $2"
        ),
        &params![jurisdiction, id, &hash.0, act.at.0, until.map(|until| until.0)],
    )
}

/// The stored password, to be looked at with [`passwords::fits`] outside the transaction.
pub fn password(tx: &mut Tx<'_>, jurisdiction: i64, id: i64) -> Result<Option<PasswordHash>> {
    let found: Option<Option<String>> = tx.query_opt(
        sql!("SELECT password FROM accounts WHERE jurisdiction_id = $1 AND id = $2"),
        &params![jurisdiction, id],
        |row| row.get(0),
    )?;
    Ok(found.flatten().map(PasswordHash))
}

/// Whether a typed password is good enough for this account; `city` are names of the city.
pub fn check_password(account: &Account, typed: &str, city: &[&str]) -> Result<(), passwords::WeakPassword> {
    let mut names: Vec<&str> = city.to_vec();
    names.push(&account.name);
    names.extend(account.sign_name.as_deref());
    names.extend(account.email.as_deref());
    names.extend(account.mobile.as_deref());
    passwords::check(typed, &names)
}
