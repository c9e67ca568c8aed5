//! The first password, which somebody else handed over, becomes one's own.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use door::{Budget, Door, Failure, Form, Signed};
use http::StatusCode;
use people::accounts::{self, Account};
use people::passwords::{self, PasswordHash, WeakPassword};
use people::{Actor, Refusal, sessions};
use words::Words;

use super::{address, address_then, go, own_path};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "sign-in/new-password.html")]
struct NewPassword<'a> {
    page: Page<'a>,
    wrong: Wrongs,
    next: &'a str,
    sign_name: &'a str,
    least: i64,
}

/// `GET /sign-in/new-password`.
pub async fn page(State(door): State<Door>, ask: Ask, who: Option<Signed>) -> Result<Response, Failure> {
    let next = own_path(ask.field("next")).to_owned();
    let Some(signed) = who.filter(|signed| signed.must_change_password) else {
        return Ok(go(&address_then(&ask, "/sign-in/staff", &next)));
    };
    ask::answer(&door, ask, move |tx, ask, here| {
        let Some(account) = accounts::by_id(tx, signed.jurisdiction, signed.account)? else {
            return Ok(Answer::Missing);
        };
        show(ask, here, Wrongs::default(), &next, &account).map(|html| Answer::Page(NEVER, html))
    })
    .await
}

fn show(ask: &Ask, here: &Here, wrong: Wrongs, next: &str, account: &Account) -> Result<String, Failure> {
    let title = ask.words().sign_in_new_password_title();
    let page = here.page(ask, title).at("/sign-in/new-password", "").wrong(!wrong.is_empty());
    let sign_name = account.sign_name.as_deref().unwrap_or("");
    render(&NewPassword { page, wrong, next, sign_name, least: passwords::LEAST as i64 })
}

/// `POST /sign-in/new-password`.
pub async fn send(
    State(door): State<Door>,
    ask: Ask,
    who: Option<Signed>,
    form: Form,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let next = own_path(form.text("next")).to_owned();
    let Some(signed) = who.filter(|signed| signed.must_change_password) else {
        return Ok(go(&address_then(&ask, "/sign-in/staff", &next)));
    };
    match choose(&door, &signed, form.text("new-password")).await? {
        Ok(()) => {
            // What was offered to them is theirs now, and with it perhaps another first page.
            let (city, token) = (
                signed.jurisdiction,
                ask.cookie(door::signed::cookie_name(&door.settings)).unwrap_or("").to_owned(),
            );
            let now = door.now();
            let session = door.db.read(move |tx| sessions::find(tx, city, &token, now)).await?;
            let first =
                crate::staff::Desk::first(|p| session.as_ref().is_some_and(|s| s.actor.may_somewhere(p)));
            let (_, bare) = door::lang::of_path(&next);
            Ok(go(&if bare == "/" || next.is_empty() || bare == "/me" { address(&ask, first) } else { next }))
        }
        Err(not) => {
            ask::answer(&door, ask, move |tx, ask, here| {
                let Some(account) = accounts::by_id(tx, signed.jurisdiction, signed.account)? else {
                    return Ok(Answer::Missing);
                };
                let wrong = Wrongs::one("new-password", sentence(ask.words(), not));
                let html = show(ask, here, wrong, &next, &account)?;
                Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html))
            })
            .await
        }
    }
}

/// Why a password was not taken.
#[derive(Debug, Clone, Copy)]
pub enum NotTaken {
    Weak(WeakPassword),
    /// It is the one they have.
    Same,
}

pub fn sentence(w: Words, not: NotTaken) -> String {
    match not {
        NotTaken::Weak(WeakPassword::TooShort) => w.sign_in_password_too_short(passwords::LEAST as i64),
        NotTaken::Weak(WeakPassword::TooLong) => w.sign_in_password_too_long(passwords::MOST as i64),
        NotTaken::Weak(WeakPassword::Common | WeakPassword::LikeName) => {
            w.sign_in_password_common().to_owned()
        }
        NotTaken::Same => w.sign_in_password_same().to_owned(),
    }
}

/// Sets the password that somebody chose for themselves; their other sessions end.
pub async fn choose(door: &Door, signed: &Signed, typed: &str) -> Result<Result<(), NotTaken>, Failure> {
    let (city, id) = (signed.jurisdiction, signed.account);
    let (account, stored, names) = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let account = accounts::by_id(tx, city, id)?;
            let names = territory::cities(tx)?.iter().find(|one| one.id == city).map(|one| {
                [one.name(language::Lang::Fa).to_owned(), one.name(language::Lang::En).to_owned()]
            });
            Ok((account, accounts::password(tx, city, id)?, names))
        })
        .await?;
    let Some(account) = account else {
        return Err(Failure::new("an account that was signed in was not there"));
    };
    let names: Vec<&str> = names.iter().flatten().map(String::as_str).collect();
    if let Err(weak) = accounts::check_password(&account, typed, &names) {
        return Ok(Err(NotTaken::Weak(weak)));
    }
    let (dice, typed) = (door.dice.clone(), typed.to_owned());
    let hash: Option<PasswordHash> = door
        .blocking(move || -> storage::Result<_> {
            let is_same = passwords::fits(stored.as_ref(), &typed);
            if is_same { Ok(None) } else { passwords::hash(&dice, &typed).map(Some) }
        })
        .await??;
    let Some(hash) = hash else { return Ok(Err(NotTaken::Same)) };
    let (act, keep) = (signed.act(door), Some(signed.session));
    let set = door.db.write(move |tx| accounts::set_password(tx, &act, city, id, &hash, keep)).await;
    match set {
        Ok(()) => Ok(Ok(())),
        Err(Refusal::Failure(failure)) => Err(failure.into()),
        Err(other) => Err(Failure::new(other)),
    }
}

/// The author of what happens before anybody is known.
pub fn nobody(door: &Door) -> people::Act {
    door.act(Actor::System("sign-in"))
}
