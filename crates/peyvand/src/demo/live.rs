//! A storm day that goes on while the demo is open: orders come in, crews go to them, work and finish.
//!
//! A quarter of an hour of the street passes in a minute, so that a visitor sees the board live. One crew is left to
//! the visitor, and the newest orders wait for a dispatcher.

use std::collections::HashMap;
use std::time::Duration;

use calendar::Timestamp;
use dispatch::crews::{self, Wanted};
use dispatch::job_types::Kinds;
use dispatch::orders::{self, Draft, Outcome};
use dispatch::{Crew, CrewId, CrewStatus, DispatchError, OrderStatus, Seen, WorkOrder};
use door::Door;
use people::{Act, Actor};
use requests::PhotoRef;
use serde::Deserialize;
use storage::Tx;
use territory::{Atlas, Level, Located, Point};

use super::chance::{Chance, Weighted};
use super::crews::{long_ago, prove, stand};

/// `[live]` of `cities/demo.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Live {
    pub city: String,
    pub district: String,
    /// The code of the crew that a visitor plays.
    pub left_alone: String,
    /// Orders that wait at the beginning; fewer than this bring new ones.
    pub waiting: usize,
    addresses: Vec<String>,
    kind: Vec<Kind>,
    /// Work that comes again.
    #[serde(default)]
    pub again: Vec<Again>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Again {
    pub job_type: String,
    pub title: String,
    pub every_days: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    job_type: String,
    weight: f64,
    words: String,
}

/// How much faster than the street.
const FASTER: i64 = 15;
const TICK: Duration = Duration::from_secs(4);
/// Metres in a second of the demo: some 25 km/h in town.
const SPEED: f64 = 7.0 * FASTER as f64;
/// So many of the newest orders wait for a dispatcher.
const FOR_DISPATCHERS: usize = 5;
const MOST_STOPS: usize = 4;

impl Live {
    /// One more order at a made-up place of the district; of a kind that a crew can do, when one is named.
    pub fn draft(
        &self,
        kinds: &Kinds,
        atlas: &Atlas,
        chance: &mut Chance,
        crew: Option<&Crew>,
    ) -> Option<Draft> {
        let district = atlas.by_code(Level::District, &self.district)?;
        let can = |kind: &&Kind| {
            kinds.job_type(&kind.job_type).is_some_and(|job| {
                crew.is_none_or(|crew| {
                    crew.suits(&job.skills, &job.equipment)
                        && job.people <= crew.people
                        && job.loads.iter().zip(&crew.loads).all(|(load, room)| load <= room)
                })
            })
        };
        let able = Weighted::new(self.kind.iter().filter(can).map(|kind| (kind.clone(), kind.weight)));
        let kind = able.draw(chance)?;
        let middle = district.label.unwrap_or(atlas.jurisdiction.centre);
        // A few tries in a box around the middle; a district is no box.
        for _ in 0..40 {
            let away = |chance: &mut Chance| (chance.share() - 0.5) * 0.05;
            let Some(point) = Point::new(middle.lat + away(chance), middle.long + away(chance)) else {
                continue;
            };
            if matches!(atlas.locate(point), Located::Inside(place) if place.district == Some(district.id)) {
                return Some(Draft {
                    words: kind.words.clone(),
                    address: chance.one_text(&self.addresses).to_owned(),
                    ..Draft::at(kind.job_type.clone(), point)
                });
            }
        }
        None
    }
}

/// Lets the day go on until the doors close.
pub async fn go_on(door: Door, live: Live, photos: Vec<PhotoRef>, seed: u64) {
    let mut chance = Chance::new(seed ^ 0x11fe);
    // Where each crew is between two of its reports.
    let mut places: HashMap<CrewId, Point> = HashMap::new();
    loop {
        tokio::select! {
            () = door.closed() => return,
            () = tokio::time::sleep(TICK) => {}
        }
        if let Err(error) = tick(&door, &live, &photos, &mut chance, &mut places).await {
            // Somebody at the board was quicker, or the writer is busy: the next round looks again.
            tracing::debug!(%error, "the demo's day waits");
        }
    }
}

async fn tick(
    door: &Door,
    live: &Live,
    photos: &[PhotoRef],
    chance: &mut Chance,
    places: &mut HashMap<CrewId, Point>,
) -> Result<(), DispatchError> {
    let act = door.act(Actor::System("demo"));
    let code = live.city.clone();
    let Some(city) = door.db.read(move |tx| territory::jurisdiction_by_code(tx, &code)).await? else {
        return Ok(());
    };
    let id = city.id;
    let (all, open, kinds, atlas) = door
        .db
        .read(move |tx| {
            let all = crews::list(tx, id, &Wanted { active: true, ..Wanted::default() })?;
            let open = orders::open(tx, id, &orders::Wanted::default())?;
            let kinds = dispatch::job_types::kinds(tx, id)?;
            Ok::<_, storage::Error>((all, open, kinds, territory::atlas(tx, id)?))
        })
        .await?;
    let waits = open.iter().filter(|order| order.crew.is_none()).count();
    if waits < live.waiting
        && chance.happens(0.12)
        && let Some(draft) = live.draft(&kinds, &atlas, chance, None)
    {
        let act = act.clone();
        door.db.write(move |tx: &mut Tx<'_>| orders::make(tx, &act, id, draft.clone())).await?;
    }
    for crew in all.iter().filter(|crew| crew.code != live.left_alone) {
        let stops: Vec<&WorkOrder> = {
            let mut stops: Vec<_> = open.iter().filter(|order| order.crew == Some(crew.id)).collect();
            stops.sort_by_key(|order| (order.stop, order.id));
            stops
        };
        let step = next_step(crew, &stops, act.at, places);
        let (act, photos) = (act.clone(), photos.to_vec());
        let (crew, moved) = (crew.id, step.at);
        let done = door
            .db
            .write(move |tx: &mut Tx<'_>| -> Result<(), DispatchError> {
                match step.does {
                    Does::Nothing => {}
                    Does::SetOut(order) => drop(orders::on_the_way(tx, &act, id, order)?),
                    Does::Arrive(order) => drop(orders::on_site(tx, &act, id, order)?),
                    Does::Finish(order) => {
                        prove(tx, &act, id, order, &photos)?;
                        orders::done(tx, &act, id, order, &Outcome::default())?;
                    }
                }
                match moved {
                    Some(point) => stand(tx, &act, id, crew, point),
                    None => Ok(()),
                }
            })
            .await;
        match done {
            Err(DispatchError::Storage(failure)) => return Err(failure.into()),
            // A visitor changed it a moment before.
            _ => continue,
        }
    }
    help(door, &act, id, &all, &open, live).await
}

enum Does {
    Nothing,
    SetOut(dispatch::OrderId),
    Arrive(dispatch::OrderId),
    Finish(dispatch::OrderId),
}

struct Step {
    does: Does,
    /// Where the crew is now, when it moved.
    at: Option<Point>,
}

fn next_step(crew: &Crew, stops: &[&WorkOrder], now: Timestamp, places: &mut HashMap<CrewId, Point>) -> Step {
    let here = *places.entry(crew.id).or_insert_with(|| crew.point());
    let current = crew.order.and_then(|id| stops.iter().find(|order| order.id == id));
    match (crew.status, current) {
        (CrewStatus::OnTheWay, Some(order)) => {
            let left = here.metres_to(order.point);
            let reach = SPEED * TICK.as_secs_f64();
            let next = if left <= reach { order.point } else { between(here, order.point, reach / left) };
            places.insert(crew.id, next);
            let does = if left <= reach { Does::Arrive(order.id) } else { Does::Nothing };
            Step { does, at: Some(next) }
        }
        (CrewStatus::OnSite, Some(order)) => {
            let since = order.on_site_at.unwrap_or(now);
            let is_done = now.millis_since(since) >= order.duration * 1000 / FASTER;
            Step { does: if is_done { Does::Finish(order.id) } else { Does::Nothing }, at: Some(here) }
        }
        (CrewStatus::OnDuty, None) => {
            let first =
                stops.iter().find(|order| order.status == OrderStatus::Assigned && order.after.is_none());
            Step { does: first.map_or(Does::Nothing, |order| Does::SetOut(order.id)), at: Some(here) }
        }
        _ => Step { does: Does::Nothing, at: None },
    }
}

/// Part of the way from here to there.
fn between(here: Point, there: Point, part: f64) -> Point {
    Point { lat: here.lat + (there.lat - here.lat) * part, long: here.long + (there.long - here.long) * part }
}

/// What nobody gave to a crew for a while goes to the nearest one that can do it, so that the day goes on by itself.
async fn help(
    door: &Door,
    act: &Act,
    jurisdiction: i64,
    all: &[Crew],
    open: &[WorkOrder],
    live: &Live,
) -> Result<(), DispatchError> {
    let mut unassigned: Vec<&WorkOrder> = open.iter().filter(|order| order.crew.is_none()).collect();
    unassigned.sort_by_key(|order| std::cmp::Reverse(order.made_at));
    let waited = |order: &&&WorkOrder| long_ago(order.made_at, act.at, 2) && order.contractor.is_none();
    let stops = |crew: &Crew| open.iter().filter(|order| order.crew == Some(crew.id)).count();
    for order in unassigned.iter().skip(FOR_DISPATCHERS).rev().filter(waited) {
        let mut able: Vec<&Crew> = all
            .iter()
            .filter(|crew| crew.status.is_working() && crew.code != live.left_alone)
            .filter(|crew| crew.suits(&order.skills, &order.equipment) && stops(crew) < MOST_STOPS)
            .collect();
        let metres = |crew: &Crew| crew.point().metres_to(order.point);
        able.sort_by(|a, b| metres(a).total_cmp(&metres(b)));
        for crew in able {
            let (act, id, crew, seen) = (act.clone(), order.id, crew.id, Seen(order.version));
            let given = door
                .db
                .write(move |tx: &mut Tx<'_>| orders::assign(tx, &act, jurisdiction, id, crew, seen))
                .await;
            match given {
                Err(DispatchError::Storage(failure)) => return Err(failure.into()),
                Err(DispatchError::Refused(_)) => continue,
                // One at a time: the day is not to be over in a minute.
                _ => return Ok(()),
            }
        }
    }
    Ok(())
}
