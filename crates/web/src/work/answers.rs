//! Words that are said often: the city's list, and a form for one of them.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use requests::service::Both;
use requests::work::standard::{self, PLACEHOLDERS, Standard, StandardError};
use requests::{Status, catalogue};
use storage::Tx;

use super::refusal;
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::options::{Lists, options};
use crate::page::Page;
use crate::parts::status_word;

#[derive(Template)]
#[template(path = "work/answers.html")]
struct Answers<'a> {
    page: Page<'a>,
    rows: Vec<Line>,
    form: &'a Form,
    is_open: bool,
    wrong: &'a str,
    said: &'static str,
    states: Vec<(&'static str, &'static str)>,
    lists: &'a Lists,
    service: Option<(String, String)>,
    placeholders: Vec<String>,
}

struct Line {
    tail: String,
    code: String,
    name: String,
    service: String,
    status: &'static str,
    text: String,
    is_edited: bool,
    edit: String,
}

/// The states to which words are said.
const STATES: [Status; 6] = [
    Status::WaitingForCitizen,
    Status::ReferredOutside,
    Status::Declined,
    Status::Answered,
    Status::InProgress,
    Status::Reopened,
];

/// `GET /work/answers`, with `?code=` to change one.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    ask::answer(&door, ask, move |tx, ask, here| {
        let all = standard::all(tx, here.city().id)?;
        let form =
            all.iter().find(|a| a.code == ask.field("code")).map(|a| filled(tx, here, a)).transpose()?;
        let said = if ask.field("done") == "kept" { ask.words().work_answer_kept() } else { "" };
        let is_open = form.is_some();
        let form = form.unwrap_or_default();
        Ok(Answer::Page(NEVER, show(tx, ask, here, &signed, &all, &form, is_open, said, "")?))
    })
    .await
}

fn filled(tx: &mut Tx<'_>, here: &Here, answer: &Standard) -> Result<Form, Failure> {
    let catalogue = catalogue(tx, here.city().id)?;
    let service = answer.service.and_then(|id| catalogue.service(id)).map_or("", |s| s.code.as_str());
    let pairs = [
        ("code", answer.code.as_str()),
        ("service", service),
        ("status", answer.status.code()),
        ("name-fa", &answer.name.fa),
        ("name-en", &answer.name.en),
        ("text-fa", &answer.text.fa),
        ("text-en", &answer.text.en),
    ];
    let encode = |text: &str| percent_encoding::utf8_percent_encode(text, crate::page::PLAIN).to_string();
    let text: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    Ok(Form::from_query(Some(&text.join("&"))).unwrap_or_default())
}

fn show(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    all: &[Standard],
    form: &Form,
    is_open: bool,
    said: &'static str,
    wrong: &str,
) -> Result<String, Failure> {
    let w = ask.words();
    let (catalogue, options) = (catalogue(tx, here.city().id)?, options(tx, here.city().id)?);
    let named = |id: Option<i64>| {
        id.and_then(|id| catalogue.service(id))
            .map_or(w.work_answer_all_services().to_owned(), |s| s.name(ask.lang).to_owned())
    };
    let rows = all
        .iter()
        .map(|answer| Line {
            tail: format!("/{}", answer.id),
            code: answer.code.clone(),
            name: answer.name.get(ask.lang).to_owned(),
            service: named(answer.service),
            status: status_word(w, answer.status),
            text: answer.text.get(ask.lang).to_owned(),
            is_edited: answer.is_edited,
            edit: format!("/work/answers?code={}#answer", answer.code),
        })
        .collect();
    let service =
        catalogue.by_code(form.text("service")).map(|s| (s.code.clone(), s.name(ask.lang).to_owned()));
    render(&Answers {
        page: here.staff(ask, signed, w.work_answers()).wrong(!wrong.is_empty()),
        rows,
        form,
        is_open,
        wrong,
        said,
        states: STATES.iter().map(|s| (s.code(), status_word(w, *s))).collect(),
        lists: options.of(ask.lang),
        service,
        placeholders: PLACEHOLDERS.iter().map(|p| format!("{{{p}}}")).collect(),
    })
}

/// `POST /work/answers`.
pub async fn keep(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let form = std::sync::Arc::new(form);
    let sent = form.clone();
    let outcome = door
        .db
        .write(move |tx| {
            let catalogue = catalogue(tx, city)?;
            let service = catalogue.by_code(sent.text("service")).map(|s| s.id);
            let status = Status::parse(sent.text("status")).unwrap_or(Status::Answered);
            let name = Both::new(sent.text("name-fa"), sent.text("name-en"));
            let text = Both::new(sent.text("text-fa"), sent.text("text-en"));
            standard::put(tx, &act, city, sent.text("code").trim(), service, status, &name, &text)
        })
        .await;
    match outcome {
        Ok(()) => Ok(go(&door, ask).await?),
        Err(StandardError::Failure(failure)) => Err(failure.into()),
        Err(error) => {
            ask::answer(&door, ask, move |tx, ask, here| {
                let all = standard::all(tx, here.city().id)?;
                let words = match &error {
                    StandardError::PlaceholderUnknown(name) => {
                        ask.words().work_refusal_placeholder_unknown(name)
                    }
                    StandardError::TooLong { most } => {
                        ask.words().work_refusal_words_too_long(super::count(*most))
                    }
                    other => other.code().map_or("", |code| refusal(ask.words(), code)).to_owned(),
                };
                let html = show(tx, ask, here, &signed, &all, &form, true, "", &words)?;
                Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html))
            })
            .await
        }
    }
}

/// `POST /work/answers/{id}`: takes one out of use.
pub async fn retire(
    State(door): State<Door>,
    Path(id): Path<i64>,
    ask: Ask,
    signed: Signed,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    match door.db.write(move |tx| standard::retire(tx, &act, city, id)).await {
        Ok(()) => go(&door, ask).await,
        Err(StandardError::Failure(failure)) => Err(failure.into()),
        Err(_) => ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await,
    }
}

async fn go(door: &Door, ask: Ask) -> Result<Response, Failure> {
    let to = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let here = Here::find(tx, &ask)?;
            Ok(here.map(|here| here.page(&ask, "").url("/work/answers?done=kept").to_string()))
        })
        .await?;
    Ok(Redirect::to(to.as_deref().unwrap_or("/work/answers")).into_response())
}
