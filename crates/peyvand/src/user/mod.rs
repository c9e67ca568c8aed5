//! Accounts of staff, from the command line: the first administrator, and the day when nobody can sign in.
//!
//! Whoever may run the program in the data folder may do this, so it acts as the program itself. A password is never an
//! argument, because arguments stand in the shell's history and in lists of processes.

#[cfg(test)]
mod tests;
pub mod words; // what may be typed

use std::io::BufRead;
use std::process::ExitCode;

use anyhow::Result;
use calendar::Timestamp;
use people::accounts::{self, Account, NewAccount, Offer};
use people::{Act, MemberState, Membership, Refusal, Role, Scope, passwords, second, sessions};
use requests::Catalogue;
use territory::{Atlas, Jurisdiction, Level};

use crate::end::{say, wrong};
use crate::house::{self, House};
use crate::settings::Settings;
use words::{Add, City, Offered, RoleVerb, UserVerb, Who};

pub fn run(settings: &Settings, verb: UserVerb) -> Result<ExitCode> {
    let desk = |city: &City| Desk::open(settings, city);
    match verb {
        UserVerb::Add(wishes) => desk(&wishes.city)?.add(wishes)?,
        UserVerb::List { city } => desk(&city)?.list()?,
        UserVerb::Password { who, stdin } => desk(&who.city)?.password(&who, stdin)?,
        UserVerb::Role { verb: RoleVerb::Give { who, offer } } => desk(&who.city)?.give(&who, &offer)?,
        UserVerb::Role { verb: RoleVerb::Suspend(one) } => {
            desk(&one.who.city)?.turn(&one.who, one.id, MemberState::Suspended)?;
        }
        UserVerb::Role { verb: RoleVerb::Restore(one) } => {
            desk(&one.who.city)?.turn(&one.who, one.id, MemberState::Active)?;
        }
        UserVerb::Role { verb: RoleVerb::End(one) } => {
            desk(&one.who.city)?.turn(&one.who, one.id, MemberState::Ended)?;
        }
        UserVerb::Suspend { who } => desk(&who.city)?.suspend(&who, true)?,
        UserVerb::Restore { who } => desk(&who.city)?.suspend(&who, false)?,
        UserVerb::Sessions { who, end, end_all } => desk(&who.city)?.sessions(&who, end, end_all)?,
        UserVerb::ForgetSecond { who } => desk(&who.city)?.forget_second(&who)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// One city, opened.
struct Desk {
    house: House,
    city: Jurisdiction,
    act: Act,
}

impl Desk {
    fn open(settings: &Settings, city: &City) -> Result<Desk> {
        let house = house::open_existing(settings)?;
        let city = house.city(city.jurisdiction.as_deref())?;
        let act = house.act("user");
        Ok(Desk { house, city, act })
    }

    fn account(&self, who: &Who) -> Result<Account> {
        let (city, name) = (self.city.id, who.sign_name.clone());
        self.house
            .db
            .read_blocking(move |tx| accounts::by_sign_name(tx, city, &name))?
            .ok_or_else(|| wrong!("nobody in {} signs in as {:?}", self.city.code, who.sign_name))
    }

    /// Runs one verb of the accounts; its refusals are said, not logged.
    fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut storage::Tx<'_>, &Act, i64) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T> {
        let (act, city) = (self.act.clone(), self.city.id);
        self.house.db.write_blocking(move |tx| work(tx, &act, city)).map_err(refused)
    }

    fn add(&self, wishes: Add) -> Result<()> {
        let offer = self.offer(&wishes.offer)?;
        let wish = NewAccount {
            name: wishes.name,
            sign_name: Some(wishes.sign_name.clone()),
            mobile: wishes.mobile,
            email: wishes.email,
            language: None,
        };
        let draft = Account {
            id: 0,
            name: wish.name.clone(),
            mobile: wish.mobile.clone(),
            sign_name: wish.sign_name.clone(),
            email: wish.email.clone(),
            language: language::Lang::Fa,
            suspended_at: None,
            has_password: false,
            password_until: None,
            has_totp: false,
            made_at: self.act.at,
            signed_in_at: None,
        };
        let password = self.choose(&draft, wishes.stdin)?;
        let hash = passwords::hash(&self.act.dice, &password.text)?;
        self.write(move |tx, act, city| {
            let id = accounts::create(tx, act, city, &wish)?;
            accounts::give(tx, act, city, id, &offer)?;
            accounts::give_first_password(tx, act, city, id, &hash)
        })?;
        say!("{} signs in as {} in {}.", draft.name, wishes.sign_name, self.city.code);
        password.tell();
        Ok(())
    }

    fn list(&self) -> Result<()> {
        let (act, city) = (self.act.clone(), self.city.id);
        let all = self.house.db.read_blocking(move |tx| -> Result<_, Refusal> {
            let catalogue = requests::catalogue(tx, city)?;
            let atlas = territory::atlas(tx, city)?;
            let mut lines = Vec::new();
            for account in accounts::staff(tx, &act, city, 10_000)? {
                let state = match (&account.suspended_at, account.has_password, account.password_until) {
                    (Some(_), ..) => "suspended",
                    (None, false, _) => "no password",
                    (None, true, Some(_)) => "first password",
                    (None, true, None) => "in force",
                };
                let second = if account.has_totp { "totp" } else { "-" };
                let name = account.sign_name.as_deref().unwrap_or("-");
                lines.push(format!("{name}\t{state}\t{second}\t{}", account.name));
                for m in accounts::memberships(tx, city, account.id)? {
                    if m.state != MemberState::Ended {
                        lines.push(format!("  {}", role_line(&m, &catalogue, &atlas)));
                    }
                }
            }
            Ok(lines)
        });
        for line in all.map_err(refused)? {
            say!("{line}");
        }
        Ok(())
    }

    fn password(&self, who: &Who, stdin: bool) -> Result<()> {
        let account = self.account(who)?;
        let password = self.choose(&account, stdin)?;
        let hash = passwords::hash(&self.act.dice, &password.text)?;
        self.write(move |tx, act, city| accounts::give_first_password(tx, act, city, account.id, &hash))?;
        password.tell();
        Ok(())
    }

    fn give(&self, who: &Who, wishes: &Offered) -> Result<()> {
        let (account, offer) = (self.account(who)?, self.offer(wishes)?);
        let id = self.write(move |tx, act, city| accounts::give(tx, act, city, account.id, &offer))?;
        say!("{} has the role {} ({id}).", who.sign_name, wishes.role);
        Ok(())
    }

    fn turn(&self, who: &Who, id: i64, to: MemberState) -> Result<()> {
        let account = self.account(who)?;
        self.write(move |tx, act, city| {
            let own = accounts::memberships(tx, city, account.id)?;
            if !own.iter().any(|m| m.id == id) {
                return Err(Refusal::NotFound);
            }
            accounts::set_state(tx, act, city, id, to)
        })?;
        say!("The role {id} of {} is {}.", who.sign_name, to.code());
        Ok(())
    }

    fn suspend(&self, who: &Who, suspended: bool) -> Result<()> {
        let account = self.account(who)?;
        self.write(move |tx, act, city| accounts::suspend(tx, act, city, account.id, suspended))?;
        say!("{} is {}.", who.sign_name, if suspended { "shut out" } else { "let in again" });
        Ok(())
    }

    fn sessions(&self, who: &Who, end: Option<i64>, end_all: bool) -> Result<()> {
        let account = self.account(who)?.id;
        if end_all {
            let ended =
                self.write(move |tx, act, city| sessions::revoke_all(tx, act, city, account, None))?;
            say!("{ended} sessions of {} are ended.", who.sign_name);
            return Ok(());
        }
        let open = self.write(move |tx, act, city| sessions::list(tx, act, city, account))?;
        if let Some(id) = end {
            if !open.iter().any(|session| session.id == id) {
                return Err(wrong!("{} has no open session {id}", who.sign_name));
            }
            self.write(move |tx, act, city| sessions::revoke(tx, act, city, id))?;
            say!("The session {id} of {} is ended.", who.sign_name);
            return Ok(());
        }
        for s in open {
            let (began, seen) = (utc(s.began_at), utc(s.seen_at));
            say!("{}\t{}\tbegan {began}\tseen {seen}\t{}\t{}", s.id, s.assurance.code(), s.address, s.agent);
        }
        Ok(())
    }

    fn forget_second(&self, who: &Who) -> Result<()> {
        let account = self.account(who)?;
        self.write(move |tx, act, city| second::remove(tx, act, city, account.id))?;
        say!("{} has no authenticator any more.", who.sign_name);
        Ok(())
    }

    fn offer(&self, wishes: &Offered) -> Result<Offer> {
        let city = self.city.id;
        let (catalogue, atlas) = self.house.db.read_blocking(move |tx| {
            Ok::<_, storage::Error>((requests::catalogue(tx, city)?, territory::atlas(tx, city)?))
        })?;
        offer(wishes, &catalogue, &atlas)
    }

    /// A password made up here, or one from standard input.
    fn choose(&self, account: &Account, stdin: bool) -> Result<Password> {
        if !stdin {
            return Ok(Password { text: passwords::first(&self.act.dice), is_made_up: true });
        }
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        let text = line.trim_end_matches(['\r', '\n']).to_owned();
        accounts::check_password(account, &text, &[&self.city.name_fa, &self.city.name_en, &self.city.code])
            .map_err(|weak| wrong!("{weak}"))?;
        Ok(Password { text, is_made_up: false })
    }
}

struct Password {
    text: String,
    is_made_up: bool,
}

impl Password {
    fn tell(&self) {
        if self.is_made_up {
            say!("{}", self.text);
        }
        eprintln!(
            "It must be changed at the first sign-in, within {} days.{}",
            accounts::FIRST_PASSWORD_DAYS,
            if self.is_made_up { " This is the only time that it is shown." } else { "" }
        );
    }
}

/// A role with its place, from codes. What is not said is the narrowest place that is named.
pub fn offer(wishes: &Offered, catalogue: &Catalogue, atlas: &Atlas) -> Result<Offer> {
    let role = Role::parse(&wishes.role).filter(|role| role.is_staff()).ok_or_else(|| {
        let all: Vec<&str> = Role::STAFF.into_iter().map(Role::code).collect();
        wrong!("a role is one of {}, not {:?}", all.join(", "), wishes.role)
    })?;
    let unit = match &wishes.unit {
        Some(code) => {
            Some(catalogue.unit_by_code(code).ok_or_else(|| wrong!("there is no unit {code:?}"))?.id)
        }
        None => None,
    };
    let division = |level, code: &Option<String>| match code {
        Some(code) => match atlas.by_code(level, code) {
            Some(division) => Ok(Some(division.id)),
            None => Err(wrong!("there is no {} {code:?}", level.code())),
        },
        None => Ok(None),
    };
    let district = division(Level::District, &wishes.district)?;
    let neighbourhood = division(Level::Neighbourhood, &wishes.neighbourhood)?;
    let scope = match &wishes.scope {
        Some(code) => Scope::parse(code).ok_or_else(|| {
            let all: Vec<&str> = Scope::ALL.into_iter().map(Scope::code).collect();
            wrong!("a scope is one of {}, not {code:?}", all.join(", "))
        })?,
        None if role.is_of_unit() || unit.is_some() => Scope::Unit,
        None if neighbourhood.is_some() => Scope::Neighbourhood,
        None if district.is_some() => Scope::District,
        None => Scope::City,
    };
    Ok(Offer { role, scope, unit, district, neighbourhood })
}

fn role_line(m: &Membership, catalogue: &Catalogue, atlas: &Atlas) -> String {
    let place = match m.scope {
        Scope::Unit | Scope::Own => m.unit.and_then(|id| catalogue.unit(id)).map(|unit| unit.code.clone()),
        Scope::District => m.district.and_then(|id| atlas.division(id)).map(|d| d.code.clone()),
        Scope::Neighbourhood => m.neighbourhood.and_then(|id| atlas.division(id)).map(|d| d.code.clone()),
        Scope::City => None,
    };
    let place = place.map(|place| format!(" {place}")).unwrap_or_default();
    format!("{}\t{}\t{}{place}\t{}", m.id, m.role.code(), m.scope.code(), m.state.code())
}

fn refused(refusal: Refusal) -> anyhow::Error {
    match refusal {
        Refusal::Failure(failure) => failure.into(),
        Refusal::NotFound => wrong!("there is no such account or role"),
        other => wrong!("{other}"),
    }
}

/// `2026-01-31 08:15 UTC`.
fn utc(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0)
        .map(|moment| moment.strftime("%F %H:%M UTC").to_string())
        .unwrap_or_default()
}
