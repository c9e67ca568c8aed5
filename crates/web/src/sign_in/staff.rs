//! Staff sign in: name and password, then the second factor.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use door::{Budget, Door, Failure, Form, Signed};
use http::StatusCode;
use people::sign_in::{self, Known, Outcome};
use people::{Actor, NotSignedIn, passkeys};
use words::Words;

use super::{Entering, Step, address, address_then, city, counted, enter, go, missing, own_path};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "sign-in/staff.html")]
struct Staff<'a> {
    page: Page<'a>,
    wrong: Wrongs,
    next: &'a str,
    typed: &'a str,
    /// What the organisation's own sign-on is called, where there is one.
    provider: Option<String>,
    federated: String,
    citizen: String,
}

#[derive(Template)]
#[template(path = "sign-in/second.html")]
struct Second<'a> {
    page: Page<'a>,
    wrong: Wrongs,
    next: &'a str,
    /// Whether an authenticator app is asked; without one only the passkey is.
    has_code: bool,
}

/// `GET /sign-in/staff`.
pub async fn page(State(door): State<Door>, ask: Ask, who: Option<Signed>) -> Result<Response, Failure> {
    let next = own_path(ask.field("next")).to_owned();
    if let Some(signed) = who.filter(|signed| signed.is_staff() && ask.fields.get("again").is_none()) {
        let first = crate::staff::Desk::first(|permission| signed.may_somewhere(permission));
        return Ok(go(&if next.is_empty() { address(&ask, first) } else { next }));
    }
    let provider = super::federated::name(&door, ask.lang);
    ask::answer(&door, ask, move |_, ask, here| {
        show(ask, here, Wrongs::default(), &next, "", provider).map(|html| Answer::Page(NEVER, html))
    })
    .await
}

fn show(
    ask: &Ask,
    here: &Here,
    wrong: Wrongs,
    next: &str,
    typed: &str,
    provider: Option<String>,
) -> Result<String, Failure> {
    let title = ask.words().sign_in_staff_question();
    let page = here.page(ask, title).at("/sign-in/staff", "").wrong(!wrong.is_empty());
    render(&Staff {
        page,
        wrong,
        next,
        typed,
        provider,
        federated: address_then(ask, "/sign-in/organisation", next),
        citizen: address_then(ask, "/sign-in", if next.starts_with("/me") { next } else { "" }),
    })
}

/// `POST /sign-in/staff`. A name that nobody has takes as long and is told the same as a wrong password.
pub async fn send(State(door): State<Door>, ask: Ask, form: Form) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let Some(city) = city(&door, &ask).await? else { return missing(&door, ask).await };
    let next = own_path(form.text("next")).to_owned();
    let (name, by, now, inner) =
        (form.text("name").trim().to_owned(), counted(&ask), door.now(), door.clone());
    let attempt = door.db.read(move |tx| sign_in::look_up(tx, &inner.seal, city, &name, &by, now)).await?;
    let (looking, typed) = (attempt.clone(), form.text("password").to_owned());
    let fits = door.blocking(move || looking.fits(&typed)).await?;
    let (act, inner) = (door.act(Actor::System("sign-in")), door.clone());
    let (outcome, has_passkey) = door
        .db
        .write(move |tx| -> storage::Result<_> {
            let outcome = sign_in::settle(tx, &act, &inner.seal, city, &attempt, fits)?;
            let has_passkey = match &outcome {
                Outcome::Known(known) => !passkeys::of(tx, city, known.account)?.is_empty(),
                _ => false,
            };
            Ok((outcome, has_passkey))
        })
        .await?;
    match outcome {
        // Whoever has a passkey has a second factor: the password alone opens nothing.
        Outcome::Known(known) if has_passkey && !known.must_change_password => {
            let mut response = go(&address_then(&ask, "/sign-in/second", &next));
            Step::Proof.clear(&door, &mut response);
            Ok(response)
        }
        Outcome::Known(known) => in_they_come(&door, &ask, city, known, next).await,
        Outcome::Second { ticket } => {
            let mut response = go(&address_then(&ask, "/sign-in/second", &next));
            Step::Proof.set(&door, &mut response, &ticket);
            Ok(response)
        }
        Outcome::Refused(not) => {
            let (provider, now) = (super::federated::name(&door, ask.lang), door.now());
            let status = status_of(not);
            ask::answer(&door, ask, move |_, ask, here| {
                let wrong = Wrongs::one("name", sentence(ask.words(), not, now));
                let html = show(ask, here, wrong, &next, form.text("name"), provider)?;
                Ok(Answer::Refused(status, html))
            })
            .await
        }
    }
}

async fn in_they_come(
    door: &Door,
    ask: &Ask,
    city: i64,
    known: Known,
    next: String,
) -> Result<Response, Failure> {
    let entering = Entering { city, account: known.account, assurance: known.assurance, next };
    Ok(enter(door, ask, entering, |_, _, _| Ok(())).await?.0)
}

/// What is said to somebody who was not signed in.
fn sentence(w: Words, not: NotSignedIn, now: calendar::Timestamp) -> String {
    match not {
        NotSignedIn::Wrong => w.sign_in_wrong().to_owned(),
        NotSignedIn::Wait { until } => w.sign_in_locked(((until.0 - now.0).max(0) + 59_999) / 60_000),
        NotSignedIn::Over => w.sign_in_over().to_owned(),
        NotSignedIn::PasswordOver => w.sign_in_password_over().to_owned(),
    }
}

fn status_of(not: NotSignedIn) -> StatusCode {
    match not {
        NotSignedIn::Wait { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// `GET /sign-in/second`.
pub async fn second(State(door): State<Door>, ask: Ask) -> Result<Response, Failure> {
    let has_code = !Step::Proof.token(&door, &ask).is_empty();
    ask::answer(&door, ask, move |_, ask, here| {
        let next = own_path(ask.field("next"));
        show_second(ask, here, Wrongs::default(), next, has_code).map(|html| Answer::Page(NEVER, html))
    })
    .await
}

fn show_second(ask: &Ask, here: &Here, wrong: Wrongs, next: &str, has_code: bool) -> Result<String, Failure> {
    let page =
        here.page(ask, ask.words().sign_in_second_title()).at("/sign-in/staff", "").wrong(!wrong.is_empty());
    render(&Second { page, wrong, next, has_code })
}

/// `POST /sign-in/second`: a code of the authenticator, or a recovery code.
pub async fn second_send(State(door): State<Door>, ask: Ask, form: Form) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let Some(city) = city(&door, &ask).await? else { return missing(&door, ask).await };
    let next = own_path(form.text("next")).to_owned();
    let (ticket, by) = (Step::Proof.token(&door, &ask), counted(&ask));
    let (act, inner, typed) =
        (door.act(Actor::System("sign-in")), door.clone(), form.text("code").to_owned());
    let outcome = door
        .db
        .write(move |tx| sign_in::second_page(tx, &act, &inner.seal, city, &ticket, &typed, &by))
        .await?;
    match outcome {
        Outcome::Known(known) => in_they_come(&door, &ask, city, known, next).await,
        // The first page was too long ago.
        Outcome::Second { .. } | Outcome::Refused(NotSignedIn::Over | NotSignedIn::PasswordOver) => {
            Ok(go(&address_then(&ask, "/sign-in/staff", &next)))
        }
        Outcome::Refused(not) => {
            let now = door.now();
            ask::answer(&door, ask, move |_, ask, here| {
                let w = ask.words();
                let words = match not {
                    NotSignedIn::Wrong => w.sign_in_second_wrong().to_owned(),
                    other => sentence(w, other, now),
                };
                let html = show_second(ask, here, Wrongs::one("code", words), &next, true)?;
                Ok(Answer::Refused(status_of(not), html))
            })
            .await
        }
    }
}
