//! My name and my e-mail address.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use door::{Budget, Door, Failure, Form, Signed};
use http::StatusCode;
use people::Refusal;
use people::accounts::{self, NewAccount};

use super::not_recent;
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::sign_in::{address, go};
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "me/details.html")]
struct Details<'a> {
    page: Page<'a>,
    wrong: Wrongs,
    done: bool,
    name: &'a str,
    email: &'a str,
    mobile: String,
    needs_name: bool,
}

/// `GET /me/details`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    show(&door, ask, signed, Wrongs::default(), None).await
}

async fn show(
    door: &Door,
    ask: Ask,
    signed: Signed,
    wrong: Wrongs,
    form: Option<Form>,
) -> Result<Response, Failure> {
    ask::answer(door, ask, move |tx, ask, here| {
        let Some(account) = accounts::by_id(tx, here.city().id, signed.account)? else {
            return Ok(Answer::Missing);
        };
        let refused = !wrong.is_empty();
        let typed = |name: &str, kept: &str| {
            form.as_ref().map_or_else(|| kept.to_owned(), |form| form.text(name).to_owned())
        };
        let html = render(&Details {
            page: here
                .mine(ask, &signed, ask.words().me_details_title())
                .at("/me/details", "")
                .wrong(refused),
            wrong,
            done: ask.fields.get("done").is_some() && !refused,
            name: &typed("name", &account.name),
            email: &typed("email", account.email.as_deref().unwrap_or("")),
            mobile: account
                .mobile
                .map(|mobile| language::digits::shown(&language::mobile::for_people(&mobile), ask.lang))
                .unwrap_or_default(),
            needs_name: account.sign_name.is_some(),
        })?;
        Ok(if refused {
            Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html)
        } else {
            Answer::Page(NEVER, html)
        })
    })
    .await
}

/// `POST /me/details`. An address to which news and proofs are sent is changed only by whoever signed in just now.
pub async fn send(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    if let Some(first) = not_recent(&door, &ask, &signed, "/me/details") {
        return Ok(first);
    }
    let (act, city, account) = (signed.act(&door), signed.jurisdiction, signed.account);
    let wish = NewAccount {
        name: form.text("name").to_owned(),
        email: Some(form.text("email").to_owned()),
        ..NewAccount::default()
    };
    match door.db.write(move |tx| accounts::change(tx, &act, city, account, &wish)).await {
        Ok(()) => Ok(go(&address(&ask, "/me/details?done=1"))),
        Err(Refusal::Failure(failure)) => Err(failure.into()),
        Err(refusal) => {
            let (field, words) = crate::people::sentence(ask.words(), &refusal).unwrap_or_default();
            show(&door, ask, signed, Wrongs::one(field, words), Some(form)).await
        }
    }
}
