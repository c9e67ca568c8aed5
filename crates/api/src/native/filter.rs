//! Which requests an address asks for: one reading for lists, GeoJSON, CSV and tiles.

use door::Form;
use language::digits;
use requests::list::{self, Filter};
use requests::{Catalogue, Kind, RequestId, Status};
use territory::{Atlas, Bounds, Level};
use utoipa::IntoParams;

use crate::problem::No;
use crate::window;

/// The filters of an address, as the description lists them; [`read`] reads them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // Only its description is used. All are text, since an empty one is an absent one.
pub(crate) struct Filters {
    /// Code of the jurisdiction; the first one without it.
    jurisdiction: Option<String>,
    /// Language of names: `fa` or `en`; others are not spoken and change nothing.
    lang: Option<String>,
    /// States, separated by commas; `open` and `closed` stand for all of theirs.
    #[param(
        pattern = "^((open|closed|received|confirmed|assigned|in-progress|waiting-for-citizen|referred-outside|declined|answered|reopened|duplicate|cancelled)(,(open|closed|received|confirmed|assigned|in-progress|waiting-for-citizen|referred-outside|declined|answered|reopened|duplicate|cancelled))*)?$"
    )]
    status: Option<String>,
    /// Work is still owed, or not.
    #[param(pattern = "^(true|false|1|0)?$")]
    open: Option<String>,
    #[param(pattern = "^(request|complaint|criticism|suggestion|appreciation)?$")]
    kind: Option<String>,
    /// Codes of services, separated by commas.
    service: Option<String>,
    /// Id or code of a district.
    district: Option<String>,
    /// Id or code of a neighbourhood.
    neighbourhood: Option<String>,
    /// Code of the responsible unit.
    unit: Option<String>,
    /// `west,south,east,north` in degrees.
    #[param(example = "51.2,35.6,51.6,35.8")]
    r#box: Option<String>,
    /// Words to be found.
    q: Option<String>,
    /// Requested at this moment or day, or later.
    #[param(example = "2025-03-21")]
    from: Option<String>,
    /// Requested at this moment or day, or before.
    to: Option<String>,
    /// Changed at this moment or later.
    updated_from: Option<String>,
    updated_to: Option<String>,
    /// Only those whose promise has passed.
    #[param(pattern = "^(true|false|1|0)?$")]
    overdue: Option<String>,
    /// `next` of the page before.
    #[param(pattern = "^[0-9]{0,18}$")]
    before: Option<String>,
    /// How many at most: 1 to 1000.
    #[param(pattern = "^([1-9][0-9]{0,2}|1000)?$")]
    limit: Option<String>,
}

/// Reads the filters of an address. An empty parameter is an absent one.
pub(crate) fn read(
    form: &Form,
    atlas: &Atlas,
    catalogue: &Catalogue,
    now: calendar::Timestamp,
) -> Result<Filter, No> {
    let mut filter = Filter::of(atlas.jurisdiction.id);
    let zone = &atlas.jurisdiction.zone;
    let given = |name: &str| form.get(name).map(str::trim).filter(|value| !value.is_empty());
    let moment = |name: &'static str, end: bool| match given(name) {
        None => Ok(None),
        Some(text) => {
            window::moment_or_day(text, zone, end).map(Some).ok_or(No::Parameter { name, code: "time-wrong" })
        }
    };
    if let Some(text) = given("status") {
        read_statuses(text, &mut filter)?;
    }
    if let Some(open) = truth(form, "open")? {
        filter.open = Some(open);
    }
    if let Some(text) = given("kind") {
        filter.kind = Some(Kind::parse(text).ok_or(No::Parameter { name: "kind", code: "kind-wrong" })?);
    }
    for code in
        given("service").into_iter().flat_map(|list| list.split(',')).map(str::trim).filter(|c| !c.is_empty())
    {
        filter.services.push(catalogue.by_code(code).ok_or(No::NotFound("service-unknown"))?.id);
    }
    filter.district = given("district").map(|text| division(atlas, Level::District, text)).transpose()?;
    filter.neighbourhood =
        given("neighbourhood").map(|text| division(atlas, Level::Neighbourhood, text)).transpose()?;
    if let Some(code) = given("unit") {
        filter.unit = Some(catalogue.unit_by_code(code).ok_or(No::NotFound("unit-unknown"))?.id);
    }
    if let Some(text) = given("box").or_else(|| given("bbox")) {
        filter.bounds = Some(bounds(text)?);
    }
    filter.words = given("q").unwrap_or("").to_owned();
    filter.requested_from = moment("from", false)?;
    filter.requested_to = moment("to", true)?;
    filter.updated_from = moment("updated_from", false)?;
    filter.updated_to = moment("updated_to", true)?;
    if truth(form, "overdue")? == Some(true) {
        filter.overdue_at = Some(now);
    }
    filter.before = whole(form, "before", i64::MAX)?.map(RequestId);
    if let Some(limit) = whole(form, "limit", i64::from(list::MOST))? {
        if limit == 0 {
            return Err(No::Parameter { name: "limit", code: "number-wrong" });
        }
        filter.limit = u32::try_from(limit).unwrap_or(list::MOST);
    }
    Ok(filter)
}

fn read_statuses(text: &str, filter: &mut Filter) -> Result<(), No> {
    let (mut open, mut closed) = (false, false);
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        match word {
            "open" => open = true,
            "closed" => closed = true,
            word => filter
                .statuses
                .push(Status::parse(word).ok_or(No::Parameter { name: "status", code: "status-wrong" })?),
        }
    }
    match (open, closed, filter.statuses.is_empty()) {
        (true, false, true) => filter.open = Some(true),
        (false, true, true) => filter.open = Some(false),
        (false, false, _) | (true, true, true) => {}
        // Mixed with single states, the two become the states they stand for.
        _ => {
            let more: Vec<Status> =
                Status::ALL.iter().copied().filter(|s| if s.is_open() { open } else { closed }).collect();
            filter.statuses.extend(more);
            filter.statuses.sort_unstable();
            filter.statuses.dedup();
        }
    }
    Ok(())
}

/// A division by its id or by the city's own code.
pub(crate) fn division(atlas: &Atlas, level: Level, text: &str) -> Result<i64, No> {
    let text = digits::to_ascii(text);
    if let Some(division) = atlas.by_code(level, &text) {
        return Ok(division.id);
    }
    let by_id = text.parse::<i64>().ok().and_then(|id| atlas.division(id)).filter(|d| d.level == level);
    by_id.map(|division| division.id).ok_or(No::NotFound("place-unknown"))
}

pub(crate) fn bounds(text: &str) -> Result<Bounds, No> {
    Bounds::parse(&digits::to_ascii(text)).ok_or(No::Parameter { name: "box", code: "box-wrong" })
}

/// `true`, `false`, `1` or `0`.
pub(crate) fn truth(form: &Form, name: &'static str) -> Result<Option<bool>, No> {
    match form.text(name).trim() {
        "" => Ok(None),
        "true" | "1" => Ok(Some(true)),
        "false" | "0" => Ok(Some(false)),
        _ => Err(No::Parameter { name, code: "truth-wrong" }),
    }
}

/// A whole number from 0 to `most`.
pub(crate) fn whole(form: &Form, name: &'static str, most: i64) -> Result<Option<i64>, No> {
    let text = form.text(name).trim();
    if text.is_empty() {
        return Ok(None);
    }
    let number = digits::to_ascii(text).parse::<i64>().ok().filter(|n| (0..=most).contains(n));
    number.map(Some).ok_or(No::Parameter { name, code: "number-wrong" })
}

/// A number with a fraction, in any digit set.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    digits::to_ascii(text.trim()).replace('\u{066b}', ".").parse::<f64>().ok()
}
