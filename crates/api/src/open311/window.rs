//! Which requests, of which days.
//!
//! Without dates: the newest thousand of the last 90 days. With both: at most 90 days. With one: the 90 days on its
//! side. With a window of updates instead, how old a request is does not matter.

use requests::list::{Filter, MOST, MOST_OFFSET};
use requests::{Catalogue, Status};

use super::Call;
use crate::native::filter::{bounds, whole};
use crate::problem::No;
use crate::window::{DAY_MS, moment};
use calendar::Timestamp;

/// The longest window of requested times.
const SPAN_MS: i64 = 90 * DAY_MS;
/// A page when somebody turns pages without saying how long they are.
const USUAL_PAGE: i64 = 100;

/// Reads the parameters of `GET requests`.
pub(crate) fn read(call: &Call, city: i64, catalogue: &Catalogue, now: Timestamp) -> Result<Filter, No> {
    let mut filter = Filter::of(city);
    let (from, to) = span(call, now)?;
    (filter.requested_from, filter.requested_to) = (from, to);
    filter.updated_from = parameter(call, "updated_after")?;
    filter.updated_to = parameter(call, "updated_before")?;
    if let Some(text) = call.given("status") {
        filter.open = status(text)?;
    }
    if let Some(list) = call.given("service_code") {
        let codes = list.split(',').map(str::trim).filter(|code| !code.is_empty());
        filter.services =
            codes.filter_map(|code| catalogue.by_code(code)).map(|service| service.id).collect();
        if filter.services.is_empty() {
            // Only codes that no service has: nothing is found, and not everything.
            filter.services = vec![-1];
        }
    }
    if let Some(text) = call.given("bbox") {
        filter.bounds = Some(bounds(text)?);
    }
    if let Some(text) = call.given("q") {
        filter.words = text.to_owned();
    }
    let size = whole(&call.query, "page_size", i64::MAX)?.or(whole(&call.query, "max_requests", i64::MAX)?);
    let page = whole(&call.query, "page", i64::MAX)?;
    let usual = if page.is_some() { USUAL_PAGE } else { i64::from(MOST) };
    let size = size.unwrap_or(usual).clamp(1, i64::from(MOST));
    // Page 0 is page 1, as the oldest servers have it.
    let offset = (page.unwrap_or(1).max(1) - 1).saturating_mul(size);
    if offset > i64::from(MOST_OFFSET) {
        return Err(No::Parameter { name: "page", code: "number-wrong" });
    }
    filter.limit = u32::try_from(size).unwrap_or(MOST);
    filter.offset = u32::try_from(offset).unwrap_or(MOST_OFFSET);
    Ok(filter)
}

fn span(call: &Call, now: Timestamp) -> Result<(Option<Timestamp>, Option<Timestamp>), No> {
    let (start, end) = (parameter(call, "start_date")?, parameter(call, "end_date")?);
    let updates = call.given("updated_after").is_some() || call.given("updated_before").is_some();
    match (start, end) {
        (Some(start), Some(end)) => {
            ordered(start, end)?;
            if end.0 - start.0 > SPAN_MS {
                return Err(No::Parameter { name: "start_date", code: "span-too-long" });
            }
            Ok((Some(start), Some(end)))
        }
        (Some(start), None) => Ok((Some(start), Some(start.plus_millis(SPAN_MS)))),
        (None, Some(end)) => Ok((Some(end.plus_millis(-SPAN_MS)), Some(end))),
        (None, None) if updates => Ok((None, None)),
        (None, None) => Ok((Some(now.plus_millis(-SPAN_MS)), None)),
    }
}

/// A window of updates: both ends or none.
pub(crate) fn both_or_none(call: &Call, now: Timestamp) -> Result<(Timestamp, Timestamp), No> {
    match (parameter(call, "start_date")?, parameter(call, "end_date")?) {
        (Some(start), Some(end)) => {
            ordered(start, end)?;
            Ok((start, end))
        }
        (None, None) => Ok((now.plus_millis(-SPAN_MS), now)),
        _ => Err(No::Parameter { name: "start_date", code: "window-half" }),
    }
}

fn ordered(start: Timestamp, end: Timestamp) -> Result<(), No> {
    if end < start { Err(No::Parameter { name: "end_date", code: "window-reversed" }) } else { Ok(()) }
}

fn parameter(call: &Call, name: &'static str) -> Result<Option<Timestamp>, No> {
    match call.given(name) {
        None => Ok(None),
        Some(text) => moment(text).map(Some).ok_or(No::Parameter { name, code: "time-wrong" }),
    }
}

/// `open`, `closed` or both.
fn status(text: &str) -> Result<Option<bool>, No> {
    let (mut open, mut closed) = (false, false);
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        match word.to_ascii_lowercase().as_str() {
            "open" => open = true,
            "closed" => closed = true,
            _ => return Err(No::Parameter { name: "status", code: "status-wrong" }),
        }
    }
    Ok(match (open, closed) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    })
}

/// The word that FixMyStreet knows for a status; its states are finer than open and closed.
pub(crate) fn update_status(status: Status) -> &'static str {
    match status {
        Status::Received | Status::Reopened => "OPEN",
        Status::Confirmed | Status::WaitingForCitizen => "INVESTIGATING",
        Status::Assigned | Status::ReferredOutside => "ACTION_SCHEDULED",
        Status::InProgress => "IN_PROGRESS",
        Status::Declined | Status::Cancelled => "NO_FURTHER_ACTION",
        Status::Answered => "FIXED",
        Status::Closed => "CLOSED",
        Status::Duplicate => "DUPLICATE",
    }
}
