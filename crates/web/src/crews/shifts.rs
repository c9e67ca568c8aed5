//! The roster of a week: who works when, and a form that plans many days at once.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use calendar::{Day, TimeOfDay, Weekday, words as dates};
use dispatch::crews::{self, Wanted};
use dispatch::shifts::{self, Roster};
use dispatch::{CrewId, DispatchError, Seen, ShiftId, ShiftState};
use door::{Door, Failure, Form as Sent, Signed};
use http::StatusCode;
use language::digits;
use storage::Tx;

use super::field::{Field, Form};
use super::{Settled, Tab, is_mine, refusal, settle, tabs};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "crews/shifts.html")]
struct Week<'a> {
    page: Page<'a>,
    tabs: Vec<Tab>,
    days: Vec<String>,
    rows: Vec<Line>,
    before: String,
    after: String,
    fields: Vec<Field>,
    weekdays: Vec<(usize, &'static str, bool)>,
    skip_holidays: bool,
    done: Option<String>,
    wrong: Wrongs,
}

struct Line {
    name: String,
    path: String,
    cells: Vec<Vec<Cell>>,
}

struct Cell {
    hours: String,
    state: &'static str,
    tone: &'static str,
    /// Where it is cancelled; empty when it has begun.
    cancel: String,
    version: i64,
    handover: String,
}

#[derive(Clone)]
struct Typed {
    crew: String,
    from_day: String,
    until_day: String,
    begins: String,
    ends: String,
    overtime: String,
    rest_from: String,
    rest_to: String,
    rest_minutes: String,
    weekdays: Vec<usize>,
    skip_holidays: bool,
}

impl Typed {
    fn of(form: &Sent) -> Typed {
        let text = |name: &str| form.text(name).trim().to_owned();
        Typed {
            crew: text("crew"),
            from_day: text("from_day"),
            until_day: text("until_day"),
            begins: text("begins"),
            ends: text("ends"),
            overtime: text("overtime"),
            rest_from: text("rest_from"),
            rest_to: text("rest_to"),
            rest_minutes: text("rest_minutes"),
            weekdays: form.all("weekday").filter_map(|n| n.parse().ok()).collect(),
            skip_holidays: form.text("skip_holidays") == "yes",
        }
    }

    fn usual(from: Day, lang: language::Lang) -> Typed {
        Typed {
            crew: String::new(),
            from_day: dates::numeric_date(lang, from),
            until_day: dates::numeric_date(lang, from.plus_days(6)),
            begins: digits::shown("07:00", lang),
            ends: digits::shown("15:00", lang),
            overtime: digits::shown("60", lang),
            rest_from: digits::shown("11:30", lang),
            rest_to: digits::shown("13:00", lang),
            rest_minutes: digits::shown("30", lang),
            weekdays: (0..6).collect(),
            skip_holidays: true,
        }
    }

    fn roster(&self, ask: &Ask) -> Result<Roster, Wrongs> {
        let w = ask.words();
        let mut wrong = Wrongs::default();
        let mut day = |id: &'static str, text: &str| {
            Day::parse(text).unwrap_or_else(|_| {
                wrong.add(id, refusal(w, "day-wrong"));
                Day::EPOCH
            })
        };
        let (from, until) = (day("from_day", &self.from_day), day("until_day", &self.until_day));
        let mut minute = |id: &'static str, text: &str| {
            digits::to_ascii(text).parse::<TimeOfDay>().map_or_else(
                |_| {
                    wrong.add(id, refusal(w, "shift-time-wrong"));
                    0
                },
                |time| time.minute(),
            )
        };
        let (begins, ends) = (minute("begins", &self.begins), minute("ends", &self.ends));
        let has_rest = !self.rest_from.is_empty() && !self.rest_minutes.is_empty();
        let (rest_from, rest_to) = match has_rest {
            true if self.rest_to.is_empty() => {
                let from = minute("rest_from", &self.rest_from);
                (from, from)
            }
            true => (minute("rest_from", &self.rest_from), minute("rest_to", &self.rest_to)),
            false => (0, 0),
        };
        let mut number = |id: &'static str, text: &str| match digits::to_ascii(text).parse::<u16>() {
            Ok(number) => number,
            Err(_) if text.is_empty() => 0,
            Err(_) => {
                wrong.add(id, refusal(w, "number-wrong"));
                0
            }
        };
        let overtime = number("overtime", &self.overtime);
        let length = number("rest_minutes", &self.rest_minutes);
        // On the wall the pause may be on the day after the shift began.
        let after = |minute: u16| (minute + 1440 - begins) % 1440;
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Roster {
            crew: CrewId(self.crew.parse().unwrap_or(0)),
            from,
            until,
            weekdays: self.weekdays.iter().filter_map(|n| Weekday::ALL.get(*n).copied()).collect(),
            begins,
            ends,
            overtime,
            rest: has_rest.then(|| (after(rest_from), after(rest_to), length)),
            skip_holidays: self.skip_holidays,
        })
    }
}

/// `GET /shifts`.
pub async fn page(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let w = ask.words();
    let number = |name: &str| ask.field(name).parse::<i64>().unwrap_or(0);
    let done = match ask.field("done") {
        "planned" => Some(w.crews_done_planned(number("planned"), number("skipped"))),
        "cancelled" => Some(w.crews_done_cancelled().to_owned()),
        _ => None,
    };
    screen(&door, signed, ask, done, Wrongs::default(), None).await
}

/// `POST /shifts`.
pub async fn plan(
    State(door): State<Door>,
    signed: Signed,
    ask: Ask,
    form: Sent,
) -> Result<Response, Failure> {
    let typed = Typed::of(&form);
    let roster = match typed.roster(&ask) {
        Ok(roster) => roster,
        Err(wrong) => return screen(&door, signed, ask, None, wrong, Some(typed)).await,
    };
    let (act, jurisdiction, from) = (signed.act(&door), signed.jurisdiction, roster.from);
    let planned = door
        .db
        .write(move |tx: &mut Tx<'_>| match shifts::roster(tx, &act, jurisdiction, &roster) {
            Err(DispatchError::NotFound) => Err(DispatchError::Refused("crew-unknown")),
            other => other,
        })
        .await;
    let outcome = planned.map(|result| {
        let (planned, skipped) = (result.planned.len(), result.skipped.len());
        format!("/shifts?from={from}&done=planned&planned={planned}&skipped={skipped}")
    });
    match settle(&door, ask, outcome).await? {
        (Settled::Page(page), _) => Ok(page),
        (Settled::Wrong(wrong), ask) => screen(&door, signed, ask, None, wrong, Some(typed)).await,
    }
}

/// `POST /shifts/{id}/cancel`.
pub async fn cancel(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
    form: Sent,
) -> Result<Response, Failure> {
    let (act, jurisdiction) = (signed.act(&door), signed.jurisdiction);
    let seen = Seen(form.text("version").parse().unwrap_or(0));
    let cancelled =
        door.db.write(move |tx: &mut Tx<'_>| shifts::cancel(tx, &act, jurisdiction, ShiftId(id), seen)).await;
    let outcome = cancelled.map(|_| "/shifts?done=cancelled".to_owned());
    match settle(&door, ask, outcome).await? {
        (Settled::Page(page), _) => Ok(page),
        (Settled::Wrong(wrong), ask) => screen(&door, signed, ask, None, wrong, None).await,
    }
}

async fn screen(
    door: &Door,
    signed: Signed,
    ask: Ask,
    done: Option<String>,
    wrong: Wrongs,
    typed: Option<Typed>,
) -> Result<Response, Failure> {
    let act = signed.act(door);
    ask::answer(door, ask, move |tx, ask, here| {
        let (w, city, lang) = (ask.words(), here.city(), ask.lang);
        let today = act.at.day(&city.zone);
        let from = Day::parse_gregorian(ask.field("from")).unwrap_or(today);
        let days: Vec<Day> = (0..7).map(|n| from.plus_days(n)).collect();
        let mut all = crews::list(tx, city.id, &Wanted { active: true, ..Wanted::default() })?;
        all.retain(|crew| is_mine(&act, crew));
        let until = city.zone.start_of(from.plus_days(7));
        let planned = shifts::between(tx, city.id, city.zone.start_of(from), until)?;
        let time = |at: calendar::Timestamp| dates::time(lang, at.minute_of_day(&city.zone));
        let cell = |shift: &dispatch::Shift| Cell {
            hours: w.crews_from_to(&time(shift.starts_at), &time(shift.ends_at)),
            state: match shift.state {
                ShiftState::Planned => w.crews_shift_planned(),
                ShiftState::Begun => w.crews_shift_begun(),
                ShiftState::Ended => w.crews_shift_ended(),
                ShiftState::Cancelled => w.crews_shift_cancelled(),
            },
            tone: match shift.state {
                ShiftState::Begun => "active",
                ShiftState::Planned => "invited",
                _ => "",
            },
            cancel: match shift.state {
                ShiftState::Planned => format!("/shifts/{}/cancel", shift.id.0),
                _ => String::new(),
            },
            version: shift.version,
            handover: shift.handover.clone(),
        };
        let rows: Vec<Line> = all
            .iter()
            .map(|crew| Line {
                name: crew.name(lang).to_owned(),
                path: format!("/crews/{}", crew.code),
                cells: days
                    .iter()
                    .map(|day| {
                        // What began before this week and still goes on stands on its first day.
                        let here = |s: &&dispatch::Shift| {
                            s.crew == crew.id && s.starts_at.day(&city.zone).max(from) == *day
                        };
                        planned.iter().filter(here).map(cell).collect()
                    })
                    .collect(),
            })
            .collect();
        let typed = typed.unwrap_or_else(|| Typed::usual(from.max(today), lang));
        let crews =
            all.iter().map(|crew| (crew.id.0.to_string(), crew.name(lang).to_owned())).collect::<Vec<_>>();
        let fields = Form::new(&wrong)
            .choice("crew", w.crews_name(), &typed.crew, crews)
            .code("from_day", w.crews_from_day(), &typed.from_day)
            .code("until_day", w.crews_until_day(), &typed.until_day)
            .code("begins", w.crews_begins(), &typed.begins)
            .code("ends", w.crews_ends(), &typed.ends)
            .hint(w.crews_ends_hint())
            .code("overtime", w.crews_overtime(), &typed.overtime)
            .optional()
            .code("rest_from", w.crews_rest_from(), &typed.rest_from)
            .optional()
            .code("rest_to", w.crews_rest_to(), &typed.rest_to)
            .optional()
            .code("rest_minutes", w.crews_rest_minutes(), &typed.rest_minutes)
            .optional()
            .fields;
        let weekdays = Weekday::ALL
            .iter()
            .enumerate()
            .map(|(n, day)| (n, dates::weekday_name(lang, *day), typed.weekdays.contains(&n)))
            .collect();
        let is_wrong = !wrong.is_empty();
        let html = render(&Week {
            page: here.staff(ask, &signed, w.crews_shifts_title()).at("/shifts", "").wrong(is_wrong),
            tabs: tabs(w, "/shifts"),
            days: days
                .iter()
                .map(|day| {
                    let name = dates::weekday_name(lang, day.weekday());
                    format!("{name} {}", dates::short_date(lang, *day))
                })
                .collect(),
            rows,
            before: format!("/shifts?from={}", from.plus_days(-7)),
            after: format!("/shifts?from={}", from.plus_days(7)),
            fields,
            weekdays,
            skip_holidays: typed.skip_holidays,
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
