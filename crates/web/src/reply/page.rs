//! The page that the link in a message leads to: the answer, its photos, and two choices.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use calendar::{Timestamp, words as dates};
use door::{Door, Failure, Signed};
use http::StatusCode;
use language::{TrackingCode, mask};
use requests::reply::{self, Proof, Proved};
use requests::{ServiceRequest, Status, catalogue, find};
use storage::Tx;

use super::form::{ReplyForm, Standing, standing};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::device::Device;
use crate::page::Page;
use crate::parts::{Badge, Code, badge, code};
use crate::requests::one::{Photo, photos_of_work};
use crate::requests::{line, one, title};
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "reply/page.html")]
struct ReplyPage<'a> {
    page: Page<'a>,
    path: String,
    code: Code,
    badge: Badge,
    subject: &'a str,
    unit: &'a str,
    /// What the city said last, as far as this reader may see it.
    said: String,
    when: String,
    photos: Vec<Photo>,
    form: Option<ReplyForm>,
    /// What was wrong with what was sent.
    wrong: Wrongs,
    standing: Option<Standing>,
}

/// Who asks, as far as it is known before they send anything.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub token: String,
    pub account: Option<i64>,
    /// What the city keeps of the device that asks.
    pub device: Option<String>,
}

impl Known {
    pub fn of(token: &str, signed: Option<&Signed>, device: Option<String>, jurisdiction: i64) -> Self {
        let account = signed.filter(|s| s.jurisdiction == jurisdiction).map(|s| s.account);
        Known { token: token.trim().to_owned(), account, device }
    }

    /// Whether the link, the account or the device proves that it is the reporter.
    pub fn is_reporter(&self, tx: &mut Tx<'_>, request: &ServiceRequest) -> storage::Result<bool> {
        let mut proofs = Vec::new();
        if !self.token.is_empty() {
            proofs.push(Proof::Link(self.token.clone()));
        }
        proofs.extend(self.account.map(Proof::Account));
        proofs.extend(self.device.clone().map(Proof::Device));
        for proof in &proofs {
            if reply::prove(tx, request.jurisdiction, request.id, proof)? == Proved::Yes {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// `GET /reply/{code}`, with `?k=` in the link of a message and `?word=` from a button.
pub async fn page(
    State(door): State<Door>,
    Path(typed): Path<String>,
    signed: Option<Signed>,
    ask: Ask,
) -> Result<Response, Failure> {
    let now = door.now();
    let device = Device::name_of(&ask, &door);
    ask::answer_to_code(&door, ask, move |tx, ask, here| {
        let Ok(code) = TrackingCode::parse(&typed) else { return Ok(Answer::Missing) };
        let Some(request) = find::by_code(tx, here.city().id, code)? else {
            return Ok(match one::elsewhere(tx, ask, here, code)? {
                Some(_) => elsewhere(tx, ask, here, code)?,
                None => Answer::Missing,
            });
        };
        let known = Known::of(ask.field("k"), signed.as_ref(), device, here.city().id);
        let html = show(tx, ask, here, &request, now, &known, Wrongs::default(), |form| {
            form.word = ask.field("word").to_owned();
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}

/// The same page in the city that the code belongs to.
fn elsewhere(tx: &mut Tx<'_>, ask: &Ask, here: &Here, code: TrackingCode) -> Result<Answer, Failure> {
    for (n, city) in here.cities.iter().enumerate() {
        if city.id != here.city().id && find::by_code(tx, city.id, code)?.is_some() {
            let path = match ask.field("k") {
                "" => format!("/reply/{code}"),
                token => format!(
                    "/reply/{code}?k={}",
                    percent_encoding::utf8_percent_encode(token, crate::page::PLAIN)
                ),
            };
            let carried = (n > 0).then_some(city.code.as_str());
            let page = Page::new(ask.words(), Some(city), carried, &path, "", "");
            return Ok(Answer::Go(page.url(&path).to_string()));
        }
    }
    Ok(Answer::Missing)
}

/// The page again, with what was wrong on it.
pub fn refused(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    request: &ServiceRequest,
    now: Timestamp,
    known: &Known,
    wrong: Wrongs,
    fill: impl FnOnce(&mut ReplyForm),
) -> Result<Answer, Failure> {
    let html = show(tx, ask, here, request, now, known, wrong, fill)?;
    Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html))
}

fn show(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    request: &ServiceRequest,
    now: Timestamp,
    known: &Known,
    mut wrong: Wrongs,
    fill: impl FnOnce(&mut ReplyForm),
) -> Result<String, Failure> {
    let w = ask.words();
    let atlas = territory::atlas(tx, here.city().id)?;
    let catalogue = catalogue(tx, here.city().id)?;
    let round = reply::last(tx, request)?;
    let is_reporter = known.is_reporter(tx, request)?;
    let mut form = ReplyForm::of(request, round.as_ref(), &atlas, w, now);
    let first = wrong.iter().next().map(|one| one.sentence.clone());
    if let Some(form) = &mut form {
        form.asks_digits = !is_reporter;
        form.token.clone_from(&known.token);
        form.wrong.clone_from(&wrong);
        fill(form);
    } else if let Some(sentence) = first {
        // Without a form there is no field to lead to.
        wrong = Wrongs::one("", sentence);
    }
    // What was said about a private request is for its reporter alone.
    let may_read = request.is_public || is_reporter;
    let when = round.as_ref().map_or(request.updated_at, |round| round.answered_at);
    let asks = request.status == Status::WaitingForCitizen;
    let heading = if asks { w.reply_question_title() } else { w.reply_title() };
    let path = line::path(request.code);
    let subject = title(&catalogue, request, w);
    render(&ReplyPage {
        page: here.page(ask, heading).wrong(!wrong.is_empty()),
        code: code(request.code, ask.lang, false),
        badge: badge(w, request.status, request.is_overdue(now)),
        subject,
        unit: catalogue.unit_name(round.as_ref().map_or(request.unit, |round| round.unit), ask.lang),
        said: if may_read { mask::public_text(&request.status_note) } else { String::new() },
        when: dates::date_time(ask.lang, when, &atlas.jurisdiction.zone),
        photos: if may_read { photos_of_work(tx, request, subject, w)? } else { Vec::new() },
        standing: if form.is_some() { None } else { standing(request, round.as_ref(), &atlas, w, now) },
        form,
        wrong,
        path,
    })
}
