//! What citizens say of answers: confirmed, objected to, met with silence, and how satisfied those are who were called.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use calendar::Day;
use calendar::words::{self as dates, CalendarKind};
use door::{Door, Failure, Signed};
use language::digits;
use requests::catalogue;
use requests::feedback::{self, By, Sums};
use words::Words;

use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::requests::divisions;

#[derive(Template)]
#[template(path = "feedback/figures.html")]
struct Figures<'a> {
    page: Page<'a>,
    /// The first days of the months that may be chosen: value, name, chosen.
    months: Vec<(i64, String, bool)>,
    tables: Vec<Table>,
    /// Whether the reader may say how many answers are asked about.
    may_set: bool,
}

struct Table {
    id: &'static str,
    caption: &'static str,
    first: &'static str,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    answered: String,
    confirmed: String,
    objected: String,
    unconfirmed: String,
    objected_percent: String,
    rating: String,
    rated: String,
}

/// `GET /feedback/figures`, with `?month=` as the first day of a month in days since 1970.
pub async fn page(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    ask::answer(&door, ask, move |tx, ask, here| {
        let w = ask.words();
        let city = here.city().id;
        let atlas = territory::atlas(tx, city)?;
        let catalogue = catalogue(tx, city)?;
        let known = feedback::by(tx, city, By::Month, i64::MIN, i64::MAX)?;
        let wanted: Option<i64> =
            ask.field("month").parse().ok().filter(|m| known.iter().any(|(k, _)| k == m));
        let (from, to) = wanted.map_or((i64::MIN, i64::MAX), |month| (month, month));
        let mut tables = Vec::new();
        for (by, id, caption, first) in [
            (By::District, "by-district", w.feedback_by_district(), w.feedback_district()),
            (By::Unit, "by-unit", w.feedback_by_unit(), w.feedback_unit()),
        ] {
            let rows = feedback::by(tx, city, by, from, to)?
                .into_iter()
                .map(|(key, sums)| {
                    let name = match by {
                        By::District => divisions(&atlas, Some(key).filter(|k| *k != 0), None, ask.lang),
                        _ => catalogue.unit_name(Some(key), ask.lang).to_owned(),
                    };
                    row(w, if name.is_empty() { w.common_unknown().to_owned() } else { name }, &sums)
                })
                .collect();
            tables.push(Table { id, caption, first, rows });
        }
        let months = known.iter().map(|(month, _)| (*month, month_name(w, *month), wanted == Some(*month)));
        let html = render(&Figures {
            page: here.staff(ask, &signed, w.feedback_figures_title()),
            months: months.collect(),
            tables,
            may_set: signed.may_somewhere(people::Permission::ManageCatalogue),
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}

fn row(w: Words, name: String, sums: &Sums) -> Row {
    let n = |number: i64| digits::grouped(number, w.lang());
    let none = || "–".to_owned();
    Row {
        name,
        answered: n(sums.answered),
        confirmed: n(sums.confirmed),
        objected: n(sums.objected),
        unconfirmed: n(sums.unconfirmed),
        objected_percent: sums.objected_percent().map_or_else(none, |percent| w.feedback_percent(percent)),
        rating: sums.rating_tenths().map_or_else(none, |t| digits::decimal(t as f64 / 10.0, 1, w.lang())),
        rated: n(sums.rated),
    }
}

/// The month that begins on this day, in the calendar in which it begins.
fn month_name(w: Words, first: i64) -> String {
    let day = Day::from_days_since_epoch(first);
    if day.jalali().to_day() == day && jalali_day(day) == 1 {
        let jalali = day.jalali();
        let name = dates::month_name(w.lang(), CalendarKind::Jalali, jalali.month());
        return format!("{name} {}", digits::plain(i64::from(jalali.year()), w.lang()));
    }
    let name = dates::month_name(w.lang(), CalendarKind::Gregorian, day.month());
    format!("{name} {}", digits::plain(i64::from(day.year()), w.lang()))
}

fn jalali_day(day: Day) -> u8 {
    day.jalali().day()
}
