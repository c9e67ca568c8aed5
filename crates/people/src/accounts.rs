//! People with an account: citizens by their mobile number, staff by a name they sign in with.
//!
//! An account by itself gives a citizen's rights; what staff may do comes from memberships. Accounts are suspended,
//! never deleted, because the journal names them; a citizen who wants to be forgotten leaves an account without a
//! name, number or address.

use calendar::Timestamp;
use language::{Lang, digits, display, mobile};
use storage::{Param, Result, Row, Tx, params, sql};

use crate::managing;
use crate::permissions::{Permission, Where};
use crate::refusal::Refusal;
use crate::{Act, sessions};

mod secret; // their passwords

pub use crate::memberships::{
    Offer, accept, accept_all, end, give, invite, memberships, of_unit, set_state, with_role,
};

pub use secret::{admit_password, check_password, give_first_password, password, set_password};

/// The kind of subject in the journal; the subject is the account.
pub const ACCOUNT: &str = "account";

pub const MOST_NAME: usize = 100;
/// How long a first password may be used.
pub const FIRST_PASSWORD_DAYS: i64 = 3;

/// An account as lists and pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: i64,
    pub name: String,
    /// E.164.
    pub mobile: Option<String>,
    pub sign_name: Option<String>,
    pub email: Option<String>,
    pub language: Lang,
    pub suspended_at: Option<Timestamp>,
    pub has_password: bool,
    /// The password was given by somebody else, opens nothing but its own change, and dies then.
    pub password_until: Option<Timestamp>,
    pub has_totp: bool,
    pub made_at: Timestamp,
    pub signed_in_at: Option<Timestamp>,
}

impl Account {
    pub fn is_suspended(&self) -> bool {
        self.suspended_at.is_some()
    }

    pub fn must_change_password(&self) -> bool {
        self.password_until.is_some()
    }
}

/// What is asked of somebody new, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewAccount {
    pub name: String,
    pub sign_name: Option<String>,
    pub mobile: Option<String>,
    pub email: Option<String>,
    pub language: Option<Lang>,
}

macro_rules! columns {
    () => {
        "id, name, mobile, sign_name, email, language, suspended_at, password, password_until, totp_secret, made_at, signed_in_at"
    };
}

fn from_row(row: &Row<'_>) -> Result<Account> {
    Ok(Account {
        id: row.get(0)?,
        name: row.get(1)?,
        mobile: row.get(2)?,
        sign_name: row.get(3)?,
        email: row.get(4)?,
        language: Lang::from_code(&row.get::<String>(5)?).unwrap_or(Lang::Fa),
        suspended_at: row.get::<Option<i64>>(6)?.map(Timestamp),
        has_password: row.get::<Option<String>>(7)?.is_some(),
        password_until: row.get::<Option<i64>>(8)?.map(Timestamp),
        has_totp: row.get::<Option<String>>(9)?.is_some(),
        made_at: Timestamp(row.get(10)?),
        signed_in_at: row.get::<Option<i64>>(11)?.map(Timestamp),
    })
}

/// Makes an account of staff. Whoever manages people anywhere may; what the account may do is asked when a role is
/// given to it.
pub fn create(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, wish: &NewAccount) -> Result<i64, Refusal> {
    managing::manages_somewhere(act, jurisdiction)?;
    let name = clean_name(&wish.name)?;
    let sign_name = wish.sign_name.as_deref().map(fold_sign_name).transpose()?;
    let mobile = wish.mobile.as_deref().filter(|m| !m.trim().is_empty()).map(mobile::parse).transpose()?;
    let email = clean_email(wish.email.as_deref())?;
    if let Some(sign_name) = &sign_name
        && by_sign_name(tx, jurisdiction, sign_name)?.is_some()
    {
        return Err(Refusal::SignNameTaken);
    }
    if let Some(mobile) = &mobile
        && by_mobile(tx, jurisdiction, mobile)?.is_some()
    {
        return Err(Refusal::MobileTaken);
    }
    let id = store(
        tx,
        act,
        jurisdiction,
        &name,
        mobile.as_deref(),
        sign_name.as_deref(),
        email.as_deref(),
        wish.language.unwrap_or(Lang::Fa),
    )?;
    act.record(tx, jurisdiction, ACCOUNT, id, "account-made", "{}".into());
    Ok(id)
}

pub(crate) fn store(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    name: &str,
    mobile: Option<&str>,
    sign_name: Option<&str>,
    email: Option<&str>,
    language: Lang,
) -> Result<i64> {
    let id = act.new_id();
    tx.execute_one(
        sql!(
            "INSERT INTO accounts (jurisdiction_id, id, name, mobile, sign_name, email, language, made_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"
        ),
        &params![jurisdiction, id, name, mobile, sign_name, email, language.code(), act.at.0],
    )?;
    Ok(id)
}

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: i64) -> Result<Option<Account>> {
    tx.query_opt(
        sql!(concat!("SELECT ", columns!(), " FROM accounts WHERE jurisdiction_id = $1 AND id = $2")),
        &params![jurisdiction, id],
        from_row,
    )
}

/// The account of a sign-in name, however it was typed.
pub fn by_sign_name(tx: &mut Tx<'_>, jurisdiction: i64, typed: &str) -> Result<Option<Account>> {
    let Ok(folded) = fold_sign_name(typed) else { return Ok(None) };
    tx.query_opt(
        sql!(concat!("SELECT ", columns!(), " FROM accounts WHERE jurisdiction_id = $1 AND sign_name = $2")),
        &params![jurisdiction, &folded],
        from_row,
    )
}

/// The account of a mobile number, however it was typed.
pub fn by_mobile(tx: &mut Tx<'_>, jurisdiction: i64, typed: &str) -> Result<Option<Account>> {
    let Ok(mobile) = mobile::parse(typed) else { return Ok(None) };
    tx.query_opt(
        sql!(concat!("SELECT ", columns!(), " FROM accounts WHERE jurisdiction_id = $1 AND mobile = $2")),
        &params![jurisdiction, &mobile],
        from_row,
    )
}

/// Staff, by name: everybody for whoever manages the city, else the members of the units that the author manages.
pub fn staff(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, most: u32) -> Result<Vec<Account>, Refusal> {
    managing::manages_somewhere(act, jurisdiction)?;
    if !act.may(Permission::ManagePeople, Where::city(jurisdiction)) {
        let mut ids = Vec::new();
        for unit in managing::units_of(act) {
            ids.extend(of_unit(tx, jurisdiction, unit)?.into_iter().map(|(account, _)| account));
        }
        ids.sort_unstable();
        ids.dedup();
        let mut mine = Vec::with_capacity(ids.len());
        for id in ids.into_iter().take(most as usize) {
            mine.extend(by_id(tx, jurisdiction, id)?);
        }
        mine.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        return Ok(mine);
    }
    Ok(tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM accounts WHERE jurisdiction_id = $1 AND sign_name IS NOT NULL ORDER BY name, id LIMIT $2"
        )),
        &params![jurisdiction, most],
        from_row,
    )?)
}

/// What a person may change about their own account, and whoever manages them.
pub fn change(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
    wish: &NewAccount,
) -> Result<(), Refusal> {
    let account = by_id(tx, jurisdiction, id)?.ok_or(Refusal::NotFound)?;
    managing::own_or_managed(tx, act, jurisdiction, id)?;
    let name = match account.sign_name {
        Some(_) => clean_name(&wish.name)?,
        // Citizens need not say their name.
        None => clean_name(&wish.name).or_else(|refusal| match refusal {
            Refusal::NameMissing => Ok(String::new()),
            other => Err(other),
        })?,
    };
    let email = clean_email(wish.email.as_deref())?;
    let language = wish.language.unwrap_or(account.language);
    tx.execute_one(
        sql!(
            "UPDATE accounts SET name = $3, email = $4, language = $5 WHERE jurisdiction_id = $1 AND id = $2"
        ),
        &params![jurisdiction, id, &name, &email, language.code()],
    )?;
    act.record(tx, jurisdiction, ACCOUNT, id, "account-changed", "{}".into());
    Ok(())
}

/// Gives one's own account another mobile number, which was proven with [`crate::codes::prove`]. Everything else that is
/// signed in as them is signed out.
pub fn set_mobile(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
    mobile: &str,
    keep: Option<i64>,
) -> Result<(), Refusal> {
    by_id(tx, jurisdiction, id)?.ok_or(Refusal::NotFound)?;
    if act.by.account() != Some(id) {
        return Err(denied(act));
    }
    let mobile = mobile::parse(mobile)?;
    match by_mobile(tx, jurisdiction, &mobile)? {
        Some(known) if known.id == id => return Ok(()),
        Some(_) => return Err(Refusal::MobileTaken),
        None => {}
    }
    tx.execute_one(
        sql!("UPDATE accounts SET mobile = $3 WHERE jurisdiction_id = $1 AND id = $2"),
        &params![jurisdiction, id, &mobile],
    )?;
    sessions::end_all(tx, act, jurisdiction, id, keep)?;
    act.record(tx, jurisdiction, ACCOUNT, id, "mobile-changed", "{}".into());
    Ok(())
}

/// Shuts an account out, or lets it in again. Whoever is shut out is signed out everywhere at once.
pub fn suspend(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
    suspended: bool,
) -> Result<(), Refusal> {
    let account = by_id(tx, jurisdiction, id)?.ok_or(Refusal::NotFound)?;
    managing::managed(tx, act, jurisdiction, id)?;
    if account.is_suspended() == suspended {
        return Ok(());
    }
    if suspended {
        managing::leaves_an_administrator(tx, jurisdiction, &[], Some(id))?;
    }
    let at = suspended.then_some(act.at.0);
    tx.execute_one(
        sql!("UPDATE accounts SET suspended_at = $3 WHERE jurisdiction_id = $1 AND id = $2"),
        &params![jurisdiction, id, at],
    )?;
    sessions::end_all(tx, act, jurisdiction, id, None)?;
    let fact = if suspended { "account-suspended" } else { "account-restored" };
    act.record(tx, jurisdiction, ACCOUNT, id, fact, "{}".into());
    Ok(())
}

/// Makes a citizen's account forget the person: no name, number or address, and nobody can sign in with it again.
/// Accounts of staff stay, because what they did stays.
pub fn forget(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64) -> Result<(), Refusal> {
    let account = by_id(tx, jurisdiction, id)?.ok_or(Refusal::NotFound)?;
    let is_own = act.by.account() == Some(id);
    if !is_own && !act.may(Permission::Retain, Where::city(jurisdiction)) {
        return Err(denied(act));
    }
    if account.sign_name.is_some() {
        return Err(Refusal::StateWrong);
    }
    sessions::end_all(tx, act, jurisdiction, id, None)?;
    tx.execute(
        sql!("DELETE FROM sessions WHERE jurisdiction_id = $1 AND account_id = $2"),
        &params![jurisdiction, id],
    )?;
    tx.execute_one(
        sql!(
            "UPDATE accounts SET name = '', mobile = NULL, email = NULL, suspended_at = $3 WHERE jurisdiction_id = $1 AND id = $2"
        ),
        &params![jurisdiction, id, act.at.0],
    )?;
    act.record(tx, jurisdiction, ACCOUNT, id, "account-forgotten", "{}".into());
    Ok(())
}

pub(crate) fn denied(act: &Act) -> Refusal {
    crate::Denied { role: act.by.role(), permission: Permission::ManagePeople }.into()
}

fn clean_name(typed: &str) -> Result<String, Refusal> {
    let name = display::clean_line(typed);
    match name.chars().count() {
        0 => Err(Refusal::NameMissing),
        n if n > MOST_NAME => Err(Refusal::NameTooLong { most: MOST_NAME }),
        _ => Ok(name),
    }
}

fn clean_email(typed: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(typed) = typed.map(str::trim).filter(|typed| !typed.is_empty()) else { return Ok(None) };
    let is_fine = typed.len() <= 254
        && !typed.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"(),;:\\[]".contains(c))
        && typed.split_once('@').is_some_and(|(who, host)| {
            !who.is_empty()
                && !host.contains('@')
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
        });
    if is_fine { Ok(Some(typed.to_owned())) } else { Err(Refusal::EmailWrong) }
}

/// One spelling for all spellings of a sign-in name: small Latin letters and digits.
pub fn fold_sign_name(typed: &str) -> Result<String, Refusal> {
    let folded = digits::to_ascii(typed.trim()).to_lowercase();
    let is_fine = (3..=40).contains(&folded.len())
        && folded.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
        && folded.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    if is_fine { Ok(folded) } else { Err(Refusal::SignNameWrong) }
}

/// Whoever changes what must hold over many rows waits here for whoever is doing so on another machine.
pub(crate) fn take_turn(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<()> {
    tx.execute(
        sql!(
            "INSERT INTO account_turns (jurisdiction_id, turn) VALUES ($1, 1)
             ON CONFLICT (jurisdiction_id) DO UPDATE SET turn = account_turns.turn + 1"
        ),
        &[Param::Int(jurisdiction)],
    )?;
    Ok(())
}
