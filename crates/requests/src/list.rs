//! Many requests: filters, boxes, pages. Newest first, always in one order, always with an end.
//!
//! A list by filters walks an index backwards from where the last page ended. A box is read either from the map
//! index (a small box holds few) or by walking the newest and keeping those inside (a large box holds many):
//! the counts by cell say which is shorter. What a map asks for most is all in that index, which then serves larger
//! boxes as well.

use calendar::Timestamp;
use storage::{Filter as Conditions, Result, Tx, params, sql};
use territory::{Bounds, Point, cell};

use crate::figures::LEVELS;
use crate::request::{RequestId, ServiceRequest, columns};
use crate::{Kind, Status, search};

/// The longest page anybody gets.
pub const MOST: u32 = 1000;
/// Offsets beyond this are refused by the doors; a cursor has no such end.
pub const MOST_OFFSET: u32 = 100_000;
/// A box with fewer than this many requests is read from the map index.
const SMALL_BOX: i64 = 20_000;
/// The same where the map index alone says which rows are wanted.
const INDEXED_BOX: i64 = 200_000;

/// Which requests.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    pub jurisdiction: i64,
    pub statuses: Vec<Status>,
    /// Work still owed, or not.
    pub open: Option<bool>,
    pub kind: Option<Kind>,
    pub services: Vec<i64>,
    pub district: Option<i64>,
    pub neighbourhood: Option<i64>,
    pub unit: Option<i64>,
    pub bounds: Option<Bounds>,
    /// Words to be found, as typed.
    pub words: String,
    pub requested_from: Option<Timestamp>,
    pub requested_to: Option<Timestamp>,
    pub updated_from: Option<Timestamp>,
    pub updated_to: Option<Timestamp>,
    /// Only those whose promise has passed at this moment.
    pub overdue_at: Option<Timestamp>,
    pub ids: Option<Vec<RequestId>>,
    /// Include those that are not public. Only for those who may.
    pub private_too: bool,
    /// Only those older than this one: the end of the page before.
    pub before: Option<RequestId>,
    pub offset: u32,
    pub limit: u32,
}

impl Filter {
    pub fn of(jurisdiction: i64) -> Self {
        Filter { jurisdiction, limit: 25, ..Filter::default() }
    }

    /// Nothing but the city is asked for.
    pub fn is_bare(&self) -> bool {
        Filter { before: None, offset: 0, limit: 0, ..self.clone() }
            == Filter { jurisdiction: self.jurisdiction, ..Filter::default() }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub requests: Vec<ServiceRequest>,
    /// Where the next page begins, when there is one.
    pub next: Option<RequestId>,
}

/// The requests that a filter lets through, newest first.
pub fn list(tx: &mut Tx<'_>, filter: &Filter) -> Result<Page> {
    let limit = filter.limit.clamp(1, MOST) as usize;
    let mut requests = if search::is_empty(&filter.words) {
        let mut conditions = Conditions::new();
        conditions.and("jurisdiction_id = {}", [filter.jurisdiction]);
        if let Some(bounds) = &filter.bounds {
            in_box(tx, filter.jurisdiction, *bounds, &mut conditions)?;
        }
        where_(filter, &mut conditions);
        let tail = format!("ORDER BY id DESC LIMIT {} OFFSET {}", limit + 1, filter.offset.min(MOST_OFFSET));
        let (sql, params) =
            conditions.finish(concat!("SELECT ", columns!(), " FROM service_requests WHERE"), &tail);
        tx.query(&sql, &params, ServiceRequest::from_row)?
    } else {
        with_words(tx, filter, limit + 1)?
    };
    let more = requests.len() > limit;
    requests.truncate(limit);
    let next = if more { requests.last().map(|r| r.id) } else { None };
    Ok(Page { requests, next })
}

/// The newest requests that have the words, read a handful at a time until enough pass the other conditions.
fn with_words(tx: &mut Tx<'_>, filter: &Filter, enough: usize) -> Result<Vec<ServiceRequest>> {
    const HANDFUL: usize = 100;
    let found =
        search::find_before(tx, filter.jurisdiction, &filter.words, filter.before, search::MOST_FOUND)?;
    let mut kept = Vec::with_capacity(enough);
    let mut to_skip = filter.offset as usize;
    let mut rest = found.as_slice();
    while kept.len() < enough && !rest.is_empty() {
        // The first handful is the page itself: most searches have no other condition.
        let (now, later) = rest.split_at(rest.len().min(if kept.is_empty() {
            (enough + to_skip).min(HANDFUL)
        } else {
            HANDFUL
        }));
        rest = later;
        let mut conditions = Conditions::new();
        conditions.and("jurisdiction_id = {}", [filter.jurisdiction]).within("id", now.iter().map(|id| id.0));
        if let Some(b) = &filter.bounds {
            within_degrees(b, &mut conditions);
        }
        where_(filter, &mut conditions);
        let tail = "ORDER BY id DESC LIMIT 1000";
        let (sql, params) =
            conditions.finish(concat!("SELECT ", columns!(), " FROM service_requests WHERE"), tail);
        for request in tx.query(&sql, &params, ServiceRequest::from_row)? {
            if to_skip > 0 {
                to_skip -= 1;
            } else {
                kept.push(request);
            }
        }
    }
    kept.truncate(enough);
    Ok(kept)
}

/// Where a request lies, and whether work is owed: all that a map far out needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    pub id: RequestId,
    pub point: Point,
    pub is_open: bool,
}

/// As many spots as a map gathers: on a million requests, what a person waits for a tile without noticing.
pub const MOST_SPOTS: u32 = search::MOST_LOOKED_AT;

/// Where the newest requests lie that a filter lets through, [`MOST_SPOTS`] at most. With words, among the newest so many
/// that have them.
pub fn spots(tx: &mut Tx<'_>, filter: &Filter) -> Result<Vec<Spot>> {
    const HANDFUL: usize = 1000;
    let mut spots = Vec::new();
    if search::is_empty(&filter.words) {
        read_spots(tx, filter, None, &mut spots)?;
    } else {
        let found = search::find_before(tx, filter.jurisdiction, &filter.words, filter.before, MOST_SPOTS)?;
        for some in found.chunks(HANDFUL) {
            read_spots(tx, filter, Some(some), &mut spots)?;
        }
    }
    Ok(spots)
}

fn read_spots(
    tx: &mut Tx<'_>,
    filter: &Filter,
    among: Option<&[RequestId]>,
    into: &mut Vec<Spot>,
) -> Result<()> {
    let mut conditions = Conditions::new();
    conditions.and("jurisdiction_id = {}", [filter.jurisdiction]);
    if let Some(ids) = among {
        conditions.within("id", ids.iter().map(|id| id.0));
    }
    match (&filter.bounds, among) {
        (Some(bounds), None)
            if is_indexed(filter) && count_in(tx, filter.jurisdiction, *bounds)? < INDEXED_BOX =>
        {
            newest_by_index(filter, *bounds, &mut conditions);
            within_degrees(bounds, &mut conditions);
        }
        (Some(bounds), None) => in_box(tx, filter.jurisdiction, *bounds, &mut conditions)?,
        (Some(bounds), Some(_)) => within_degrees(bounds, &mut conditions),
        (None, _) => {
            conditions.and::<i64>("lat IS NOT NULL AND long IS NOT NULL", []);
        }
    }
    where_(filter, &mut conditions);
    let tail = format!("ORDER BY id DESC LIMIT {MOST_SPOTS}");
    let (sql, params) = conditions.finish("SELECT id, lat, long, is_open FROM service_requests WHERE", &tail);
    tx.for_each(&sql, &params, |row| {
        if let Some(point) = Point::new(row.get(1)?, row.get(2)?) {
            into.push(Spot { id: RequestId(row.get(0)?), point, is_open: row.get(3)? });
        }
        Ok(())
    })
}

/// Whether the map index knows all that is asked: the place, the state, the service.
fn is_indexed(filter: &Filter) -> bool {
    let Filter { jurisdiction, statuses, open, services, bounds, private_too, offset, limit, .. } =
        filter.clone();
    let known = Filter {
        jurisdiction,
        statuses,
        open,
        services,
        bounds,
        private_too,
        offset,
        limit,
        ..Filter::default()
    };
    known == *filter
}

/// The newest of a box, found in the map index before any row is read. The ranges of the index may reach a little
/// beyond the box, so that at its edge fewer than [`MOST_SPOTS`] may remain.
fn newest_by_index(filter: &Filter, bounds: Bounds, to: &mut Conditions<'_>) {
    let ranges = cell::ranges(bounds, 8);
    if ranges.is_empty() {
        to.and::<i64>("1 = 0", []);
        return;
    }
    let list = |ids: Vec<String>| ids.join(", ");
    let mut known = vec![format!("jurisdiction_id = {}", filter.jurisdiction)];
    known.push(format!("({})", vec!["(cell >= {} AND cell <= {})"; ranges.len()].join(" OR ")));
    if !filter.private_too {
        known.push("is_public = 1".into());
    }
    if let Some(open) = filter.open {
        known.push(if open { "is_open = 1" } else { "is_open = 0" }.into());
    }
    if !filter.statuses.is_empty() {
        let codes = filter.statuses.iter().map(|s| format!("'{}'", s.code())).collect();
        known.push(format!("status IN ({})", list(codes)));
    }
    if !filter.services.is_empty() {
        known.push(format!("service_id IN ({})", list(filter.services.iter().map(i64::to_string).collect())));
    }
    let known = known.join(" AND ");
    let ends = ranges.iter().flat_map(|r| [*r.start(), *r.end()]).collect::<Vec<_>>();
    to.and(
        &format!("id IN (SELECT id FROM service_requests WHERE {known} ORDER BY id DESC LIMIT {MOST_SPOTS})"),
        ends,
    );
}

fn where_(filter: &Filter, to: &mut Conditions<'_>) {
    if !filter.private_too {
        to.and::<i64>("is_public = 1", []);
    }
    if let Some(open) = filter.open {
        // Written out, so that the index of open requests is known to serve.
        to.and::<i64>(if open { "is_open = 1" } else { "is_open = 0" }, []);
    }
    match filter.statuses.as_slice() {
        [] => {}
        statuses => {
            let list: Vec<String> = statuses.iter().map(|s| format!("'{}'", s.code())).collect();
            to.and::<i64>(&format!("status IN ({})", list.join(", ")), []);
            if !statuses.contains(&Status::Closed) {
                to.and::<i64>("status <> 'closed'", []);
            }
            if statuses.iter().all(|s| s.is_open()) {
                to.and::<i64>("is_open = 1", []);
            }
        }
    }
    if let Some(kind) = filter.kind {
        to.and("kind = {}", [kind.code()]);
    }
    match filter.services.as_slice() {
        [] => {}
        [one] => {
            to.and("service_id = {}", [*one]);
        }
        many => {
            to.within("service_id", many.iter().copied());
        }
    }
    for (column, id) in [
        ("neighbourhood_id", filter.neighbourhood),
        ("district_id", filter.district),
        ("unit_id", filter.unit),
    ] {
        if let Some(id) = id {
            to.and(&format!("{column} = {{}}"), [id]);
        }
    }
    // Ids are in the order of time, so a window of time is a range of the key.
    if let Some(from) = filter.requested_from {
        to.and("id >= {}", [people::first_id_at(from)]);
    }
    if let Some(until) = filter.requested_to {
        to.and("id < {}", [people::first_id_at(until.plus_millis(1))]);
    }
    if let Some(from) = filter.updated_from {
        to.and("updated_at >= {}", [from.0]);
    }
    if let Some(until) = filter.updated_to {
        to.and("updated_at <= {}", [until.0]);
    }
    if let Some(now) = filter.overdue_at {
        to.and("is_open = 1 AND due_at < {} AND status <> 'waiting-for-citizen'", [now.0]);
    }
    if let Some(ids) = &filter.ids {
        to.within("id", ids.iter().map(|id| id.0));
    }
    if let Some(before) = filter.before {
        to.and("id < {}", [before.0]);
    }
}

/// Adds the condition for a box, in the form that reads fewer rows.
fn in_box(tx: &mut Tx<'_>, jurisdiction: i64, bounds: Bounds, to: &mut Conditions<'_>) -> Result<()> {
    if count_in(tx, jurisdiction, bounds)? < SMALL_BOX {
        let ranges = cell::ranges(bounds, 8);
        let any = vec!["(cell >= {} AND cell <= {})"; ranges.len()].join(" OR ");
        if ranges.is_empty() {
            to.and::<i64>("1 = 0", []);
        } else {
            let ends = ranges.iter().flat_map(|r| [*r.start(), *r.end()]).collect::<Vec<_>>();
            to.and(&format!("id IN (SELECT id FROM service_requests WHERE jurisdiction_id = {jurisdiction} AND ({any}))"), ends);
        }
    }
    within_degrees(&bounds, to);
    Ok(())
}

fn within_degrees(bounds: &Bounds, to: &mut Conditions<'_>) {
    to.and(
        "lat >= {} AND lat <= {} AND long >= {} AND long <= {}",
        [bounds.min.lat, bounds.max.lat, bounds.min.long, bounds.max.long],
    );
}

/// About how many public requests are in a box, from the counts by cell: exact to the size of the cells that fit it.
pub fn count_in(tx: &mut Tx<'_>, jurisdiction: i64, bounds: Bounds) -> Result<i64> {
    let width = (bounds.max.long - bounds.min.long).max(bounds.max.lat - bounds.min.lat).max(1e-9);
    // The finest counted cells of which a few hundred cover the box.
    let level = LEVELS
        .into_iter()
        .rev()
        .find(|level| width / (360.0 / f64::from(1u32 << level)) <= 16.0)
        .unwrap_or(LEVELS[0]);
    let mut sum = 0;
    for range in cell::ranges(bounds, 16) {
        sum += tx
            .value::<i64>(
                sql!(
                    "SELECT CAST(COALESCE(SUM(all_count), 0) AS BIGINT) FROM request_cells
                     WHERE jurisdiction_id = $1 AND level = $2 AND cell >= $3 AND cell <= $4"
                ),
                &params![
                    jurisdiction,
                    level,
                    cell::prefix(*range.start(), level),
                    cell::prefix(*range.end(), level)
                ],
            )?
            .unwrap_or(0);
    }
    Ok(sum)
}
