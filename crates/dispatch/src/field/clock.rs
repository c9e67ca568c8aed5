//! Which moment counts when the telephone's clock and ours disagree.
//!
//! Every sync says what the telephone's clock showed when it was sent. The difference to ours is taken off all times of
//! that sync, so that a telephone that is wrong by a day does no harm. What remains is believed only where it can be
//! true; otherwise the moment at which it came here counts, and a doubt is kept beside it. Both times stay written, so
//! that who staged an hour without network can be asked about it.

use calendar::Timestamp;

use crate::kinds::coded;

const MINUTE: i64 = 60_000;
/// Two clocks that were set alike drift and travel this far apart without anybody touching them.
pub const TOLERANCE: i64 = 2 * MINUTE;
/// Two estimates of one telephone's clock that differ by more: somebody set it in between.
pub const STEADY: i64 = 5 * MINUTE;
/// A whole day without network, and the way home.
pub const OLDEST: i64 = 36 * 60 * MINUTE;

coded! {
    /// Why a telephone's time was not believed.
    Doubt {
        /// The clock was set since the last sync, so the difference says nothing about what came before.
        ClockSet = "clock-set",
        /// Later than now.
        Future = "future",
        /// Longer ago than anybody stays without network.
        Old = "old",
        /// Earlier than what the same telephone did before it.
        Backwards = "backwards",
        /// Before the order was given to anybody.
        BeforeOrder = "before-order",
    }
}

/// What is known of a telephone's clock at this sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Milliseconds that have to be added to the telephone's time to get ours.
    pub ahead: i64,
    /// It was not set since the last sync.
    pub is_steady: bool,
}

impl Clock {
    /// Compares two clocks. `before` is the difference at the sync before this one.
    pub fn compare(now: Timestamp, sent_at: Timestamp, before: Option<i64>) -> Clock {
        let ahead = now.millis_since(sent_at);
        let is_steady = before.is_none_or(|before| ahead.saturating_sub(before).saturating_abs() <= STEADY);
        Clock { ahead, is_steady }
    }
}

/// The moment that counts, and why the telephone's was not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub at: Timestamp,
    pub doubt: Option<Doubt>,
}

/// When something happened. `before` is the moment of what the same telephone did before it, `given_at` when the order
/// was given to its crew.
pub fn moment(
    clock: Clock,
    now: Timestamp,
    device_at: Timestamp,
    before: Option<Timestamp>,
    given_at: Option<Timestamp>,
) -> Moment {
    let told = device_at.plus_millis(clock.ahead);
    let doubted = |doubt| Moment { at: now, doubt: Some(doubt) };
    let is_before = |earlier: Option<Timestamp>| earlier.is_some_and(|e| e.millis_since(told) > TOLERANCE);
    if !clock.is_steady {
        return doubted(Doubt::ClockSet);
    }
    if told.millis_since(now) > TOLERANCE {
        return doubted(Doubt::Future);
    }
    if now.millis_since(told) > OLDEST {
        return doubted(Doubt::Old);
    }
    if is_before(before) {
        return doubted(Doubt::Backwards);
    }
    if is_before(given_at) {
        return doubted(Doubt::BeforeOrder);
    }
    // Inside the tolerance the order of things is kept.
    let first = before.into_iter().chain(given_at).fold(told, Timestamp::max);
    Moment { at: first.min(now), doubt: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_794_637_800_000);
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;

    #[track_caller]
    fn check(
        wrong_by: i64,
        ago: i64,
        before: Option<i64>,
        given: Option<i64>,
        expected: (i64, Option<Doubt>),
    ) {
        let clock = Clock::compare(NOW, NOW.plus_millis(wrong_by), None);
        let back = |ago: i64| NOW.plus_millis(-ago);
        let told = moment(clock, NOW, back(ago).plus_millis(wrong_by), before.map(back), given.map(back));
        assert_eq!(told, Moment { at: back(expected.0), doubt: expected.1 });
    }

    #[test]
    fn a_clock_that_is_wrong_by_a_day_spoils_no_time() {
        for wrong_by in [0, DAY, -DAY, 400 * DAY, -400 * DAY, 3 * HOUR + 17] {
            check(wrong_by, 4 * HOUR, None, None, (4 * HOUR, None));
            check(wrong_by, 0, Some(HOUR), Some(2 * HOUR), (0, None));
        }
    }

    #[test]
    fn what_cannot_be_true_is_kept_with_a_doubt() {
        check(0, -HOUR, None, None, (0, Some(Doubt::Future)));
        check(0, 37 * HOUR, None, None, (0, Some(Doubt::Old)));
        check(0, 3 * HOUR, Some(2 * HOUR), None, (0, Some(Doubt::Backwards)));
        check(0, 3 * HOUR, None, Some(2 * HOUR), (0, Some(Doubt::BeforeOrder)));
    }

    #[test]
    fn small_differences_keep_the_order_of_things() {
        check(0, -MINUTE, None, None, (0, None));
        check(0, HOUR + MINUTE, Some(HOUR), None, (HOUR, None));
        check(0, HOUR + MINUTE, None, Some(HOUR), (HOUR, None));
        check(0, HOUR, Some(HOUR + MINUTE), Some(2 * HOUR), (HOUR, None));
    }

    #[test]
    fn a_clock_that_was_set_between_two_syncs_dates_nothing() {
        let clock = Clock::compare(NOW, NOW, Some(-DAY));
        assert!(!clock.is_steady);
        let told = moment(clock, NOW, NOW.plus_millis(-HOUR), None, None);
        assert_eq!(told, Moment { at: NOW, doubt: Some(Doubt::ClockSet) });
        assert!(Clock::compare(NOW, NOW, Some(4 * MINUTE)).is_steady);
        assert!(Clock::compare(NOW, NOW, None).is_steady);
    }

    #[test]
    fn the_ends_of_time_are_no_trouble() {
        for device_at in [i64::MIN, i64::MAX, 0, -1] {
            for sent_at in [i64::MIN, i64::MAX, 0] {
                let clock = Clock::compare(NOW, Timestamp(sent_at), Some(i64::MIN));
                let told = moment(clock, NOW, Timestamp(device_at), None, Some(NOW));
                assert!(told.at <= NOW);
            }
        }
    }
}
