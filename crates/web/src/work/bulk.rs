//! The same for many requests at once, and a report of what was done and what was refused.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use door::{Door, Failure, Form, Signed};
use language::{TrackingCode, digits};
use requests::moves::{MoveError, Step};
use requests::work::{WorkError, bulk, holds, referrals};
use requests::{RequestId, Status, catalogue, find};
use storage::Tx;

use super::{sentence, tell};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::parts::{Code, code};
use crate::requests::title;

#[derive(Template)]
#[template(path = "work/bulk.html")]
struct Report<'a> {
    page: Page<'a>,
    what: String,
    done: i64,
    refused: i64,
    rows: Vec<Line>,
    too_many: Option<String>,
    back: String,
}

struct Line {
    path: String,
    code: Code,
    title: String,
    /// Why it was refused; empty when it was done.
    why: String,
}

/// `POST /work/bulk`.
pub async fn send(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let what = form.text("what").to_owned();
    let query = form.text("query").to_owned();
    let codes: Vec<TrackingCode> =
        form.all("code").filter_map(|code| TrackingCode::parse(code).ok()).collect();
    let deed = Deed {
        what: what.clone(),
        unit: form.text("unit").parse().ok(),
        words: form.text("words").to_owned(),
        days: digits::parse_i64(form.text("days")).unwrap_or(0),
    };
    let outcome = door
        .db
        .write(move |tx| -> Result<_, WorkError> {
            let mut ids = Vec::with_capacity(codes.len().min(bulk::MOST));
            for code in codes.iter().take(bulk::MOST + 1) {
                // A code that leads nowhere is refused like one that is not theirs.
                let nobody = RequestId(-1 - i64::try_from(ids.len()).unwrap_or(0));
                ids.push(find::by_code(tx, city, *code)?.map_or(nobody, |r| r.id));
            }
            bulk::each(tx, &act, city, &ids, |tx, request| deed.to(tx, &act, request))
        })
        .await;
    let (moved, too_many) = match outcome {
        Ok(moved) => (moved, None),
        Err(WorkError::Failure(failure)) => return Err(failure.into()),
        Err(error) => (Vec::new(), sentence(ask.words(), &error)),
    };
    ask::answer(&door, ask, move |tx, ask, here| {
        let w = ask.words();
        let rules = catalogue(tx, here.city().id)?;
        let ids: Vec<RequestId> = moved.iter().map(|m| m.id).collect();
        let found = find::by_ids(tx, here.city().id, &ids)?;
        let (mut rows, mut unknown) = (Vec::new(), 0);
        for one in &moved {
            let why = one.outcome.as_ref().err().and_then(|error| sentence(w, error)).unwrap_or_default();
            let is_theirs = !matches!(one.outcome, Err(WorkError::NotFound));
            match found.iter().find(|r| r.id == one.id).filter(|_| is_theirs) {
                Some(request) => rows.push(Line {
                    path: super::row::path(request),
                    code: code(request.code, ask.lang, false),
                    title: title(&rules, request, w).to_owned(),
                    why,
                }),
                None => unknown += 1,
            }
        }
        let done = i64::try_from(moved.iter().filter(|m| m.outcome.is_ok()).count()).unwrap_or(0);
        let html = render(&Report {
            page: here.staff(ask, &signed, w.work_bulk_title()),
            what: name(w, &what),
            done,
            refused: i64::try_from(moved.len()).unwrap_or(0) - done,
            rows,
            too_many: too_many.or((unknown > 0).then(|| w.work_bulk_unknown(unknown))),
            back: super::asked::address(&query),
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}

fn name(w: words::Words, what: &str) -> String {
    match what {
        "take" => w.work_take().to_owned(),
        "refer" => w.work_refer().to_owned(),
        _ => Status::parse(what).map_or("", |to| tell::step_name(w, to)).to_owned(),
    }
}

struct Deed {
    what: String,
    unit: Option<i64>,
    words: String,
    days: i64,
}

impl Deed {
    fn to(
        &self,
        tx: &mut Tx<'_>,
        act: &people::Act,
        request: &requests::ServiceRequest,
    ) -> Result<(), WorkError> {
        let (city, id, seen) = (request.jurisdiction, request.id, request.version);
        match self.what.as_str() {
            "take" => holds::hold(tx, act, city, id, Some(seen), act.by.account()),
            "refer" => {
                let unit = self.unit.ok_or(MoveError::UnitMissing)?;
                if !(1..=365).contains(&self.days) {
                    return Err(WorkError::DueWrong);
                }
                let due = act.at.plus_millis(self.days * 86_400_000);
                referrals::refer(tx, act, city, id, seen, unit, &self.words, due)
            }
            what => {
                let wrong = MoveError::NoSuchMove { from: request.status, to: request.status };
                let to = Status::parse(what)
                    .filter(|to| !matches!(to, Status::ReferredOutside | Status::Duplicate))
                    .ok_or(wrong)?;
                let step = Step { unit: self.unit, ..Step::to(to) }.saying(self.words.clone());
                requests::work::make(tx, act, city, id, seen, &step).map(|_| ())
            }
        }
    }
}
