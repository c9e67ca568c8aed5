//! One request with everything that colleagues know about it, and everything that may be done to it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use calendar::{Timestamp, words as dates};
use door::{Door, Failure, Form, Signed};
use language::TrackingCode;
use people::{Act, Permission, Where};
use percent_encoding::utf8_percent_encode;
use requests::work::{self, history, holds, mentions, parts, photos, referrals, standard};
use requests::{Contact, ServiceRequest, catalogue, find};
use storage::Tx;

use super::parties;
use super::row::{self, Row};
use super::tell::{self, Step, Stretch, Tie};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::options::{Lists, options};
use crate::page::{PLAIN, Page};
use crate::parts::{Badge, Code, badge, code};
use crate::requests::{distance, divisions, thread, title};
use crate::wrong::Wrongs;

/// What a page says beside the request itself: what was done, what was wrong, what was asked to be seen.
#[derive(Default)]
pub struct Shown {
    pub said: Option<String>,
    pub wrong: Wrongs,
    /// The form that was refused: its name, and what was typed into it.
    pub verb: String,
    pub form: Arc<Form>,
    /// The number of the last fact that the sender had seen, when it changed since.
    pub since: Option<i64>,
    pub contact: Option<Option<Contact>>,
    pub person: Option<Vec<ServiceRequest>>,
    pub link: Option<String>,
}

/// What was typed into the form that was refused.
pub struct Typed {
    verb: String,
    form: Arc<Form>,
}

impl Typed {
    /// Whether this form was refused, so that it stands open.
    pub fn is(&self, verb: &str) -> bool {
        self.verb == verb
    }

    /// What was typed into a field of a form.
    pub fn text(&self, verb: &str, field: &str) -> &str {
        if self.is(verb) { self.form.text(field) } else { "" }
    }

    pub fn has(&self, verb: &str, field: &str, value: &i64) -> bool {
        self.is(verb) && self.form.all(field).any(|v| v == value.to_string())
    }

    /// The nth value of a field that stands several times.
    pub fn nth(&self, verb: &str, field: &str, n: &usize) -> String {
        if self.is(verb) { self.form.all(field).nth(*n).unwrap_or("").to_owned() } else { String::new() }
    }

    pub fn nth_is(&self, verb: &str, field: &str, n: &usize, value: &i64) -> bool {
        self.nth(verb, field, n) == value.to_string()
    }
}

#[derive(Template)]
#[template(path = "work/one.html")]
struct One<'a> {
    page: Page<'a>,
    path: &'a str,
    public_path: String,
    code: Code,
    badge: Badge,
    kind: &'static str,
    is_public: bool,
    service_is_public: bool,
    with_inspector: bool,
    via: &'static str,
    requested: String,
    due: String,
    is_late: bool,
    unit: String,
    address: &'a str,
    divisions: String,
    point: Option<(f64, f64)>,
    words: &'a str,
    answers: Vec<(String, String)>,
    photos: Vec<Photo>,
    ties: Vec<Tie>,
    changes: Vec<String>,
    version: i64,
    seq: i64,
    said: Option<String>,
    wrong: Wrongs,
    typed: Typed,
    steps: Vec<Step>,
    units: Vec<(i64, String)>,
    outside: Vec<(i64, String)>,
    /// What an organisation outside is given unless somebody says otherwise.
    days: String,
    holder: String,
    is_mine: bool,
    may_take: bool,
    may_give: bool,
    may_note: bool,
    may_refer: bool,
    may_split: bool,
    may_correct: bool,
    may_work: bool,
    may_contact: bool,
    may_history: bool,
    colleagues: Vec<(i64, String)>,
    held: Vec<Stretch>,
    near: Vec<(Row<'a>, String)>,
    person: Option<Vec<Row<'a>>>,
    contact: Option<Option<Contact>>,
    whole: Option<Row<'a>>,
    parts: Vec<Row<'a>>,
    part_slots: Vec<(usize, String)>,
    me: String,
    referral: Option<(String, String, bool)>,
    may_answer_referral: bool,
    link: Option<String>,
    lists: &'a Lists,
    services_first: (String, String),
    same_as: Option<String>,
}

pub struct Photo {
    /// Addresses of the picture and of its small copy.
    pub file: String,
    pub thumbnail: String,
    pub alt: String,
    pub stage: &'static str,
}

/// `GET /work/{code}`.
pub async fn page(
    State(door): State<Door>,
    Path(typed): Path<String>,
    ask: Ask,
    signed: Signed,
) -> Result<Response, Failure> {
    let (act, now) = (signed.act(&door), door.now());
    let (city, me) = (signed.jurisdiction, act.clone());
    let code = TrackingCode::parse(&typed).ok();
    let looked = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let Some(request) = code.map(|code| find::by_code(tx, city, code)).transpose()?.flatten() else {
                return Ok(None);
            };
            let may = work::may_see(tx, &me, &request)?;
            let is_called = may && mentions::is_called(tx, &me, city, request.id)?;
            Ok(Some((request, may, is_called)))
        })
        .await?;
    match looked {
        None => return ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await,
        Some((request, false, _)) => {
            refused(&door, &act, &request, Permission::SeeInternal).await?;
            return ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await;
        }
        Some((request, true, true)) => {
            // Whoever looks has heard the call.
            let (act, id) = (act.clone(), request.id);
            door.db.write(move |tx| mentions::seen(tx, &act, city, id)).await?;
        }
        Some((_, true, false)) => {}
    }
    ask::answer(&door, ask, move |tx, ask, here| {
        let Some(request) = code.map(|code| find::by_code(tx, city, code)).transpose()?.flatten() else {
            return Ok(Answer::Missing);
        };
        let w = ask.words();
        let done = ask.field("done");
        let said = w.by_key(&format!("work-done-{done}")).filter(|_| !done.is_empty()).map(str::to_owned);
        let shown = Shown { said, ..Shown::default() };
        Ok(Answer::Page(NEVER, show(tx, ask, here, &signed, &act, &request, now, shown)?))
    })
    .await
}

/// Notes in the journal that somebody asked for what is not theirs.
pub async fn refused(
    door: &Door,
    act: &Act,
    request: &ServiceRequest,
    permission: Permission,
) -> Result<(), Failure> {
    let (act, place, id) = (act.clone(), request.place(), request.id.0);
    door.db
        .write(move |tx| -> storage::Result<()> {
            people::audit_of(tx, &act, place.jurisdiction, "work", permission, place, false, Some(id));
            Ok(())
        })
        .await?;
    Ok(())
}

/// The page. Whoever calls it has asked whether this person may see the request.
pub fn show(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    act: &Act,
    request: &ServiceRequest,
    now: Timestamp,
    shown: Shown,
) -> Result<String, Failure> {
    let (w, city) = (ask.words(), here.city().id);
    let (atlas, catalogue) = (territory::atlas(tx, city)?, catalogue(tx, city)?);
    let (options, all) = (options(tx, city)?, standard::all(tx, city)?);
    let zone = &atlas.jurisdiction.zone;
    let place = request.place();
    let may = |permission| act.may(permission, place);
    let knots = find::thread(tx, request, may(Permission::SeeInternal))?;
    let authors = history::authors(tx, request)?;
    let held = holds::history(tx, request)?;
    let colleagues = parties::colleagues(tx, city, request.unit)?;
    let accounts = authors.values().copied().chain(held.iter().filter_map(|h| h.account));
    let names = people::names(tx, city, accounts)?;
    let holder = held.iter().find(|h| h.until_at.is_none()).and_then(|h| h.account);
    let first = requests::storm::current(tx, city)?.first(&catalogue);
    let row = |r: &ServiceRequest| Row::of(r, &catalogue, &atlas, w, now, None, &first);
    let near = history::near(tx, act, request, 8)?;
    let whole = parts::whole_of(tx, request)?.filter(|r| find::may_see_internal(act, r));
    let parts = parts::of(tx, request)?;
    let referral = referrals::waiting(tx, request)?;
    let may_answer_referral = referral.as_ref().is_some_and(|r| {
        may(Permission::Work) || act.may(Permission::Assign, Where { unit: r.from_unit, ..place })
    });
    let same_as = match request.duplicate_of {
        Some(id) => find::by_id(tx, city, id)?.map(|r| row::path(&r)),
        None => None,
    };
    let service = catalogue.service(request.service);
    let subject = title(&catalogue, request, w);
    let path = row::path(request);
    let view = here.staff(ask, signed, subject).at(&path, "").wrong(!shown.wrong.is_empty());
    let is_open = request.status.is_open();
    let is_free = is_open && !request.with_inspector;
    let changes = shown.since.map(|since| {
        let later: Vec<_> = knots.iter().filter(|k| k.seq > since).cloned().collect();
        let told = tell::ties(&later, &authors, &names, &catalogue, &atlas, w);
        told.into_iter().map(|tie| w.work_change(&tie.what, &tie.when, &tie.who)).collect()
    });
    render(&One {
        page: if request.point.is_some() { view.with_map() } else { view },
        public_path: crate::requests::line::path(request.code),
        code: code(request.code, ask.lang, false),
        badge: badge(w, request.status, request.is_overdue(now)),
        kind: w.by_key(&format!("kind-{}", request.kind.code())).unwrap_or_default(),
        is_public: request.is_public,
        service_is_public: service.is_some_and(|s| s.is_public()),
        with_inspector: request.with_inspector,
        via: thread::via(w, request.channel),
        requested: dates::date_time(ask.lang, request.requested_at, zone),
        due: row::due(request, &atlas, w, now),
        is_late: request.is_overdue(now),
        unit: catalogue.unit_name(request.unit, ask.lang).to_owned(),
        address: &request.address,
        divisions: divisions(&atlas, request.district, request.neighbourhood, ask.lang),
        point: request.point.map(|p| (p.lat, p.long)),
        words: &request.words,
        answers: tell::answers(&catalogue, request, &atlas, w),
        photos: pictures(tx, request, here, subject, w)?,
        ties: tell::ties(&knots, &authors, &names, &catalogue, &atlas, w),
        changes: changes.unwrap_or_default(),
        version: request.version,
        seq: knots.last().map_or(0, |k| k.seq),
        said: shown.said,
        wrong: shown.wrong,
        typed: Typed { verb: shown.verb, form: shown.form },
        steps: tell::steps(act, request, &all, &catalogue, &atlas, w),
        units: parties::units(&catalogue, w),
        outside: parties::outside(&catalogue, w),
        days: language::digits::plain(super::USUAL_DAYS, w.lang()),
        holder: holder.and_then(|id| names.get(&id)).cloned().unwrap_or_default(),
        is_mine: holder.is_some() && holder == act.by.account(),
        may_take: is_open && may(Permission::Work) && holder != act.by.account(),
        may_give: is_open && may(Permission::Assign),
        may_note: may(Permission::NoteInternal),
        may_refer: is_free
            && may(Permission::Assign)
            && request.status.move_to(requests::Status::ReferredOutside).is_some(),
        may_split: is_free
            && may(Permission::Assign)
            && whole.is_none()
            && parts.is_empty()
            && request.source != parts::SOURCE,
        may_correct: may(Permission::Confirm),
        may_work: is_open && may(Permission::Work),
        may_contact: may(Permission::SeeContact),
        may_history: may(Permission::SeeHistory),
        held: tell::stretches(&held, &names, &catalogue, &atlas, w, now),
        near: near.iter().map(|n| (row(&n.request), distance(w, n.metres))).collect(),
        person: shown.person.map(|all| all.iter().map(row).collect()),
        contact: shown.contact,
        whole: whole.as_ref().map(row),
        parts: parts.iter().map(row).collect(),
        part_slots: (0..6).map(|n| (n, w.work_part(n as i64 + 1))).collect(),
        me: act.by.account().map(|id| id.to_string()).unwrap_or_default(),
        referral: referral.map(|r| {
            let to = catalogue.unit_name(Some(r.to_unit), ask.lang).to_owned();
            (to, dates::date_time(ask.lang, r.due_at, zone), r.due_at < now)
        }),
        may_answer_referral,
        link: shown.link,
        lists: options.of(ask.lang),
        services_first: service.map(|s| (s.code.clone(), s.name(ask.lang).to_owned())).unwrap_or_default(),
        same_as,
        colleagues,
        path: &path,
    })
}

fn pictures(
    tx: &mut Tx<'_>,
    request: &ServiceRequest,
    here: &Here,
    subject: &str,
    w: words::Words,
) -> Result<Vec<Photo>, Failure> {
    if request.photos == 0 {
        return Ok(Vec::new());
    }
    let city =
        here.carried().map(|code| format!("?city={}", utf8_percent_encode(code, PLAIN))).unwrap_or_default();
    let address = |file: &str| format!("{}/photo/{file}.jpg{city}", row::path(request));
    Ok(photos::all(tx, request)?
        .into_iter()
        .map(|photo| {
            let stage = match photo.stage.as_str() {
                "before" => w.requests_photo_before(),
                "after" => w.requests_photo_after(),
                _ => w.requests_photo_reported(),
            };
            Photo {
                alt: w.requests_photo_alt_plain(subject, stage),
                file: address(&photo.file),
                thumbnail: address(&photo.thumbnail),
                stage,
            }
        })
        .collect())
}
