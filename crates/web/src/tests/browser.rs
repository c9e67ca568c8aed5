//! Somebody with a browser: cookies are kept and sent back, as browsers do.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{Request, header};
use people::accounts::{self, NewAccount, Offer};
use people::passwords;
use people::sessions::{self, Assurance};
use people::{Actor, Role};
use storage::{params, sql};

use tower::ServiceExt;

use super::city::{City, Seen};

pub const PASSWORD: &str = "چهار اسب روی پل ۱۴۰۵";

pub struct Browser<'c> {
    pub city: &'c City,
    pub cookies: BTreeMap<String, String>,
}

impl City {
    pub fn browser(&self) -> Browser<'_> {
        Browser { city: self, cookies: BTreeMap::new() }
    }

    /// An account of staff with a password of its own and one role.
    pub fn member(&self, name: &str, offer: Offer) -> i64 {
        let (act, id, name) = (self.door.act(Actor::System("test")), self.id, name.to_owned());
        let hash = passwords::hash(&self.door.dice, PASSWORD).unwrap();
        let made = self.door.db.write_blocking(move |tx| -> storage::Result<i64> {
            let wish = NewAccount {
                name: format!("همکار {name}"),
                sign_name: Some(name.clone()),
                ..NewAccount::default()
            };
            let account = accounts::create(tx, &act, id, &wish).unwrap();
            accounts::give(tx, &act, id, account, &offer).unwrap();
            accounts::admit_password(tx, &act, id, account, &hash).unwrap();
            Ok(account)
        });
        made.unwrap()
    }

    /// A browser in which an account is signed in.
    pub fn signed_in(&self, account: i64, assurance: Assurance) -> Browser<'_> {
        let (act, id) = (self.door.act(Actor::System("test")), self.id);
        let token = self
            .door
            .db
            .write_blocking(move |tx| {
                sessions::begin(tx, &act, id, account, assurance, "Firefox", "192.0.2.7")
            })
            .unwrap();
        let mut browser = self.browser();
        browser.cookies.insert("peyvand".into(), token);
        browser
    }

    /// Somebody of this role, over the city or in the first unit, signed in with two factors.
    pub fn somebody(&self, role: Role) -> Browser<'_> {
        let name = format!("{}-{}", role.code(), self.door.dice.number() % 1_000_000);
        let offer = if role.is_of_unit() { Offer::unit(role, self.first_unit()) } else { Offer::city(role) };
        let account = self.member(&name, offer);
        self.signed_in(account, Assurance::PasswordTotp)
    }

    /// [`City::somebody`] from the accounts that are there already: one for each role, a new session each time.
    pub fn somebody_once(&self, role: Role) -> Browser<'_> {
        let (id, name) = (self.id, format!("once-{}", role.code()));
        let wanted = name.clone();
        let known = self.door.db.read_blocking(move |tx| accounts::by_sign_name(tx, id, &wanted)).unwrap();
        let offer = if role.is_of_unit() { Offer::unit(role, self.first_unit()) } else { Offer::city(role) };
        let account = known.map_or_else(|| self.member(&name, offer), |known| known.id);
        self.signed_in(account, Assurance::PasswordTotp)
    }

    /// A citizen with an account.
    pub fn citizen(&self, mobile: &str) -> i64 {
        let (act, id) = (self.door.act(Actor::Citizen), self.id);
        let (door, mobile) = (self.door.clone(), mobile.to_owned());
        let proven = self.door.db.write_blocking(move |tx| -> storage::Result<i64> {
            let asking = people::codes::Asking { mobile: &mobile, browser: "b", address: "a" };
            let made = people::codes::make(tx, &act, &door.seal, id, &asking).unwrap().unwrap();
            let proven =
                people::codes::verify(tx, &act, &door.seal, id, &asking, &made.code).unwrap().unwrap();
            Ok(proven.account)
        });
        proven.unwrap()
    }

    pub fn act_of_house(&self) -> people::Act {
        self.door.act(Actor::System("test"))
    }

    /// The unit with the smallest number.
    pub fn first_unit(&self) -> i64 {
        self.units()[0]
    }

    pub fn units(&self) -> Vec<i64> {
        let id = self.id;
        let units = self.door.db.read_blocking(move |tx| people::units::all(tx, id)).unwrap();
        units.into_iter().map(|unit| unit.id).collect()
    }

    /// The code in the newest message that waits to be sent.
    pub fn newest_code(&self) -> String {
        let read = self.door.db.read_blocking(|tx| -> storage::Result<Option<String>> {
            tx.value(sql!("SELECT text FROM notice_outbox ORDER BY id DESC LIMIT 1"), &params![])
        });
        let text = read.unwrap().expect("a message");
        let last = text.lines().last().unwrap();
        last.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
            .chars()
            .rev()
            .take(6)
            .collect::<String>()
            .chars()
            .rev()
            .collect()
    }

    pub fn messages(&self) -> i64 {
        let read = self.door.db.read_blocking(|tx| -> storage::Result<Option<i64>> {
            tx.value(sql!("SELECT COUNT(*) FROM notice_outbox"), &params![])
        });
        read.unwrap().unwrap()
    }
}

impl Browser<'_> {
    pub async fn get(&mut self, path: &str) -> Seen {
        self.ask(Request::get(path), Body::empty()).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let code = |text: &str| percent_encoding::utf8_percent_encode(text, crate::page::PLAIN).to_string();
        let pairs = fields.iter().map(|(name, value)| format!("{}={}", code(name), code(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request, Body::from(body)).await
    }

    pub async fn ask(&mut self, request: http::request::Builder, body: Body) -> Seen {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let request = request
            .header(header::COOKIE, cookies.collect::<Vec<_>>().join("; "))
            .header(header::HOST, "127.0.0.1")
            .body(body);
        let seen = self.city.ask(request.unwrap()).await;
        for cookie in seen.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (pair, rest) = cookie.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            assert!(
                rest.contains("HttpOnly") && rest.contains("SameSite=Lax") && rest.contains("Path=/"),
                "{cookie}"
            );
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        seen
    }

    /// Status and `Location` of an answer whose body is not waited for: news that never end are pages too.
    pub async fn status(&mut self, method: &http::Method, path: &str) -> (u16, String) {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, cookies.collect::<Vec<_>>().join("; "))
            .header(header::HOST, "127.0.0.1")
            .body(Body::empty());
        let answer = self.city.router.clone().oneshot(request.unwrap()).await.unwrap();
        let to = answer.headers().get(header::LOCATION).map_or("", |to| to.to_str().unwrap()).to_owned();
        (answer.status().as_u16(), to)
    }

    /// Goes where an answer leads.
    pub async fn follow(&mut self, seen: Seen) -> Seen {
        let to = seen.is(303).location().to_owned();
        self.get(&to).await
    }
}
