//! The board, one incident with its members, and the incident that a request is part of.

use calendar::Timestamp;
use storage::{Filter, Param, Result, Tx, params, sql};
use territory::Point;

use super::likeness::{self, Seen};
use super::row::{Incident, incident_columns};
use super::{Families, IncidentId, State};
use crate::find;
use crate::request::{RequestId, ServiceRequest};

pub use super::row::{Told, by_id};

/// Which incidents the board shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    pub district: Option<i64>,
    /// Only these; empty for proposed and confirmed.
    pub states: Vec<State>,
    pub most: u32,
}

/// The incidents that are open, or in the states asked for: the most dangerous first, then the largest.
pub fn board(tx: &mut Tx<'_>, jurisdiction: i64, asked: &Asked) -> Result<Vec<Incident>> {
    let mut filter = Filter::new();
    filter.and("jurisdiction_id = {}", [jurisdiction]);
    if asked.states.is_empty() {
        filter.and::<i64>("is_open = 1", []);
    } else {
        filter.within("state", asked.states.iter().map(|s| Param::Text(s.code())));
    }
    if let Some(district) = asked.district {
        filter.and("district_id = {}", [district]);
    }
    let over = asked.states.iter().any(|state| !state.is_open());
    let order = if over { "updated_at DESC, id DESC" } else { "danger DESC, size DESC, id DESC" };
    let (sql, params) = filter.finish(
        concat!("SELECT ", incident_columns!(), " FROM incidents WHERE"),
        &format!("ORDER BY {order} LIMIT {}", asked.most.clamp(1, 500)),
    );
    tx.query(&sql, &params, Incident::from_row)
}

/// Open incidents and the requests in them, by state, over the whole city or one district.
pub fn counts(tx: &mut Tx<'_>, jurisdiction: i64, district: Option<i64>) -> Result<Vec<(State, i64, i64)>> {
    let found = tx.query(
        sql!(
            "SELECT state, count(*), CAST(SUM(size) AS BIGINT) FROM incidents
             WHERE jurisdiction_id = $1 AND is_open = 1 AND (CAST($2 AS BIGINT) = 0 OR district_id = $2) GROUP BY state ORDER BY state LIMIT 10"
        ),
        &params![jurisdiction, district.unwrap_or(0)],
        |row| Ok((row.get::<String>(0)?, row.get(1)?, row.get(2)?)),
    )?;
    Ok(found.into_iter().filter_map(|(s, n, size)| Some((State::parse(&s)?, n, size))).collect())
}

/// One member, and why it could not be answered with the others, if so.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberOf {
    pub request: ServiceRequest,
    /// In hundredths; nothing when a person joined it.
    pub likeness: Option<i64>,
    pub refused: String,
}

/// Members, the newest first; `before` for the next page.
pub fn members(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    id: IncidentId,
    before: Option<RequestId>,
    most: u32,
) -> Result<Vec<MemberOf>> {
    let rows = tx.query(
        sql!(
            "SELECT request_id, likeness, refused FROM incident_members
             WHERE jurisdiction_id = $1 AND incident_id = $2 AND request_id < $3 ORDER BY request_id DESC LIMIT $4"
        ),
        &params![jurisdiction, id.0, before.map_or(i64::MAX, |id| id.0), most.min(500)],
        |row| Ok((RequestId(row.get(0)?), row.get::<Option<i64>>(1)?, row.get::<String>(2)?)),
    )?;
    let ids: Vec<RequestId> = rows.iter().map(|(id, _, _)| *id).collect();
    let mut about: std::collections::HashMap<RequestId, (Option<i64>, String)> =
        rows.into_iter().map(|(id, likeness, refused)| (id, (likeness, refused))).collect();
    Ok(find::by_ids(tx, jurisdiction, &ids)?
        .into_iter()
        .map(|request| {
            let (likeness, refused) = about.remove(&request.id).unwrap_or_default();
            MemberOf { request, likeness, refused }
        })
        .collect())
}

/// How many members are still open.
pub fn open_members(tx: &mut Tx<'_>, jurisdiction: i64, id: IncidentId) -> Result<i64> {
    Ok(tx
        .value(
            sql!(
                "SELECT count(*) FROM incident_members m
                 JOIN service_requests r ON r.jurisdiction_id = m.jurisdiction_id AND r.id = m.request_id
                 WHERE m.jurisdiction_id = $1 AND m.incident_id = $2 AND r.is_open = 1"
            ),
            &params![jurisdiction, id.0],
        )?
        .unwrap_or(0))
}

/// The incident that a request is part of. `known` asks only for those that everybody may know of.
pub fn of_request(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    request: RequestId,
    known: bool,
) -> Result<Option<Incident>> {
    let found = tx.query_opt(
        sql!(concat!(
            "SELECT ",
            incident_columns!(),
            " FROM incidents WHERE jurisdiction_id = $1 AND id =
               (SELECT incident_id FROM incident_members WHERE jurisdiction_id = $1 AND request_id = $2)"
        )),
        &params![jurisdiction, request.0],
        Incident::from_row,
    )?;
    Ok(found.filter(|i| if known { i.state.is_known() } else { i.state != State::Dismissed }))
}

/// Which incident each of the requests is in, for lists, tests and measuring.
pub fn memberships(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    after: RequestId,
    most: u32,
) -> Result<Vec<(RequestId, IncidentId)>> {
    tx.query(
        sql!(
            "SELECT request_id, incident_id FROM incident_members WHERE jurisdiction_id = $1 AND request_id > $2
             ORDER BY request_id LIMIT $3"
        ),
        &params![jurisdiction, after.0, most],
        |row| Ok((RequestId(row.get(0)?), IncidentId(row.get(1)?))),
    )
}

/// An open incident that a report may be about.
#[derive(Debug, Clone, PartialEq)]
pub struct Like {
    pub incident: Incident,
    pub metres: f64,
    /// From 0 to 1.
    pub likeness: f64,
}

/// What is about to be reported.
#[derive(Debug, Clone, Copy)]
pub struct Wording<'a> {
    pub words: &'a str,
    pub address: &'a str,
}

/// Open incidents that a report like this may belong to, the likest first: the rule that the program itself goes by,
/// for a person to decide. None for a service whose requests are not public.
pub fn like(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    service_code: &str,
    point: Point,
    wording: Wording<'_>,
    at: Timestamp,
    most: usize,
) -> Result<Vec<Like>> {
    let catalogue = crate::catalogue(tx, jurisdiction)?;
    let Some(service) = catalogue.by_code(service_code).filter(|s| s.is_public()) else {
        return Ok(Vec::new());
    };
    let families = Families::load(tx, jurisdiction)?;
    let code = families.code(service);
    let seen = Seen {
        family: code.clone(),
        service: service.id,
        point,
        at: at.0,
        danger: 0,
        words: likeness::words(wording.words, wording.address),
        district: None,
        neighbourhood: None,
        unit: None,
    };
    let (family, usual) = (families.get(&code), families.usual(&code));
    let mut nearby = super::nearby::Nearby::default();
    let tiles = nearby.read(tx, jurisdiction, point)?;
    let mut found: Vec<Like> = nearby
        .incidents_in(&tiles, &code)
        .into_iter()
        .filter_map(|id| nearby.incidents.remove(&id))
        .map(|incident| Like {
            metres: incident.point.metres_to(point),
            likeness: incident.learned.likeness(&seen, &family, usual),
            incident,
        })
        .filter(|like| like.likeness >= likeness::JOINS)
        .collect();
    found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then(a.incident.id.cmp(&b.incident.id)));
    found.truncate(most);
    Ok(found)
}

/// Open incidents of the same family around one, the nearest first: what it may be merged with.
pub fn neighbours(tx: &mut Tx<'_>, incident: &Incident, most: usize) -> Result<Vec<(Incident, f64)>> {
    let mut nearby = super::nearby::Nearby::default();
    let tiles = nearby.read(tx, incident.jurisdiction, incident.point)?;
    let mut found: Vec<(Incident, f64)> = nearby
        .incidents_in(&tiles, &incident.family)
        .into_iter()
        .filter(|id| *id != incident.id)
        .filter_map(|id| nearby.incidents.get(&id).cloned())
        .map(|other| {
            let metres = other.point.metres_to(incident.point);
            (other, metres)
        })
        .collect();
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    found.truncate(most);
    Ok(found)
}
