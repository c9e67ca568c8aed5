//! One account for each role, so that everybody can look at the line from every chair.
//!
//! All have one password, drawn afresh for each data folder and kept there in a file that only its owner may read; it
//! is printed at every start. A demo that somebody carries to a server therefore has no password that the world knows.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use people::accounts::{self, NewAccount};
use people::{Act, MemberState, Refusal, Role, passwords};
use serde::Deserialize;

use crate::end::wrong;
use crate::house::{self, House};
use crate::user;
use crate::user::words::Offered;

/// The file in the data folder.
const PASSWORD: &str = "demo-password";

/// An account of `cities/demo.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The city it works in.
    pub city: String,
    pub sign_name: String,
    pub name: String,
    pub role: String,
    pub scope: Option<String>,
    pub unit: Option<String>,
    pub district: Option<String>,
    pub neighbourhood: Option<String>,
}

/// Makes the accounts that are not there yet, and returns the password of all of them.
pub fn admit(data: &Path, house: &House, all: &[Account]) -> Result<String> {
    let (password, is_new) = password(data, house)?;
    let act = Act { at: house::now(), ..house.act("demo") };
    for account in all {
        let city = house.city(Some(&account.city)).context("demo.toml")?;
        let (id, name) = (city.id, account.sign_name.clone());
        let known = house.db.read_blocking(move |tx| accounts::by_sign_name(tx, id, &name))?;
        if known.is_some() && !is_new {
            continue;
        }
        let hash = passwords::hash(&house.dice, &password)?;
        let offer = house.db.read_blocking(move |tx| {
            Ok::<_, storage::Error>((requests::catalogue(tx, id)?, territory::atlas(tx, id)?))
        })?;
        let offer = user::offer(&account.offered(), &offer.0, &offer.1)
            .with_context(|| format!("demo.toml: the account {}", account.sign_name))?;
        let wish = NewAccount {
            name: account.name.clone(),
            sign_name: Some(account.sign_name.clone()),
            ..NewAccount::default()
        };
        let act = act.clone();
        house
            .db
            .write_blocking(move |tx| -> Result<(), Refusal> {
                let account = match &known {
                    Some(known) => known.id,
                    None => accounts::create(tx, &act, id, &wish)?,
                };
                accounts::admit_password(tx, &act, id, account, &hash)?;
                let has_one = accounts::memberships(tx, id, account)?
                    .iter()
                    .any(|m| m.role == offer.role && m.state != MemberState::Ended);
                if !has_one {
                    accounts::give(tx, &act, id, account, &offer)?;
                }
                Ok(())
            })
            .map_err(|refusal| wrong!("demo.toml: the account {}: {refusal}", account.sign_name))?;
    }
    Ok(password)
}

impl Account {
    fn offered(&self) -> Offered {
        Offered {
            role: self.role.clone(),
            scope: self.scope.clone(),
            unit: self.unit.clone(),
            district: self.district.clone(),
            neighbourhood: self.neighbourhood.clone(),
        }
    }

    /// How it is printed at the start.
    pub fn line(&self) -> String {
        let place = self
            .unit
            .as_ref()
            .map(|code| format!(" of {code}"))
            .or(self.neighbourhood.as_ref().map(|code| format!(" of neighbourhood {code}")))
            .or(self.district.as_ref().map(|code| format!(" of district {code}")))
            .unwrap_or_default();
        let role = Role::parse(&self.role).map_or("", Role::code);
        format!("    {:<12} {role}{place}", self.sign_name)
    }
}

/// The password in the file, and whether it was made just now.
fn password(data: &Path, house: &House) -> Result<(String, bool)> {
    let path = data.join(PASSWORD);
    match std::fs::read_to_string(&path) {
        Ok(text) if text.trim().chars().count() >= passwords::LEAST => {
            return Ok((text.trim().to_owned(), false));
        }
        Ok(_) => std::fs::remove_file(&path).with_context(|| format!("replacing {}", path.display()))?,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
        Err(e) => return Err(e).with_context(|| format!("reading {}", path.display())),
    }
    let made = passwords::first(&house.dice);
    let mut file = house::private_file(&path).with_context(|| format!("writing {}", path.display()))?;
    writeln!(file, "{made}").with_context(|| format!("writing {}", path.display()))?;
    Ok((made, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_has_an_account_for_every_role_of_staff() {
        #[derive(Deserialize)]
        struct Plan {
            account: Vec<Account>,
        }
        let text = crate::cities::file("demo.toml").expect("the program carries it");
        let plan: Plan = toml::from_str(std::str::from_utf8(text).expect("text")).expect("a plan");
        for role in Role::STAFF {
            assert!(plan.account.iter().any(|account| account.role == role.code()), "{}", role.code());
        }
        for account in &plan.account {
            assert!(accounts::fold_sign_name(&account.sign_name).is_ok(), "{}", account.sign_name);
        }
    }
}
