//! What one shift of dispatchers tells the next: how things stand, what is urgent, what crews wrote when they went home.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use calendar::{Timestamp, words as dates};
use dispatch::OrderStatus;
use dispatch::day::{self, Day};
use door::{Door, Failure, Form, Signed};
use people::{Act, Permission, Where, accounts};
use storage::Tx;
use territory::Level;

use super::row::{self, Row};
use super::{board, done, refusal, send as to, sentence};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;

/// Orders that are named one by one.
const MOST: usize = 60;
const EARLIER: u32 = 6;

#[derive(Template)]
#[template(path = "dispatch/handover.html")]
struct HandoverPage<'a> {
    page: Page<'a>,
    said: Option<&'static str>,
    refused: Option<&'static str>,
    districts: Vec<(&'a str, String)>,
    district: &'a str,
    standing: day::Standing,
    urgent: Vec<Row>,
    under_way: Vec<Row>,
    ending: Vec<(String, String)>,
    crews_said: Vec<(String, String, String)>,
    earlier: Vec<Left>,
    words: &'a str,
    back: String,
}

struct Left {
    id: i64,
    when: String,
    who: String,
    words: String,
    standing: String,
    taken: Option<String>,
}

/// `GET /dispatch/handover`, with `?district=`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let (act, now) = (signed.act(&door), door.now());
    ask::answer(&door, ask, move |tx, ask, here| {
        let refused = Some(ask.field("refused")).filter(|code| !code.is_empty());
        let refused = refused.map(|code| sentence(ask.words(), code));
        Ok(Answer::Page(NEVER, draw(tx, ask, here, &signed, &act, now, refused, "")?))
    })
    .await
}

fn draw(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    act: &Act,
    now: Timestamp,
    refused: Option<&'static str>,
    words: &str,
) -> Result<String, Failure> {
    let (w, city) = (ask.words(), here.city().id);
    let atlas = territory::atlas(tx, city)?;
    let zone = &atlas.jurisdiction.zone;
    let district = atlas.by_code(Level::District, ask.field("district"));
    let (id, code) = (district.map(|d| d.id), district.map_or("", |d| d.code.as_str()));
    let today = board::theirs(Day::read(tx, city, id, now)?, act);
    let names = board::all_names(tx, city, w)?;
    let line = |order: &dispatch::WorkOrder| Row::of(order, &today.kinds, &atlas, &names, w, now);
    let may = act.may(Permission::Dispatch, Where::city(city).in_district(id));
    let mut earlier = Vec::new();
    for left in if may { day::latest_handover(tx, city, id, EARLIER)? } else { Vec::new() } {
        let mut who = |account: Option<i64>| -> Result<String, Failure> {
            let found = account.map(|account| accounts::by_id(tx, city, account)).transpose()?.flatten();
            Ok(found.map_or_else(|| w.common_unknown().to_owned(), |account| account.name))
        };
        let s = left.standing;
        earlier.push(Left {
            id: left.id,
            when: dates::short_date_time(w.lang(), left.at, zone),
            who: who(left.account)?,
            standing: w.dispatch_handover_stood(s.late, s.open, s.unassigned),
            taken: match left.taken_at {
                Some(at) => Some(w.dispatch_handover_taken_by(
                    &who(left.taken_by)?,
                    &dates::short_date_time(w.lang(), at, zone),
                )),
                None => None,
            },
            words: left.words,
        });
    }
    let crews_said = day::told_by_crews(tx, city, now)?
        .into_iter()
        .filter(|(crew, _)| id.is_none() || today.crew(*crew).is_some() || names.contains_key(crew))
        .map(|(crew, shift)| {
            let at = shift.ended_at.unwrap_or(shift.ends_at);
            (row::name(&names, Some(crew), w), dates::relative(w.lang(), at, now), shift.handover)
        })
        .collect();
    let page = here.staff(ask, signed, w.dispatch_handover_title()).wrong(refused.is_some());
    render(&HandoverPage {
        said: done(w, ask.field("done")),
        refused,
        districts: atlas.districts().map(|d| (d.code.as_str(), d.name(ask.lang).to_owned())).collect(),
        district: code,
        standing: day::standing(&today.orders, now),
        urgent: today
            .orders
            .iter()
            .filter(|order| order.status == OrderStatus::Open || order.is_late(now))
            .take(MOST)
            .map(line)
            .collect(),
        under_way: today
            .orders
            .iter()
            .filter(|order| order.status.is_under_way())
            .take(MOST)
            .map(line)
            .collect(),
        ending: today
            .crews
            .iter()
            .filter(|duty| duty.shift.ends_at < now.plus_minutes(90))
            .map(|duty| (duty.crew.name(w.lang()).to_owned(), row::clock(w, duty.shift.ends_at, &atlas)))
            .collect(),
        crews_said,
        earlier,
        words,
        back: format!("/dispatch?district={code}"),
        page,
    })
}

/// `POST /dispatch/handover`: leave words, or take those that were left.
pub async fn send(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city, now) = (signed.act(&door), signed.jurisdiction, door.now());
    let code: String = form.text("district").chars().filter(char::is_ascii_alphanumeric).collect();
    let words = form.text("words").to_owned();
    let outcome = match form.text("do") {
        "leave" => {
            let (code, words) = (code.clone(), words.clone());
            let left = door.db.write(move |tx| {
                let id = territory::atlas(tx, city)?.by_code(Level::District, &code).map(|d| d.id);
                let standing = day::standing(&Day::read(tx, city, id, now)?.orders, now);
                day::leave_handover(tx, &act, city, id, &words, standing).map(|_| ())
            });
            left.await.map(|()| "left")
        }
        "take" => {
            let id = form.text("id").parse().unwrap_or(0);
            door.db.write(move |tx| day::take_handover(tx, &act, city, id)).await.map(|()| "taken")
        }
        _ => return ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await,
    };
    match outcome {
        Ok(done) => to::go(&door, ask, format!("/dispatch/handover?district={code}&done={done}")).await,
        Err(error) => {
            let refused = sentence(ask.words(), refusal(error)?);
            let act = signed.act(&door);
            // Nothing typed is lost.
            ask::answer(&door, ask, move |tx, ask, here| {
                let html = draw(tx, ask, here, &signed, &act, now, Some(refused), &words)?;
                Ok(Answer::Refused(http::StatusCode::UNPROCESSABLE_ENTITY, html))
            })
            .await
        }
    }
}
