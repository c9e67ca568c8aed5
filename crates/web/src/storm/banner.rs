//! What citizens see of a storm: the message of the city, the incident that their request is part of, and why a promise
//! is later than usual.

use language::Lang;
use requests::ServiceRequest;
use requests::incidents::{State, read};
use requests::storm;
use storage::Tx;
use words::Words;

/// What `storm/banner.html` shows; nothing on a calm day.
pub struct Banner {
    pub title: String,
    pub message: String,
}

/// One message for all storms that hold: the city's own, or those of its districts together.
pub fn banner(tx: &mut Tx<'_>, city: i64, w: Words) -> storage::Result<Option<Banner>> {
    let storms = storm::current(tx, city)?;
    let atlas = territory::atlas(tx, city)?;
    let Some(first) = storms.city().or(storms.all.first()) else { return Ok(None) };
    let names: Vec<&str> = storms
        .all
        .iter()
        .filter_map(|s| atlas.division(s.district?))
        .map(|district| district.name(w.lang()))
        .collect();
    let between = if w.lang() == Lang::Fa { "، " } else { ", " };
    let title = match first.district {
        None => w.storm_banner_title().to_owned(),
        Some(_) => w.storm_banner_in(&names.join(between)),
    };
    let message = match first.mode.message.get(w.lang()) {
        "" => w.storm_banner_message(),
        text => text,
    };
    Ok(Some(Banner { title, message: message.to_owned() }))
}

/// The sentences about the incident that a request is part of, once everybody may know of it.
pub fn part_of(tx: &mut Tx<'_>, request: &ServiceRequest, w: Words) -> storage::Result<Option<String>> {
    let Some(incident) = read::of_request(tx, request.jurisdiction, request.id, true)? else {
        return Ok(None);
    };
    let mut words = w.storm_part_of((incident.size - 1).max(0));
    if incident.state != State::Confirmed && !incident.answer.is_empty() {
        words.push(' ');
        words.push_str(w.storm_part_answered());
    }
    Ok(Some(words))
}

/// Why the promise is later than the service usually promises.
pub fn shifted(request: &ServiceRequest, w: Words) -> Option<String> {
    let by = request.clock?.shifted_millis;
    (by > 0).then(|| w.storm_promise_shifted((by / 3_600_000).max(1)))
}
