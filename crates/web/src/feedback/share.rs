//! How many answers are asked about: one share for the city, others for some districts and units.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use door::{Door, Failure, Form, Signed};
use language::digits;
use requests::catalogue;
use requests::feedback::{self, Settings, SettingsError, Share};
use storage::Tx;
use territory::Level;

use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

/// Rows for shares of their own that are empty and wait to be filled.
const EMPTY: usize = 2;
const MOST_SHARES: usize = 100;

#[derive(Template)]
#[template(path = "feedback/share.html")]
struct SharePage<'a> {
    page: Page<'a>,
    said: &'static str,
    wrong: Wrongs,
    /// Name of the field, its label, what was typed.
    fields: Vec<(&'static str, &'static str, String)>,
    rows: Vec<Row>,
    districts: Vec<(String, String)>,
    units: Vec<(String, String)>,
}

/// One share of its own, as typed.
#[derive(Debug, Clone, Default)]
struct Row {
    n: usize,
    district: String,
    unit: String,
    percent: String,
}

/// What was typed: everything but the shares, and the shares.
#[derive(Debug, Clone, Default)]
struct Typed {
    numbers: [String; 4],
    rows: Vec<Row>,
}

const NUMBERS: [&str; 4] = ["percent", "lease_minutes", "again_hours", "most_attempts"];
/// The most that each of the numbers may be; the first may be nothing at all.
const BOUNDS: [(u32, u32); 4] = [(0, 100), (1, 120), (1, 336), (1, 20)];

impl Typed {
    fn of(settings: &Settings) -> Typed {
        let numbers =
            [settings.percent, settings.lease_minutes, settings.again_hours, settings.most_attempts];
        let rows = settings.share.iter().map(|share| Row {
            n: 0,
            district: share.district.clone().unwrap_or_default(),
            unit: share.unit.clone().unwrap_or_default(),
            percent: share.percent.to_string(),
        });
        Typed { numbers: numbers.map(|n| n.to_string()), rows: rows.collect() }
    }

    fn of_form(form: &Form) -> Typed {
        let all = |name: &str| form.all(name).map(str::to_owned).collect::<Vec<_>>();
        let (districts, units, percents) = (all("district"), all("unit"), all("share"));
        let rows = districts.into_iter().zip(units).zip(percents).take(MOST_SHARES);
        Typed {
            numbers: NUMBERS.map(|name| form.text(name).to_owned()),
            rows: rows.map(|((district, unit), percent)| Row { n: 0, district, unit, percent }).collect(),
        }
    }

    /// What would hold from now on, or the fields that are wrong. A share without a number is taken away.
    fn settings(&self) -> Result<Settings, Vec<&'static str>> {
        let number = |typed: &str, (least, most): (u32, u32)| {
            let number: u32 = digits::to_ascii(typed.trim()).parse().ok()?;
            (least..=most).contains(&number).then_some(number)
        };
        let mut wrong = Vec::new();
        let mut read = [0; 4];
        for (n, typed) in self.numbers.iter().enumerate() {
            match (BOUNDS.get(n).and_then(|bounds| number(typed, *bounds)), read.get_mut(n)) {
                (Some(value), Some(into)) => *into = value,
                _ => wrong.extend(NUMBERS.get(n)),
            }
        }
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let mut share = Vec::new();
        for row in self.rows.iter().filter(|row| !row.percent.trim().is_empty()) {
            match number(&row.percent, (0, 100)) {
                Some(percent) if !row.district.is_empty() || !row.unit.is_empty() => {
                    share.push(Share { district: some(&row.district), unit: some(&row.unit), percent });
                }
                _ => wrong.push("share"),
            }
        }
        wrong.dedup();
        let [percent, lease_minutes, again_hours, most_attempts] = read;
        match wrong.is_empty() {
            true => Ok(Settings { percent, lease_minutes, again_hours, most_attempts, share }),
            false => Err(wrong),
        }
    }
}

/// `GET /feedback/settings`.
pub async fn page(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    ask::answer(&door, ask, move |tx, ask, here| {
        let settings = feedback::settings(tx, here.city().id)?;
        let said = if ask.field("done") == "set" { ask.words().feedback_share_done() } else { "" };
        let html = show(tx, ask, here, &signed, Typed::of(&settings), said, Wrongs::default())?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}

/// `POST /feedback/settings`.
pub async fn send(
    State(door): State<Door>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let typed = Typed::of_form(&form);
    let settings = match typed.settings() {
        Ok(settings) => settings,
        Err(wrong) => return refused(&door, signed, ask, typed, wrong).await,
    };
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let is_known = {
        let settings = settings.clone();
        door.db.read(move |tx| are_known(tx, city, &settings)).await?
    };
    if !is_known {
        return refused(&door, signed, ask, typed, vec!["share"]).await;
    }
    match door.db.write(move |tx: &mut Tx<'_>| feedback::set(tx, &act, city, &settings)).await {
        Ok(()) => {}
        Err(SettingsError::Denied(_)) => return Ok(door::Refusal::Denied.into_response()),
        Err(SettingsError::Failure(failure)) => return Err(failure.into()),
    }
    let city = Some(ask.city_code()).filter(|code| !code.is_empty());
    let page = Page::new(ask.words(), None, city, "", "", "");
    Ok(Redirect::to(&page.url("/feedback/settings?done=set").to_string()).into_response())
}

/// Whether the city has the districts and units that are named.
fn are_known(tx: &mut Tx<'_>, city: i64, settings: &Settings) -> storage::Result<bool> {
    let (atlas, catalogue) = (territory::atlas(tx, city)?, catalogue(tx, city)?);
    let is_district = |code: &str| atlas.divisions(Level::District).any(|d| d.code == code);
    Ok(settings.share.iter().all(|share| {
        share.district.as_deref().is_none_or(is_district)
            && share.unit.as_deref().is_none_or(|code| catalogue.unit_by_code(code).is_some())
    }))
}

async fn refused(
    door: &Door,
    signed: Signed,
    ask: Ask,
    typed: Typed,
    fields: Vec<&'static str>,
) -> Result<Response, Failure> {
    ask::answer(door, ask, move |tx, ask, here| {
        let w = ask.words();
        let mut wrong = Wrongs::default();
        for field in fields {
            let words = if field == "share" { w.feedback_share_wrong() } else { w.feedback_number_wrong() };
            wrong.add(field, words);
        }
        let html = show(tx, ask, here, &signed, typed, "", wrong)?;
        Ok(Answer::Refused(http::StatusCode::UNPROCESSABLE_ENTITY, html))
    })
    .await
}

fn show(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    typed: Typed,
    said: &'static str,
    wrong: Wrongs,
) -> Result<String, Failure> {
    let (w, city) = (ask.words(), here.city().id);
    let (atlas, catalogue) = (territory::atlas(tx, city)?, catalogue(tx, city)?);
    let labels = [
        w.feedback_share_percent(),
        w.feedback_share_lease(),
        w.feedback_share_again(),
        w.feedback_share_attempts(),
    ];
    let mut units: Vec<(String, String)> = catalogue
        .units()
        .map(|u| (u.code.clone(), catalogue.unit_name(Some(u.id), w.lang()).to_owned()))
        .collect();
    units.sort_by(|a, b| a.1.cmp(&b.1).then(a.0.cmp(&b.0)));
    let mut rows = typed.rows;
    rows.extend(std::iter::repeat_n(Row::default(), EMPTY));
    for (n, row) in rows.iter_mut().enumerate() {
        row.n = n;
    }
    render(&SharePage {
        page: here.staff(ask, signed, w.feedback_share_title()).wrong(!wrong.is_empty()),
        said,
        fields: NUMBERS.into_iter().zip(labels).zip(typed.numbers).map(|((n, l), t)| (n, l, t)).collect(),
        rows,
        districts: atlas
            .divisions(Level::District)
            .map(|d| (d.code.clone(), d.name(w.lang()).to_owned()))
            .collect(),
        units,
        wrong,
    })
}
