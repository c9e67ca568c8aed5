//! The follower: each new request finds its incident, or waits for its like.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use calendar::Timestamp;
use storage::followers::Follower;
use storage::journal::{Entry, Note};
use storage::{Param, Result, Tx, params, sql};
use territory::cell;

use super::likeness::{JOINS, Learned, PAIRS, Seen, words};
use super::nearby::Nearby;
use super::row::{self, Incident};
use super::{Families, IncidentId, SUBJECT, State, danger};
use crate::catalogue::{Catalogue, catalogue};
use crate::request::{RequestId, ServiceRequest};
use crate::storm::{self, Storms};
use crate::{find, storm::rate};

/// The follower. It must keep up in a storm, so the worker runs it apart from those that give way.
pub const FOLLOWER: Follower = Follower { name: "request-incidents", at_once: 400, follow };

/// Who the journal says did it.
const BY: &str = "system:incidents";

fn follow(tx: &mut Tx<'_>, jurisdiction: i64, entries: &[Entry]) -> Result<()> {
    let mine = || entries.iter().filter(|e| e.subject_kind == crate::SUBJECT);
    rate::count(tx, jurisdiction, mine().filter(|e| e.fact == "submitted"))?;
    let new: Vec<RequestId> =
        mine().filter(|e| e.fact == "submitted").map(|e| RequestId(e.subject)).collect();
    let over: BTreeSet<i64> =
        mine().filter(|e| e.fact != "submitted" && is_end(&e.fact)).map(|e| e.subject).collect();
    if new.is_empty() && over.is_empty() {
        return Ok(());
    }
    for id in over {
        remove_loose(tx, jurisdiction, RequestId(id))?;
    }
    let at = entries.last().map_or(0, |e| e.at);
    let requests = find::by_ids(tx, jurisdiction, &new)?;
    let mut group = Group {
        jurisdiction,
        at: Timestamp(at),
        families: Families::load(tx, jurisdiction)?,
        catalogue: catalogue(tx, jurisdiction)?,
        storms: storm::current(tx, jurisdiction)?,
        nearby: Nearby::default(),
        joined: Vec::new(),
        new_loose: BTreeSet::new(),
        gone_loose: BTreeSet::new(),
        touched: BTreeMap::new(),
        opened: BTreeSet::new(),
    };
    // A person may have been quicker.
    let placed = members_among(tx, jurisdiction, &new)?;
    for request in requests.iter().filter(|r| r.is_public && r.status.is_open() && !placed.contains(&r.id)) {
        group.place(tx, request)?;
    }
    group.merge(tx)?;
    group.store(tx)
}

fn members_among(tx: &mut Tx<'_>, jurisdiction: i64, ids: &[RequestId]) -> Result<BTreeSet<RequestId>> {
    let mut filter = storage::Filter::new();
    filter.and("jurisdiction_id = {}", [jurisdiction]).within("request_id", ids.iter().map(|id| id.0));
    let (sql, params) =
        filter.finish("SELECT request_id FROM incident_members WHERE", "ORDER BY request_id LIMIT 5000");
    Ok(tx.query(&sql, &params, |row| Ok(RequestId(row.get(0)?)))?.into_iter().collect())
}

/// After these facts a request is no longer open.
fn is_end(fact: &str) -> bool {
    matches!(fact, "answered" | "declined" | "closed" | "duplicate" | "cancelled")
}

struct Joined {
    request: RequestId,
    incident: IncidentId,
    at: i64,
    likeness: f64,
}

/// What came to one incident in this handful.
#[derive(Default, Clone, Copy)]
struct Growth {
    new: i64,
    from: Option<i64>,
}

struct Group {
    jurisdiction: i64,
    at: Timestamp,
    families: Arc<Families>,
    catalogue: Arc<Catalogue>,
    storms: Arc<Storms>,
    nearby: Nearby,
    joined: Vec<Joined>,
    new_loose: BTreeSet<RequestId>,
    gone_loose: BTreeSet<RequestId>,
    touched: BTreeMap<IncidentId, Growth>,
    opened: BTreeSet<IncidentId>,
}

/// What the rule looks at in a request; nothing for one without a place on the map.
pub(super) fn seen(request: &ServiceRequest, families: &Families, catalogue: &Catalogue) -> Option<Seen> {
    let service = catalogue.service(request.service)?;
    Some(Seen {
        family: families.code(service),
        service: request.service,
        point: request.point?,
        at: request.requested_at.0,
        danger: danger::danger(request, service, &families.rules.danger),
        words: words(&request.words, &request.address),
        district: request.district,
        neighbourhood: request.neighbourhood,
        unit: request.unit,
    })
}

/// A new proposal with one member.
pub(super) fn begin(jurisdiction: i64, id: IncidentId, seen: &Seen, at: Timestamp) -> Incident {
    Incident {
        jurisdiction,
        id,
        state: State::Proposed,
        family: seen.family.clone(),
        service: seen.service,
        district: seen.district,
        neighbourhood: seen.neighbourhood,
        unit: seen.unit,
        point: seen.point,
        reach: 0,
        first_at: Timestamp(seen.at),
        last_at: Timestamp(seen.at),
        size: 1,
        danger: seen.danger,
        learned: Learned::of(seen),
        words: String::new(),
        answer: Default::default(),
        answering: None,
        telling: false,
        merged_into: None,
        by_people: false,
        updated_at: at,
        version: 1,
    }
}

impl Incident {
    /// Takes one more report in.
    pub(super) fn take(&mut self, seen: &Seen) {
        self.learned.take(seen);
        self.danger = self.danger.max(seen.danger);
        self.size += 1;
    }

    /// Brings what follows from what it learned up to date.
    pub(super) fn settle(&mut self, families: &Families) {
        let family = families.get(&self.family);
        self.point = self.learned.middle().unwrap_or(self.point);
        self.reach = self.learned.reach(&family).round() as i64;
        self.first_at = Timestamp(self.learned.first_at);
        self.last_at = Timestamp(self.learned.last_at);
        self.service = self.learned.service().unwrap_or(self.service);
    }
}

impl Group {
    fn place(&mut self, tx: &mut Tx<'_>, request: &ServiceRequest) -> Result<()> {
        let Some(seen) = seen(request, &self.families, &self.catalogue) else { return Ok(()) };
        let family = self.families.get(&seen.family);
        let usual = self.families.usual(&seen.family);
        let tiles = self.nearby.read(tx, self.jurisdiction, seen.point)?;
        let best = self
            .nearby
            .incidents_in(&tiles, &seen.family)
            .into_iter()
            .filter_map(|id| {
                Some((self.nearby.incidents.get(&id)?.learned.likeness(&seen, &family, usual), id))
            })
            .filter(|(likeness, _)| *likeness >= JOINS)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        if let Some((likeness, id)) = best {
            self.join(request.id, id, &seen, likeness);
            self.grow(id, Some(seen.at));
            return Ok(());
        }
        let alone = Learned::of(&seen);
        let like: Vec<(RequestId, f64)> = self
            .nearby
            .loose_in(&tiles, &seen.family)
            .into_iter()
            .filter_map(|id| Some((id, alone.likeness(self.nearby.loose.get(&id)?, &family, usual))))
            .filter(|(_, likeness)| *likeness >= PAIRS)
            .collect();
        if like.len() + 1 < self.families.rules.incident.least {
            self.nearby.add_loose(request.id, seen);
            self.new_loose.insert(request.id);
            return Ok(());
        }
        // A person may have opened an incident from this request by hand before the follower saw it.
        let id = IncidentId(request.id.0);
        if row::by_id(tx, self.jurisdiction, id)?.is_some() {
            return Ok(());
        }
        let incident = begin(self.jurisdiction, id, &seen, self.at);
        self.nearby.add_incident(incident);
        self.opened.insert(id);
        self.grow(id, Some(seen.at));
        self.joined.push(Joined { request: request.id, incident: id, at: self.at.0, likeness: 1.0 });
        for (other, likeness) in like {
            if let Some(seen) = self.nearby.loose.remove(&other) {
                let is_new = self.new_loose.remove(&other);
                self.gone_loose.insert(other);
                self.join(other, id, &seen, likeness);
                // One that waited alone, perhaps for hours, does not make the incident a late one.
                self.grow(id, is_new.then_some(seen.at));
            }
        }
        Ok(())
    }

    fn join(&mut self, request: RequestId, id: IncidentId, seen: &Seen, likeness: f64) {
        let Some(incident) = self.nearby.incidents.get_mut(&id) else { return };
        incident.take(seen);
        self.joined.push(Joined { request, incident: id, at: self.at.0, likeness });
    }

    /// One member more; `at` is when a report of this handful was received.
    fn grow(&mut self, id: IncidentId, at: Option<i64>) {
        let growth = self.touched.entry(id).or_default();
        growth.new += 1;
        growth.from = growth.from.into_iter().chain(at).min();
    }

    /// Two proposals that turned out to be one become one. What a person decided about stays apart.
    fn merge(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        for id in self.touched.keys().copied().collect::<Vec<_>>() {
            let Some(mine) = self.nearby.incidents.get(&id).filter(|i| i.state.is_open()).cloned() else {
                continue;
            };
            let family = self.families.get(&mine.family);
            let usual = self.families.usual(&mine.family);
            let Some(middle) = mine.learned.middle() else { continue };
            let tiles = self.nearby.read(tx, self.jurisdiction, middle)?;
            let same = self.nearby.incidents_in(&tiles, &mine.family).into_iter().find(|other| {
                let other = self.nearby.incidents.get(other).filter(|o| o.id != id);
                other.is_some_and(|o| {
                    !(o.by_people && mine.by_people) && o.learned.is_same(&mine.learned, &family, usual)
                })
            });
            let Some(other) = same else { continue };
            self.merge_two(tx, id, other)?;
        }
        Ok(())
    }

    fn merge_two(&mut self, tx: &mut Tx<'_>, a: IncidentId, b: IncidentId) -> Result<()> {
        let rank = |id: &IncidentId| self.nearby.incidents.get(id).map(|i| (i.by_people, i.state, i.size));
        let (into, from) = if rank(&a) >= rank(&b) { (a, b) } else { (b, a) };
        let Some(gone) = self.nearby.incidents.get_mut(&from) else { return Ok(()) };
        (gone.state, gone.merged_into, gone.telling) = (State::Merged, Some(into), false);
        let gone = gone.clone();
        if let Some(goes_on) = self.nearby.incidents.get_mut(&into) {
            goes_on.learned.absorb(&gone.learned);
            goes_on.size += gone.size;
            goes_on.danger = goes_on.danger.max(gone.danger);
            goes_on.telling |= goes_on.state == State::Confirmed && !self.opened.contains(&from);
        }
        for joined in self.joined.iter_mut().filter(|j| j.incident == from) {
            joined.incident = into;
        }
        let growth = self.touched.get(&from).copied().unwrap_or_default();
        let mine = self.touched.entry(into).or_default();
        mine.new += growth.new;
        mine.from = mine.from.into_iter().chain(growth.from).min();
        if self.opened.remove(&from) {
            // Nobody ever heard of it.
            self.touched.remove(&from);
            self.nearby.incidents.remove(&from);
            return Ok(());
        }
        self.touched.entry(from).or_default();
        tx.execute(
            sql!(
                "UPDATE incident_members SET incident_id = $3 WHERE jurisdiction_id = $1 AND incident_id = $2"
            ),
            &params![self.jurisdiction, from.0, into.0],
        )?;
        Ok(())
    }

    fn store(mut self, tx: &mut Tx<'_>) -> Result<()> {
        let mut confirmed: HashMap<IncidentId, bool> = HashMap::new();
        let touched = std::mem::take(&mut self.touched);
        for (id, growth) in &touched {
            let Some(incident) = self.nearby.incidents.get_mut(id) else { continue };
            incident.settle(&self.families);
            incident.updated_at = self.at;
            let before = incident.state;
            let rule = self.storms.over(incident.district).map(|s| &s.mode).filter(|m| m.auto_join);
            if incident.state == State::Proposed && rule.is_some_and(|m| incident.size >= m.auto_least) {
                incident.state = State::Confirmed;
                // Those who joined earlier are told by the chore, those of this handful below.
                incident.telling = true;
            }
            confirmed.insert(*id, incident.state == State::Confirmed);
            let is_new = self.opened.contains(id);
            if is_new {
                row::insert(tx, incident)?;
            } else {
                row::update(tx, incident)?;
            }
            let fact = match (incident.state, before) {
                (State::Merged, _) => "merged",
                (State::Confirmed, State::Proposed) => "confirmed",
                _ if is_new => "opened",
                _ => "joined",
            };
            let payload = incident.told(growth.new, growth.from)?;
            record(tx, self.jurisdiction, self.at, SUBJECT, id.0, fact, payload);
        }
        self.store_members(tx, &confirmed)?;
        self.store_loose(tx)
    }

    fn store_members(&self, tx: &mut Tx<'_>, confirmed: &HashMap<IncidentId, bool>) -> Result<()> {
        let told = |joined: &Joined| confirmed.get(&joined.incident).copied().unwrap_or(false);
        let values: Vec<Param<'_>> = self
            .joined
            .iter()
            .flat_map(|j| {
                let likeness = (j.likeness * 100.0).round() as i64;
                params![self.jurisdiction, j.request.0, j.incident.0, j.at, likeness, told(j)]
            })
            .collect();
        tx.insert_many(
            "INSERT INTO incident_members (jurisdiction_id, request_id, incident_id, at, likeness, told) VALUES",
            6,
            &values,
            "ON CONFLICT (jurisdiction_id, request_id) DO NOTHING",
        )?;
        for joined in self.joined.iter().filter(|j| told(j)) {
            tell(tx, self.jurisdiction, self.at, joined.request, joined.incident);
        }
        Ok(())
    }

    fn store_loose(&self, tx: &mut Tx<'_>) -> Result<()> {
        for id in &self.gone_loose {
            remove_loose(tx, self.jurisdiction, *id)?;
        }
        let mut rows = Vec::new();
        for id in &self.new_loose {
            if let Some(seen) = self.nearby.loose.get(id) {
                rows.push((id.0, cell::of(seen.point), seen.at, crate::submit::json(seen)?));
            }
        }
        let values: Vec<Param<'_>> = rows
            .iter()
            .flat_map(|(id, cell, at, seen)| params![self.jurisdiction, *id, *cell, *at, seen])
            .collect();
        tx.insert_many(
            "INSERT INTO incident_loose (jurisdiction_id, request_id, cell, at, seen) VALUES",
            5,
            &values,
            "ON CONFLICT (jurisdiction_id, request_id) DO NOTHING",
        )?;
        Ok(())
    }
}

/// The fact on a request's own thread that it is part of an incident.
pub(super) fn tell(tx: &mut Tx<'_>, jurisdiction: i64, at: Timestamp, request: RequestId, id: IncidentId) {
    let payload = format!("{{\"incident\":{}}}", id.0);
    record(tx, jurisdiction, at, crate::SUBJECT, request.0, "joined-incident", payload);
}

pub(super) fn remove_loose(tx: &mut Tx<'_>, jurisdiction: i64, id: RequestId) -> Result<()> {
    tx.execute(
        sql!("DELETE FROM incident_loose WHERE jurisdiction_id = $1 AND request_id = $2"),
        &params![jurisdiction, id.0],
    )?;
    Ok(())
}

fn record(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    at: Timestamp,
    subject_kind: &'static str,
    subject: i64,
    fact: &'static str,
    payload: String,
) {
    tx.record(Note { jurisdiction, at: at.0, actor: BY.into(), subject_kind, subject, fact, payload });
}
