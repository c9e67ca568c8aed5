//! Who calls, and what they asked for before.
//!
//! A number leads to a person, so each look is a fact in the journal: who looked, during which call, at which
//! requests. The fact holds ids; number and name stay in their rows.

use std::collections::BTreeMap;

use people::{Act, Permission, permissions::Where};
use storage::{Result, Tx, params, sql};

use super::call::CallId;
use super::{CallError, SUBJECT, number, take};
use crate::find;
use crate::request::{RequestId, ServiceRequest};
use crate::submit::json;

/// Requests that are shown.
const MOST_SHOWN: usize = 5;
/// Requests of one number that are looked at.
const MOST_READ: u32 = 200;

/// A caller as an operator sees them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Caller {
    /// See [`super::clean_number`]; empty when nothing is known.
    pub number: String,
    /// As it was last said; empty when it never was.
    pub name: String,
    /// The last five, those that are still open first.
    pub requests: Vec<Earlier>,
    /// How many there are in all.
    pub total: usize,
}

/// A request of the caller.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    pub request: ServiceRequest,
    /// They reported it themselves, and not only joined it.
    pub is_own: bool,
}

impl Caller {
    /// The newest request that says where something was, to offer its place again.
    pub fn last_place(&self) -> Option<&ServiceRequest> {
        let requests = self.requests.iter().map(|earlier| &earlier.request);
        requests.filter(|r| r.point.is_some() || !r.address.is_empty()).max_by_key(|r| r.id)
    }

    /// The request that "add to this one" means first: the newest open one of their own.
    pub fn open_one(&self) -> Option<&ServiceRequest> {
        self.requests.iter().find(|e| e.is_own && e.request.status.is_open()).map(|e| &e.request)
    }
}

/// What is known of a number. `call` is the call during which somebody looks, when there is one.
pub fn caller(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    call: Option<CallId>,
    typed: &str,
) -> Result<Caller, CallError> {
    let account = take::operator(act, jurisdiction)?;
    act.require(Permission::SeeContact, Where::city(jurisdiction))?;
    let number = number::clean(typed);
    if number.is_empty() {
        return Ok(Caller::default());
    }
    let mut known = of_contacts(tx, jurisdiction, &number)?;
    let name = known.iter().rev().find(|(_, (name, _))| !name.is_empty());
    let name = name.map(|(_, (name, _))| name.clone()).unwrap_or_default();
    for (id, is_own) in of_calls(tx, jurisdiction, &number)? {
        known.entry(id).or_insert((String::new(), is_own));
    }
    let total = known.len();
    let ids: Vec<RequestId> = known.keys().rev().map(|id| RequestId(*id)).collect();
    let mut requests: Vec<Earlier> = find::by_ids(tx, jurisdiction, &ids)?
        .into_iter()
        .map(|request| Earlier { is_own: known.get(&request.id.0).is_some_and(|(_, own)| *own), request })
        .collect();
    requests.sort_by_key(|e| (!e.request.status.is_open(), std::cmp::Reverse(e.request.id)));
    requests.truncate(MOST_SHOWN);
    if total > 0 {
        let told = serde_json::json!({
            "account": account, "requests": requests.iter().map(|e| e.request.id.0).collect::<Vec<_>>(),
        });
        let subject = call.map_or(account, |call| call.0);
        act.record(tx, jurisdiction, SUBJECT, subject, "caller-seen", json(&told)?);
    }
    Ok(Caller { number, name, requests, total })
}

/// Requests that were reported with this number: id, name, and that they are the caller's own.
fn of_contacts(tx: &mut Tx<'_>, jurisdiction: i64, number: &str) -> Result<BTreeMap<i64, (String, bool)>> {
    let found = tx.query(
        sql!(
            "SELECT request_id, name FROM request_contacts WHERE jurisdiction_id = $1 AND mobile = $2 AND mobile <> ''
             ORDER BY request_id DESC LIMIT $3"
        ),
        &params![jurisdiction, number, MOST_READ],
        |row| Ok((row.get::<i64>(0)?, (row.get::<String>(1)?, true))),
    )?;
    Ok(found.into_iter().collect())
}

/// Requests that came of calls from this number: fixed lines have no contact of their own.
fn of_calls(tx: &mut Tx<'_>, jurisdiction: i64, number: &str) -> Result<Vec<(i64, bool)>> {
    tx.query(
        sql!(
            "SELECT request_id, wrap_up FROM calls
             WHERE jurisdiction_id = $1 AND caller = $2 AND caller <> '' AND request_id IS NOT NULL ORDER BY id DESC LIMIT $3"
        ),
        &params![jurisdiction, number, MOST_READ],
        |row| Ok((row.get::<i64>(0)?, row.get::<String>(1)? != "joined")),
    )
}
