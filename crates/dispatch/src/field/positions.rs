//! Where crews are, and the trail that is kept for a while.
//!
//! A position is read only in a shift that was begun, and only with the crew's consent. The newest one stands with the
//! crew; of the trail as much is kept as a map can show, and some weeks later nothing. The journal hears that crews
//! moved, never where: it is kept for ever and published.

use calendar::Timestamp;
use people::{Act, Chore, Permission, Where};
use storage::{Param, Result, Tx, params, sql};
use territory::{Located, Point};

use super::{Clock, Fix, POSITIONS, clock};
use crate::{Crew, CrewId, CrewStatus, DispatchError, Done, crews, members, orders, shifts};

/// A fix that may be farther off is worth nothing on a map of streets.
const WORST_ACCURACY: f64 = 2_000.0;
/// The trail has a point when the crew moved this far, in metres, or after this long, in milliseconds.
const TRAIL_STEP: f64 = 30.0;
const TRAIL_PAUSE: i64 = 60_000;
/// As near as this to the order, in metres, a crew has probably arrived.
const ARRIVED: f64 = 80.0;
/// A position by which nobody can tell one street from the next proposes nothing.
const ARRIVAL_ACCURACY: f64 = 100.0;
/// Positions of one report; a telephone that was away sends its trail in several.
pub const MOST_FIXES: usize = 120;
/// How long a trail is kept, in milliseconds: four weeks.
pub const TRAIL_KEPT: i64 = 28 * 86_400_000;

/// Trails that are old enough are thrown away.
pub const CHORE: Chore =
    Chore { name: "dispatch-forget-positions", every: 60 * 60_000, at_once: 5_000, run: forget };

/// What one telephone says at one moment.
#[derive(Debug, Clone)]
pub struct Report {
    pub act: Act,
    pub sent_at: Timestamp,
    pub fixes: Vec<Fix>,
}

/// The answer to one report.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Noted {
    /// How many could be used.
    pub taken: usize,
    /// The newest one lies outside the city.
    pub is_outside: bool,
    /// The crew seems to have arrived at this order, by its code.
    pub arrived: Option<String>,
}

/// Takes the reports of many telephones in at once. A report that is refused does not stop the others.
pub fn note(tx: &mut Tx<'_>, jurisdiction: i64, reports: &[Report]) -> Result<Vec<Done<Noted>>> {
    let mut answers = Vec::with_capacity(reports.len());
    let mut moved: Vec<CrewId> = Vec::new();
    for report in reports {
        match one(tx, jurisdiction, report) {
            Ok((crew, noted)) => {
                if noted.taken > 0 && !moved.contains(&crew) {
                    moved.push(crew);
                }
                answers.push(Ok(noted));
            }
            // The machine broke, and with it the whole handful.
            Err(DispatchError::Storage(failure)) => return Err(failure),
            Err(refused) => answers.push(Err(refused)),
        }
    }
    if let Some(report) = reports.first().filter(|_| !moved.is_empty()) {
        announce(tx, &report.act, jurisdiction, &moved)?;
    }
    Ok(answers)
}

fn one(tx: &mut Tx<'_>, jurisdiction: i64, report: &Report) -> Done<(CrewId, Noted)> {
    let act = &report.act;
    let account = act.by.account();
    act.require(Permission::WorkAsCrew, Where::city(jurisdiction).owned_by(account))?;
    let crew = match account {
        Some(account) => crews::of_account(tx, jurisdiction, account)?,
        None => None,
    };
    let crew = crew.ok_or(DispatchError::Refused("crew-left"))?;
    let clock = Clock::compare(act.at, report.sent_at, None);
    let noted = trail(tx, act, jurisdiction, &crew, clock, &report.fixes)?;
    Ok((crew.id, noted))
}

/// Positions that waited on the telephone and come with a sync.
pub(super) fn bring(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    crew: &Crew,
    clock: Clock,
    fixes: &[Fix],
) -> Done<()> {
    members::stands_for(tx, act, crew)?;
    let noted = trail(tx, act, jurisdiction, crew, clock, fixes)?;
    if noted.taken > 0 {
        announce(tx, act, jurisdiction, &[crew.id])?;
    }
    Ok(())
}

/// One fact for all crews that moved. Who wants to know where they are looks at the crews.
fn announce(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, crews: &[CrewId]) -> Result<()> {
    let told = Act { by: people::Actor::System("positions"), ..act.clone() };
    told.record(tx, jurisdiction, POSITIONS, jurisdiction, "moved", crate::json(&crews)?);
    Ok(())
}

/// A fix on our clock.
#[derive(Debug, Clone, Copy)]
struct Spot {
    point: Point,
    at: Timestamp,
    device_at: Timestamp,
    accuracy: f64,
}

fn trail(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    crew: &Crew,
    clock: Clock,
    fixes: &[Fix],
) -> Done<Noted> {
    let shift = shifts::current(tx, jurisdiction, crew.id, act.at)?;
    let shift = shift.filter(|s| s.state == shifts::ShiftState::Begun);
    let shift = shift.ok_or(DispatchError::Refused("shift-none"))?;
    let since = shift.consent_at.ok_or(DispatchError::Refused("positions-no-consent"))?;
    let spots: Vec<Spot> = usable(clock, act.at, fixes).into_iter().filter(|s| s.at >= since).collect();
    let Some(newest) = spots.last().copied() else { return Ok(Noted::default()) };
    let atlas = territory::atlas(tx, jurisdiction)?;
    let is_outside = |point: Point| matches!(atlas.locate(point), Located::Outside { .. });
    let mut values: Vec<Param<'_>> = Vec::new();
    for spot in thinned(last_of_trail(tx, jurisdiction, crew.id)?, &spots) {
        values.extend(params![
            jurisdiction,
            crew.id.0,
            spot.at.0,
            spot.device_at.0,
            spot.point.lat,
            spot.point.long,
            spot.accuracy.round() as i64,
            is_outside(spot.point)
        ]);
    }
    tx.insert_many(
        "INSERT INTO crew_positions (jurisdiction_id, crew_id, at, device_at, lat, long, accuracy, is_outside) VALUES",
        8,
        &values,
        "ON CONFLICT (jurisdiction_id, crew_id, at) DO NOTHING",
    )?;
    // What was sent again, or came late, does not move the crew back.
    tx.execute(
        sql!(
            "UPDATE crews SET lat = $3, long = $4, accuracy = $5, position_at = $6
             WHERE jurisdiction_id = $1 AND id = $2 AND (position_at IS NULL OR position_at < $6)"
        ),
        &params![
            jurisdiction,
            crew.id.0,
            newest.point.lat,
            newest.point.long,
            newest.accuracy.round() as i64,
            newest.at.0
        ],
    )?;
    let arrived = match crew.order {
        Some(order) if crew.status == CrewStatus::OnTheWay && newest.accuracy <= ARRIVAL_ACCURACY => {
            orders::by_id(tx, jurisdiction, order)?
                .filter(|order| order.point.metres_to(newest.point) <= ARRIVED)
                .map(|order| order.code)
        }
        _ => None,
    };
    Ok(Noted { taken: spots.len(), is_outside: is_outside(newest.point), arrived })
}

/// The fixes that say something, on our clock, the oldest first.
fn usable(clock: Clock, now: Timestamp, fixes: &[Fix]) -> Vec<Spot> {
    let mut spots: Vec<Spot> = fixes
        .iter()
        .rev()
        .take(MOST_FIXES)
        .filter(|fix| fix.accuracy.is_finite() && (0.0..=WORST_ACCURACY).contains(&fix.accuracy))
        .filter_map(|fix| {
            let moment = clock::moment(clock, now, fix.at, None, None);
            // A position at a doubtful time is a position at no time.
            let at = moment.doubt.is_none().then_some(moment.at)?;
            Some(Spot {
                point: Point::new(fix.lat, fix.long)?,
                at,
                device_at: fix.at,
                accuracy: fix.accuracy,
            })
        })
        .collect();
    spots.sort_by_key(|spot| spot.at);
    spots
}

/// As much of a trail as a map can show.
fn thinned(last: Option<(Point, Timestamp)>, spots: &[Spot]) -> Vec<Spot> {
    let mut last = last;
    let mut kept = Vec::new();
    for spot in spots {
        let is_new = last.is_none_or(|(point, at)| {
            let after = spot.at.millis_since(at);
            after > 0 && (point.metres_to(spot.point) >= TRAIL_STEP || after >= TRAIL_PAUSE)
        });
        if is_new {
            last = Some((spot.point, spot.at));
            kept.push(*spot);
        }
    }
    kept
}

fn last_of_trail(tx: &mut Tx<'_>, jurisdiction: i64, crew: CrewId) -> Result<Option<(Point, Timestamp)>> {
    let found = tx.query_opt(
        sql!(
            "SELECT lat, long, at FROM crew_positions WHERE jurisdiction_id = $1 AND crew_id = $2 ORDER BY at DESC LIMIT 1"
        ),
        &params![jurisdiction, crew.0],
        |row| Ok((row.get::<f64>(0)?, row.get::<f64>(1)?, row.get::<i64>(2)?)),
    )?;
    Ok(found.and_then(|(lat, long, at)| Some((Point::new(lat, long)?, Timestamp(at)))))
}

/// A point of a trail.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    pub point: Point,
    pub at: Timestamp,
    pub is_outside: bool,
}

/// Where a crew was in a span of time, the oldest first: for disputes and bills, as long as trails are kept.
pub fn trail_of(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    crew: CrewId,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Step>> {
    let rows = tx.query(
        sql!(
            "SELECT lat, long, at, is_outside FROM crew_positions
             WHERE jurisdiction_id = $1 AND crew_id = $2 AND at >= $3 AND at < $4 ORDER BY at LIMIT 10000"
        ),
        &params![jurisdiction, crew.0, from.0, until.0],
        |row| Ok((row.get::<f64>(0)?, row.get::<f64>(1)?, row.get::<i64>(2)?, row.get::<bool>(3)?)),
    )?;
    let step = |(lat, long, at, is_outside)| {
        Some(Step { point: Point::new(lat, long)?, at: Timestamp(at), is_outside })
    };
    Ok(rows.into_iter().filter_map(step).collect())
}

fn forget(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, at_once: u32) -> Result<usize> {
    // Not more than a handful at once: the oldest first, up to the last of the handful.
    let old = tx.query(
        sql!("SELECT at FROM crew_positions WHERE jurisdiction_id = $1 AND at < $2 ORDER BY at LIMIT $3"),
        &params![jurisdiction, act.at.plus_millis(-TRAIL_KEPT).0, at_once],
        |row| row.get::<i64>(0),
    )?;
    let Some(last) = old.last() else { return Ok(0) };
    let gone = tx.execute(
        sql!("DELETE FROM crew_positions WHERE jurisdiction_id = $1 AND at <= $2"),
        &params![jurisdiction, *last],
    )?;
    Ok(usize::try_from(gone).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_794_637_800_000);
    const STILL: Clock = Clock { ahead: 0, is_steady: true };

    fn fix(seconds_ago: i64, long: f64, accuracy: f64) -> Fix {
        Fix { at: NOW.plus_millis(-1000 * seconds_ago), lat: 35.7, long, accuracy }
    }

    #[test]
    fn a_trail_holds_what_a_map_can_show() {
        // Five seconds apart for ten minutes without moving, then 100 metres.
        let mut fixes: Vec<Fix> = (0..120).rev().map(|n| fix(5 * n + 5, 51.4, 10.0)).collect();
        fixes.push(fix(0, 51.4011, 10.0));
        let spots = usable(STILL, NOW, &fixes);
        assert_eq!(spots.len(), MOST_FIXES);
        let kept = thinned(None, &spots);
        assert_eq!(kept.len(), 11, "one a minute, and the move");
        assert!(
            thinned(kept.last().map(|s| (s.point, s.at)), &spots).is_empty(),
            "the same again adds nothing"
        );
    }

    #[test]
    fn what_says_nothing_is_left_out() {
        let bad = [
            fix(0, 51.4, 5_000.0),
            fix(0, 51.4, -1.0),
            fix(0, 51.4, f64::NAN),
            fix(0, 551.4, 5.0),
            fix(0, f64::INFINITY, 5.0),
            fix(-3_600, 51.4, 5.0),
            fix(40 * 3_600, 51.4, 5.0),
        ];
        assert!(usable(STILL, NOW, &bad).is_empty());
        assert_eq!(usable(Clock { ahead: 0, is_steady: false }, NOW, &[fix(0, 51.4, 5.0)]).len(), 0);
    }

    #[test]
    fn fixes_are_put_in_order() {
        let spots = usable(STILL, NOW, &[fix(0, 51.4, 1.0), fix(60, 51.5, 1.0), fix(30, 51.6, 1.0)]);
        assert!(spots.windows(2).all(|pair| pair[0].at <= pair[1].at));
    }
}
