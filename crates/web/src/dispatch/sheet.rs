//! A crew's day on paper: for whoever has no telephone today, and for the wall.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use calendar::words as dates;
use dispatch::{crews, job_types, members, shifts};
use door::{Door, Failure, Signed};
use people::Permission;

use super::plan::stops_of;
use super::row::{self, Row};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;

#[derive(Template)]
#[template(path = "dispatch/sheet.html")]
struct Sheet<'a> {
    page: Page<'a>,
    name: String,
    code: String,
    day: String,
    shift: String,
    vehicle: String,
    members: Vec<String>,
    stops: Vec<Stop>,
    back: String,
}

struct Stop {
    number: i64,
    time: String,
    row: Row,
    checks: Vec<String>,
    materials: Vec<String>,
    people: String,
}

/// `GET /dispatch/sheet/{crew}`.
pub async fn page(
    State(door): State<Door>,
    Path(code): Path<String>,
    ask: Ask,
    signed: Signed,
) -> Result<Response, Failure> {
    let (act, now) = (signed.act(&door), door.now());
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city().id);
        let Some(crew) = crews::by_code(tx, city, &code)? else { return Ok(Answer::Missing) };
        if !act.may(Permission::Dispatch, crew.place()) {
            return Ok(Answer::Missing);
        }
        let atlas = territory::atlas(tx, city)?;
        let zone = &atlas.jurisdiction.zone;
        let kinds = job_types::kinds(tx, city)?;
        let names = row::names([&crew], w);
        let shift = shifts::current(tx, city, crew.id, now)?;
        let stops = stops_of(tx, city, crew.id)?;
        let stops: Vec<Stop> = stops
            .iter()
            .enumerate()
            .map(|(n, order)| {
                let kind = kinds.job_type(&order.job_type);
                let checks = kind
                    .map(|kind| kind.checklist.iter().map(|check| check.name(w.lang()).to_owned()).collect());
                let named = |code: &String| {
                    let found = kinds.materials.iter().find(|material| material.code == *code);
                    found.map_or_else(|| code.clone(), |material| material.name(w.lang()).to_owned())
                };
                let materials = kind.map(|kind| {
                    let used = kind.materials.iter();
                    used.map(|(code, amount)| {
                        format!("{} × {}", named(code), language::digits::grouped(*amount, w.lang()))
                    })
                    .collect()
                });
                Stop {
                    number: n as i64 + 1,
                    time: order.planned_at.map_or(String::new(), |at| row::clock(w, at, &atlas)),
                    row: Row::of(order, &kinds, &atlas, &names, w, now),
                    checks: checks.unwrap_or_default(),
                    materials: materials.unwrap_or_default(),
                    people: w.dispatch_sheet_people(order.people),
                }
            })
            .collect();
        let title = w.dispatch_sheet_title(crew.name(w.lang()));
        let html = render(&Sheet {
            name: crew.name(w.lang()).to_owned(),
            code: crew.code.clone(),
            day: dates::date(w.lang(), now.day(zone)),
            shift: shift.map_or(String::new(), |shift| {
                w.dispatch_from_to(
                    &row::clock(w, shift.starts_at, &atlas),
                    &row::clock(w, shift.ends_at, &atlas),
                )
            }),
            vehicle: crew.vehicle.clone(),
            members: members::of_crew(tx, city, crew.id)?.into_iter().map(|member| member.name).collect(),
            stops,
            back: "/dispatch".to_owned(),
            page: here.staff(ask, &signed, &title),
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}
