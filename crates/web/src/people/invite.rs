//! Somebody new: an account, a first role, and a first password that is shown once.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use door::{Budget, Door, Failure, Form, Signed};
use http::StatusCode;
use language::digits;
use people::Refusal;
use people::accounts::{self, FIRST_PASSWORD_DAYS, NewAccount};
use people::passwords;

use super::offer::{self, Fields};
use super::sentence;
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "people/invite.html")]
struct Invite<'a> {
    page: Page<'a>,
    wrong: Wrongs,
    form: &'a Form,
    offer: Fields,
}

#[derive(Template)]
#[template(path = "people/first-password.html")]
struct First<'a> {
    page: Page<'a>,
    sign_name: &'a str,
    password: &'a str,
    days: i64,
    on: String,
}

/// `GET /people/new`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let act = signed.act(&door);
    ask::answer(&door, ask, move |tx, ask, here| {
        let form = Form::default();
        let offer = Fields::of(tx, &act, here.city().id, &form, ask.lang)?;
        show(ask, here, &signed, &form, offer, Wrongs::default()).map(|html| Answer::Page(NEVER, html))
    })
    .await
}

/// `POST /people/new`.
pub async fn send(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let password = passwords::first(&door.dice);
    let (dice, typed) = (door.dice.clone(), password.clone());
    let hash = door.blocking(move || passwords::hash(&dice, &typed)).await??;
    let some = |name: &str| Some(digits::to_ascii(form.text(name).trim())).filter(|text| !text.is_empty());
    let wish = NewAccount {
        name: form.text("name").to_owned(),
        sign_name: Some(form.text("sign-name").trim().to_owned()),
        mobile: some("mobile"),
        email: some("email"),
        language: None,
    };
    let atlas = door.db.read(move |tx| territory::atlas(tx, city)).await?;
    let offered = offer::read(&form, &atlas);
    let doing = act.clone();
    let made = door.db.write(move |tx| -> Result<i64, Invited> {
        let id = accounts::create(tx, &doing, city, &wish)?;
        accounts::invite(tx, &doing, city, id, &offered.ok_or(Invited::WithoutRole)?)?;
        accounts::give_first_password(tx, &doing, city, id, &hash)?;
        Ok(id)
    });
    match made.await {
        Ok(id) => first_password(&door, ask, signed, id, password).await,
        Err(Invited::Refused(Refusal::Failure(failure))) => Err(failure.into()),
        Err(refused) => {
            ask::answer(&door, ask, move |tx, ask, here| {
                let w = ask.words();
                let mut wrong = Wrongs::default();
                let (field, words) = match &refused {
                    Invited::WithoutRole => ("role", w.people_refusal_role_missing().to_owned()),
                    Invited::Refused(refusal) => {
                        sentence(w, refusal).unwrap_or(("", w.people_refusal_denied().to_owned()))
                    }
                };
                wrong.add(field, words);
                let offer = Fields::of(tx, &act, here.city().id, &form, ask.lang)?;
                let html = show(ask, here, &signed, &form, offer, wrong)?;
                Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html))
            })
            .await
        }
    }
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
enum Invited {
    #[error("no role was chosen")]
    WithoutRole,
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl From<storage::Error> for Invited {
    fn from(error: storage::Error) -> Self {
        Invited::Refused(error.into())
    }
}

fn show(
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    form: &Form,
    offer: Fields,
    wrong: Wrongs,
) -> Result<String, Failure> {
    let page = here.staff(ask, signed, ask.words().people_invite_title()).wrong(!wrong.is_empty());
    render(&Invite { page, wrong, form, offer })
}

/// The page that shows a first password, this once.
pub async fn first_password(
    door: &Door,
    ask: Ask,
    signed: Signed,
    id: i64,
    password: String,
) -> Result<Response, Failure> {
    ask::answer(door, ask, move |tx, ask, here| {
        let Some(account) = accounts::by_id(tx, here.city().id, id)? else { return Ok(Answer::Missing) };
        let title = ask.words().people_first_password_title(&account.name);
        let path = format!("/people/{id}");
        let page = here.staff(ask, &signed, &title).at("/people", "");
        let html = render(&First {
            on: page.url(&path).to_string(),
            page,
            sign_name: account.sign_name.as_deref().unwrap_or(""),
            password: &password,
            days: FIRST_PASSWORD_DAYS,
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}
