//! A citizen says what they want.

use language::{Lang, TrackingCode, display, fold};
use people::{Act, Permission, Where};
use serde_json::json;
use storage::{Tx, params, sql};
use territory::{Located, Place, Point, cell};

use super::{Idea, IdeaId, by_code, by_id};
use crate::IDEA;
use crate::book::book;
use crate::phases::Right;
use crate::project::{MOST_TITLE, MOST_WORDS};
use crate::refusal::{ProjectError, no};
use crate::rounds::RoundId;

/// What somebody wants, as it was typed.
#[derive(Debug, Clone, PartialEq)]
pub struct NewIdea {
    pub topic: String,
    pub title: String,
    pub words: String,
    pub language: Lang,
    pub point: Option<(f64, f64)>,
    /// A district or neighbourhood, where no point was given.
    pub division: Option<i64>,
    pub address: String,
    /// Drawn with the form: sending it again gives the first idea.
    pub form_key: Option<String>,
}

/// Keeps an idea. Every problem is found before anything is written.
pub fn send(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    round: RoundId,
    new: &NewIdea,
) -> Result<Idea, ProjectError> {
    act.require(Permission::TakePart, Where::city(jurisdiction))?;
    if let Some(known) = earlier(tx, act, jurisdiction, new)? {
        return Ok(known);
    }
    let book = book(tx, jurisdiction)?;
    let round = book.round(round).filter(|round| round.is_public).ok_or(ProjectError::NotFound)?;
    round.require(Right::SendIdea, act.at)?;
    let title = display::clean_line(&new.title);
    let words = display::clean_text(&new.words);
    let address = display::clean_line(&new.address);
    if title.is_empty() {
        return Err(no("title-missing", "title"));
    }
    if title.chars().count() > MOST_TITLE {
        return Err(no("title-too-long", "title"));
    }
    if words.is_empty() {
        return Err(no("words-missing", "words"));
    }
    if words.chars().count() > MOST_WORDS || address.chars().count() > 300 {
        return Err(no("words-too-long", "words"));
    }
    if round.rules.topic(&new.topic).is_none() {
        return Err(no("topic-unknown", "topic"));
    }
    let (point, place) = locate(tx, jurisdiction, new)?;
    let id = act.new_id();
    let mut code = TrackingCode::from_random(act.dice.number());
    while by_code(tx, jurisdiction, code)?.is_some() {
        code = TrackingCode::from_random(act.dice.number());
    }
    let unit = unit_of(tx, jurisdiction, place.district)?;
    let form_key = new.form_key.as_deref().map(|key| scoped(act, key));
    tx.execute_one(
        sql!(
            "INSERT INTO ideas (jurisdiction_id, id, code, round_id, state, topic, title, words, folded, language, address, lat, long,
                 cell, district_id, neighbourhood_id, account_id, unit_id, form_key, made_at, updated_at)
             VALUES ($1, $2, $3, $4, 'open', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19)"
        ),
        &params![
            jurisdiction, id, code.number() as i64, round.id.0, &new.topic, &title, &words,
            &fold::search_text(&format!("{title} {words}")), new.language.code(), &address,
            point.map(|p| p.lat), point.map(|p| p.long), point.map(cell::of), place.district, place.neighbourhood,
            act.by.account(), unit, &form_key, act.at.0
        ],
    )?;
    let payload = json!({ "round": round.id.0, "topic": new.topic });
    act.record(tx, jurisdiction, IDEA, id, "sent", payload.to_string());
    by_id(tx, jurisdiction, IdeaId(id))?.ok_or(ProjectError::NotFound)
}

/// The keys of one person's forms are their own.
fn scoped(act: &Act, key: &str) -> String {
    let key: String = key.chars().take(64).collect();
    format!("{}:{key}", act.by.account().unwrap_or(0))
}

fn earlier(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, new: &NewIdea) -> storage::Result<Option<Idea>> {
    let Some(key) = &new.form_key else { return Ok(None) };
    let id: Option<i64> = tx.value(
        sql!("SELECT id FROM ideas WHERE jurisdiction_id = $1 AND form_key = $2"),
        &params![jurisdiction, &scoped(act, key)],
    )?;
    match id {
        Some(id) => by_id(tx, jurisdiction, IdeaId(id)),
        None => Ok(None),
    }
}

fn locate(tx: &mut Tx<'_>, jurisdiction: i64, new: &NewIdea) -> Result<(Option<Point>, Place), ProjectError> {
    let atlas = territory::atlas(tx, jurisdiction)?;
    if let Some((lat, long)) = new.point {
        let point = Point::new(lat, long).ok_or(no("place-outside", "place"))?;
        return match atlas.locate(point) {
            Located::Inside(place) => Ok((Some(point), place)),
            Located::Outside { .. } => Err(no("place-outside", "place")),
            Located::NoBorders => {
                let place = new.division.map(|id| atlas.place_of(id)).unwrap_or_default();
                Ok((Some(point), place))
            }
        };
    }
    let division = new.division.and_then(|id| atlas.division(id)).filter(|division| !division.retired);
    match division {
        Some(division) => Ok((None, atlas.place_of(division.id))),
        None => Err(no("place-missing", "place")),
    }
}

/// The district's own unit is asked first; it may hand the question on.
fn unit_of(tx: &mut Tx<'_>, jurisdiction: i64, district: Option<i64>) -> storage::Result<Option<i64>> {
    let Some(district) = district else { return Ok(None) };
    let units = people::units::all(tx, jurisdiction)?;
    let mine = |unit: &&people::units::Unit| unit.district == Some(district);
    let whole = units.iter().filter(mine).find(|unit| unit.kind == people::units::UnitKind::District);
    Ok(whole.or_else(|| units.iter().find(mine)).map(|unit| unit.id))
}
