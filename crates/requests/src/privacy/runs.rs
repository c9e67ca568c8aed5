//! Rounds of forgetting: counted without changing anything, proposed by one person, approved by another, done by the
//! scheduled job a handful at a time.

use calendar::Timestamp;
use people::{Act, Actor, Chore, Denied, Permission, Where};
use serde_json::json;
use storage::{Result, Row, Tx, params, sql};

use super::{Erased, erase, rules};
use crate::catalogue::{Catalogue, catalogue};
use crate::request::{RequestId, ServiceRequest, columns};

/// Does what was approved.
pub const CHORE: Chore = Chore { name: "requests-forget", every: 60_000, at_once: 200, run: work };

/// The journal's name for a round.
pub const SUBJECT: &str = "retention";
/// How many requests a dry run looks at before it says "and more".
pub const MOST_COUNTED: usize = 50_000;
const PAGE: usize = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Proposed,
    Approved,
    Withdrawn,
    Done,
}

impl State {
    pub fn code(self) -> &'static str {
        match self {
            State::Proposed => "proposed",
            State::Approved => "approved",
            State::Withdrawn => "withdrawn",
            State::Done => "done",
        }
    }

    fn parse(code: &str) -> Option<State> {
        [State::Proposed, State::Approved, State::Withdrawn, State::Done]
            .into_iter()
            .find(|s| s.code() == code)
    }
}

/// One round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub id: i64,
    pub state: State,
    /// Everything that was over at this moment is forgotten, and nothing that came to its end later.
    pub proposed_at: Timestamp,
    /// Accounts.
    pub proposed_by: i64,
    pub with_words: bool,
    pub contacts_found: i64,
    pub words_found: i64,
    pub decided_at: Option<Timestamp>,
    pub decided_by: Option<i64>,
    pub done_at: Option<Timestamp>,
    pub contacts_done: i64,
    pub words_done: i64,
    seen_to: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("there is no such round, or it was decided")]
    NotFound,
    #[error("whoever proposed it does not approve it")]
    SameEyes,
    #[error("another round waits or is at work")]
    AnotherWaits,
    #[error("nothing is over")]
    NothingToDo,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

impl RunError {
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            RunError::NotFound => "run-unknown",
            RunError::SameEyes => "same-eyes",
            RunError::AnotherWaits => "another-waits",
            RunError::NothingToDo => "nothing-to-do",
            RunError::Denied(_) => "denied",
            RunError::Failure(_) => return None,
        })
    }
}

/// What would be forgotten now, and the first of it. Nothing is changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DryRun {
    pub contacts: i64,
    pub words: i64,
    /// Not everything was looked at.
    pub has_more: bool,
    /// The first requests, with what each would forget: its reporter, its words.
    pub first: Vec<(ServiceRequest, bool, bool)>,
}

/// Counts what a round would forget.
pub fn dry_run(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    with_words: bool,
    most_listed: usize,
) -> Result<DryRun, RunError> {
    act.require(Permission::Retain, Where::city(jurisdiction))?;
    let catalogue = catalogue(tx, jurisdiction)?;
    let mut found = DryRun::default();
    let (mut seen_to, mut looked_at) = (0, 0);
    loop {
        let page = candidates(tx, &catalogue, act.at, seen_to, PAGE)?;
        let Some((last, ..)) = page.last() else { break };
        seen_to = last.id.0;
        looked_at += page.len();
        for (request, has_people, is_held) in &page {
            if *is_held {
                continue;
            }
            let (people, words) = what(&catalogue, request, *has_people, with_words, act.at);
            found.contacts += i64::from(people);
            found.words += i64::from(words);
            if (people || words) && found.first.len() < most_listed {
                found.first.push((request.clone(), people, words));
            }
        }
        if looked_at >= MOST_COUNTED {
            found.has_more = true;
            break;
        }
    }
    Ok(found)
}

/// Proposes a round over everything that is over now.
pub fn propose(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, with_words: bool) -> Result<i64, RunError> {
    let found = dry_run(tx, act, jurisdiction, with_words, 0)?;
    let denied = Denied { role: act.by.role(), permission: Permission::Retain };
    let account = act.by.account().ok_or(denied)?;
    if found.contacts + found.words == 0 {
        return Err(RunError::NothingToDo);
    }
    if all(tx, jurisdiction, 50)?.iter().any(|r| matches!(r.state, State::Proposed | State::Approved)) {
        return Err(RunError::AnotherWaits);
    }
    let id = act.new_id();
    tx.execute(
        sql!(
            "INSERT INTO retention_runs (jurisdiction_id, id, state, proposed_at, proposed_by, with_words, contacts_found, words_found)
             VALUES ($1, $2, 'proposed', $3, $4, $5, $6, $7)"
        ),
        &params![jurisdiction, id, act.at.0, account, with_words, found.contacts, found.words],
    )?;
    let payload = json!({ "contacts": found.contacts, "words": found.words });
    act.record(tx, jurisdiction, SUBJECT, id, "retention-proposed", payload.to_string());
    Ok(id)
}

/// Approves a round that somebody else proposed, or withdraws one.
pub fn decide(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: i64, approve: bool) -> Result<(), RunError> {
    act.require(Permission::Retain, Where::city(jurisdiction))?;
    let denied = Denied { role: act.by.role(), permission: Permission::Retain };
    let account = act.by.account().ok_or(denied)?;
    let run =
        by_id(tx, jurisdiction, id)?.filter(|r| r.state == State::Proposed).ok_or(RunError::NotFound)?;
    if approve && run.proposed_by == account {
        return Err(RunError::SameEyes);
    }
    let to = if approve { State::Approved } else { State::Withdrawn };
    tx.execute_one(
        sql!(
            "UPDATE retention_runs SET state = $3, decided_at = $4, decided_by = $5
             WHERE jurisdiction_id = $1 AND id = $2 AND state = 'proposed'"
        ),
        &params![jurisdiction, id, to.code(), act.at.0, account],
    )?;
    let fact = if approve { "retention-approved" } else { "retention-withdrawn" };
    act.record(tx, jurisdiction, SUBJECT, id, fact, "{}".into());
    Ok(())
}

/// Does the next handful of the approved round. Returns how many requests were looked at.
pub fn work(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, most: u32) -> Result<usize> {
    let Some(run) = all(tx, jurisdiction, 50)?.into_iter().find(|r| r.state == State::Approved) else {
        return Ok(0);
    };
    let catalogue = catalogue(tx, jurisdiction)?;
    let page = candidates(tx, &catalogue, run.proposed_at, run.seen_to, most as usize)?;
    let ours = Act { by: Actor::System("retention"), ..act.clone() };
    let (mut contacts, mut words) = (0, 0);
    for (request, has_people, is_held) in &page {
        if *is_held {
            continue;
        }
        let (people, text) = what(&catalogue, request, *has_people, run.with_words, run.proposed_at);
        let erased: Erased = erase::erase(tx, &ours, request, people, text, Some(run.id))?;
        contacts += i64::from(erased.contact || erased.followers > 0);
        words += i64::from(erased.words);
    }
    let is_last = page.len() < most as usize;
    let seen_to = page.last().map_or(run.seen_to, |(request, ..)| request.id.0);
    tx.execute_one(
        sql!(
            "UPDATE retention_runs SET seen_to = $3, contacts_done = contacts_done + $4, words_done = words_done + $5,
                 state = CASE WHEN $6 = 1 THEN 'done' ELSE state END, done_at = CASE WHEN $6 = 1 THEN $7 ELSE done_at END
             WHERE jurisdiction_id = $1 AND id = $2 AND seen_to = $8 AND state = 'approved'"
        ),
        &params![jurisdiction, run.id, seen_to, contacts, words, is_last, act.at.0, run.seen_to],
    )?;
    if is_last {
        let payload = json!({ "contacts": run.contacts_done + contacts, "words": run.words_done + words });
        ours.record(tx, jurisdiction, SUBJECT, run.id, "retention-done", payload.to_string());
    }
    Ok(page.len())
}

/// What a round forgets of a request: its people, its words.
fn what(
    catalogue: &Catalogue,
    request: &ServiceRequest,
    has_people: bool,
    with_words: bool,
    at: Timestamp,
) -> (bool, bool) {
    let (people, words) = rules::is_over(catalogue, request, at);
    let has_words = !(request.words.is_empty() && request.address.is_empty() && request.answers.is_empty());
    (people && has_people, with_words && words && has_words)
}

/// Ended requests that came long enough ago, in the order of their coming: with whether they still know people, and
/// whether they are held.
fn candidates(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    at: Timestamp,
    seen_to: i64,
    most: usize,
) -> Result<Vec<(ServiceRequest, bool, bool)>> {
    let until = people::first_id_at(Timestamp(at.0 - rules::shortest(catalogue)));
    let read = |row: &Row<'_>| {
        let extra = columns!().split(',').count();
        Ok((ServiceRequest::from_row(row)?, row.get::<i64>(extra)? != 0, row.get::<i64>(extra + 1)? != 0))
    };
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            ", CASE WHEN EXISTS (SELECT 1 FROM request_contacts c WHERE c.jurisdiction_id = service_requests.jurisdiction_id
                       AND c.request_id = service_requests.id)
                 OR EXISTS (SELECT 1 FROM request_followers f WHERE f.jurisdiction_id = service_requests.jurisdiction_id
                       AND f.request_id = service_requests.id AND f.contact NOT LIKE 'forgotten:%')
                 THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END,
               CASE WHEN EXISTS (SELECT 1 FROM legal_holds h WHERE h.jurisdiction_id = service_requests.jurisdiction_id
                       AND h.request_id = service_requests.id AND h.lifted_at IS NULL)
                 THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END
             FROM service_requests
             WHERE jurisdiction_id = $1 AND id > $2 AND id < $3 AND is_open = 0 ORDER BY id LIMIT $4"
        )),
        &params![catalogue.jurisdiction, seen_to, until, i64::try_from(most).unwrap_or(i64::MAX)],
        read,
    )
}

macro_rules! run_columns {
    () => {
        "id, state, proposed_at, proposed_by, with_words, contacts_found, words_found, decided_at, decided_by, done_at, \
         contacts_done, words_done, seen_to"
    };
}

fn read_run(row: &Row<'_>) -> Result<Run> {
    let state: String = row.get(1)?;
    let time = |column| Ok::<_, storage::Error>(row.get::<Option<i64>>(column)?.map(Timestamp));
    Ok(Run {
        id: row.get(0)?,
        state: State::parse(&state)
            .ok_or_else(|| storage::Error::corrupt(format_args!("a round in the unknown state {state}")))?,
        proposed_at: Timestamp(row.get(2)?),
        proposed_by: row.get(3)?,
        with_words: row.get(4)?,
        contacts_found: row.get(5)?,
        words_found: row.get(6)?,
        decided_at: time(7)?,
        decided_by: row.get(8)?,
        done_at: time(9)?,
        contacts_done: row.get(10)?,
        words_done: row.get(11)?,
        seen_to: row.get(12)?,
    })
}

fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: i64) -> Result<Option<Run>> {
    tx.query_opt(
        sql!(concat!(
            "SELECT ",
            run_columns!(),
            " FROM retention_runs WHERE jurisdiction_id = $1 AND id = $2"
        )),
        &params![jurisdiction, id],
        read_run,
    )
}

/// The rounds so far, the newest first.
pub fn all(tx: &mut Tx<'_>, jurisdiction: i64, most: u32) -> Result<Vec<Run>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            run_columns!(),
            " FROM retention_runs WHERE jurisdiction_id = $1 ORDER BY id DESC LIMIT $2"
        )),
        &params![jurisdiction, most],
        read_run,
    )
}

/// One line of the register: what was forgotten, when, and in which round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    pub request: RequestId,
    pub at: Timestamp,
    pub run: Option<i64>,
    pub erased: Erased,
}

/// The register, the newest first.
pub fn register(tx: &mut Tx<'_>, jurisdiction: i64, most: u32) -> Result<Vec<Registered>> {
    tx.query(
        sql!(
            "SELECT request_id, at, run_id, contact, followers, words FROM anonymised
             WHERE jurisdiction_id = $1 ORDER BY at DESC, id DESC LIMIT $2"
        ),
        &params![jurisdiction, most],
        |row| {
            Ok(Registered {
                request: RequestId(row.get(0)?),
                at: Timestamp(row.get(1)?),
                run: row.get(2)?,
                erased: Erased {
                    contact: row.get(3)?,
                    followers: u64::try_from(row.get::<i64>(4)?).unwrap_or_default(),
                    words: row.get(5)?,
                },
            })
        },
    )
}
