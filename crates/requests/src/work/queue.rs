//! The lists of work: overdue first, then what is due soonest, then what has no promise, then what waits for others.
//! While a storm lasts, the services that come first in it stand before all of these.
//!
//! Each of these is one walk along an index, ended by the length of a page; a list never counts or sorts the city.

use calendar::Timestamp;
use language::fold;
use people::permissions::{self, Scope};
use people::{Act, Actor, Permission};
use storage::{Filter as Conditions, Result, Tx, params, sql};

use crate::catalogue::catalogue;
use crate::request::{RequestId, ServiceRequest, columns};
use crate::storm::{self, First};
use crate::{Status, find};

/// The longest page.
pub const MOST: usize = 200;
/// A list is looked through for words so many at a time, because the index of words knows only public requests, and so
/// many times for one page; the next page goes on where this one stopped looking.
const LOOKED_AT_ONCE: usize = if cfg!(test) { 3 } else { 2_000 };
const MOST_LOOKS: usize = 10;

/// What the memberships of somebody reach with a permission.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    pub jurisdiction: i64,
    pub city: bool,
    pub units: Vec<i64>,
    pub districts: Vec<i64>,
    pub neighbourhoods: Vec<i64>,
}

impl Reach {
    /// How far somebody may see requests that are not public.
    pub fn of(act: &Act, jurisdiction: i64) -> Self {
        let mut reach = Reach { jurisdiction, ..Reach::default() };
        match &act.by {
            Actor::Citizen => {}
            Actor::System(_) => reach.city = true,
            Actor::Key { role, unit, .. } => match permissions::scope(*role, Permission::SeeInternal) {
                Some(Scope::City) => reach.city = true,
                Some(_) => reach.units.extend(*unit),
                None => {}
            },
            Actor::Member(member) => {
                for membership in member.active() {
                    match permissions::reach(membership, Permission::SeeInternal) {
                        Some(Scope::City) => reach.city = true,
                        Some(Scope::District) => reach.districts.extend(membership.district),
                        Some(Scope::Neighbourhood) => reach.neighbourhoods.extend(membership.neighbourhood),
                        Some(Scope::Unit) => reach.units.extend(membership.unit),
                        Some(Scope::Own) | None => {}
                    }
                }
            }
        }
        for list in [&mut reach.units, &mut reach.districts, &mut reach.neighbourhoods] {
            list.sort_unstable();
            list.dedup();
        }
        reach
    }

    pub fn is_nothing(&self) -> bool {
        !self.city && self.units.is_empty() && self.districts.is_empty() && self.neighbourhoods.is_empty()
    }

    pub(crate) fn limit(&self, to: &mut Conditions<'_>) {
        to.and("jurisdiction_id = {}", [self.jurisdiction]);
        if self.city {
            return;
        }
        let mut any = Vec::new();
        let mut values = Vec::new();
        for (column, ids) in [
            ("unit_id", &self.units),
            ("district_id", &self.districts),
            ("neighbourhood_id", &self.neighbourhoods),
        ] {
            if !ids.is_empty() {
                any.push(format!("{column} IN ({})", vec!["{}"; ids.len()].join(", ")));
                values.extend(ids.iter().copied());
            }
        }
        match any.len() {
            0 => to.and::<i64>("1 = 0", []),
            1 => to.and(&any.concat(), values),
            _ => to.and(&format!("({})", any.join(" OR ")), values),
        };
    }
}

/// Which requests stand in a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Turn {
    /// Everything that is open.
    #[default]
    Open,
    /// Nobody has begun.
    New,
    Overdue,
    /// The citizen was asked.
    Waiting,
    /// Another organisation was asked.
    Referred,
    /// Somebody objected to the answer.
    Objection,
    /// Over, newest first.
    Done,
}

impl Turn {
    pub const ALL: [Turn; 7] =
        [Turn::Open, Turn::New, Turn::Overdue, Turn::Waiting, Turn::Referred, Turn::Objection, Turn::Done];

    pub fn code(self) -> &'static str {
        match self {
            Turn::Open => "open",
            Turn::New => "new",
            Turn::Overdue => "overdue",
            Turn::Waiting => "waiting",
            Turn::Referred => "referred",
            Turn::Objection => "objection",
            Turn::Done => "done",
        }
    }

    pub fn parse(code: &str) -> Option<Turn> {
        Turn::ALL.into_iter().find(|turn| turn.code() == code)
    }

    /// The open states of this list; empty when it is not a matter of states.
    pub(crate) fn statuses(self) -> &'static [Status] {
        match self {
            Turn::New => &[Status::Received, Status::Confirmed, Status::Assigned],
            Turn::Waiting => &[Status::WaitingForCitizen],
            Turn::Referred => &[Status::ReferredOutside],
            Turn::Objection => &[Status::Reopened],
            Turn::Open | Turn::Overdue | Turn::Done => &[],
        }
    }
}

/// What a member asks of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    pub turn: Turn,
    pub services: Vec<i64>,
    pub unit: Option<i64>,
    pub district: Option<i64>,
    pub neighbourhood: Option<i64>,
    /// Words to be found, as typed.
    pub words: String,
    /// Held by this account.
    pub holder: Option<i64>,
}

/// Where a page of a list ends, so that the next can begin there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    part: u8,
    due_at: i64,
    id: i64,
}

impl Mark {
    pub fn parse(text: &str) -> Option<Mark> {
        let mut parts = text.split('.');
        let mark = Mark {
            part: parts.next()?.parse().ok()?,
            due_at: parts.next()?.parse().ok()?,
            id: parts.next()?.parse().ok()?,
        };
        parts.next().is_none().then_some(mark)
    }
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.part, self.due_at, self.id)
    }
}

/// One page of work.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub requests: Vec<ServiceRequest>,
    pub next: Option<Mark>,
}

/// The parts of a list in their order.
const FIRST: u8 = 0;
const PROMISED: u8 = 1;
const WITHOUT_PROMISE: u8 = 2;
const WAITING: u8 = 3;
const DONE: u8 = 4;

/// The requests within a reach that are asked for, in the order of work.
pub fn list(
    tx: &mut Tx<'_>,
    reach: &Reach,
    narrow: &Narrow,
    now: Timestamp,
    after: Option<Mark>,
    most: usize,
) -> Result<Page> {
    let most = most.clamp(1, MOST);
    if fold::query(&narrow.words).terms.is_empty() {
        return walk(tx, reach, narrow, now, after, most);
    }
    let first = first_now(tx, reach.jurisdiction)?;
    let (mut requests, mut from): (Vec<ServiceRequest>, _) = (Vec::new(), after);
    for _ in 0..MOST_LOOKS {
        let some = walk(tx, reach, narrow, now, from, LOOKED_AT_ONCE)?;
        requests.extend(some.requests.into_iter().filter(|r| has_words(r, &narrow.words)));
        from = some.next;
        if requests.len() >= most {
            let more = requests.len() > most || from.is_some();
            requests.truncate(most);
            from = requests.last().filter(|_| more).map(|last| mark_of(last, &first));
            break;
        }
        if from.is_none() {
            break;
        }
    }
    Ok(Page { requests, next: from })
}

/// What comes first in the storms that last now.
fn first_now(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<First> {
    let storms = storm::current(tx, jurisdiction)?;
    if storms.is_empty() {
        return Ok(First::default());
    }
    Ok(storms.first(&*catalogue(tx, jurisdiction)?))
}

fn walk(
    tx: &mut Tx<'_>,
    reach: &Reach,
    narrow: &Narrow,
    now: Timestamp,
    after: Option<Mark>,
    most: usize,
) -> Result<Page> {
    let parts: &[u8] = match narrow.turn {
        Turn::Done => &[DONE],
        Turn::Overdue => &[FIRST, PROMISED],
        Turn::Waiting => &[WAITING],
        Turn::New | Turn::Referred | Turn::Objection => &[FIRST, PROMISED, WITHOUT_PROMISE],
        Turn::Open => &[FIRST, PROMISED, WITHOUT_PROMISE, WAITING],
    };
    let first = first_now(tx, reach.jurisdiction)?;
    let mut requests: Vec<ServiceRequest> = Vec::new();
    for part in parts {
        let is_idle = *part == FIRST && first.is_nothing();
        if is_idle || after.is_some_and(|mark| mark.part > *part) || requests.len() > most {
            continue;
        }
        let from = after.filter(|mark| mark.part == *part);
        let wanted = most + 1 - requests.len();
        requests.extend(read(tx, reach, narrow, now, &first, *part, from, wanted)?);
    }
    let more = requests.len() > most;
    requests.truncate(most);
    let next = requests.last().filter(|_| more).map(|last| mark_of(last, &first));
    Ok(Page { requests, next })
}

fn mark_of(last: &ServiceRequest, first: &First) -> Mark {
    Mark { part: part_of(last, first), due_at: last.due_at.map_or(0, |due| due.0), id: last.id.0 }
}

fn part_of(request: &ServiceRequest, first: &First) -> u8 {
    match request.status {
        status if !status.is_open() => DONE,
        Status::WaitingForCitizen => WAITING,
        _ if request.due_at.is_none() => WITHOUT_PROMISE,
        _ if first.has(request.service, request.district) => FIRST,
        _ => PROMISED,
    }
}

fn read(
    tx: &mut Tx<'_>,
    reach: &Reach,
    narrow: &Narrow,
    now: Timestamp,
    first: &First,
    part: u8,
    from: Option<Mark>,
    most: usize,
) -> Result<Vec<ServiceRequest>> {
    let is_held = narrow.holder.is_some();
    let mut conditions = Conditions::new();
    reach.limit(&mut conditions);
    // Written out, so that the indexes of open and of ended requests are known to serve.
    conditions.and::<i64>(if part == DONE { "is_open = 0" } else { "is_open = 1" }, []);
    conditions.and::<i64>(
        match part {
            // One person holds few of the many that are promised: the plus signs keep the reading on what they hold.
            FIRST | PROMISED if is_held => "+due_at IS NOT NULL AND status <> 'waiting-for-citizen'",
            FIRST | PROMISED => "due_at IS NOT NULL AND status <> 'waiting-for-citizen'",
            WITHOUT_PROMISE => "due_at IS NULL AND status <> 'waiting-for-citizen'",
            WAITING => "status = 'waiting-for-citizen' AND status <> 'closed'",
            _ => "1 = 1",
        },
        [],
    );
    if matches!(part, FIRST | PROMISED) && !first.is_nothing() {
        let (is_first, values) = first.condition();
        let wish = i64::from(part == FIRST);
        conditions.and(&format!("CASE WHEN {is_first} THEN 1 ELSE 0 END = {wish}"), values);
    }
    if narrow.turn == Turn::Overdue {
        conditions.and("due_at < {}", [now.0]);
    }
    let statuses = narrow.turn.statuses();
    if !statuses.is_empty() && part != WAITING {
        conditions.within("status", statuses.iter().map(|s| s.code()));
        // Written out as well, for the index by state.
        conditions.and::<i64>("status <> 'closed'", []);
    }
    for (column, id) in [
        ("unit_id", narrow.unit),
        ("district_id", narrow.district),
        ("neighbourhood_id", narrow.neighbourhood),
    ] {
        if let Some(id) = id {
            conditions.and(&format!("{column} = {{}}"), [id]);
        }
    }
    if !narrow.services.is_empty() {
        conditions.within("service_id", narrow.services.iter().copied());
    }
    if let Some(account) = narrow.holder {
        conditions.and(
            "id IN (SELECT request_id FROM work_holds WHERE jurisdiction_id = {} AND account_id = {} AND until_at IS NULL)",
            [reach.jurisdiction, account],
        );
    }
    if let Some(mark) = from {
        match part {
            FIRST | PROMISED => conditions
                .and("(due_at > {} OR (due_at = {} AND id > {}))", [mark.due_at, mark.due_at, mark.id]),
            DONE => conditions.and("id < {}", [mark.id]),
            _ => conditions.and("id > {}", [mark.id]),
        };
    }
    let order = match part {
        FIRST | PROMISED if is_held => "+due_at, id",
        FIRST | PROMISED => "due_at, id",
        DONE => "id DESC",
        _ => "id",
    };
    let tail = format!("ORDER BY {order} LIMIT {most}");
    let (sql, params) =
        conditions.finish(concat!("SELECT ", columns!(), " FROM service_requests WHERE"), &tail);
    tx.query(&sql, &params, ServiceRequest::from_row)
}

/// Whether every typed word is in the words or the address; the last may be a beginning.
fn has_words(request: &ServiceRequest, typed: &str) -> bool {
    let query = fold::query(typed);
    let text = format!("{} {}", fold::search_text(&request.words), fold::search_text(&request.address));
    let last = query.terms.len().saturating_sub(1);
    query.terms.iter().enumerate().all(|(n, term)| {
        let may_be_half = n == last && query.last_is_prefix;
        text.split(' ').any(|word| word == term || (may_be_half && word.starts_with(term.as_str())))
    })
}

/// What a unit asked organisations outside for and has no answer to yet, the most urgent first, with when an answer
/// is due.
pub fn referred_by(tx: &mut Tx<'_>, reach: &Reach, most: u32) -> Result<Vec<(ServiceRequest, Timestamp)>> {
    let mut waiting: Vec<(RequestId, i64)> = Vec::new();
    let read = |row: &storage::Row<'_>| Ok((RequestId(row.get(0)?), row.get::<i64>(1)?));
    if reach.city {
        waiting = tx.query(
            sql!(
                "SELECT request_id, due_at FROM request_referrals WHERE jurisdiction_id = $1 AND answered_at IS NULL
                 ORDER BY due_at, request_id LIMIT $2"
            ),
            &params![reach.jurisdiction, most],
            read,
        )?;
    } else if !reach.units.is_empty() {
        let mut conditions = Conditions::new();
        conditions
            .and("jurisdiction_id = {} AND answered_at IS NULL", [reach.jurisdiction])
            .within("from_unit_id", reach.units.iter().copied());
        let tail = format!("ORDER BY due_at, request_id LIMIT {most}");
        let (sql, params) =
            conditions.finish("SELECT request_id, due_at FROM request_referrals WHERE", &tail);
        waiting = tx.query(&sql, &params, read)?;
    }
    let ids: Vec<RequestId> = waiting.iter().map(|(id, _)| *id).collect();
    let found = find::by_ids(tx, reach.jurisdiction, &ids)?;
    Ok(found
        .into_iter()
        // One that went on without an answer is not waited for any more.
        .filter(|request| request.status == Status::ReferredOutside)
        .filter_map(|request| {
            let (_, due) = waiting.iter().find(|(id, _)| *id == request.id)?;
            Some((request, Timestamp(*due)))
        })
        .collect())
}
