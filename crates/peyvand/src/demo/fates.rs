//! What became of each request, by its age against its promise.

use calendar::{Clock, Target, Timestamp, WorkingTime};
use requests::{Kind, Status};

use super::chance::{Chance, Weighted};
use super::script::Script;

pub struct Fates {
    new: Weighted<Status>,
    due: Weighted<Status>,
    old: Weighted<Status>,
    in_time: f64,
}

/// Where a request stands, and since when.
#[derive(Debug, Clone, Copy)]
pub struct Fate {
    pub status: Status,
    pub updated_at: Timestamp,
    pub closed_at: Option<Timestamp>,
}

impl Fates {
    pub fn new(script: &Script) -> Fates {
        let weighted = |all: &[(Status, f64)]| Weighted::new(all.iter().copied());
        let status = &script.status;
        Fates {
            new: weighted(&status.new),
            due: weighted(&status.due),
            old: weighted(&status.old),
            in_time: script.outcome.in_time,
        }
    }

    pub fn draw(
        &self,
        at: Timestamp,
        kind: Kind,
        target: Option<Target>,
        working: &WorkingTime,
        now: Timestamp,
        chance: &mut Chance,
    ) -> Fate {
        // Where nothing is promised, three days are what people expect.
        let due = target.map_or(at.plus_hours(72), |target| Clock::start(at, target).due_at(working));
        let (length, age) = (due.millis_since(at).max(1), now.millis_since(at));
        let weights = match age as f64 / length as f64 {
            ..1.0 => &self.new,
            1.0..2.0 => &self.due,
            _ => &self.old,
        };
        let drawn = weights.draw(chance).copied().unwrap_or(Status::Received);
        let status = match (kind, drawn) {
            (Kind::Request | Kind::Complaint, status) => status,
            // Nobody turns a word of thanks down.
            (_, Status::Declined | Status::Reopened | Status::ReferredOutside | Status::Duplicate) => {
                Status::Closed
            }
            (_, status) => status,
        };
        let latest = now.0 - 60_000;
        let within = |from: f64, to: f64, chance: &mut Chance| {
            let share = from + chance.share() * (to - from);
            Timestamp((at.0 + (length as f64 * share) as i64).clamp(at.0 + 60_000, latest.max(at.0 + 60_000)))
        };
        if status.is_open() {
            let updated_at = if status == Status::Received { at } else { within(0.02, 0.6, chance) };
            return Fate { status, updated_at, closed_at: None };
        }
        let ended = match status {
            Status::Duplicate | Status::Cancelled => within(0.01, 0.2, chance),
            _ if chance.happens(self.in_time) => within(0.1, 0.97, chance),
            _ => within(1.02, 2.0, chance),
        };
        Fate { status, updated_at: ended, closed_at: Some(ended) }
    }
}
