//! Signing in and out.
//!
//! Citizens prove a mobile number by a code; staff prove a name and a password and then a second factor, or use a
//! passkey, or come from their organisation's own sign-on. Every way ends in [`enter`]: a new session with a new
//! token, whatever the browser held before. What is under way stands with the server; the browser holds a token for
//! it. The answer never says whether a name or a number is known.

mod citizen; // mobile number, code
mod enrol; // setting up the second factor
mod federated; // the organisation's own sign-on
mod next; // where to go afterwards
mod passkey; // proving and making passkeys
mod password; // the first password becomes one's own
mod staff; // name and password, then the second factor

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use door::{Door, Failure, Needs, Routes, Signed, signed};
use http::{HeaderName, HeaderValue, header};
use people::sessions::{self, Assurance};
use people::{Act, Actor};
use storage::Tx;

pub use federated::name as provider;
pub use next::own_path;
pub use password::{choose, sentence as password_sentence};

use crate::ask::{Answer, Ask, Here, NEVER, answer, render};
use crate::page::Page;
use crate::staff::Desk;

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/sign-in", Needs::Anyone, citizen::page)
        .post("/sign-in", Needs::Anyone, citizen::send)
        .get("/sign-in/code", Needs::Anyone, citizen::code)
        .post("/sign-in/code", Needs::Anyone, citizen::verify)
        .post("/sign-in/code/again", Needs::Anyone, citizen::again)
        .get("/sign-in/staff", Needs::Anyone, staff::page)
        .post("/sign-in/staff", Needs::Anyone, staff::send)
        .get("/sign-in/second", Needs::Anyone, staff::second)
        .post("/sign-in/second", Needs::Anyone, staff::second_send)
        .get("/sign-in/new-password", Needs::Anyone, password::page)
        .post("/sign-in/new-password", Needs::Anyone, password::send)
        .get("/sign-in/enrol", Needs::Anyone, enrol::page)
        .post("/sign-in/enrol", Needs::Anyone, enrol::send)
        .post("/sign-in/passkey/options", Needs::Anyone, passkey::ask_proof)
        .post("/sign-in/passkey", Needs::Anyone, passkey::take_proof)
        .post("/sign-in/passkey/new/options", Needs::Anyone, passkey::ask_new)
        .post("/sign-in/passkey/new", Needs::Anyone, passkey::take_new)
        .get("/sign-in/organisation", Needs::Anyone, federated::begin)
        .get("/sign-in/organisation/back", Needs::Anyone, federated::back)
        .get("/sign-out", Needs::Anyone, signed_out)
        .post("/sign-out", Needs::Anyone, sign_out)
        .unspoken()
        .post("/sign-in/organisation/ended", Needs::Anyone, federated::ended)
}

/// Cookies of what is under way; they end with the browser, and what they name ends after ten minutes.
#[derive(Clone, Copy)]
pub enum Step {
    /// A code that was sent, or the second page of staff.
    Proof,
    /// A ceremony with a passkey; apart, so that a failed one leaves the other ways open.
    Passkey,
    /// A visit at the organisation's provider.
    Federated,
    /// A new authenticator app that is being set up.
    Enrol,
}

impl Step {
    fn name(self, door: &Door) -> &'static str {
        match (self, door.settings.is_https()) {
            (Step::Proof, true) => "__Host-peyvand-proof",
            (Step::Proof, false) => "peyvand-proof",
            (Step::Passkey, true) => "__Host-peyvand-key",
            (Step::Passkey, false) => "peyvand-key",
            (Step::Federated, true) => "__Host-peyvand-org",
            (Step::Federated, false) => "peyvand-org",
            (Step::Enrol, true) => "__Host-peyvand-enrol",
            (Step::Enrol, false) => "peyvand-enrol",
        }
    }

    /// The token that the browser holds, or nothing.
    pub fn token(self, door: &Door, ask: &Ask) -> String {
        ask.cookie(self.name(door)).unwrap_or("").to_owned()
    }

    pub fn set(self, door: &Door, response: &mut Response, token: &str) {
        add_cookie(response, signed::named(&door.settings, self.name(door), token, None));
    }

    pub fn clear(self, door: &Door, response: &mut Response) {
        add_cookie(response, signed::named(&door.settings, self.name(door), "", Some(0)));
    }
}

fn add_cookie(response: &mut Response, cookie: HeaderValue) {
    response.headers_mut().append(header::SET_COOKIE, cookie);
}

/// The address of a page in the language and city that were asked for.
pub fn address(ask: &Ask, path: &str) -> String {
    let city = Some(ask.city_code()).filter(|code| !code.is_empty());
    Page::new(ask.words(), None, city, "", "", "").url(path).to_string()
}

/// [`address`], remembering where to go afterwards.
fn address_then(ask: &Ask, path: &str, next: &str) -> String {
    if next.is_empty() {
        return address(ask, path);
    }
    let next = percent_encoding::utf8_percent_encode(next, crate::page::PLAIN);
    address(ask, &format!("{path}?next={next}"))
}

pub fn go(to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// The number of the city that was asked for. None when it is not there; the page then says so.
pub async fn city(door: &Door, ask: &Ask) -> Result<Option<i64>, Failure> {
    let code = ask.city_code().to_owned();
    door.db
        .read(move |tx| -> Result<_, Failure> {
            let cities = territory::cities(tx)?;
            let found = match code.as_str() {
                "" => cities.first(),
                code => cities.iter().find(|city| city.code == code),
            };
            Ok(found.map(|city| city.id))
        })
        .await
}

/// The page for a city that is not there.
pub async fn missing(door: &Door, ask: Ask) -> Result<Response, Failure> {
    answer(door, ask, |_, _, _| Ok(Answer::Missing)).await
}

/// One household or telephone, for counting attempts.
pub fn counted(ask: &Ask) -> String {
    format!("{:x}", ask.client.key())
}

/// Whose session begins, and how they proved it.
pub struct Entering {
    pub city: i64,
    pub account: i64,
    pub assurance: Assurance,
    /// Where to, already known to be ours; empty for the first page of their work.
    pub next: String,
}

/// Begins a session. The one that this browser had before ends: a token is never used on. `also` runs in the same
/// transaction with the number of the new session.
pub async fn enter(
    door: &Door,
    ask: &Ask,
    entering: Entering,
    also: impl Fn(&mut Tx<'_>, &Act, i64) -> storage::Result<()> + Send + 'static,
) -> Result<(Response, String), Failure> {
    let Entering { city, account, assurance, next } = entering;
    let old = ask.cookie(signed::cookie_name(&door.settings)).unwrap_or("").to_owned();
    let agent =
        ask.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("").to_owned();
    let (client, act) = (ask.client.0.to_string(), door.act(Actor::System("sign-in")));
    let (token, to) = door
        .db
        .write(move |tx| -> Result<_, Failure> {
            if let Some(session) = sessions::find(tx, city, &old, act.at)? {
                let own = Act { by: session.actor, ..act.clone() };
                // Whatever comes of it, the new session begins.
                let _ = sessions::revoke(tx, &own, city, session.id);
            }
            let token = sessions::begin(tx, &act, city, account, assurance, &agent, &client)?;
            let Some(session) = sessions::find(tx, city, &token, act.at)? else {
                return Err(Failure::new("a session that had just begun was not there"));
            };
            also(tx, &act, session.id)?;
            let may = |permission| session.actor.may_somewhere(permission);
            let to = if next.is_empty() { Desk::first(may).to_owned() } else { next.clone() };
            Ok((token, to))
        })
        .await?;
    // A path that was asked for knows its language; the first page of somebody's work does not.
    let to = if to == "/me" || crate::staff::ENTRIES.iter().any(|entry| entry.path == to) {
        address(ask, &to)
    } else {
        to
    };
    let mut response = go(&to);
    add_cookie(&mut response, signed::cookie(&door.settings, &token));
    for step in [Step::Proof, Step::Passkey, Step::Federated] {
        if !step.token(door, ask).is_empty() {
            step.clear(door, &mut response);
        }
    }
    Ok((response, to))
}

/// `POST /sign-out`.
async fn sign_out(State(door): State<Door>, ask: Ask, who: Option<Signed>) -> Result<Response, Failure> {
    if let Some(signed) = who {
        let act = signed.act(&door);
        door.db
            .write(move |tx| match sessions::revoke(tx, &act, signed.jurisdiction, signed.session) {
                Err(people::Refusal::Failure(failure)) => Err(failure),
                _ => Ok(()),
            })
            .await?;
    }
    let mut response = go(&address(&ask, "/sign-out"));
    add_cookie(&mut response, signed::no_cookie(&door.settings));
    response.headers_mut().insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\", \"cookies\", \"storage\""),
    );
    Ok(response)
}

/// `GET /sign-out`: nobody acts here any more.
async fn signed_out(State(door): State<Door>, ask: Ask, who: Option<Signed>) -> Result<Response, Failure> {
    if who.is_some() {
        return Ok(go(&address(&ask, "/me")));
    }
    answer(&door, ask, |_, ask, here| {
        let w = ask.words();
        said(ask, here, "check", w.sign_in_out_title(), w.sign_in_out_words())
    })
    .await
}

#[derive(askama::Template)]
#[template(path = "sign-in/said.html")]
struct Said<'a> {
    page: Page<'a>,
    icon: &'static str,
    words: &'a str,
}

/// A page that says one thing and leads back to the beginning.
fn said(ask: &Ask, here: &Here, icon: &'static str, title: &str, words: &str) -> Result<Answer, Failure> {
    let page = here.page(ask, title).at("/sign-in", "");
    Ok(Answer::Page(NEVER, render(&Said { page, icon, words })?))
}
