//! Crews, their people and shifts, help between districts, kinds of work: what dispatchers and unit managers look after.
//!
//! What happens to orders in the course of a day is in the dispatcher's board; here is what the board counts on.

mod aid; // one district helps another
mod field; // one field of a form, with what is wrong beside it
mod kinds; // kinds of work, and work that comes again
mod list; // every crew with its state
mod one; // one crew: what it is, who is in it, its shifts
mod order; // an order by hand
mod shifts; // the roster of a week
mod wish; // what somebody types about a crew

use axum::response::{IntoResponse, Redirect, Response};
use dispatch::{Crew, CrewStatus, DispatchError, job_types::Named};
use door::{Door, Failure, Needs, Routes};
use http::StatusCode;
use people::Permission::{Dispatch, ManageCrews};
use territory::Atlas;
use words::Words;

use crate::ask::{self, Answer, Ask};
use crate::errors;
use crate::page::Page;
use crate::wrong::Wrongs;

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/crews", Needs::May(ManageCrews), list::page)
        .get("/crews/new", Needs::May(ManageCrews), one::new)
        .post("/crews/new", Needs::May(ManageCrews), one::add)
        .get("/crews/{code}", Needs::May(ManageCrews), one::page)
        .post("/crews/{code}", Needs::May(ManageCrews), one::change)
        .post("/crews/{code}/withdraw", Needs::May(ManageCrews), one::withdraw)
        .post("/crews/{code}/status", Needs::May(ManageCrews), one::set_status)
        .post("/crews/{code}/members", Needs::May(ManageCrews), one::join)
        .post("/crews/{code}/members/{account}/leave", Needs::May(ManageCrews), one::leave)
        .get("/shifts", Needs::May(ManageCrews), shifts::page)
        .post("/shifts", Needs::May(ManageCrews), shifts::plan)
        .post("/shifts/{id}/cancel", Needs::May(ManageCrews), shifts::cancel)
        .get("/aid", Needs::May(ManageCrews), aid::page)
        .post("/aid", Needs::May(ManageCrews), aid::ask)
        .post("/aid/{id}/{verb}", Needs::May(ManageCrews), aid::decide)
        .get("/work-kinds", Needs::May(ManageCrews), kinds::page)
        .post("/work-kinds/routines", Needs::May(ManageCrews), kinds::add)
        .post("/work-kinds/routines/{id}", Needs::May(ManageCrews), kinds::set)
        .get("/dispatch/new-order", Needs::May(Dispatch), order::page)
        .post("/dispatch/new-order", Needs::May(Dispatch), order::make)
}

/// The pages of this part beside each other.
pub struct Tab {
    pub path: &'static str,
    pub name: &'static str,
    pub is_here: bool,
}

fn tabs(w: Words, here: &str) -> Vec<Tab> {
    [
        ("/crews", w.crews_title()),
        ("/shifts", w.crews_shifts_title()),
        ("/aid", w.crews_aid_title()),
        ("/work-kinds", w.crews_kinds_title()),
    ]
    .into_iter()
    .map(|(path, name)| Tab { path, name, is_here: path == here })
    .collect()
}

/// The sentence of a refusal.
fn refusal(w: Words, code: &str) -> &'static str {
    w.by_key(&format!("dispatch-refusal-{code}")).unwrap_or_else(|| w.dispatch_refusal_changed())
}

/// The field that a refusal stands beside; none when it is about the whole.
fn field_of(code: &str) -> &'static str {
    match code {
        "crew-code-taken" | "crew-code-wrong" => "code",
        "crew-name-missing" | "crew-name-long" => "name_fa",
        "crew-people-wrong" => "people",
        "crew-load-wrong" => "kilograms",
        "crew-material-unknown" => "stock",
        "crew-base-outside" => "lat",
        "crew-district-unknown" => "district",
        "crew-unit-unknown" | "crew-unit-not-contractor" => "unit",
        "member-elsewhere" | "member-role-missing" | "member-unknown" => "account",
        "aid-district-wrong" => "from",
        "aid-time-wrong" => "until",
        "shift-days-wrong" | "shift-days-many" | "shift-days-none" => "until_day",
        "shift-time-wrong" | "shift-empty" | "shift-too-long" => "ends",
        "shift-overtime-wrong" => "overtime",
        "shift-break-wrong" => "rest_from",
        "shift-overlaps" | "crew-unknown" => "crew",
        "job-type-unknown" => "job_type",
        "order-outside" => "lat",
        "order-duration-wrong" => "minutes",
        "order-window-impossible" | "order-window-over" => "not_after",
        "order-after-unknown" | "order-after-circle" => "after",
        "routine-days-wrong" => "every_days",
        "words-too-long" => "words",
        _ => "",
    }
}

/// What a verb answered, as a page: on to the next one, not there, not allowed, or what is wrong with the form.
enum Settled {
    Page(Response),
    Wrong(Wrongs),
}

async fn settle(
    door: &Door,
    ask: Ask,
    outcome: Result<String, DispatchError>,
) -> Result<(Settled, Ask), Failure> {
    let lost = |ask: &Ask| Ask {
        lang: ask.lang,
        path: ask.path.clone(),
        query: ask.query.clone(),
        fields: Default::default(),
        headers: ask.headers.clone(),
        client: ask.client,
    };
    Ok(match outcome {
        Ok(path) => (Settled::Page(go(&ask, &path)), ask),
        Err(DispatchError::Storage(failure)) => return Err(failure.into()),
        Err(DispatchError::NotFound) => {
            let copy = lost(&ask);
            (Settled::Page(ask::answer(door, ask, |_, _, _| Ok(Answer::Missing)).await?), copy)
        }
        Err(DispatchError::Denied(_)) => {
            let copy = lost(&ask);
            (Settled::Page(denied(door, ask).await?), copy)
        }
        Err(refused) => {
            let code = refused.code().unwrap_or("changed");
            (Settled::Wrong(Wrongs::one(field_of(code), refusal(ask.words(), code))), ask)
        }
    })
}

async fn denied(door: &Door, ask: Ask) -> Result<Response, Failure> {
    ask::answer(door, ask, |_, ask, here| {
        Ok(Answer::Refused(StatusCode::FORBIDDEN, errors::denied(ask, here)?))
    })
    .await
}

/// On to another page of this city, in this language.
fn go(ask: &Ask, path: &str) -> Response {
    let city = Some(ask.city_code()).filter(|code| !code.is_empty());
    let page = Page::new(ask.words(), None, city, "", "", "");
    Redirect::to(&page.url(path).to_string()).into_response()
}

fn status_name(w: Words, status: CrewStatus) -> &'static str {
    match status {
        CrewStatus::OffDuty => w.crews_status_off_duty(),
        CrewStatus::OnDuty => w.crews_status_on_duty(),
        CrewStatus::OnTheWay => w.crews_status_on_the_way(),
        CrewStatus::OnSite => w.crews_status_on_site(),
        CrewStatus::OnBreak => w.crews_status_on_break(),
        CrewStatus::OutOfService => w.crews_status_out_of_service(),
    }
}

/// The colour of a state, as the badges of staff know it.
fn tone(status: CrewStatus) -> &'static str {
    match status {
        CrewStatus::OnDuty | CrewStatus::OnTheWay | CrewStatus::OnSite => "active",
        CrewStatus::OnBreak => "invited",
        CrewStatus::OutOfService => "suspended",
        CrewStatus::OffDuty => "",
    }
}

fn district_name(atlas: &Atlas, id: Option<i64>, w: Words) -> String {
    id.and_then(|id| atlas.division(id)).map_or_else(
        || w.crews_whole_city().to_owned(),
        |district| crate::options::district_name(atlas, district, w.lang()),
    )
}

fn districts(atlas: &Atlas, w: Words) -> Vec<(String, String)> {
    atlas
        .districts()
        .filter(|district| !district.retired)
        .map(|d| (d.id.to_string(), crate::options::district_name(atlas, d, w.lang())))
        .collect()
}

/// Names of what a crew can do or has, in the order of the city's list.
fn names(list: &[Named], codes: &[String], w: Words) -> String {
    let known = list.iter().filter(|named| codes.contains(&named.code)).map(|named| named.name(w.lang()));
    known.collect::<Vec<_>>().join(w.crews_comma())
}

fn is_mine(act: &people::Act, crew: &Crew) -> bool {
    act.may(ManageCrews, crew.place())
}
