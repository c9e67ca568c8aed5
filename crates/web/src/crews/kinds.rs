//! Kinds of work with what was learned of them, and work that comes again.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use calendar::{Day, TimeOfDay, Timestamp, Zone, words as dates};
use dispatch::routines::{self, Wish};
use dispatch::{DispatchError, Seen, durations, job_types};
use door::{Door, Failure, Form as Sent, Signed};
use http::StatusCode;
use language::digits;
use storage::Tx;

use super::field::{Field, Form, urgency};
use super::{Settled, Tab, names, refusal, settle, tabs, wish};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "crews/kinds.html")]
struct Kinds<'a> {
    page: Page<'a>,
    tabs: Vec<Tab>,
    kinds: Vec<Line>,
    routines: Vec<Again>,
    fields: Vec<Field>,
    done: Option<&'static str>,
    wrong: Wrongs,
}

struct Line {
    name: String,
    services: String,
    urgency: &'static str,
    needs: String,
    people: i64,
    estimate: String,
    /// What the city learned; empty until it has.
    learned: String,
}

struct Again {
    path: String,
    title: String,
    kind: String,
    every: i64,
    next: String,
    is_active: bool,
    version: i64,
}

#[derive(Clone, Default)]
struct Typed {
    job_type: String,
    title: String,
    lat: String,
    long: String,
    address: String,
    every_days: String,
    day: String,
    begins: String,
}

impl Typed {
    fn of(form: &Sent) -> Typed {
        let text = |name: &str| form.text(name).trim().to_owned();
        Typed {
            job_type: text("job_type"),
            title: text("title"),
            lat: text("lat"),
            long: text("long"),
            address: text("address"),
            every_days: text("every_days"),
            day: text("day"),
            begins: text("begins"),
        }
    }

    fn usual(now: Timestamp, zone: &Zone, lang: language::Lang) -> Typed {
        Typed {
            every_days: digits::shown("30", lang),
            day: dates::numeric_date(lang, now.day(zone).plus_days(1)),
            begins: digits::shown("08:00", lang),
            ..Typed::default()
        }
    }

    fn wish(&self, ask: &Ask, zone: &Zone) -> Result<Wish, Wrongs> {
        let w = ask.words();
        let mut wrong = Wrongs::default();
        let point = wish::point(&self.lat, &self.long);
        if point.is_none() {
            wrong.add("lat", refusal(w, "place-missing"));
        }
        let every = digits::to_ascii(&self.every_days).parse();
        if every.is_err() {
            wrong.add("every_days", refusal(w, "number-wrong"));
        }
        let time = digits::to_ascii(&self.begins).parse::<TimeOfDay>();
        let next = Day::parse(&self.day).ok().zip(time.ok());
        if next.is_none() {
            wrong.add("day", refusal(w, "day-wrong"));
        }
        match (point, every, next) {
            (Some(point), Ok(every_days), Some((day, time))) => Ok(Wish {
                job_type: self.job_type.clone(),
                title: self.title.clone(),
                point,
                address: self.address.clone(),
                every_days,
                next_at: zone.at(day, time.minute()),
            }),
            _ => Err(wrong),
        }
    }
}

/// `GET /work-kinds`.
pub async fn page(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let done = match ask.field("done") {
        "" => None,
        _ => Some(ask.words().crews_done_routine()),
    };
    screen(&door, signed, ask, done, Wrongs::default(), None).await
}

/// `POST /work-kinds/routines`.
pub async fn add(
    State(door): State<Door>,
    signed: Signed,
    ask: Ask,
    form: Sent,
) -> Result<Response, Failure> {
    let typed = Typed::of(&form);
    let jurisdiction = signed.jurisdiction;
    let atlas = door.db.read(move |tx| territory::atlas(tx, jurisdiction)).await?;
    let wish = match typed.wish(&ask, &atlas.jurisdiction.zone) {
        Ok(wish) => wish,
        Err(wrong) => return screen(&door, signed, ask, None, wrong, Some(typed)).await,
    };
    let act = signed.act(&door);
    let added = door.db.write(move |tx: &mut Tx<'_>| routines::add(tx, &act, jurisdiction, &wish)).await;
    finish(&door, signed, ask, added.map(|_| ()), Some(typed)).await
}

/// `POST /work-kinds/routines/{id}`: rests, or goes on.
pub async fn set(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
    form: Sent,
) -> Result<Response, Failure> {
    let (act, jurisdiction) = (signed.act(&door), signed.jurisdiction);
    let active = form.text("active") == "yes";
    let seen = Seen(form.text("version").parse().unwrap_or(0));
    let set = door
        .db
        .write(move |tx: &mut Tx<'_>| routines::set_active(tx, &act, jurisdiction, id, active, seen))
        .await;
    finish(&door, signed, ask, set, None).await
}

async fn finish(
    door: &Door,
    signed: Signed,
    ask: Ask,
    outcome: Result<(), DispatchError>,
    typed: Option<Typed>,
) -> Result<Response, Failure> {
    match settle(door, ask, outcome.map(|()| "/work-kinds?done=yes#routines".to_owned())).await? {
        (Settled::Page(page), _) => Ok(page),
        (Settled::Wrong(wrong), ask) => screen(door, signed, ask, None, wrong, typed).await,
    }
}

async fn screen(
    door: &Door,
    signed: Signed,
    ask: Ask,
    done: Option<&'static str>,
    wrong: Wrongs,
    typed: Option<Typed>,
) -> Result<Response, Failure> {
    let act = signed.act(door);
    ask::answer(door, ask, move |tx, ask, here| {
        let (w, city, lang) = (ask.words(), here.city(), ask.lang);
        let known = job_types::kinds(tx, city.id)?;
        let catalogue = requests::catalogue(tx, city.id)?;
        let minutes = |seconds: f64| (seconds / 60.0).round() as i64;
        let mut kinds = Vec::new();
        for kind in &known.job_types {
            let learned = durations::learned(tx, city.id, &kind.code, 0)?;
            let services = kind.services.iter().filter_map(|code| catalogue.by_code(code));
            let skills = names(&known.skills, &kind.skills, w);
            let equipment = names(&known.equipment, &kind.equipment, w);
            let needs = [skills, equipment].into_iter().filter(|part| !part.is_empty());
            kinds.push(Line {
                name: kind.name.get(lang).to_owned(),
                services: services.map(|s| s.name(lang)).collect::<Vec<_>>().join(w.crews_comma()),
                urgency: urgency(w, kind.urgency),
                needs: needs.collect::<Vec<_>>().join(w.crews_comma()),
                people: kind.people,
                estimate: w.crews_minutes(kind.minutes, kind.spread),
                learned: match learned.count >= durations::ENOUGH {
                    true => {
                        w.crews_learned(learned.count, minutes(learned.mean), minutes(learned.deviation()))
                    }
                    false => String::new(),
                },
            });
        }
        let routines = routines::list(tx, city.id, 200)?
            .into_iter()
            .map(|routine| Again {
                path: format!("/work-kinds/routines/{}", routine.id),
                kind: known.name(&routine.job_type, lang),
                title: routine.title,
                every: routine.every_days,
                next: dates::short_date_time(lang, routine.next_at, &city.zone),
                is_active: routine.is_active,
                version: routine.version,
            })
            .collect();
        let typed = typed.unwrap_or_else(|| Typed::usual(act.at, &city.zone, lang));
        let of_kinds = known.job_types.iter().map(|kind| (kind.code.clone(), kind.name.get(lang).to_owned()));
        let fields = Form::new(&wrong)
            .choice("job_type", w.crews_job_type(), &typed.job_type, of_kinds.collect())
            .text("title", w.crews_routine_name(), &typed.title)
            .code("lat", w.crews_lat(), &typed.lat)
            .code("long", w.crews_long(), &typed.long)
            .text("address", w.crews_address(), &typed.address)
            .optional()
            .code("every_days", w.crews_every_days(), &typed.every_days)
            .code("day", w.crews_from_day(), &typed.day)
            .code("begins", w.crews_begins(), &typed.begins)
            .fields;
        let is_wrong = !wrong.is_empty();
        let html = render(&Kinds {
            page: here.staff(ask, &signed, w.crews_kinds_title()).at("/work-kinds", "").wrong(is_wrong),
            tabs: tabs(w, "/work-kinds"),
            kinds,
            routines,
            fields,
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
