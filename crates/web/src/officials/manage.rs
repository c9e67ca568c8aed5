//! The schedule: announcing hours, changing them, taking them back.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use calendar::{Day, TimeOfDay, Timestamp, Zone, words as dates};
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use people::Role;
use requests::officials::{self, Hour, HourField, NewHour, OfficialError};
use requests::service::Both;
use storage::Tx;

use super::said::{self, Shown};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::errors;
use crate::page::Page;
use crate::wrong::Wrongs;

const MOST: u32 = 100;

#[derive(Template)]
#[template(path = "officials/manage.html")]
struct Manage<'a> {
    page: Page<'a>,
    hours: Vec<Shown<'a>>,
    /// Where the form is sent: a new hour, or the one that is changed.
    action: String,
    is_new: bool,
    accounts: Vec<(i64, String)>,
    done: Option<&'static str>,
    wrong: Wrongs,
    typed: Typed,
}

#[derive(Clone, Default)]
struct Typed {
    account: String,
    name_fa: String,
    name_en: String,
    title_fa: String,
    title_en: String,
    day: String,
    from: String,
    to: String,
    phone: String,
    place_fa: String,
    place_en: String,
    is_published: bool,
}

impl Typed {
    fn of(form: &Form) -> Self {
        let text = |name: &str| form.text(name).trim().to_owned();
        Typed {
            account: text("account"),
            name_fa: text("name_fa"),
            name_en: text("name_en"),
            title_fa: text("title_fa"),
            title_en: text("title_en"),
            day: text("day"),
            from: text("from"),
            to: text("to"),
            phone: text("phone"),
            place_fa: text("place_fa"),
            place_en: text("place_en"),
            is_published: form.text("published") == "yes",
        }
    }

    fn from_hour(hour: &Hour, lang: language::Lang, zone: &Zone) -> Self {
        let time = |at: Timestamp| {
            TimeOfDay::at_minute(at.minute_of_day(zone)).map_or(String::new(), |t| t.to_string())
        };
        Typed {
            account: hour.account.map(|id| id.to_string()).unwrap_or_default(),
            name_fa: hour.name.fa.clone(),
            name_en: hour.name.en.clone(),
            title_fa: hour.title.fa.clone(),
            title_en: hour.title.en.clone(),
            day: dates::numeric_date(lang, hour.begins_at.day(zone)),
            from: time(hour.begins_at),
            to: time(hour.ends_at),
            phone: hour.phone.clone(),
            place_fa: hour.place.fa.clone(),
            place_en: hour.place.en.clone(),
            is_published: hour.is_published,
        }
    }

    fn hour(&self, zone: &Zone) -> NewHour {
        let day = Day::parse(&self.day).ok();
        let at = |time: &str| Some(zone.at(day?, time.parse::<TimeOfDay>().ok()?.minute()));
        NewHour {
            account: self.account.parse().ok(),
            name: Both::new(&self.name_fa, &self.name_en),
            title: Both::new(&self.title_fa, &self.title_en),
            begins_at: at(&self.from),
            ends_at: at(&self.to),
            phone: self.phone.clone(),
            place: Both::new(&self.place_fa, &self.place_en),
            is_published: self.is_published,
        }
    }

    fn is_of(&self, account: &i64) -> bool {
        self.account == account.to_string()
    }
}

/// `GET /officials/manage`.
pub async fn page(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let done = match ask.field("done") {
        "saved" => Some(ask.words().officials_done_saved()),
        "cancelled" => Some(ask.words().officials_done_cancelled()),
        _ => None,
    };
    let typed = Typed { is_published: true, ..Typed::default() };
    screen(&door, None, signed, ask, done, Wrongs::default(), Some(typed)).await
}

/// `GET /officials/manage/{id}`.
pub async fn one(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    screen(&door, Some(id), signed, ask, None, Wrongs::default(), None).await
}

/// `POST /officials/manage`.
pub async fn add(
    State(door): State<Door>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    put(&door, None, signed, ask, Typed::of(&form)).await
}

/// `POST /officials/manage/{id}`.
pub async fn change(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    put(&door, Some(id), signed, ask, Typed::of(&form)).await
}

/// `POST /officials/manage/{id}/cancel`.
pub async fn cancel(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    let (act, jurisdiction) = (signed.act(&door), signed.jurisdiction);
    let cancelled = door.db.write(move |tx: &mut Tx<'_>| officials::cancel(tx, &act, jurisdiction, id)).await;
    finish(&door, Some(id), signed, ask, cancelled.map(|()| "cancelled"), Typed::default()).await
}

async fn put(
    door: &Door,
    id: Option<i64>,
    signed: Signed,
    ask: Ask,
    typed: Typed,
) -> Result<Response, Failure> {
    let (act, jurisdiction, theirs) = (signed.act(door), signed.jurisdiction, typed.clone());
    let saved = door
        .db
        .write(move |tx: &mut Tx<'_>| -> Result<(), OfficialError> {
            let zone = territory::atlas(tx, jurisdiction)?.jurisdiction.zone.clone();
            officials::put(tx, &act, jurisdiction, id, &theirs.hour(&zone))?;
            Ok(())
        })
        .await;
    finish(door, id, signed, ask, saved.map(|()| "saved"), typed).await
}

async fn finish(
    door: &Door,
    id: Option<i64>,
    signed: Signed,
    ask: Ask,
    outcome: Result<&'static str, OfficialError>,
    typed: Typed,
) -> Result<Response, Failure> {
    let w = ask.words();
    match outcome {
        Ok(done) => {
            let city = Some(ask.city_code()).filter(|code| !code.is_empty());
            let page = Page::new(w, None, city, "", "", "");
            let path = format!("/officials/manage?done={done}");
            Ok(Redirect::to(&page.url(&path).to_string()).into_response())
        }
        Err(OfficialError::Failure(failure)) => Err(failure.into()),
        Err(OfficialError::Denied(_)) => {
            ask::answer(door, ask, |_, ask, here| {
                Ok(Answer::Refused(StatusCode::FORBIDDEN, errors::denied(ask, here)?))
            })
            .await
        }
        Err(OfficialError::Wrong { field }) => {
            let wrong = match field {
                HourField::Name => Wrongs::one("name_fa", w.officials_refusal_name()),
                HourField::Title => Wrongs::one("title_fa", w.officials_refusal_title()),
                HourField::Begins => Wrongs::one("day", w.officials_refusal_begins()),
                HourField::Ends => Wrongs::one("to", w.officials_refusal_ends()),
                HourField::Phone => Wrongs::one("phone", w.officials_refusal_too_long()),
                HourField::Place => Wrongs::one("place_fa", w.officials_refusal_too_long()),
            };
            screen(door, id, signed, ask, None, wrong, Some(typed)).await
        }
        Err(_) => ask::answer(door, ask, |_, _, _| Ok(Answer::Missing)).await,
    }
}

/// The list and the form. Without anything typed, the form holds the hour that is changed.
async fn screen(
    door: &Door,
    id: Option<i64>,
    signed: Signed,
    ask: Ask,
    done: Option<&'static str>,
    wrong: Wrongs,
    typed: Option<Typed>,
) -> Result<Response, Failure> {
    let act = signed.act(door);
    ask::answer(door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let hours = match officials::all(tx, &act, city.id, MOST) {
            Ok(hours) => hours,
            Err(OfficialError::Failure(failure)) => return Err(failure.into()),
            Err(_) => return Ok(Answer::Refused(StatusCode::FORBIDDEN, errors::denied(ask, here)?)),
        };
        let changed = match id {
            Some(id) => match officials::by_id(tx, city.id, id)? {
                Some(hour) => Some(hour),
                None => return Ok(Answer::Missing),
            },
            None => None,
        };
        let typed = match (typed, &changed) {
            (Some(typed), _) => typed,
            (None, Some(hour)) => Typed::from_hour(hour, ask.lang, &city.zone),
            (None, None) => Typed::default(),
        };
        let action = id.map_or("/officials/manage".to_owned(), |id| format!("/officials/manage/{id}"));
        let is_wrong = !wrong.is_empty();
        let html = render(&Manage {
            page: here.staff(ask, &signed, w.officials_manage_title()).at(&action, "").wrong(is_wrong),
            hours: hours.iter().map(|h| said::hour(h, ask.lang, &city.zone, act.at, &city.phone)).collect(),
            action: action.clone(),
            is_new: id.is_none(),
            accounts: people::accounts::with_role(tx, city.id, Role::Official, 200)?,
            done,
            wrong,
            typed,
        })?;
        Ok(if is_wrong {
            Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html)
        } else {
            Answer::Page(NEVER, html)
        })
    })
    .await
}
