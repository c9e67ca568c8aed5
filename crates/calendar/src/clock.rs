//! A promise that can be paused: while the city waits for the citizen, its time stands still.

use crate::{Target, Timestamp, WorkingTime};
use serde::{Deserialize, Serialize};

/// The running promise of one request. Plain data, so that a row can keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// When the promise was given.
    pub started_at: Timestamp,
    pub target: Target,
    /// Since when the promise stands still; none while it runs.
    pub paused_at: Option<Timestamp>,
    /// How long it stood still before, in milliseconds of what the target counts: open time for a working target,
    /// any time for a calendar target.
    pub paused_millis: i64,
    /// How much longer the city may take than the target says, as in a storm; told to the citizen. In milliseconds of
    /// what the target counts.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub shifted_millis: i64,
}

fn is_zero(millis: &i64) -> bool {
    *millis == 0
}

impl Clock {
    /// A promise that runs from now on.
    pub const fn start(started_at: Timestamp, target: Target) -> Clock {
        Clock { started_at, target, paused_at: None, paused_millis: 0, shifted_millis: 0 }
    }

    pub const fn is_paused(&self) -> bool {
        self.paused_at.is_some()
    }

    /// Stands still from `at` on. A paused clock stays as it is.
    pub fn pause(&mut self, at: Timestamp) {
        self.paused_at.get_or_insert(at);
    }

    /// Runs again from `at` on; what passed since the pause is added to the time the city has. A running clock stays
    /// as it is, and a moment before the pause counts as the pause itself.
    pub fn resume(&mut self, at: Timestamp, working_time: &WorkingTime) {
        if let Some(paused_at) = self.paused_at.take() {
            self.paused_millis = self.paused_millis.saturating_add(self.counted(paused_at, at, working_time));
        }
    }

    /// When the promise falls due. For a paused clock: when it would, had it been resumed at once.
    pub fn due_at(&self, working_time: &WorkingTime) -> Timestamp {
        let due = working_time.due_at(self.started_at, self.target);
        if self.target.is_working() {
            working_time.plus_working_millis(due, self.paused_millis.saturating_add(self.shifted_millis))
        } else {
            due.plus_millis(self.paused_millis.saturating_add(self.shifted_millis).max(0))
        }
    }

    /// Whether the promise is broken at `now`. A paused clock is overdue only when it was so when it was paused.
    pub fn is_overdue(&self, now: Timestamp, working_time: &WorkingTime) -> bool {
        self.paused_at.map_or(now, |paused_at| paused_at.min(now)) > self.due_at(working_time)
    }

    /// The time that is left at `now`, in milliseconds of what the target counts; negative when overdue.
    pub fn left_millis(&self, now: Timestamp, working_time: &WorkingTime) -> i64 {
        let now = self.paused_at.map_or(now, |paused_at| paused_at.min(now));
        let due = self.due_at(working_time);
        self.counted(now, due, working_time) - self.counted(due, now, working_time)
    }

    fn counted(&self, from: Timestamp, until: Timestamp, working_time: &WorkingTime) -> i64 {
        if self.target.is_working() {
            working_time.working_millis_between(from, until)
        } else {
            until.millis_since(from).max(0)
        }
    }
}
