//! A better plan: asked for, shown with what it changes, accepted or refused; the plans before it; and what would be if.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use calendar::Timestamp;
use dispatch::day::{
    self, Case, Day, Difference, Effort, Found, Kept, Kind, Moved, Outlook, PlanId, Posed, State as Standing,
};
use dispatch::{CrewId, DispatchError, OrderId, orders, roads};
use door::{Door, Failure, Form, Signed};
use people::{Act, Permission, Where};
use storage::Tx;
use territory::{Atlas, Level};
use words::Words;

use super::row::{self, Names};
use super::{apart, done, refusal, send, sentence};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;

/// Changes of one list; the rest is counted.
const MOST: usize = 60;
/// Plans before this one.
const HISTORY: u32 = 20;

#[derive(Template)]
#[template(path = "dispatch/plan.html")]
struct PlanPage<'a> {
    page: Page<'a>,
    said: Option<&'static str>,
    refused: Option<&'static str>,
    districts: Vec<(&'a str, String)>,
    district: &'a str,
    is_planned: bool,
    by_itself: bool,
    proposal: Option<Proposal>,
    history: Vec<Past>,
    crews: Vec<(i64, String)>,
    kinds: Vec<(String, String)>,
    outlook: Option<Vec<(String, String, String)>>,
    back: String,
}

/// A proposal in words: what a dispatcher reads before saying yes or no.
pub struct Proposal {
    pub id: i64,
    pub sentence: String,
    pub when: String,
    pub kind: &'static str,
    pub parts: Vec<Part>,
}

pub struct Part {
    pub title: String,
    pub lines: Vec<Line>,
}

pub struct Line {
    pub code: String,
    pub path: String,
    pub what: String,
    pub change: String,
}

struct Past {
    when: String,
    kind: &'static str,
    state: &'static str,
    sentence: String,
    seed: String,
}

impl Proposal {
    pub fn of(kept: &Kept, today: &Day, atlas: &Atlas, names: &Names, w: Words) -> Proposal {
        let d = &kept.difference;
        let lists = [
            (w.dispatch_plan_handed_on(), &d.handed_on),
            (w.dispatch_plan_placed(), &d.placed),
            (w.dispatch_plan_dropped(), &d.dropped),
            (w.dispatch_plan_later(), &d.later),
        ];
        let mut parts: Vec<Part> = lists
            .into_iter()
            .filter(|(_, moves)| !moves.is_empty())
            .map(|(title, moves)| Part {
                title: title.to_owned(),
                lines: moves.iter().take(MOST).map(|moved| line(moved, today, atlas, names, w)).collect(),
            })
            .collect();
        if !d.left_over.is_empty() {
            let lines = d
                .left_over
                .iter()
                .take(MOST)
                .map(|left| Line { change: row::reason(w, &left.reason), ..named(left.order, today, w) });
            parts.push(Part { title: w.dispatch_plan_left_over().to_owned(), lines: lines.collect() });
        }
        Proposal {
            id: kept.id.0,
            sentence: told(d, w),
            when: calendar::words::relative(w.lang(), kept.made_at, today.now),
            kind: kind(w, kept.kind),
            parts,
        }
    }
}

/// "6 orders move, 41 minutes less on the road."
fn told(d: &Difference, w: Words) -> String {
    let mut said = vec![w.dispatch_plan_moves(d.moved() as i64)];
    if d.travel_saved.abs() >= 60 {
        let minutes = row::minutes(w, d.travel_saved.abs());
        said.push(match d.travel_saved > 0 {
            true => w.dispatch_plan_travel_less(&minutes),
            false => w.dispatch_plan_travel_more(&minutes),
        });
    }
    let late = d.late_before - d.late_after;
    // Who gets a crew only now was late for nobody before.
    if late >= 60 || (late <= -60 && d.placed.is_empty()) {
        let minutes = row::minutes(w, late.abs());
        said.push(match late > 0 {
            true => w.dispatch_plan_late_less(&minutes),
            false => w.dispatch_plan_late_more(&minutes),
        });
    }
    if !d.saved.is_empty() {
        said.push(w.dispatch_plan_saved(d.saved.len() as i64));
    }
    if !d.made_late.is_empty() {
        said.push(w.dispatch_plan_made_late(d.made_late.len() as i64));
    }
    said.join(if w.lang() == language::Lang::Fa { "، " } else { ", " })
}

fn named(order: OrderId, today: &Day, w: Words) -> Line {
    match today.order(order) {
        Some(order) => Line {
            code: order.code.clone(),
            path: super::path(&order.code),
            what: today.kinds.name(&order.job_type, w.lang()),
            change: String::new(),
        },
        // Ended meanwhile.
        None => Line {
            code: String::new(),
            path: String::new(),
            what: w.dispatch_plan_gone().to_owned(),
            change: String::new(),
        },
    }
}

fn line(moved: &Moved, today: &Day, atlas: &Atlas, names: &Names, w: Words) -> Line {
    let name = |crew| row::name(names, crew, w);
    let time = |at: Option<Timestamp>| at.map_or(String::new(), |at| row::clock(w, at, atlas));
    let change = match (moved.from, moved.to) {
        (from, to) if from == to => w.dispatch_plan_retimed(&name(to), &time(moved.now), &time(moved.was)),
        (None, to) => w.dispatch_plan_given(&name(to), &time(moved.now)),
        (from, None) => w.dispatch_plan_taken(&name(from)),
        (from, to) => w.dispatch_plan_moved(&name(from), &time(moved.now), &name(to)),
    };
    Line { change, ..named(moved.order, today, w) }
}

fn kind(w: Words, kind: Kind) -> &'static str {
    match kind {
        Kind::Asked => w.dispatch_plan_asked(),
        Kind::Repair => w.dispatch_plan_repair(),
        Kind::ByHand => w.dispatch_plan_by_hand(),
    }
}

fn state(w: Words, state: Standing) -> &'static str {
    match state {
        Standing::Proposed => w.dispatch_plan_proposed(),
        Standing::Published => w.dispatch_plan_published(),
        Standing::Refused => w.dispatch_plan_refused(),
        Standing::Outdated => w.dispatch_plan_outdated(),
    }
}

/// `GET /dispatch/plan`, with `?district=`, and `?case=` for "what if".
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let (act, now) = (signed.act(&door), door.now());
    let supposed = suppose(&door, &ask, &act, signed.jurisdiction, now).await?;
    ask::answer(&door, ask, move |tx, ask, here| {
        Ok(Answer::Page(NEVER, draw(tx, ask, here, &signed, &act, now, supposed)?))
    })
    .await
}

type Supposed = Option<Result<Outlook, DispatchError>>;

/// "What if" is searched away from the database and writes nothing.
async fn suppose(door: &Door, ask: &Ask, act: &Act, city: i64, now: Timestamp) -> Result<Supposed, Failure> {
    let case = match ask.field("case") {
        "out" => ask.field("crew").parse().ok().map(|crew| Case::CrewOut(CrewId(crew))),
        "more" => Some(Case::More {
            job_type: ask.field("kind").to_owned(),
            count: language::digits::parse_i64(ask.field("count"))
                .and_then(|n| usize::try_from(n).ok())
                .unwrap_or(10),
        }),
        _ => None,
    };
    let Some(case) = case else { return Ok(None) };
    let (act, code) = (act.clone(), ask.field("district").to_owned());
    let (today, travel) = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let id = territory::atlas(tx, city)?.by_code(Level::District, &code).map(|d| d.id);
            Ok((super::board::theirs(Day::read(tx, city, id, now)?, &act), roads::of(tx, city, now)?))
        })
        .await?;
    // The same seed for the same question, so that looking twice says the same.
    let outlook = apart(move || day::what_if(&today, &*travel, &case, Effort::asked(137))).await?;
    Ok(Some(outlook))
}

fn draw(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    act: &Act,
    now: Timestamp,
    supposed: Supposed,
) -> Result<String, Failure> {
    let (w, city) = (ask.words(), here.city().id);
    let atlas = territory::atlas(tx, city)?;
    let district = atlas.by_code(Level::District, ask.field("district"));
    let (id, code) = (district.map(|d| d.id), district.map_or("", |d| d.code.as_str()));
    let is_planned = id.is_some() || atlas.districts().next().is_none();
    let today = super::board::theirs(Day::read(tx, city, id, now)?, act);
    let names = super::board::all_names(tx, city, w)?;
    let may = act.may(Permission::Dispatch, Where::city(city).in_district(id));
    let kept = if may && is_planned { day::proposed(tx, city, id)? } else { None };
    let history = if may { day::history(tx, city, id, HISTORY)? } else { Vec::new() };
    let mut refused =
        Some(ask.field("refused")).filter(|code| !code.is_empty()).map(|code| sentence(w, code));
    let outlook = match supposed {
        None => None,
        Some(Ok(outlook)) => Some(compared(&outlook, w)),
        Some(Err(error)) => {
            refused = Some(sentence(w, refusal(error)?));
            None
        }
    };
    let page = here.staff(ask, signed, w.dispatch_plan_title());
    render(&PlanPage {
        said: done(w, ask.field("done")),
        refused,
        districts: atlas.districts().map(|d| (d.code.as_str(), d.name(ask.lang).to_owned())).collect(),
        district: code,
        is_planned,
        by_itself: day::by_itself(tx, city, id)?,
        proposal: kept.map(|kept| Proposal::of(&kept, &today, &atlas, &names, w)),
        history: history
            .iter()
            .map(|kept| Past {
                when: calendar::words::short_date_time(w.lang(), kept.made_at, &atlas.jurisdiction.zone),
                kind: kind(w, kept.kind),
                state: state(w, kept.state),
                sentence: told(&kept.difference, w),
                seed: match kept.kind {
                    Kind::ByHand => String::new(),
                    _ => format!("{} · {}", kept.effort.seed, kept.effort.steps),
                },
            })
            .collect(),
        crews: today.crews.iter().map(|duty| (duty.crew.id.0, duty.crew.name(w.lang()).to_owned())).collect(),
        kinds: today
            .kinds
            .job_types
            .iter()
            .map(|kind| (kind.code.clone(), kind.name.get(w.lang()).to_owned()))
            .collect(),
        outlook,
        back: format!("/dispatch?district={code}"),
        page,
    })
}

/// The two days side by side: a name, now, then.
fn compared(outlook: &Outlook, w: Words) -> Vec<(String, String, String)> {
    let n = |n: i64| language::digits::grouped(n, w.lang());
    let time = |seconds: i64| if seconds < 60 { n(0) } else { row::minutes(w, seconds) };
    vec![
        (w.dispatch_what_if_left().to_owned(), n(outlook.left_now), n(outlook.left_then)),
        (w.dispatch_what_if_late().to_owned(), time(outlook.late_now), time(outlook.late_then)),
        (w.dispatch_what_if_travel().to_owned(), time(outlook.travel_now), time(outlook.travel_then)),
    ]
}

/// `POST /dispatch/plan`: ask for a better plan, accept it, refuse it, or let the district repair by itself.
pub async fn send(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city, now) = (signed.act(&door), signed.jurisdiction, door.now());
    let code: String = form.text("district").chars().filter(char::is_ascii_alphanumeric).collect();
    let id = {
        let code = code.clone();
        door.db
            .read(move |tx| {
                territory::atlas(tx, city).map(|atlas| atlas.by_code(Level::District, &code).map(|d| d.id))
            })
            .await?
    };
    let plan = PlanId(form.text("plan").parse().unwrap_or(0));
    let words = form.text("words").to_owned();
    let outcome: Result<&'static str, DispatchError> = match form.text("do") {
        "ask" => propose(&door, act, city, vec![id], now).await,
        "ask-all" => {
            let districts = door.db.read(move |tx| day::districts_at_work(tx, city)).await?;
            propose(&door, act, city, districts, now).await
        }
        "publish" => {
            let published = door.db.write(move |tx| day::publish(tx, &act, city, plan).map(|_| ())).await;
            published.map(|()| "published")
        }
        "refuse" => {
            let refused =
                door.db.write(move |tx| day::refuse(tx, &act, city, plan, &words).map(|_| ())).await;
            refused.map(|()| "refused")
        }
        "by-itself" | "by-hand" => {
            let by_itself = form.text("do") == "by-itself";
            let set = door.db.write(move |tx| day::set_by_itself(tx, &act, city, id, by_itself)).await;
            set.map(|()| "way")
        }
        _ => return ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await,
    };
    let base = match form.text("back") {
        "board" => "/dispatch",
        _ => "/dispatch/plan",
    };
    let to = match outcome {
        Ok(done) => format!("{base}?district={code}&done={done}"),
        Err(error) => format!("{base}?district={code}&refused={}", refusal(error)?),
    };
    send::go(&door, ask, to).await
}

/// Looks for better plans of several districts side by side, away from the database, and writes down those that are.
async fn propose(
    door: &Door,
    act: Act,
    city: i64,
    districts: Vec<Option<i64>>,
    now: Timestamp,
) -> Result<&'static str, DispatchError> {
    for district in &districts {
        act.require(Permission::Dispatch, Where::city(city).in_district(*district))?;
    }
    let (days, travel) = door
        .db
        .read(move |tx| -> Result<_, DispatchError> {
            let days: Result<Vec<Day>, _> =
                districts.into_iter().map(|id| Day::read(tx, city, id, now)).collect();
            Ok((days?, roads::of(tx, city, now)?))
        })
        .await?;
    let effort = Effort::asked(act.dice.number());
    let searched = apart(move || -> Vec<(Posed, Result<Found, DispatchError>)> {
        let posed: Vec<Posed> = days.iter().map(|today| day::pose(today, &*travel)).collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let found = day::search_all(&posed, effort, threads);
        posed.into_iter().zip(found).collect()
    });
    let searched = searched.await.map_err(|_| DispatchError::Refused("plan-impossible"))?;
    let mut better = Vec::new();
    for (posed, found) in searched {
        let found = found?;
        if found.is_better || found.difference.moved() > 0 {
            better.push((posed, found));
        }
    }
    if better.is_empty() {
        return Ok("no-better");
    }
    let better = Arc::new(better);
    door.db
        .write(move |tx| {
            for (posed, found) in better.iter() {
                day::keep(tx, &act, city, Kind::Asked, posed, found)?;
            }
            Ok::<_, DispatchError>(())
        })
        .await?;
    Ok("proposed")
}

/// A crew's open stops, for pages that show one crew.
pub fn stops_of(tx: &mut Tx<'_>, city: i64, crew: CrewId) -> Result<Vec<dispatch::WorkOrder>, Failure> {
    Ok(orders::of_crew(tx, city, crew)?)
}
