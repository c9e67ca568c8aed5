//! One crew: what it is and can do, who is in it, its next shifts, and what it does now.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use calendar::words as dates;
use dispatch::crews::{self, Wish};
use dispatch::{Crew, CrewStatus, DispatchError, Seen, job_types, members, orders, shifts};
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use people::Role;
use storage::Tx;

use super::field::Field;
use super::wish::{self, Tick, Typed};
use super::{Settled, Tab, district_name, field, is_mine, settle, status_name, tabs, tone};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "crews/one.html")]
struct One<'a> {
    page: Page<'a>,
    tabs: Vec<Tab>,
    action: String,
    fields: Vec<Field>,
    skills: Vec<Tick>,
    equipment: Vec<Tick>,
    version: String,
    /// None for a crew that is not there yet.
    known: Option<Known>,
    done: Option<&'static str>,
    wrong: Wrongs,
}

struct Known {
    base: String,
    code: String,
    district: String,
    status: &'static str,
    tone: &'static str,
    since: String,
    seen: String,
    is_active: bool,
    statuses: Vec<(&'static str, &'static str)>,
    members: Vec<Member>,
    /// Accounts that could join: with the role, in no crew.
    others: Vec<(i64, String)>,
    member_error: Option<String>,
    shifts: Vec<String>,
    stops: Vec<Stop>,
}

struct Member {
    account: i64,
    name: String,
    leads: bool,
    since: String,
}

struct Stop {
    code: String,
    kind: String,
    address: String,
    status: &'static str,
    path: String,
}

impl Known {
    fn leaving(&self, account: &i64) -> String {
        format!("{}/members/{account}/leave", self.base)
    }
}

/// `GET /crews/new`.
pub async fn new(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    screen(&door, None, signed, ask, None, Wrongs::default(), None).await
}

/// `GET /crews/{code}`.
pub async fn page(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    let w = ask.words();
    let done = match ask.field("done") {
        "added" => Some(w.crews_done_added()),
        "changed" => Some(w.crews_done_changed()),
        "withdrawn" => Some(w.crews_done_withdrawn()),
        "status" => Some(w.crews_done_status()),
        "members" => Some(w.crews_done_members()),
        _ => None,
    };
    screen(&door, Some(code), signed, ask, done, Wrongs::default(), None).await
}

/// `POST /crews/new`.
pub async fn add(
    State(door): State<Door>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let typed = Typed::of(&form);
    let wish = match typed.wish(ask.words()) {
        Ok(wish) => wish,
        Err(wrong) => return screen(&door, None, signed, ask, None, wrong, Some(typed)).await,
    };
    let (act, jurisdiction) = (signed.act(&door), signed.jurisdiction);
    let added = door.db.write(move |tx: &mut Tx<'_>| crews::add(tx, &act, jurisdiction, &wish)).await;
    let outcome = added.map(|crew| format!("/crews/{}?done=added", crew.code));
    match settle(&door, ask, outcome).await? {
        (Settled::Page(page), _) => Ok(page),
        (Settled::Wrong(wrong), ask) => screen(&door, None, signed, ask, None, wrong, Some(typed)).await,
    }
}

/// `POST /crews/{code}`.
pub async fn change(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let typed = Typed::of(&form);
    let wish: Wish = match typed.wish(ask.words()) {
        Ok(wish) => wish,
        Err(wrong) => return screen(&door, Some(code), signed, ask, None, wrong, Some(typed)).await,
    };
    let seen = Seen(typed.version.parse().unwrap_or(0));
    let changed = verb(&door, &signed, &code, move |tx, act, crew| {
        crews::change(tx, act, crew.jurisdiction, crew.id, &wish, seen)
    })
    .await;
    finish(&door, code, signed, ask, changed.map(|crew| (crew.code, "changed")), Some(typed)).await
}

/// `POST /crews/{code}/withdraw`.
pub async fn withdraw(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let seen = Seen(form.text("version").parse().unwrap_or(0));
    let gone = verb(&door, &signed, &code, move |tx, act, crew| {
        crews::withdraw(tx, act, crew.jurisdiction, crew.id, seen)
    })
    .await;
    finish(&door, code, signed, ask, gone.map(|crew| (crew.code, "withdrawn")), None).await
}

/// `POST /crews/{code}/status`.
pub async fn set_status(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let status = CrewStatus::parse(form.text("status"));
    let set = verb(&door, &signed, &code, move |tx, act, crew| {
        let status = status.ok_or(DispatchError::Refused("crew-status-impossible"))?;
        crews::set_status(tx, act, crew.jurisdiction, crew.id, status)
    })
    .await;
    finish(&door, code, signed, ask, set.map(|crew| (crew.code, "status")), None).await
}

/// `POST /crews/{code}/members`.
pub async fn join(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let account = form.text("account").parse().unwrap_or(0);
    let leads = form.text("leads") == "yes";
    let joined = verb(&door, &signed, &code, move |tx, act, crew| {
        members::join(tx, act, crew.jurisdiction, crew.id, account, leads)?;
        Ok(crew)
    })
    .await;
    finish(&door, code, signed, ask, joined.map(|crew| (crew.code, "members")), None).await
}

/// `POST /crews/{code}/members/{account}/leave`.
pub async fn leave(
    State(door): State<Door>,
    Path((code, account)): Path<(String, i64)>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    let left = verb(&door, &signed, &code, move |tx, act, crew| {
        members::leave(tx, act, crew.jurisdiction, crew.id, account)?;
        Ok(crew)
    })
    .await;
    finish(&door, code, signed, ask, left.map(|crew| (crew.code, "members")), None).await
}

/// Does something to the crew of a code.
async fn verb(
    door: &Door,
    signed: &Signed,
    code: &str,
    does: impl FnOnce(&mut Tx<'_>, &people::Act, Crew) -> Result<Crew, DispatchError> + Clone + Send + 'static,
) -> Result<Crew, DispatchError> {
    let (act, jurisdiction, code) = (signed.act(door), signed.jurisdiction, code.to_owned());
    door.db
        .write(move |tx: &mut Tx<'_>| {
            let crew = crews::by_code(tx, jurisdiction, &code)?.ok_or(DispatchError::NotFound)?;
            (does.clone())(tx, &act, crew)
        })
        .await
}

async fn finish(
    door: &Door,
    code: String,
    signed: Signed,
    ask: Ask,
    outcome: Result<(String, &'static str), DispatchError>,
    typed: Option<Typed>,
) -> Result<Response, Failure> {
    let outcome = outcome.map(|(code, done)| format!("/crews/{code}?done={done}"));
    match settle(door, ask, outcome).await? {
        (Settled::Page(page), _) => Ok(page),
        (Settled::Wrong(wrong), ask) => screen(door, Some(code), signed, ask, None, wrong, typed).await,
    }
}

async fn screen(
    door: &Door,
    code: Option<String>,
    signed: Signed,
    ask: Ask,
    done: Option<&'static str>,
    wrong: Wrongs,
    typed: Option<Typed>,
) -> Result<Response, Failure> {
    let act = signed.act(door);
    ask::answer(door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let crew = match &code {
            None => None,
            Some(code) => match crews::by_code(tx, city.id, code)?.filter(|crew| is_mine(&act, crew)) {
                Some(crew) => Some(crew),
                None => return Ok(Answer::Missing),
            },
        };
        let atlas = territory::atlas(tx, city.id)?;
        let kinds = job_types::kinds(tx, city.id)?;
        let typed = match (typed, &crew) {
            (Some(typed), _) => typed,
            (None, Some(crew)) => Typed::from_crew(crew),
            (None, None) => Typed::new(city.centre),
        };
        let version = crew.as_ref().map_or(String::new(), |crew| crew.version.to_string());
        let catalogue = requests::catalogue(tx, city.id)?;
        let mut units: Vec<(String, String)> = catalogue
            .units()
            .map(|unit| (unit.id.to_string(), catalogue.unit_name(Some(unit.id), ask.lang).to_owned()))
            .collect();
        units.sort_by(|a, b| a.1.cmp(&b.1));
        let (skills, equipment) = wish::ticks(&kinds, &typed, w);
        let known = match &crew {
            Some(crew) => Some(known(tx, ask, here, &act, crew, &atlas, &wrong)?),
            None => None,
        };
        let title =
            crew.as_ref().map_or_else(|| w.crews_add().to_owned(), |crew| crew.name(ask.lang).to_owned());
        let action = code.as_ref().map_or("/crews/new".to_owned(), |code| format!("/crews/{code}"));
        let is_wrong = !wrong.is_empty();
        let html = render(&One {
            page: here.staff(ask, &signed, &title).at(&action, "").wrong(is_wrong),
            tabs: tabs(w, "/crews"),
            action: action.clone(),
            fields: typed.fields(w, &atlas, units, &wrong),
            skills,
            equipment,
            version,
            known,
            done,
            wrong,
        })?;
        Ok(match is_wrong {
            true => Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html),
            false => Answer::Page(NEVER, html),
        })
    })
    .await
}

fn known(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &ask::Here,
    act: &people::Act,
    crew: &Crew,
    atlas: &territory::Atlas,
    wrong: &Wrongs,
) -> Result<Known, Failure> {
    let (w, city) = (ask.words(), here.city());
    let kinds = job_types::kinds(tx, city.id)?;
    // While it has an order only dropping out is by hand; the rest follows from the order.
    let by_hand = |next: &&CrewStatus| {
        next.is_by_hand() && (crew.order.is_none() || **next == CrewStatus::OutOfService)
    };
    let may = |next: &&CrewStatus| crew.status.may_become(**next);
    let statuses = CrewStatus::ALL.iter().filter(by_hand).filter(may);
    let of_crew = members::of_crew(tx, city.id, crew.id)?;
    let mut others = Vec::new();
    for (account, name) in people::accounts::with_role(tx, city.id, Role::CrewMember, 500)? {
        if crews::of_account(tx, city.id, account)?.is_none() {
            others.push((account, name));
        }
    }
    let when = |at| dates::short_date_time(ask.lang, at, &city.zone);
    let next = shifts::of_crew(tx, city.id, crew.id, act.at)?;
    let shown = next.iter().filter(|shift| shift.state != dispatch::ShiftState::Cancelled).take(7);
    let stops = orders::of_crew(tx, city.id, crew.id)?;
    Ok(Known {
        base: format!("/crews/{}", crew.code),
        code: crew.code.clone(),
        district: district_name(atlas, crew.district, w),
        status: status_name(w, crew.status),
        tone: tone(crew.status),
        since: dates::relative(ask.lang, crew.status_at, act.at),
        seen: crew.position.map_or_else(
            || w.crews_never_seen().to_owned(),
            |position| w.crews_seen(&dates::relative(ask.lang, position.at, act.at)),
        ),
        is_active: crew.is_active,
        statuses: statuses.map(|status| (status.code(), status_name(w, *status))).collect(),
        members: of_crew
            .into_iter()
            .map(|member| Member {
                account: member.account,
                name: member.name,
                leads: member.leads,
                since: dates::short_date(ask.lang, member.since.day(&city.zone)),
            })
            .collect(),
        others,
        member_error: wrong.of("account").map(String::from),
        shifts: shown.map(|shift| w.crews_from_to(&when(shift.starts_at), &when(shift.ends_at))).collect(),
        stops: stops
            .into_iter()
            .map(|order| Stop {
                kind: kinds.name(&order.job_type, ask.lang),
                address: order.address.clone(),
                status: field::order_status(w, order.status),
                path: format!("/dispatch/orders/{}", order.code),
                code: order.code,
            })
            .collect(),
    })
}
