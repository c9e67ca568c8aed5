//! What lateness and the rest cost, each with the times that it was computed from. Plain arithmetic.

use super::rows::RowKind;
use super::terms::Terms;

const MINUTE: i64 = 60_000;

/// What happened to one order, in milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Served {
    /// Its place in [`super::terms::CLASSES`].
    pub class: usize,
    pub accepted_at: i64,
    /// When the contractor said that it would be there.
    pub arrive_by: Option<i64>,
    pub arrived_at: Option<i64>,
    pub ended_at: Option<i64>,
    /// When the city took it back, before it was done.
    pub taken_back_at: Option<i64>,
    /// Signed without a single photo.
    pub lacks_proof: bool,
}

/// One penalty, with its times by name: `accepted`, `due`, `arrived`, `ended`, `promised`, `taken-back`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Penalty {
    pub kind: RowKind,
    pub amount: i64,
    /// Hours or days that were begun; 0 where lateness is not what is fined.
    pub units: i64,
    /// Days and not hours.
    pub by_day: bool,
    pub events: Vec<(&'static str, i64)>,
}

/// Hours or days begun after `due`; none when it was in time.
fn begun(due: i64, at: i64, by_day: bool) -> Option<i64> {
    let late = at.checked_sub(due).filter(|late| *late > 0)?;
    let unit = if by_day { 24 * 60 * MINUTE } else { 60 * MINUTE };
    // To the next whole one: the first minute of an hour is an hour.
    Some((late - 1) / unit + 1)
}

/// The penalties of one order. What costs nothing is not listed.
pub fn of_order(terms: &Terms, served: &Served) -> Vec<Penalty> {
    let mut all = Vec::new();
    let Some(class) = terms.class.get(served.class) else { return all };
    let accepted = served.accepted_at;
    // Who was seen nowhere and yet finished came at the latest then.
    let arrived = served.arrived_at.or(served.ended_at);
    let mut late = |kind, minutes: i64, rate: i64, name, at: Option<i64>| {
        let due = accepted.saturating_add(minutes.saturating_mul(MINUTE));
        if minutes > 0
            && let Some(at) = at
            && let Some(units) = begun(due, at, class.by_day)
        {
            let events = vec![("accepted", accepted), ("due", due), (name, at)];
            all.push(Penalty {
                kind,
                amount: units.saturating_mul(rate),
                units,
                by_day: class.by_day,
                events,
            });
        }
    };
    late(RowKind::LateArrival, class.respond, class.late_arrival, "arrived", arrived);
    late(RowKind::LateFinish, class.finish, class.late_finish, "ended", served.ended_at);
    if let Some(taken_back) = served.taken_back_at
        && arrived.is_none()
    {
        let due = served.arrive_by.unwrap_or(accepted.saturating_add(class.respond.saturating_mul(MINUTE)));
        if taken_back > due {
            let events = vec![("accepted", accepted), ("promised", due), ("taken-back", taken_back)];
            all.push(Penalty {
                kind: RowKind::NoShow,
                amount: terms.no_show,
                units: 0,
                by_day: false,
                events,
            });
        }
    }
    if served.lacks_proof {
        let events = served.ended_at.map(|at| ("ended", at)).into_iter().collect();
        all.push(Penalty {
            kind: RowKind::MissingProof,
            amount: terms.missing_proof,
            units: 0,
            by_day: false,
            events,
        });
    }
    all.retain(|penalty| penalty.amount > 0);
    all
}

/// The penalty of a line that did not stand the check; none when the contract has none.
pub fn of_failed_check(terms: &Terms, submitted_at: Option<i64>, checked_at: i64) -> Option<Penalty> {
    let mut events: Vec<_> = submitted_at.map(|at| ("submitted", at)).into_iter().collect();
    events.push(("checked", checked_at));
    let penalty =
        Penalty { kind: RowKind::FailedCheck, amount: terms.failed_check, units: 0, by_day: false, events };
    (penalty.amount > 0).then_some(penalty)
}
