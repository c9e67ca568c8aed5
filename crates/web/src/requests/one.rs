//! The page of a request: what it is, where, and its thread up to the promise.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use calendar::{Timestamp, words as dates};
use door::{Door, Failure, Signed};
use http::StatusCode;
use language::{TrackingCode, mask};
use requests::service::Datatype;
use requests::{Catalogue, ServiceRequest, catalogue, feedback, find, reply};
use storage::Tx;

use super::thread::{self, End, Tie};
use super::{divisions, title};
use crate::ask::{self, Answer, Ask, FRESH, Here, NEVER, render};
use crate::device::Device;
use crate::page::Page;
use crate::parts::{Badge, Code, badge, code, shown};
use crate::reply::{Asked, Known, ReplyForm, Standing, standing};

#[derive(Template)]
#[template(path = "requests/one.html")]
struct One<'a> {
    page: Page<'a>,
    path: &'a str,
    badge: Badge,
    code: Code,
    kind: &'static str,
    is_open: bool,
    is_private: bool,
    address: String,
    divisions: String,
    point: Option<(f64, f64)>,
    words: String,
    answers: Vec<(String, String)>,
    photos: Vec<Photo>,
    ties: Vec<Tie>,
    end: Option<End>,
    /// Why the promise is later than usual, and the incident that it is part of.
    shifted: Option<String>,
    incident: Option<String>,
    /// How long it took, and what was promised, once it is over.
    done: Option<(String, String)>,
    others: Option<String>,
    origin: Option<String>,
    same_as: Option<String>,
    /// A good word after following, or what was wrong with it.
    said: Option<&'static str>,
    /// The reporter's word on the answer: where it stands, and the form where the city asked something.
    standing: Option<Standing>,
    /// The addresses of "done" and "I object".
    reply: Option<[String; 2]>,
    form: Option<ReplyForm>,
    rate: Option<String>,
    refused: Option<&'a str>,
    typed: &'a str,
    report_path: String,
}

/// A photo and its words for those who do not see it.
pub struct Photo {
    pub file: String,
    pub thumbnail: String,
    pub alt: String,
}

/// `GET /requests/{code}`.
pub async fn page(
    State(door): State<Door>,
    Path(typed): Path<String>,
    signed: Option<Signed>,
    ask: Ask,
) -> Result<Response, Failure> {
    let (now, device) = (door.now(), Device::name_of(&ask, &door));
    ask::answer_to_code(&door, ask, move |tx, ask, here| {
        let Ok(code) = TrackingCode::parse(&typed) else { return Ok(Answer::Missing) };
        if let Some(request) = find::by_code(tx, here.city().id, code)? {
            let said = match ask.field("done") {
                "follow" => Some(ask.words().requests_followed()),
                "me-too" => Some(ask.words().requests_me_too_done()),
                "accepted" => Some(ask.words().reply_done_accepted()),
                "objected" => Some(ask.words().reply_done_objected()),
                "answered" => Some(ask.words().reply_done_answered()),
                _ => None,
            };
            let known = Known::of("", signed.as_ref(), device, here.city().id);
            let is_reporter = known.is_reporter(tx, &request)?;
            let keep = if request.is_public && !is_reporter { FRESH } else { NEVER };
            return Ok(Answer::Page(keep, show(tx, ask, here, &request, now, is_reporter, said, None, "")?));
        }
        match elsewhere(tx, ask, here, code)? {
            Some(address) => Ok(Answer::Go(address)),
            None => Ok(Answer::Missing),
        }
    })
    .await
}

/// The address of a request of another city, since people do not know which city a code belongs to.
pub fn elsewhere(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    code: TrackingCode,
) -> Result<Option<String>, Failure> {
    for (n, city) in here.cities.iter().enumerate() {
        if city.id != here.city().id && find::by_code(tx, city.id, code)?.is_some() {
            let path = super::line::path(code);
            let carried = (n > 0).then_some(city.code.as_str());
            let page = Page::new(ask.words(), Some(city), carried, &path, "", "");
            return Ok(Some(page.url(&path).to_string()));
        }
    }
    Ok(None)
}

/// The page again, with what was wrong with the form on it.
pub fn refused(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    request: &ServiceRequest,
    now: Timestamp,
    sentence: &str,
    typed: &str,
) -> Result<Answer, Failure> {
    let html = show(tx, ask, here, request, now, false, None, Some(sentence), typed)?;
    Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html))
}

fn show(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    request: &ServiceRequest,
    now: Timestamp,
    is_reporter: bool,
    said: Option<&'static str>,
    refused: Option<&str>,
    typed: &str,
) -> Result<String, Failure> {
    let w = ask.words();
    let city = here.city();
    let atlas = territory::atlas(tx, city.id)?;
    let catalogue = catalogue(tx, city.id)?;
    let knots = find::thread(tx, request, false)?;
    // What is private is so for everybody but whoever said it.
    let is_private = !request.is_public && !is_reporter;
    let overdue = request.is_overdue(now);
    let title = title(&catalogue, request, w);
    let (photos, of_work) =
        if is_private { (Vec::new(), Vec::new()) } else { photos(tx, request, title, w)? };
    let round = reply::last(tx, request)?;
    let mut form = ReplyForm::of(request, round.as_ref(), &atlas, w, now);
    if let Some(form) = &mut form {
        form.asks_digits = !is_reporter;
    }
    let mut ties = thread::ties(&knots, request, &catalogue, &atlas, w, is_private, overdue);
    for (at, photo) in of_work {
        if let Some(tie) = ties.iter_mut().rev().find(|tie| tie.at <= at) {
            tie.photos.push(photo);
        }
    }
    let same_as = match request.duplicate_of {
        Some(id) => find::by_id(tx, city.id, id)?.filter(|r| r.is_public).map(|r| super::line::path(r.code)),
        None => None,
    };
    let path = super::line::path(request.code);
    let page = here.page(ask, title).at(&path, "").live().wrong(refused.is_some());
    let point = request.point.filter(|_| !is_private).map(|p| (p.lat, p.long));
    let service = catalogue.service(request.service);
    render(&One {
        page: if point.is_some() { page.with_map() } else { page },
        path: &path,
        badge: badge(w, request.status, overdue),
        code: code(request.code, ask.lang, false),
        kind: w.by_key(&format!("kind-{}", request.kind.code())).unwrap_or_default(),
        is_open: request.status.is_open(),
        is_private,
        address: if is_private { String::new() } else { mask::public_text(&request.address) },
        divisions: divisions(
            &atlas,
            request.district,
            request.neighbourhood.filter(|_| !is_private),
            ask.lang,
        ),
        point,
        words: if is_private { String::new() } else { mask::public_text(&request.words) },
        answers: if is_private {
            Vec::new()
        } else {
            answers(&catalogue, request, ask, &atlas.jurisdiction.zone)
        },
        photos,
        ties,
        end: thread::end(request, &atlas, w, now),
        shifted: crate::storm::banner::shifted(request, w).filter(|_| request.status.is_open()),
        incident: if is_private { None } else { crate::storm::banner::part_of(tx, request, w)? },
        done: done(request, &atlas, w),
        others: (request.followers > 0).then(|| w.requests_others(request.followers)),
        origin: origin(request, w),
        same_as,
        said,
        standing: standing(request, round.as_ref(), &atlas, w, now),
        reply: form
            .as_ref()
            .filter(|form| form.asked == Asked::Word)
            .map(|form| ["accept", "object"].map(|word| format!("{}?word={word}", form.path))),
        form: form.filter(|form| form.asked == Asked::Answer),
        rate: rate(tx, request, round.as_ref(), w)?,
        refused,
        typed,
        report_path: service
            .filter(|s| s.is_open)
            .map_or("/report".into(), |s| format!("/report/place?service_code={}", s.code)),
    })
}

/// What a service asked and what was answered, as far as everybody may know it.
fn answers(
    catalogue: &Catalogue,
    request: &ServiceRequest,
    ask: &Ask,
    zone: &calendar::Zone,
) -> Vec<(String, String)> {
    let Some(service) = catalogue.service(request.service) else { return Vec::new() };
    let lang = ask.lang;
    request
        .answers
        .iter()
        .filter_map(|answer| {
            let question = service.about.attributes.iter().find(|a| a.code == answer.code && a.public)?;
            let values: Vec<String> = answer
                .values
                .iter()
                .map(|value| match question.datatype {
                    Datatype::SingleValueList | Datatype::MultiValueList => {
                        let chosen = question.values.iter().find(|v| v.key == *value);
                        chosen.map_or(value.clone(), |v| v.name.get(lang).to_owned())
                    }
                    Datatype::Datetime => Timestamp::parse_rfc3339(value)
                        .map_or(value.clone(), |at| dates::short_date_time(lang, at, zone)),
                    Datatype::Number => shown(value, lang),
                    Datatype::Text | Datatype::String => mask::public_text(value),
                })
                .collect();
            Some((
                question.name.get(lang).to_owned(),
                values.join(if lang == language::Lang::Fa { "، " } else { ", " }),
            ))
        })
        .collect()
}

/// The photos of the one who reported, and those of the work with the moment each came.
fn photos(
    tx: &mut Tx<'_>,
    request: &ServiceRequest,
    title: &str,
    w: words::Words,
) -> Result<(Vec<Photo>, Vec<(String, Photo)>), Failure> {
    let (mut reported, mut of_work) = (Vec::new(), Vec::new());
    for photo in find::photos(tx, request)? {
        let stage = match photo.stage.as_str() {
            "before" => w.requests_photo_before(),
            "after" => w.requests_photo_after(),
            _ => w.requests_photo_reported(),
        };
        let is_reported = photo.stage == "reported";
        let shown = Photo {
            alt: w.requests_photo_alt_plain(title, stage),
            file: photo.file,
            thumbnail: photo.thumbnail,
        };
        if is_reported { reported.push(shown) } else { of_work.push((photo.at.to_rfc3339_z(), shown)) }
    }
    Ok((reported, of_work))
}

/// The photos of the work, before and after.
pub fn photos_of_work(
    tx: &mut Tx<'_>,
    request: &ServiceRequest,
    title: &str,
    w: words::Words,
) -> Result<Vec<Photo>, Failure> {
    let (_, of_work) = photos(tx, request, title, w)?;
    Ok(of_work.into_iter().map(|(_, photo)| photo).collect())
}

/// What people say to the answers of the unit that answered, once enough have spoken to mean anything.
fn rate(
    tx: &mut Tx<'_>,
    request: &ServiceRequest,
    round: Option<&reply::Round>,
    w: words::Words,
) -> Result<Option<String>, Failure> {
    const ENOUGH: i64 = 10;
    let Some(unit) = round.and_then(|round| round.unit) else { return Ok(None) };
    let sums = feedback::of_unit(tx, request.jurisdiction, unit)?;
    Ok(sums
        .objected_percent()
        .filter(|_| sums.confirmed + sums.objected >= ENOUGH)
        .map(|percent| w.reply_unit_rate(&language::digits::plain(percent, w.lang()))))
}

fn done(request: &ServiceRequest, atlas: &territory::Atlas, w: words::Words) -> Option<(String, String)> {
    let closed = request.closed_at.filter(|_| !request.status.is_open())?;
    let took = closed.millis_since(request.requested_at);
    let took = if took < 60_000 {
        w.requests_done_soon().to_owned()
    } else {
        w.requests_done_in(&dates::duration(w.lang(), took))
    };
    let promised = match request.due_at {
        Some(due) => w.requests_promise_was(&dates::date_time(w.lang(), due, &atlas.jurisdiction.zone)),
        None => w.requests_promise_none().to_owned(),
    };
    Some((took, promised))
}

/// Where a record came from that no citizen said here.
fn origin(request: &ServiceRequest, w: words::Words) -> Option<String> {
    if request.is_generated() {
        return Some(w.requests_generated().to_owned());
    }
    if request.source.is_empty() || request.channel != requests::Channel::Import {
        return None;
    }
    Some(match &request.external_id {
        Some(external) => w.requests_imported(external, &request.source),
        None => w.requests_imported_without_number(&request.source),
    })
}
