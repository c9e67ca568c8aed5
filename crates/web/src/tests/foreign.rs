//! What belongs to another city, unit or person, by its true number: every role that a page lets in asks for it, and the
//! answer is the one that the same number of nothing would get. Nothing of it changes.

use http::Method;
use people::accounts::{self, NewAccount, Offer};
use people::sessions::{self, Assurance};
use people::{Actor, Role};
use storage::{params, sql};

use super::city::City;

/// Numbers of what there is in the other city, by the address of its page.
struct Foreign {
    account: i64,
    membership: i64,
    session: i64,
    hour: i64,
    incident: i64,
}

const SECRET: &str = "رازِ آن شهر";

impl City {
    fn other(&self) -> i64 {
        let cities = self.door.db.read_blocking(territory::cities).unwrap();
        cities.iter().find(|one| one.id != self.id).unwrap().id
    }

    /// An account of staff with a session and an hour on the line, and an incident, all of a city.
    fn things_of(&self, city: i64) -> Foreign {
        let act = self.door.act(Actor::System("test"));
        let made = self.door.db.write_blocking(move |tx| -> storage::Result<Foreign> {
            let wish = NewAccount {
                name: SECRET.into(),
                sign_name: Some(format!("other-{city}")),
                ..NewAccount::default()
            };
            let account = accounts::create(tx, &act, city, &wish).unwrap();
            accounts::give(tx, &act, city, account, &Offer::city(Role::Official)).unwrap();
            let membership = accounts::memberships(tx, city, account)?[0].id;
            sessions::begin(tx, &act, city, account, Assurance::PasswordTotp, "x", "192.0.2.9")?;
            let session = tx
                .value::<i64>(
                    sql!("SELECT id FROM sessions WHERE jurisdiction_id = $1 AND account_id = $2"),
                    &params![city, account],
                )?
                .unwrap();
            let both = |text: &str| requests::service::Both::new(text.to_owned(), text.to_owned());
            let hour = requests::officials::NewHour {
                account: Some(account),
                name: both(SECRET),
                title: both("شهردار"),
                begins_at: Some(act.at.plus_millis(3_600_000)),
                ends_at: Some(act.at.plus_millis(7_200_000)),
                is_published: true,
                ..Default::default()
            };
            let hour = requests::officials::put(tx, &act, city, None, &hour).unwrap();
            Ok(Foreign { account, membership, session, hour, incident: act.new_id() })
        });
        made.unwrap()
    }

    /// Everything that could have changed, as text.
    fn state_of(&self, city: i64) -> Vec<String> {
        let mut all = Vec::new();
        for question in [
            sql!(
                "SELECT name || COALESCE(CAST(suspended_at AS TEXT), '') FROM accounts
                 WHERE jurisdiction_id = $1 ORDER BY id LIMIT 100"
            ),
            sql!("SELECT state FROM memberships WHERE jurisdiction_id = $1 ORDER BY id LIMIT 100"),
            sql!("SELECT CAST(id AS TEXT) FROM sessions WHERE jurisdiction_id = $1 ORDER BY id LIMIT 100"),
            sql!(
                "SELECT CAST(seq AS TEXT) || fact FROM journal WHERE jurisdiction_id = $1 ORDER BY seq LIMIT 5000"
            ),
        ] {
            let rows = self
                .door
                .db
                .read_blocking(move |tx| tx.query(question, &params![city], |row| row.get::<String>(0)));
            all.extend(rows.unwrap());
        }
        all
    }
}

#[tokio::test]
async fn true_numbers_of_another_city_are_as_good_as_none() {
    let city = City::new();
    let other = city.other();
    let foreign = city.things_of(other);
    let before = city.state_of(other);
    let mut tried = 0;
    for role in Role::STAFF {
        for row in crate::matrix() {
            let door::Needs::May(permission) = row.needs else { continue };
            let id = match row.path {
                path if path.starts_with("/people/{id}") => foreign.account,
                path if path.starts_with("/officials/") && path.contains("{id}") => foreign.hour,
                path if path.starts_with("/incidents/{id}") => foreign.incident,
                _ => continue,
            };
            if people::permissions::scope(role, permission).is_none() {
                continue;
            }
            let path = row.path.replace("{id}", &id.to_string());
            let path = path
                .replace("{membership}", &foreign.membership.to_string())
                .replace("{caller}", &foreign.session.to_string());
            let mut browser = city.somebody_once(role);
            let (status, to) = browser.status(&row.method, &path).await;
            assert_eq!((status, to.as_str()), (404, ""), "{role:?} {} {path}", row.method);
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried}");
    assert_eq!(city.state_of(other), before, "nothing changed and nothing was noted there");
}

#[tokio::test]
async fn the_manager_of_one_unit_manages_nobody_of_another() {
    let city = City::new();
    let units = city.units();
    let theirs = city.member("theirs", Offer::unit(Role::UnitMember, units[1]));
    let manager = city.member("manager", Offer::unit(Role::UnitManager, units[0]));
    let id = city.id;
    let membership =
        city.door.db.read_blocking(move |tx| accounts::memberships(tx, id, theirs)).unwrap()[0].id;
    for row in crate::matrix().iter().filter(|row| row.path.starts_with("/people/{id}")) {
        let path =
            row.path.replace("{id}", &theirs.to_string()).replace("{membership}", &membership.to_string());
        let mut browser = city.signed_in(manager, Assurance::PasswordTotp);
        let (status, _) = browser.status(&row.method, &path).await;
        assert_eq!(status, 404, "{} {path}", row.method);
    }
    let kept = city.door.db.read_blocking(move |tx| accounts::memberships(tx, id, theirs)).unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].state, people::MemberState::Active);
}

#[tokio::test]
async fn nobody_ends_the_session_of_somebody_else() {
    let city = City::new();
    let one = city.member("one", Offer::city(Role::Operator));
    let other = city.member("two", Offer::city(Role::Operator));
    let mut victim = city.signed_in(one, Assurance::PasswordTotp);
    let id = city.id;
    let session = city
        .door
        .db
        .read_blocking(move |tx| {
            tx.value::<i64>(
                sql!("SELECT id FROM sessions WHERE jurisdiction_id = $1 AND account_id = $2"),
                &params![id, one],
            )
        })
        .unwrap()
        .unwrap();
    let mut attacker = city.signed_in(other, Assurance::PasswordTotp);
    let (status, _) = attacker.status(&Method::POST, &format!("/me/sessions/{session}")).await;
    assert!([303, 404].contains(&status), "{status}");
    victim.get("/me").await.is(200);
}
