//! How soon an objection must be dealt with: sooner than the first promise.
//!
//! A service may say its own time (`target.objection` in the city pack). Otherwise it is half of what the service
//! promises, in the same kind of time, and never more than the city allows (three days unless it says less or more).

use calendar::{Target, TargetUnit};

use crate::Priority;
use crate::service::Service;

/// Hours that a working day counts for when it is cut in half; the same everywhere, so that a promise is easy to say.
const WORKING_DAY_HOURS: u32 = 8;

/// The target time of an objection to an answer about this service.
pub fn escalated(service: Option<&Service>, priority: Priority, at_most: Target) -> Target {
    if let Some(own) = service.and_then(|s| s.about.target.objection) {
        return own;
    }
    match service.and_then(|s| s.target(priority)) {
        Some(promised) => shorter(half(promised), at_most),
        None => at_most,
    }
}

fn half(target: Target) -> Target {
    match (target.unit, target.amount) {
        (TargetUnit::CalendarHours, n) => Target::hours(n.div_ceil(2).max(1)),
        (TargetUnit::WorkingHours, n) => Target::working_hours(n.div_ceil(2).max(1)),
        (TargetUnit::CalendarDays, n) if n % 2 == 0 && n > 0 => Target::days(n / 2),
        (TargetUnit::CalendarDays, n) => Target::hours(n.saturating_mul(12).clamp(1, Target::MOST)),
        (TargetUnit::WorkingDays, n) if n % 2 == 0 && n > 0 => Target::working_days(n / 2),
        (TargetUnit::WorkingDays, n) => {
            Target::working_hours(n.saturating_mul(WORKING_DAY_HOURS / 2).clamp(1, Target::MOST))
        }
    }
}

/// The shorter of the two. A day counts 24 hours, or eight where only working time counts.
fn shorter(target: Target, at_most: Target) -> Target {
    let hours = |t: Target| match t.unit {
        TargetUnit::CalendarHours | TargetUnit::WorkingHours => t.amount,
        TargetUnit::CalendarDays => t.amount.saturating_mul(24),
        TargetUnit::WorkingDays => t.amount.saturating_mul(WORKING_DAY_HOURS),
    };
    // A limit in days is a limit in working days for a promise that counts working time.
    let limit = match (at_most.unit, target.is_working()) {
        (TargetUnit::CalendarDays, true) => Target::working_days(at_most.amount),
        (TargetUnit::CalendarHours, true) => Target::working_hours(at_most.amount),
        _ => at_most,
    };
    if hours(target) <= hours(limit) { target } else { limit }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::{Definition, Targets};

    fn check(promised: &str, expected: &str) {
        let target = Targets { normal: promised.parse().ok(), ..Targets::default() };
        let about = Definition { target, ..Definition::default() };
        let service = Service { id: 1, code: "s".into(), group: 1, is_open: true, about };
        let got = escalated(Some(&service), Priority::Normal, Target::days(3));
        assert_eq!(got.to_string(), expected, "half of {promised}");
    }

    #[test]
    fn an_objection_is_promised_half_the_time_and_three_days_at_most() {
        check("24h", "12h");
        check("1h", "1h");
        check("1d", "12h");
        check("3d", "36h");
        check("4d", "2d");
        check("30d", "3d");
        check("8wh", "4wh");
        check("1wd", "4wh");
        check("3wd", "12wh");
        check("10wd", "3wd");
    }

    #[test]
    fn where_nothing_was_promised_the_limit_is_the_promise() {
        assert_eq!(escalated(None, Priority::Normal, Target::days(3)), Target::days(3));
    }

    #[test]
    fn a_service_may_say_its_own_time() {
        let target = Targets {
            objection: Some(Target::hours(2)),
            normal: Some(Target::days(9)),
            ..Targets::default()
        };
        let about = Definition { target, ..Definition::default() };
        let service = Service { id: 1, code: "s".into(), group: 1, is_open: true, about };
        assert_eq!(escalated(Some(&service), Priority::Normal, Target::days(3)), Target::hours(2));
    }
}
