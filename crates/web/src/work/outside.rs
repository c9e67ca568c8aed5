//! An organisation without an account answers by its link: one request, its words and place, and no word about who
//! reported it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use calendar::words as dates;
use door::{Budget, Door, Failure, Form};
use http::StatusCode;
use language::mask;
use people::Actor;
use requests::work::{WorkError, referrals};
use requests::{ServiceRequest, catalogue};
use storage::Tx;

use super::{photos, sentence};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::parts::{Code, code};
use crate::requests::{divisions, title};

#[derive(Template)]
#[template(path = "work/outside.html")]
struct Outside<'a> {
    page: Page<'a>,
    path: String,
    code: Code,
    unit: String,
    asked: String,
    due: String,
    words: String,
    address: String,
    divisions: String,
    point: Option<(f64, f64)>,
    typed: &'a str,
    wrong: &'a str,
    is_done: bool,
}

/// `GET /outside/{token}`.
pub async fn page(
    State(door): State<Door>,
    Path(token): Path<String>,
    ask: Ask,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Search, ask.client) {
        return Ok(refusal.into_response());
    }
    let now = door.now();
    ask::answer(&door, ask, move |tx, ask, here| match referrals::by_link(tx, here.city().id, &token, now)? {
        Some((request, referral)) => {
            Ok(Answer::Page(NEVER, show(tx, ask, here, &token, &request, &referral, "", "", false)?))
        }
        None => Ok(Answer::Missing),
    })
    .await
}

/// `POST /outside/{token}`.
pub async fn send(
    State(door): State<Door>,
    Path(token): Path<String>,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let now = door.now();
    let (of_link, form) = (token.clone(), Arc::new(form));
    let opened = door
        .db
        .read({
            let query = ask.city_code().to_owned();
            move |tx| -> Result<_, Failure> {
                let cities = territory::cities(tx)?;
                let city = match query.as_str() {
                    "" => cities.first(),
                    code => cities.iter().find(|c| c.code == code),
                };
                let Some(city) = city.map(|c| c.id) else { return Ok(None) };
                Ok(referrals::by_link(tx, city, &of_link, now)?
                    .map(|(request, referral)| (city, request, referral)))
            }
        })
        .await?;
    let Some((city, request, referral)) = opened else {
        return ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await;
    };
    // Pictures are opened only for whoever holds a link that works.
    let taken = photos::take(&door, ask.client, &form, ask.words()).await?;
    let outcome = match taken {
        Err(sentence) => Err(sentence),
        Ok(pictures) => {
            let (act, of_link, sent) = (door.act(Actor::Citizen), token.clone(), form.clone());
            let done = door
                .db
                .write(move |tx| {
                    referrals::answer_by_link(tx, &act, city, &of_link, sent.text("words"), &pictures)
                })
                .await;
            match done {
                Ok(_) => Ok(()),
                Err(WorkError::Failure(failure)) => return Err(failure.into()),
                Err(error) => Err(sentence(ask.words(), &error).unwrap_or_default()),
            }
        }
    };
    ask::answer(&door, ask, move |tx, ask, here| {
        let (wrong, is_done) = match &outcome {
            Ok(()) => ("", true),
            Err(wrong) => (wrong.as_str(), false),
        };
        let html = show(tx, ask, here, &token, &request, &referral, form.text("words"), wrong, is_done)?;
        Ok(if is_done {
            Answer::Page(NEVER, html)
        } else {
            Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html)
        })
    })
    .await
}

fn show(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    token: &str,
    request: &ServiceRequest,
    referral: &referrals::Referral,
    typed: &str,
    wrong: &str,
    is_done: bool,
) -> Result<String, Failure> {
    let (w, city) = (ask.words(), here.city());
    let (catalogue, atlas) = (catalogue(tx, city.id)?, territory::atlas(tx, city.id)?);
    let path = format!("/outside/{token}");
    let page = here.page(ask, title(&catalogue, request, w)).wrong(!wrong.is_empty());
    render(&Outside {
        page: if request.point.is_some() { page.with_map() } else { page },
        code: code(request.code, ask.lang, false),
        unit: catalogue.unit_name(Some(referral.to_unit), ask.lang).to_owned(),
        // The last public words of the city are the question to the organisation.
        asked: request.status_note.clone(),
        due: dates::date_time(ask.lang, referral.due_at, &atlas.jurisdiction.zone),
        words: mask::public_text(&request.words),
        address: mask::public_text(&request.address),
        divisions: divisions(&atlas, request.district, request.neighbourhood, ask.lang),
        point: request.point.map(|p| (p.lat, p.long)),
        typed,
        wrong,
        is_done,
        path,
    })
}
