//! Days are planned again while they go on: what happened asks for its district, a better plan is looked for away from
//! the database, and published or laid before a dispatcher.
//!
//! Several machines may do this at once: a plan is published only if nothing that it touches changed meanwhile, so the
//! second one finds nothing to do.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use calendar::Timestamp;
use dispatch::day::{self, Day, Effort, Found, Kind, Posed, Repair};
use dispatch::{DispatchError, roads};
use door::Door;
use people::{Act, Actor};
use storage::{Result, journal};

/// Events of one moment are answered together.
const GATHER: Duration = Duration::from_millis(1_500);
/// Other machines write too, and nobody tells us.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// A day drifts although nothing happens: every district with work is looked at so often.
const ROUND: Duration = Duration::from_secs(300);
/// Facts of one look.
const AT_ONCE: u32 = 2_000;

/// Works until the door is closed.
pub async fn run(door: Door) {
    let mut news = door.db.news();
    // Where each city's journal was read up to; what happened before the start is met by the first round.
    let mut read_to: HashMap<i64, i64> = HashMap::new();
    let mut last_round = tokio::time::Instant::now() - ROUND;
    loop {
        news.mark_unchanged();
        let is_round = last_round.elapsed() >= ROUND;
        if is_round {
            last_round = tokio::time::Instant::now();
        }
        if let Err(error) = look(&door, &mut read_to, is_round).await
            && !error.is_passing()
        {
            tracing::error!(%error, "days could not be planned again; it is tried again");
        }
        tokio::select! {
            () = door.closed() => return,
            _ = news.changed() => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
    }
}

async fn look(door: &Door, read_to: &mut HashMap<i64, i64>, is_round: bool) -> Result<()> {
    let cities: Vec<i64> = door
        .db
        .read(|tx| {
            Ok::<_, storage::Error>(territory::jurisdictions(tx)?.iter().map(|city| city.id).collect())
        })
        .await?;
    for city in cities {
        let from = read_to.get(&city).copied();
        let (to, mut districts) = door.db.read(move |tx| asked_for(tx, city, from)).await?;
        read_to.insert(city, to);
        if is_round {
            districts.extend(door.db.read(move |tx| day::districts_at_work(tx, city)).await?);
        }
        for district in districts {
            if door.is_closing() {
                return Ok(());
            }
            match repair(door, city, district).await {
                // Somebody was faster; what they did asks for this district again.
                Ok(()) | Err(DispatchError::Changed) => {}
                Err(DispatchError::Storage(error)) => return Err(error),
                Err(refused) => tracing::warn!(%refused, city, ?district, "a day was not planned again"),
            }
        }
    }
    Ok(())
}

/// The districts that the facts since then ask to look at, and where the journal ends now.
fn asked_for(tx: &mut storage::Tx<'_>, city: i64, from: Option<i64>) -> Result<(i64, BTreeSet<Option<i64>>)> {
    let Some(from) = from else { return Ok((journal::head(tx, city)?.0, BTreeSet::new())) };
    let entries = journal::after(tx, city, from, AT_ONCE)?;
    let to = entries.last().map_or(from, |entry| entry.seq);
    let mut districts: BTreeSet<Option<i64>> = entries.iter().filter_map(day::calls_for).collect();
    // In a city with districts what lies in none belongs to no plan.
    if districts.contains(&None) && territory::atlas(tx, city)?.districts().next().is_some() {
        districts.remove(&None);
    }
    Ok((to, districts))
}

async fn repair(door: &Door, city: i64, district: Option<i64>) -> std::result::Result<(), DispatchError> {
    let now = door.now();
    let (today, travel, by_itself) = door
        .db
        .read(move |tx| -> Result<_> {
            let today = Day::read(tx, city, district, now)?;
            Ok((today, roads::of(tx, city, now)?, day::by_itself(tx, city, district)?))
        })
        .await?;
    if today.crews.is_empty() || today.orders.is_empty() {
        return Ok(());
    }
    let act = act(door);
    let effort = Effort::repair(act.dice.number());
    let searched =
        tokio::task::spawn_blocking(move || -> std::result::Result<(Posed, Found), DispatchError> {
            let posed = day::pose(&today, &*travel);
            let found = day::search(&posed, effort)?;
            Ok((posed, found))
        });
    let prepared = searched.await.map_err(|_| DispatchError::Refused("plan-impossible"))??;
    let decided = day::decide(&prepared.0, &prepared.1, by_itself);
    if decided == Repair::Nothing {
        return Ok(());
    }
    let prepared = Arc::new(prepared);
    door.db
        .write(move |tx| {
            let (posed, found) = &*prepared;
            // The same proposal is not laid before anybody twice.
            let waiting = day::proposed(tx, city, district)?;
            if decided == Repair::Propose
                && waiting.is_some_and(|waiting| waiting.difference == found.difference)
            {
                return Ok(());
            }
            if decided == Repair::Propose && is_answered(tx, city, district, found, act.at)? {
                return Ok(());
            }
            let kept = day::keep(tx, &act, city, Kind::Repair, posed, found)?;
            if decided == Repair::Publish {
                day::publish(tx, &act, city, kept.id)?;
            }
            Ok(())
        })
        .await
}

/// Minutes for which a no is a no, as long as nothing but travel is to be won.
const QUIET: i64 = 15;

fn is_answered(
    tx: &mut storage::Tx<'_>,
    city: i64,
    district: Option<i64>,
    found: &Found,
    now: Timestamp,
) -> Result<bool> {
    if !found.difference.placed.is_empty() || !found.difference.saved.is_empty() {
        return Ok(false);
    }
    let last = day::history(tx, city, district, 1)?;
    Ok(last.iter().any(|plan| {
        plan.state == day::State::Refused && plan.decided_at.is_some_and(|at| at.plus_minutes(QUIET) > now)
    }))
}

fn act(door: &Door) -> Act {
    Act { at: Timestamp(door.now().0), ..door.act(Actor::System("dispatch")) }
}
