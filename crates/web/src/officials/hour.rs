//! The line during one hour: who waits, who speaks, and a promise in one step.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use calendar::words as dates;
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use language::digits;
use people::Permission::SpeakAsOfficial;
use requests::officials::{self, Caller, CallerState, OfficialError};
use requests::{Channel, Draft, PlaceDraft, catalogue};
use storage::Tx;

use super::said::{self, Promise, Shown};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::errors;
use crate::page::Page;
use crate::refusals::{self, About};
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "officials/hour.html")]
struct Line<'a> {
    page: Page<'a>,
    /// `/officials/line/12`, or `/officials/calls/12` for operators.
    base: String,
    hour: Shown<'a>,
    callers: Vec<Waiting>,
    promises: Vec<Promise<'a>>,
    may_promise: bool,
    services: Vec<(&'a str, &'a str)>,
    done: Option<&'static str>,
    wrong: Wrongs,
    typed: Typed,
}

struct Waiting {
    id: i64,
    name: String,
    number: String,
    about: String,
    since: String,
    state: &'static str,
    is_waiting: bool,
    is_speaking: bool,
    is_chosen: bool,
}

impl Waiting {
    fn link(&self) -> String {
        format!("/callers/{}", self.id)
    }
}

#[derive(Clone, Default)]
struct Typed {
    caller: String,
    name: String,
    mobile: String,
    about: String,
    service: String,
    address: String,
    words: String,
    key: String,
}

impl Typed {
    fn of(form: &Form) -> Self {
        let text = |name: &str| form.text(name).trim().to_owned();
        Typed {
            caller: text("caller"),
            name: text("name"),
            mobile: text("mobile"),
            about: text("about"),
            service: text("service"),
            address: text("address"),
            words: text("words"),
            key: text("key"),
        }
    }
}

/// Which of the two doors it is: the official's, or that of the operators.
fn base_of(ask: &Ask, id: i64) -> String {
    let part = if ask.path.starts_with("/officials/line/") { "line" } else { "calls" };
    format!("/officials/{part}/{id}")
}

/// `GET /officials/line/{id}` and `GET /officials/calls/{id}`.
pub async fn page(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    let done = match ask.field("done") {
        "promised" => Some(ask.words().officials_done_promised()),
        "entered" => Some(ask.words().officials_done_entered()),
        _ => None,
    };
    screen(&door, id, signed, ask, done, Wrongs::default(), Typed::default()).await
}

async fn screen(
    door: &Door,
    id: i64,
    signed: Signed,
    ask: Ask,
    done: Option<&'static str>,
    wrong: Wrongs,
    typed: Typed,
) -> Result<Response, Failure> {
    let act = signed.act(door);
    let key = format!("{:016x}{:016x}", door.dice.number(), door.dice.number());
    ask::answer(door, ask, move |tx, ask, here| {
        let city = here.city();
        let Some(hour) = officials::by_id(tx, city.id, id)? else { return Ok(Answer::Missing) };
        let callers = match officials::callers(tx, &act, city.id, id) {
            Ok(callers) => callers,
            Err(OfficialError::Failure(failure)) => return Err(failure.into()),
            Err(_) => return Ok(Answer::Refused(StatusCode::FORBIDDEN, errors::denied(ask, here)?)),
        };
        let is_wrong = !wrong.is_empty();
        let typed = if typed.key.is_empty() { Typed { key, ..typed } } else { typed };
        let html = show(tx, ask, here, &signed, &act, &hour, &callers, done, wrong, typed)?;
        Ok(if is_wrong {
            Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html)
        } else {
            Answer::Page(NEVER, html)
        })
    })
    .await
}

#[allow(clippy::too_many_arguments)]
fn show(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    act: &people::Act,
    hour: &officials::Hour,
    callers: &[Caller],
    done: Option<&'static str>,
    wrong: Wrongs,
    typed: Typed,
) -> Result<String, Failure> {
    let (w, city) = (ask.words(), here.city());
    let catalogue = catalogue(tx, city.id)?;
    let promised = officials::promised(tx, city.id, hour.id)?;
    let base = base_of(ask, hour.id);
    let may_promise = signed.may_somewhere(SpeakAsOfficial) && officials::is_own(act, hour);
    let name_of = |state: CallerState| match state {
        CallerState::Waiting => w.officials_caller_waiting(),
        CallerState::Speaking => w.officials_caller_speaking(),
        CallerState::Done => w.officials_caller_done(),
        CallerState::Left => w.officials_caller_left(),
    };
    let waiting = callers.iter().map(|caller| Waiting {
        id: caller.id,
        name: caller.name.clone(),
        number: digits::shown(&caller.mobile.replacen("+98", "0", 1), ask.lang),
        about: caller.about.clone(),
        since: dates::time(ask.lang, caller.at.minute_of_day(&city.zone)),
        state: name_of(caller.state),
        is_waiting: caller.state == CallerState::Waiting,
        is_speaking: caller.state == CallerState::Speaking,
        is_chosen: typed.caller == caller.id.to_string()
            || (typed.caller.is_empty() && caller.state == CallerState::Speaking),
    });
    let title = w.officials_line_title();
    render(&Line {
        page: here.staff(ask, signed, title).at(&base, "").wrong(!wrong.is_empty()),
        base: base.clone(),
        hour: said::hour(hour, ask.lang, &city.zone, act.at, &city.phone),
        callers: waiting.collect(),
        promises: promised
            .iter()
            .map(|r| said::promise(r, &catalogue, w, &city.zone, act.at, may_promise))
            .collect(),
        may_promise,
        services: catalogue
            .services
            .iter()
            .filter(|s| s.is_open && s.about.attributes.iter().all(|a| !a.required))
            .map(|s| (s.code.as_str(), s.name(ask.lang)))
            .collect(),
        done,
        wrong,
        typed,
    })
}

/// `POST …/callers`: one more on the line.
pub async fn enter(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let typed = Typed::of(&form);
    let (act, jurisdiction, theirs) = (signed.act(&door), signed.jurisdiction, typed.clone());
    let entered = door
        .db
        .write(move |tx: &mut Tx<'_>| {
            officials::enter(tx, &act, jurisdiction, id, &theirs.name, &theirs.mobile, &theirs.about)
        })
        .await;
    finish(&door, id, signed, ask, entered.map(|_| "entered"), typed).await
}

/// `POST …/callers/{caller}`: takes them on, or ends the call.
pub async fn set(
    State(door): State<Door>,
    Path((id, caller)): Path<(i64, i64)>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let Some(state) = CallerState::parse(form.text("state")) else {
        return ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await;
    };
    let (act, jurisdiction) = (signed.act(&door), signed.jurisdiction);
    let set = door
        .db
        .write(move |tx: &mut Tx<'_>| officials::set_caller(tx, &act, jurisdiction, id, caller, state))
        .await;
    finish(&door, id, signed, ask, set.map(|()| "set"), Typed::default()).await
}

/// `POST …/promise`.
pub async fn promise(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let typed = Typed::of(&form);
    let (act, jurisdiction, lang) = (signed.act(&door), signed.jurisdiction, ask.lang);
    let draft = Draft {
        service_code: typed.service.clone(),
        words: typed.words.clone(),
        place: PlaceDraft { address: typed.address.clone(), ..PlaceDraft::default() },
        idempotency_key: Some(format!("promise-{}", typed.key)).filter(|_| !typed.key.is_empty()),
        ..Draft::new(jurisdiction, Channel::Phone, lang)
    };
    let caller = typed.caller.parse().ok();
    let promised = door
        .db
        .write(move |tx: &mut Tx<'_>| officials::promise(tx, &act, jurisdiction, id, caller, &draft))
        .await;
    finish(&door, id, signed, ask, promised.map(|_| "promised"), typed).await
}

async fn finish(
    door: &Door,
    id: i64,
    signed: Signed,
    ask: Ask,
    outcome: Result<&'static str, OfficialError>,
    typed: Typed,
) -> Result<Response, Failure> {
    let w = ask.words();
    let wrong = match outcome {
        Ok(done) => {
            let city = Some(ask.city_code()).filter(|code| !code.is_empty());
            let page = Page::new(w, None, city, "", "", "");
            let path = format!("{}?done={done}", base_of(&ask, id));
            return Ok(Redirect::to(&page.url(&path).to_string()).into_response());
        }
        Err(OfficialError::Failure(failure)) => return Err(failure.into()),
        Err(OfficialError::NotFound) => {
            return ask::answer(door, ask, |_, _, _| Ok(Answer::Missing)).await;
        }
        Err(OfficialError::Denied(_)) => {
            return ask::answer(door, ask, |_, ask, here| {
                Ok(Answer::Refused(StatusCode::FORBIDDEN, errors::denied(ask, here)?))
            })
            .await;
        }
        Err(OfficialError::MobileWrong) => Wrongs::one("mobile", w.report_refusal_mobile_wrong()),
        Err(OfficialError::TooLong) => Wrongs::one("about", w.officials_refusal_too_long()),
        Err(OfficialError::CallerGone) => Wrongs::one("", w.officials_refusal_caller_gone()),
        Err(OfficialError::Wrong { .. }) => Wrongs::one("", w.officials_refusal_caller_gone()),
        Err(OfficialError::Refused(all)) => {
            let jurisdiction = signed.jurisdiction;
            let atlas = door.db.read(move |tx| territory::atlas(tx, jurisdiction)).await?;
            let about = About { w, atlas: &atlas, service: None };
            let mut wrong = Wrongs::default();
            for refusal in &all {
                let field = match refusals::field_id(refusal).as_str() {
                    "service" => "service",
                    "address_string" | "division" => "address",
                    "description" => "words",
                    _ => "",
                };
                wrong.add(field, refusals::sentence(&about, refusal));
            }
            wrong
        }
    };
    screen(door, id, signed, ask, None, wrong, typed).await
}
