//! Whom and what there is to choose from: units, colleagues, standard answers.

use language::Lang;
use people::units::UnitKind;
use people::{Permission, accounts};
use requests::work::standard::{self, Standard};
use requests::{Catalogue, ServiceRequest, Status};
use storage::{Result, Tx};
use territory::Atlas;
use words::Words;

/// Units of the city by name.
pub fn units(catalogue: &Catalogue, w: Words) -> Vec<(i64, String)> {
    named(catalogue, w, |kind| kind != UnitKind::External)
}

/// Organisations outside by name.
pub fn outside(catalogue: &Catalogue, w: Words) -> Vec<(i64, String)> {
    named(catalogue, w, |kind| kind == UnitKind::External)
}

fn named(catalogue: &Catalogue, w: Words, wanted: impl Fn(UnitKind) -> bool) -> Vec<(i64, String)> {
    let mut all: Vec<(i64, String)> = catalogue
        .units()
        .filter(|unit| wanted(unit.kind))
        .map(|unit| (unit.id, catalogue.unit_name(Some(unit.id), w.lang()).to_owned()))
        .collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

/// Colleagues in a unit who work on requests, by name.
pub fn colleagues(tx: &mut Tx<'_>, jurisdiction: i64, unit: Option<i64>) -> Result<Vec<(i64, String)>> {
    let Some(unit) = unit else { return Ok(Vec::new()) };
    let works = |m: &people::Membership| people::permissions::reach(m, Permission::Work).is_some();
    let ids: Vec<i64> = accounts::of_unit(tx, jurisdiction, unit)?
        .into_iter()
        .filter(|(_, membership)| works(membership))
        .map(|(account, _)| account)
        .collect();
    let mut all: Vec<(i64, String)> = people::names(tx, jurisdiction, ids)?.into_iter().collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(all)
}

/// A standard answer to choose, already filled for a request, in the language of the citizen.
pub struct Ready {
    pub id: i64,
    pub name: String,
    pub text: String,
}

/// The standard answers for a request that lead to a state.
pub fn ready(
    all: &[Standard],
    request: &ServiceRequest,
    to: Status,
    catalogue: &Catalogue,
    atlas: &Atlas,
    w: Words,
) -> Vec<Ready> {
    standard::fitting(all, request.service)
        .into_iter()
        .filter(|answer| answer.status == to)
        .map(|answer| Ready {
            id: answer.id,
            name: answer.name.get(w.lang()).to_owned(),
            text: filled(answer, request, catalogue, atlas),
        })
        .collect()
}

/// The words of a standard answer for a request. Citizens are answered in their own language.
pub fn filled(answer: &Standard, request: &ServiceRequest, catalogue: &Catalogue, atlas: &Atlas) -> String {
    let lang: Lang = request.language;
    standard::fill(answer.text.get(lang), |name| match name {
        "due" => request
            .due_at
            .map(|due| calendar::words::date(lang, due.day(&atlas.jurisdiction.zone)))
            .unwrap_or_default(),
        "city" => atlas.jurisdiction.name(lang).to_owned(),
        other => standard::known(catalogue, request, other, lang),
    })
}
