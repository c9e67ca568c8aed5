//! What can be done to one request: each form calls one verb.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use language::{TrackingCode, digits};
use people::{Act, Permission};
use requests::moves::{self, MoveError};
use requests::reply::Stage;
use requests::work::change::Change;
use requests::work::parts::Part;
use requests::work::{self, WorkError, history, holds, mentions, parts, referrals, standard};
use requests::{Contact, PhotoRef, PlaceDraft, ServiceRequest, Status, catalogue, find, privacy, visibility};
use storage::Tx;

use super::one::{self, Shown};
use super::{parties, photos as pictures, sentence};
use crate::ask::{self, Answer, Ask, Here, html_with};
use crate::errors;
use crate::wrong::Wrongs;

/// What a verb leads to.
enum Done {
    /// Back to the page, which says so.
    Said(&'static str),
    Contact(Option<Contact>),
    Person(Vec<ServiceRequest>),
    Link(String),
}

/// Why nothing was done.
enum Trouble {
    Missing,
    /// It is there, and none of this person's.
    NotTheirs(Box<ServiceRequest>),
    Refused(Box<ServiceRequest>, WorkError),
    Failed(Failure),
}

impl From<storage::Error> for Trouble {
    fn from(error: storage::Error) -> Self {
        Trouble::Failed(error.into())
    }
}

/// Everything that came with a form.
struct Sent {
    door: Door,
    typed: String,
    ask: Ask,
    signed: Signed,
    form: Arc<Form>,
    /// The name of the form, so that it stands open when it is refused.
    verb: String,
}

impl Sent {
    fn new(door: Door, typed: String, ask: Ask, signed: Signed, form: Form, verb: &str) -> Self {
        Sent { door, typed, ask, signed, form: Arc::new(form), verb: verb.to_owned() }
    }

    /// Does it, and answers with the page, or with what was wrong.
    async fn run<F>(self, deed: F) -> Result<Response, Failure>
    where
        F: Fn(&mut Tx<'_>, &Act, &ServiceRequest, &Form) -> Result<Done, WorkError> + Send + 'static,
    {
        let Sent { door, typed, ask, signed, form, verb } = self;
        let (act, city) = (signed.act(&door), signed.jurisdiction);
        let code = TrackingCode::parse(&typed).ok();
        let outcome = door
            .db
            .write({
                let (act, form) = (act.clone(), form.clone());
                move |tx| -> Result<_, Trouble> {
                    let found = code.map(|code| find::by_code(tx, city, code)).transpose()?.flatten();
                    let request = found.ok_or(Trouble::Missing)?;
                    if !work::may_see(tx, &act, &request)? {
                        return Err(Trouble::NotTheirs(Box::new(request)));
                    }
                    match deed(tx, &act, &request, &form) {
                        Ok(done) => Ok((request, done)),
                        Err(WorkError::Failure(failure) | WorkError::Move(MoveError::Failure(failure))) => {
                            Err(failure.into())
                        }
                        Err(error) => Err(Trouble::Refused(Box::new(request), error)),
                    }
                }
            })
            .await;
        match outcome {
            Ok((request, Done::Said(done))) => {
                let to = back(&door, ask, &request, done).await?;
                Ok(Redirect::to(&to).into_response())
            }
            Ok((request, done)) => {
                let mut shown = Shown::default();
                match done {
                    Done::Contact(contact) => shown.contact = Some(contact),
                    Done::Person(all) => shown.person = Some(all),
                    Done::Link(token) => shown.link = Some(door.address(&format!("/outside/{token}"))),
                    Done::Said(_) => {}
                }
                again(&door, ask, signed, act, request, shown, StatusCode::OK).await
            }
            Err(Trouble::Missing) => ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await,
            Err(Trouble::NotTheirs(request)) => {
                one::refused(&door, &act, &request, Permission::SeeInternal).await?;
                ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await
            }
            Err(Trouble::Failed(failure)) => Err(failure),
            Err(Trouble::Refused(request, error)) => {
                if let WorkError::Denied(denied) | WorkError::Move(MoveError::Denied(denied)) = &error {
                    one::refused(&door, &act, &request, denied.permission).await?;
                    return ask::answer(&door, ask, |_, ask, here| {
                        Ok(Answer::Refused(StatusCode::FORBIDDEN, errors::denied(ask, here)?))
                    })
                    .await;
                }
                let is_changed = matches!(error, WorkError::Changed);
                let since = is_changed.then(|| form.text("seq").parse().unwrap_or(0));
                let words = sentence(ask.words(), &error).unwrap_or_default();
                let shown =
                    Shown { wrong: Wrongs::one("work-forms", words), verb, form, since, ..Shown::default() };
                let status = if is_changed { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
                again(&door, ask, signed, act, *request, shown, status).await
            }
        }
    }
}

async fn back(door: &Door, ask: Ask, request: &ServiceRequest, done: &str) -> Result<String, Failure> {
    let to = format!("{}?done={done}", super::row::path(request));
    door.db
        .read(move |tx| -> Result<_, Failure> {
            let here = Here::find(tx, &ask)?;
            Ok(here.map_or(to.clone(), |here| here.page(&ask, "").url(&to).to_string()))
        })
        .await
}

/// The page as it stands now, with what there is to say.
async fn again(
    door: &Door,
    ask: Ask,
    signed: Signed,
    act: Act,
    request: ServiceRequest,
    shown: Shown,
    status: StatusCode,
) -> Result<Response, Failure> {
    let now = door.now();
    let html = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let here = Here::find(tx, &ask)?.ok_or_else(|| Failure::new("a city that is no longer there"))?;
            let request = find::by_id(tx, request.jurisdiction, request.id)?.unwrap_or(request);
            one::show(tx, &ask, &here, &signed, &act, &request, now, shown)
        })
        .await?;
    Ok(html_with(status, html))
}

fn seen(form: &Form) -> i64 {
    form.text("version").parse().unwrap_or(0)
}

fn unit(form: &Form) -> Option<i64> {
    form.text("unit").parse().ok()
}

/// What is said: what was typed, or the standard answer that was chosen.
fn words(tx: &mut Tx<'_>, request: &ServiceRequest, form: &Form) -> Result<String, WorkError> {
    let typed = form.text("words").trim();
    let Ok(chosen) = form.text("standard").parse::<i64>() else { return Ok(typed.to_owned()) };
    if !typed.is_empty() {
        return Ok(typed.to_owned());
    }
    let (catalogue, atlas) =
        (catalogue(tx, request.jurisdiction)?, territory::atlas(tx, request.jurisdiction)?);
    let all = standard::all(tx, request.jurisdiction)?;
    let answer = all.iter().find(|a| a.id == chosen);
    Ok(answer.map(|a| parties::filled(a, request, &catalogue, &atlas)).unwrap_or_default())
}

macro_rules! verb {
    ($(#[$doc:meta])* $name:ident, $form:literal, $deed:expr) => {
        $(#[$doc])*
        pub async fn $name(
            State(door): State<Door>,
            Path(code): Path<String>,
            ask: Ask,
            signed: Signed,
            form: Form,
        ) -> Result<Response, Failure> {
            Sent::new(door, code, ask, signed, form, $form).run($deed).await
        }
    };
}

/// The pictures of a form, or the page with what is wrong with them.
async fn with_photos(
    sent: Sent,
    deed: impl Fn(&mut Tx<'_>, &Act, &ServiceRequest, &Form, &[PhotoRef]) -> Result<Done, WorkError>
    + Send
    + 'static,
) -> Result<Response, Failure> {
    let w = sent.ask.words();
    match pictures::take(&sent.door, sent.ask.client, &sent.form, w).await? {
        Ok(photos) => sent.run(move |tx, act, request, form| deed(tx, act, request, form, &photos)).await,
        Err(sentence) => {
            let Sent { door, typed, ask, signed, form, verb } = sent;
            let (act, city) = (signed.act(&door), signed.jurisdiction);
            let me = act.clone();
            let request = door
                .db
                .read(move |tx| -> Result<_, Failure> {
                    let Ok(code) = TrackingCode::parse(&typed) else { return Ok(None) };
                    let Some(request) = find::by_code(tx, city, code)? else { return Ok(None) };
                    Ok(work::may_see(tx, &me, &request)?.then_some(request))
                })
                .await?;
            let Some(request) = request else {
                return ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await;
            };
            let wrong = Wrongs::one("work-forms", sentence);
            let shown = Shown { wrong, verb, form, ..Shown::default() };
            again(&door, ask, signed, act, request, shown, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `POST /work/{code}/move`: from one state to another.
pub async fn step(
    State(door): State<Door>,
    Path(code): Path<String>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let verb = form.text("to").to_owned();
    let sent = Sent::new(door, code, ask, signed, form, &verb);
    with_photos(sent, |tx, act, request, form, photos| {
        let to = Status::parse(form.text("to"))
            .ok_or(MoveError::NoSuchMove { from: request.status, to: request.status })?;
        // A referral has a date, and a form of its own.
        if to == Status::ReferredOutside {
            return Err(WorkError::DueWrong);
        }
        let same_as = match TrackingCode::parse(form.text("other")) {
            Ok(code) if to == Status::Duplicate => find::by_code(tx, request.jurisdiction, code)?
                .filter(|other| other.is_public || find::may_see_internal(act, other))
                .map(|r| r.id),
            _ => None,
        };
        let stage = if to == Status::Answered { Stage::After } else { Stage::Before };
        let step = moves::Step { unit: unit(form), same_as, ..moves::Step::to(to) }
            .saying(words(tx, request, form)?)
            .showing(stage, photos.iter().cloned());
        work::make(tx, act, request.jurisdiction, request.id, seen(form), &step)?;
        Ok(Done::Said("moved"))
    })
    .await
}

/// `POST /work/{code}/photos`: pictures without a move.
pub async fn photos(
    State(door): State<Door>,
    Path(code): Path<String>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let sent = Sent::new(door, code, ask, signed, form, "photos");
    with_photos(sent, |tx, act, request, form, photos| {
        let stage = Stage::parse(form.text("stage")).unwrap_or(Stage::Before);
        work::photos::add(tx, act, request.jurisdiction, request.id, stage, photos)?;
        Ok(Done::Said("photos"))
    })
    .await
}

verb! {
    /// `POST /work/{code}/hold`: to a person, or back to the unit.
    hold, "hold", |tx, act, request, form| {
        let account = form.text("account").parse().ok();
        holds::hold(tx, act, request.jurisdiction, request.id, Some(seen(form)), account)?;
        Ok(Done::Said(if account.is_some() { "held" } else { "released" }))
    }
}

verb! {
    /// `POST /work/{code}/note`: to colleagues, calling some of them, or to everybody.
    note, "note", |tx, act, request, form| {
        if form.get("public").is_some() {
            requests::note(tx, act, request.jurisdiction, request.id, form.text("words"), false)?;
            return Ok(Done::Said("noted"));
        }
        let mut called: Vec<i64> = form.all("call").filter_map(|id| id.parse().ok()).collect();
        let text = form.text("words");
        // Whoever types a name behind an @ means the same as whoever ticks it.
        for (account, name) in parties::colleagues(tx, request.jurisdiction, request.unit)? {
            if text.contains(&format!("@{name}")) {
                called.push(account);
            }
        }
        mentions::note(tx, act, request.jurisdiction, request.id, text, &called)?;
        Ok(Done::Said("noted"))
    }
}

/// Days that an organisation outside may be given.
const MOST_DAYS: i64 = 365;

verb! {
    /// `POST /work/{code}/refer`: to an organisation outside, with a date.
    refer, "refer", |tx, act, request, form| {
        let days = digits::parse_i64(form.text("days")).filter(|days| (1..=MOST_DAYS).contains(days));
        let due = act.at.plus_millis(days.ok_or(WorkError::DueWrong)? * 86_400_000);
        let unit = unit(form).ok_or(MoveError::UnitMissing)?;
        let words = words(tx, request, form)?;
        referrals::refer(tx, act, request.jurisdiction, request.id, seen(form), unit, &words, due)?;
        Ok(Done::Said("referred"))
    }
}

verb! {
    /// `POST /work/{code}/referral`: what the organisation said.
    referral, "referral", |tx, act, request, form| {
        referrals::answer(tx, act, request.jurisdiction, request.id, form.text("words"))?;
        Ok(Done::Said("referral"))
    }
}

verb! {
    /// `POST /work/{code}/link`: the link by which the organisation answers. It is shown once.
    link, "link", |tx, act, request, _| {
        Ok(Done::Link(referrals::link(tx, act, request.jurisdiction, request.id)?))
    }
}

verb! {
    /// `POST /work/{code}/split`: a part for each unit that was chosen.
    split, "split", |tx, act, request, form| {
        let units = form.all("unit").zip(form.all("words"));
        let parts: Vec<Part> = units
            .filter_map(|(unit, words)| Some(Part { unit: unit.parse().ok()?, words: words.to_owned() }))
            .collect();
        parts::split(tx, act, request.jurisdiction, request.id, seen(form), &parts)?;
        Ok(Done::Said("split"))
    }
}

verb! {
    /// `POST /work/{code}/correct`: another service or another place.
    correct, "correct", |tx, act, request, form| {
        let point = form.text("lat").trim().parse().ok().zip(form.text("long").trim().parse().ok());
        let division = form.text("division").parse().ok();
        let address = form.text("address").trim();
        let is_other_place = division.is_some()
            || point.is_some_and(|p| request.point.map(|q| (q.lat, q.long)) != Some(p))
            || address != request.address;
        let place = PlaceDraft {
            point: point.or_else(|| request.point.filter(|_| division.is_none()).map(|p| (p.lat, p.long))),
            division,
            address: address.to_owned(),
        };
        let change = Change {
            service: form.get("service").map(str::to_owned),
            place: is_other_place.then_some(place),
        };
        let why = form.text("words");
        work::change::reclassify(tx, act, request.jurisdiction, request.id, seen(form), &change, why)?;
        Ok(Done::Said("corrected"))
    }
}

verb! {
    /// `POST /work/{code}/visibility`: hidden from the public, or shown again.
    visibility, "visibility", |tx, act, request, form| {
        let public = form.text("public") == "yes";
        visibility::set_public(tx, act, request.jurisdiction, request.id, public, form.text("words"))?;
        Ok(Done::Said(if public { "shown" } else { "hidden" }))
    }
}

verb! {
    /// `POST /work/{code}/mask`: covers a name or a number everywhere in the request.
    mask, "mask", |tx, act, request, form| {
        let text = form.text("text");
        let count = privacy::masking::mask(tx, act, request.jurisdiction, request.id, text)?;
        Ok(Done::Said(if count > 0 { "masked" } else { "mask-none" }))
    }
}

verb! {
    /// `POST /work/{code}/contact`: who reported. The journal is told.
    contact, "contact", |tx, act, request, _| {
        Ok(Done::Contact(history::contact(tx, act, request.jurisdiction, request.id)?))
    }
}

verb! {
    /// `POST /work/{code}/person`: what the same person said before. The journal is told.
    person, "person", |tx, act, request, _| {
        Ok(Done::Person(history::of_person(tx, act, request.jurisdiction, request.id, 30)?))
    }
}
