//! What holds in a crisis: begun, changed and ended on one form.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use dispatch::crisis::{self, CrisisId, Rules};
use dispatch::{DispatchError, Seen};
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use people::{Act, Permission, Where};
use requests::service::Both;
use storage::Tx;
use territory::{Atlas, Level};

use super::{refusal, sentence};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;
use crate::sign_in::{address, go};

#[derive(Template)]
#[template(path = "crisis/rules.html")]
struct Sheet<'a> {
    page: Page<'a>,
    refused: Option<&'static str>,
    /// The crisis that lasts here; none while one is begun.
    id: Option<i64>,
    version: i64,
    district: &'a str,
    district_name: String,
    districts: Vec<(String, String)>,
    rules: Rules,
    dangers: [(usize, &'static str, i64); 4],
    skills: Vec<(String, String, bool)>,
    cut_off: Vec<(String, String, bool)>,
}

/// `GET /crisis/rules`, with `?district=`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let act = signed.act(&door);
    ask::answer(&door, ask, move |tx, ask, here| {
        let district = ask.field("district").to_owned();
        Ok(match draw(tx, ask, here, &signed, &act, &district, None, None)? {
            Some(html) => Answer::Page(NEVER, html),
            None => Answer::Missing,
        })
    })
    .await
}

fn draw(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    act: &Act,
    code: &str,
    refused: Option<&'static str>,
    typed: Option<Rules>,
) -> Result<Option<String>, Failure> {
    let (w, city) = (ask.words(), here.city().id);
    let atlas = territory::atlas(tx, city)?;
    let district = atlas.by_code(Level::District, code);
    if district.is_none() && !code.is_empty() {
        return Ok(None);
    }
    let id = district.map(|d| d.id);
    let lasting = crisis::current(tx, city)?;
    let known = lasting.all.iter().find(|one| one.district == id);
    let rules = match (typed, known) {
        (Some(rules), _) => rules,
        (None, Some(known)) => known.rules.clone(),
        (None, None) => dispatch::roads::rules(tx, city)?.crisis.clone(),
    };
    let kinds = dispatch::job_types::kinds(tx, city)?;
    let may = |district| act.may(Permission::ManageStorm, Where::city(city).in_district(district));
    let mut districts: Vec<(String, String)> = Vec::new();
    if may(None) {
        districts.push((String::new(), w.crisis_city().to_owned()));
    }
    let mine = atlas.districts().filter(|d| may(Some(d.id)));
    districts.extend(mine.map(|d| (d.code.clone(), d.name(ask.lang).to_owned())));
    let title = if known.is_some() { w.crisis_rules_title() } else { w.crisis_rules_title_new() };
    let [none, some, grave, death] = rules.weights;
    Ok(Some(render(&Sheet {
        page: here.staff(ask, signed, title).wrong(refused.is_some()),
        refused,
        id: known.map(|one| one.id.0),
        version: known.map_or(0, |one| one.version),
        district: code,
        district_name: district.map_or(w.crisis_city().to_owned(), |d| d.name(ask.lang).to_owned()),
        districts,
        dangers: [
            (0, w.crisis_danger_none(), none),
            (1, w.crisis_danger_some(), some),
            (2, w.crisis_danger_grave(), grave),
            (3, w.crisis_danger_life(), death),
        ],
        skills: kinds
            .skills
            .iter()
            .map(|skill| {
                let chosen = rules.volunteer_skills.contains(&skill.code);
                (skill.code.clone(), skill.name(ask.lang).to_owned(), chosen)
            })
            .collect(),
        cut_off: atlas
            .districts()
            .map(|d| (d.code.clone(), d.name(ask.lang).to_owned(), rules.cut_off.contains(&d.id)))
            .collect(),
        rules,
    })?))
}

/// What was typed, over the rules that held.
fn typed(form: &Form, before: &Rules, atlas: &Atlas) -> Rules {
    let number = |name: &str, before: i64| {
        let text = language::digits::to_ascii(form.text(name).trim());
        // What is no number is refused by the verb.
        if text.is_empty() { before } else { text.parse().unwrap_or(-1) }
    };
    let mut weights = before.weights;
    for (danger, weight) in weights.iter_mut().enumerate() {
        *weight = number(&format!("weight-{danger}"), *weight);
    }
    let district = |code: &str| atlas.by_code(Level::District, code).map(|d| d.id);
    Rules {
        weights,
        planned_waits: form.text("planned-waits") == "yes",
        shift_hours: number("shift-hours", before.shift_hours),
        volunteer_skills: form.all("skill").map(str::to_owned).collect(),
        silent_minutes: number("silent-minutes", before.silent_minutes),
        cut_off: form.all("cut-off").filter_map(district).collect(),
        tell: form.text("tell") == "yes",
        message: Both::new(form.text("message-fa"), form.text("message-en")),
    }
}

/// `POST /crisis/rules`: begin, change or end.
pub async fn send(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let code = form.text("district").to_owned();
    let what = form.text("do").to_owned();
    let id = form.text("id").parse().ok().map(CrisisId);
    let seen = Seen(form.text("version").parse().unwrap_or(0));
    let (before, atlas) = door
        .db
        .read(move |tx| -> storage::Result<_> {
            Ok((dispatch::roads::rules(tx, city)?.crisis.clone(), territory::atlas(tx, city)?))
        })
        .await?;
    let wanted = typed(&form, &before, &atlas);
    let district = atlas.by_code(Level::District, &code).map(|d| d.id);
    let is_known = district.is_some() || code.is_empty();
    let (rules, wish, acting) = (wanted.clone(), what.clone(), act.clone());
    let work = move |tx: &mut Tx<'_>| match (wish.as_str(), id) {
        ("begin", _) if is_known => {
            crisis::begin(tx, &acting, city, district, Some(rules.clone())).map(|_| "begun")
        }
        ("begin", _) => Err(DispatchError::Refused("crisis-district-unknown")),
        ("change", Some(id)) => crisis::change(tx, &acting, city, id, rules.clone(), seen).map(|_| "changed"),
        ("end", Some(id)) => crisis::end(tx, &acting, city, id, seen).map(|_| "ended"),
        _ => Err(DispatchError::NotFound),
    };
    let refused = match door.db.write(work).await {
        Ok(done) => return Ok(go(&address(&ask, &format!("/crisis?done={done}")))),
        Err(error) => refusal(error)?,
    };
    ask::answer(&door, ask, move |tx, ask, here| {
        let words = sentence(ask.words(), refused);
        let typed = (what != "end").then_some(wanted);
        let code = if is_known { code } else { String::new() };
        Ok(match draw(tx, ask, here, &signed, &act, &code, Some(words), typed)? {
            Some(html) => Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html),
            None => Answer::Missing,
        })
    })
    .await
}
