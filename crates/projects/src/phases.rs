//! The dated phases of a round, and what may be done in each.
//!
//! A phase lasts from its own beginning to that of the next one. Which one it is follows from the clock alone, so
//! nobody has to switch anything, and nothing is late because somebody forgot to.

use calendar::Timestamp;

use crate::coded::coded;
use crate::refusal::{ProjectError, no};

coded! {
    /// What a round is doing.
    Phase {
        Collect = "collect",
        Discuss = "discuss",
        Feasibility = "feasibility",
        Pricing = "pricing",
        Publication = "publication",
        Voting = "voting",
        Tally = "tally",
        Objection = "objection",
        Execution = "execution",
    }
}

coded! {
    /// What may be done in a phase, by whoever has the permission too.
    Right {
        SendIdea = "send-idea",
        Support = "support",
        Merge = "merge",
        Judge = "judge",
        Price = "price",
        Argue = "argue",
        Vote = "vote",
        Count = "count",
        Object = "object",
        Report = "report",
    }
}

use Phase::*;
use Right::*;

/// What may be done when.
pub const RIGHTS: &[(Phase, &[Right])] = &[
    (Collect, &[SendIdea, Support, Merge, Judge]),
    (Discuss, &[Support, Merge, Judge]),
    (Feasibility, &[Judge]),
    (Pricing, &[Judge, Price]),
    (Publication, &[Price, Argue]),
    (Voting, &[Argue, Vote]),
    (Tally, &[Count]),
    (Objection, &[Count, Object]),
    (Execution, &[Report]),
];

/// Where a round stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Ahead,
    In(Phase),
    Over,
}

impl Stage {
    pub fn allows(self, right: Right) -> bool {
        match self {
            Stage::In(phase) => RIGHTS.iter().any(|(p, rights)| *p == phase && rights.contains(&right)),
            _ => false,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Stage::Ahead => "ahead",
            Stage::In(phase) => phase.code(),
            Stage::Over => "over",
        }
    }
}

/// When each phase begins, in order, and when the last one ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timetable {
    pub begins: Vec<(Phase, Timestamp)>,
    pub ends_at: Timestamp,
}

impl Timetable {
    pub fn at(&self, now: Timestamp) -> Stage {
        if now >= self.ends_at {
            return Stage::Over;
        }
        let begun = self.begins.iter().rev().find(|(_, at)| *at <= now);
        begun.map_or(Stage::Ahead, |(phase, _)| Stage::In(*phase))
    }

    pub fn begins_at(&self, phase: Phase) -> Option<Timestamp> {
        self.begins.iter().find(|(p, _)| *p == phase).map(|(_, at)| *at)
    }

    /// When a phase ends; none when the round does not have it.
    pub fn ends_of(&self, phase: Phase) -> Option<Timestamp> {
        let place = self.begins.iter().position(|(p, _)| *p == phase)?;
        Some(self.begins.get(place + 1).map_or(self.ends_at, |(_, at)| *at))
    }

    /// Phases come in their order, each later than the one before.
    pub(crate) fn check(&self) -> Result<(), ProjectError> {
        if self.begins.is_empty() {
            return Err(no("dates-missing", "dates"));
        }
        let in_order = self.begins.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1);
        let last = self.begins.last().map_or(Timestamp(0), |(_, at)| *at);
        if !in_order || self.ends_at <= last {
            return Err(no("dates-order", "dates"));
        }
        Ok(())
    }

    /// What may follow this timetable at a moment: what has begun stays as it is, and the end of what runs may only be
    /// put off. A vote that people were told of is never shortened.
    pub(crate) fn may_become(&self, next: &Timetable, now: Timestamp) -> Result<(), ProjectError> {
        next.check()?;
        for (phase, at) in &self.begins {
            let then = next.begins_at(*phase);
            if *at <= now && then != Some(*at) {
                return Err(no("dates-past", "dates"));
            }
        }
        if next.begins.iter().any(|(phase, at)| *at <= now && self.begins_at(*phase) != Some(*at)) {
            return Err(no("dates-past", "dates"));
        }
        if let Stage::In(phase) = self.at(now)
            && next.ends_of(phase) < self.ends_of(phase)
        {
            return Err(no("dates-past", "dates"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(days: &[(Phase, i64)], end: i64) -> Timetable {
        let begins = days.iter().map(|(phase, day)| (*phase, Timestamp(*day))).collect();
        Timetable { begins, ends_at: Timestamp(end) }
    }

    #[test]
    fn the_clock_alone_says_which_phase_it_is() {
        let table = table(&[(Collect, 10), (Voting, 20), (Tally, 30)], 40);
        for (now, stage) in [
            (9, Stage::Ahead),
            (10, Stage::In(Collect)),
            (19, Stage::In(Collect)),
            (20, Stage::In(Voting)),
            (29, Stage::In(Voting)),
            (30, Stage::In(Tally)),
            (40, Stage::Over),
        ] {
            assert_eq!(table.at(Timestamp(now)), stage, "{now}");
        }
        assert_eq!(table.ends_of(Voting), Some(Timestamp(30)));
        assert_eq!(table.ends_of(Discuss), None);
    }

    #[test]
    fn nobody_votes_but_while_voting_and_nobody_counts_before() {
        for phase in Phase::ALL {
            let stage = Stage::In(*phase);
            assert_eq!(stage.allows(Vote), *phase == Voting);
            assert_eq!(stage.allows(SendIdea), *phase == Collect);
            assert!(!(stage.allows(Vote) && stage.allows(Count)));
        }
        assert!(!Stage::Ahead.allows(Vote) && !Stage::Over.allows(Vote));
    }

    #[test]
    fn a_vote_is_put_off_but_never_cut_short() {
        let now = Timestamp(25);
        let old = table(&[(Collect, 10), (Voting, 20), (Tally, 30)], 40);
        let longer = table(&[(Collect, 10), (Voting, 20), (Tally, 35)], 45);
        let shorter = table(&[(Collect, 10), (Voting, 20), (Tally, 28)], 40);
        let moved = table(&[(Collect, 10), (Voting, 21), (Tally, 30)], 40);
        let sneaked = table(&[(Collect, 10), (Discuss, 12), (Voting, 20), (Tally, 30)], 40);
        assert!(old.may_become(&longer, now).is_ok());
        for wrong in [shorter, moved, sneaked] {
            assert!(old.may_become(&wrong, now).is_err(), "{wrong:?}");
        }
        for wrong in [table(&[], 10), table(&[(Voting, 5), (Collect, 9)], 20), table(&[(Collect, 5)], 5)] {
            assert!(wrong.check().is_err(), "{wrong:?}");
        }
    }
}
