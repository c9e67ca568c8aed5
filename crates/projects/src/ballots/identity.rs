//! Who somebody is, proven: the one thing that must be the same on every way of voting.
//!
//! A round says what a person is: a mobile number, or a national number. All ways of voting of a round ask for that
//! same thing, so the paper sheet and the telephone of one person meet on the roll.

use calendar::Day;
use language::{digits, mobile, national_id};
use people::Seal;
use storage::{Result, Tx, params, sql};

use super::Channel;
use crate::refusal::{ProjectError, no};
use crate::rounds::Round;
use crate::rules::IdentityRule;

/// Somebody who was proven to be who they say. It can only be made here.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    pub(crate) person: String,
    /// The mobile number that was proven on the way, if one was.
    pub(crate) mobile: Option<String>,
    /// The part of the city where the registry knows them.
    pub division: Option<i64>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity")
    }
}

/// What somebody says of themselves, and what is known of it.
#[derive(Debug, Clone, Default)]
pub struct Claim<'a> {
    /// E.164; proven by a code or by the network before.
    pub mobile: Option<&'a str>,
    /// As it was typed.
    pub national_id: &'a str,
    pub birth: Option<Day>,
}

/// What a registry says of a number and a birth date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Known {
        division: Option<i64>,
    },
    /// Nobody has this number and this birth date together; which of the two is wrong is not said.
    Unknown,
}

/// Whoever can say that a national number and a birth date belong together: the city's own file here, a national
/// service elsewhere.
pub trait Registry {
    fn look_up(&self, tx: &mut Tx<'_>, jurisdiction: i64, national_id: &str, birth: Day) -> Result<Verdict>;
}

/// The file that the city brought in, kept as keyed hashes.
pub struct Listed<'s> {
    pub seal: &'s Seal,
}

impl Listed<'_> {
    fn key(&self, jurisdiction: i64, national_id: &str, birth: Day) -> String {
        let born = birth.days_since_epoch().to_string();
        self.seal.hash("ballot registry", &[&jurisdiction.to_string(), national_id, &born])
    }
}

impl Registry for Listed<'_> {
    fn look_up(&self, tx: &mut Tx<'_>, jurisdiction: i64, national_id: &str, birth: Day) -> Result<Verdict> {
        let found = tx.query_opt(
            sql!("SELECT division_id FROM ballot_registry WHERE jurisdiction_id = $1 AND person = $2"),
            &params![jurisdiction, &self.key(jurisdiction, national_id, birth)],
            |row| row.get::<Option<i64>>(0),
        )?;
        Ok(found.map_or(Verdict::Unknown, |division| Verdict::Known { division }))
    }
}

/// Brings lines of the city's file in: national number, birth date, code of the neighbourhood or nothing. Says how many
/// were good; bad lines are counted and left out.
pub fn bring_in(
    tx: &mut Tx<'_>,
    act: &people::Act,
    seal: &Seal,
    jurisdiction: i64,
    text: &str,
) -> std::result::Result<(u64, u64), ProjectError> {
    act.require(people::Permission::ManageRounds, people::Where::city(jurisdiction))?;
    let atlas = territory::atlas(tx, jurisdiction)?;
    let (mut good, mut bad) = (0, 0);
    let listed = Listed { seal };
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut parts = line.split([',', ';', '\t']).map(str::trim);
        let number = parts.next().unwrap_or("");
        let birth = Day::parse(&digits::to_ascii(parts.next().unwrap_or("")));
        let code = parts.next().unwrap_or("");
        let division = atlas
            .by_code(territory::Level::Neighbourhood, code)
            .or_else(|| atlas.by_code(territory::Level::District, code))
            .map(|division| division.id);
        let (true, Ok(birth)) = (national_id::is_valid(number), birth) else {
            bad += 1;
            continue;
        };
        let key = listed.key(jurisdiction, &only_digits(number), birth);
        tx.execute(
            sql!(
                "INSERT INTO ballot_registry (jurisdiction_id, person, division_id) VALUES ($1, $2, $3)
                 ON CONFLICT (jurisdiction_id, person) DO UPDATE SET division_id = excluded.division_id"
            ),
            &params![jurisdiction, &key, division],
        )?;
        good += 1;
    }
    if good == 0 {
        return Err(no("registry-wrong", "file"));
    }
    let payload = serde_json::json!({ "lines": good, "left_out": bad });
    act.record(tx, jurisdiction, crate::ROUND, jurisdiction, "registry-brought-in", payload.to_string());
    Ok((good, bad))
}

/// Whether the city brought a registry in.
pub fn has_registry(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<bool> {
    let one: Option<i64> = tx.value(
        sql!("SELECT CAST(1 AS BIGINT) FROM ballot_registry WHERE jurisdiction_id = $1 LIMIT 1"),
        &params![jurisdiction],
    )?;
    Ok(one.is_some())
}

fn only_digits(typed: &str) -> String {
    digits::to_ascii(typed).chars().filter(char::is_ascii_digit).collect()
}

/// Proves somebody by the rule of a round. Staff who stand before the person saw the document themselves; everybody
/// else has to know the birth date that goes with the number.
pub fn prove(
    tx: &mut Tx<'_>,
    registry: &dyn Registry,
    jurisdiction: i64,
    round: &Round,
    channel: Channel,
    claim: &Claim<'_>,
    today: Day,
) -> std::result::Result<Identity, ProjectError> {
    let mobile = claim.mobile.map(mobile::parse).transpose().map_err(|_| no("identity-mobile", "mobile"))?;
    match round.rules.identity {
        IdentityRule::Mobile => {
            let mobile = mobile.ok_or(no("identity-mobile", "mobile"))?;
            Ok(Identity { person: format!("mobile:{mobile}"), mobile: Some(mobile), division: None })
        }
        IdentityRule::Registry => {
            if !national_id::is_valid(claim.national_id) {
                return Err(no("identity-number", "national_id"));
            }
            let number = only_digits(claim.national_id);
            let birth = claim.birth.filter(|day| *day <= today);
            let Some(birth) = birth else { return Err(no("identity-birth", "birth")) };
            let division = match registry.look_up(tx, jurisdiction, &number, birth)? {
                Verdict::Known { division } => division,
                Verdict::Unknown => return Err(no("identity-unknown", "national_id")),
            };
            if !is_old_enough(birth, today, round.rules.least_age) {
                return Err(no("identity-young", "birth"));
            }
            // On paper and at the door nobody's telephone stands for the voter.
            let mobile = mobile.filter(|_| !channel.is_assisted());
            Ok(Identity { person: format!("national:{number}"), mobile, division })
        }
    }
}

/// In years of the civil calendar of the birth date as the registry writes it.
fn is_old_enough(birth: Day, today: Day, years: i64) -> bool {
    let (born, now) = (birth.jalali(), today.jalali());
    let age = i64::from(now.year())
        - i64::from(born.year())
        - i64::from((now.month(), now.day()) < (born.month(), born.day()));
    age >= years
}
