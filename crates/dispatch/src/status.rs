//! The states of orders and crews, and which move may follow which.
//!
//! Both workflows are tables. The old state is part of every update, so of two people who make a move from one state
//! only one does.

use crate::kinds::coded;

coded! {
    /// Where a work order stands.
    OrderStatus {
        /// Nobody has it.
        Open = "open",
        /// A crew has it among its stops.
        Assigned = "assigned",
        OnTheWay = "on-the-way",
        OnSite = "on-site",
        Done = "done",
        /// The crew was there or tried to be, and it could not be done; the reason says why.
        NotDone = "not-done",
        /// A supervisor looked at what was done.
        Checked = "checked",
        Cancelled = "cancelled",
    }
}

coded! {
    /// What a crew does at the moment.
    CrewStatus {
        OffDuty = "off-duty",
        /// Ready for work.
        OnDuty = "on-duty",
        OnTheWay = "on-the-way",
        OnSite = "on-site",
        OnBreak = "on-break",
        /// The vehicle or somebody in it cannot go on.
        OutOfService = "out-of-service",
    }
}

use OrderStatus::{Assigned, Cancelled, Checked, Done, NotDone, OnSite, OnTheWay, Open};

/// Every move of an order.
pub const ORDER_MOVES: &[(OrderStatus, &[OrderStatus])] = &[
    (Open, &[Assigned, Cancelled]),
    // Given to another crew, taken back, under way; a telephone without network may say "arrived" first.
    (Assigned, &[Assigned, Open, OnTheWay, OnSite, NotDone, Cancelled]),
    // Taken back only with words: nobody's current stop goes silently.
    (OnTheWay, &[OnSite, Open, NotDone, Cancelled]),
    // A crew that drops out leaves work undone for somebody else.
    (OnSite, &[Done, NotDone, Open, Cancelled]),
    (Done, &[Checked]),
    (NotDone, &[]),
    (Checked, &[]),
    (Cancelled, &[]),
];

/// Every move of a crew.
pub const CREW_MOVES: &[(CrewStatus, &[CrewStatus])] = &[
    (CrewStatus::OffDuty, &[CrewStatus::OnDuty, CrewStatus::OutOfService]),
    (
        CrewStatus::OnDuty,
        &[
            CrewStatus::OffDuty,
            CrewStatus::OnTheWay,
            CrewStatus::OnSite,
            CrewStatus::OnBreak,
            CrewStatus::OutOfService,
        ],
    ),
    (CrewStatus::OnTheWay, &[CrewStatus::OnSite, CrewStatus::OnDuty, CrewStatus::OutOfService]),
    (CrewStatus::OnSite, &[CrewStatus::OnDuty, CrewStatus::OnTheWay, CrewStatus::OutOfService]),
    (
        CrewStatus::OnBreak,
        &[
            CrewStatus::OnDuty,
            CrewStatus::OffDuty,
            CrewStatus::OnTheWay,
            CrewStatus::OnSite,
            CrewStatus::OutOfService,
        ],
    ),
    (CrewStatus::OutOfService, &[CrewStatus::OnDuty, CrewStatus::OffDuty]),
];

impl OrderStatus {
    /// Somebody still has to go there.
    pub const fn is_open(self) -> bool {
        matches!(self, Open | Assigned | OnTheWay | OnSite)
    }

    /// A crew is going there or is there: the plan does not touch it.
    pub const fn is_under_way(self) -> bool {
        matches!(self, OnTheWay | OnSite)
    }

    pub fn may_become(self, next: OrderStatus) -> bool {
        ORDER_MOVES.iter().any(|(from, to)| *from == self && to.contains(&next))
    }
}

impl CrewStatus {
    /// The crew is at work and may be given something.
    pub const fn is_working(self) -> bool {
        matches!(self, CrewStatus::OnDuty | CrewStatus::OnTheWay | CrewStatus::OnSite | CrewStatus::OnBreak)
    }

    pub fn may_become(self, next: CrewStatus) -> bool {
        CREW_MOVES.iter().any(|(from, to)| *from == self && to.contains(&next))
    }

    /// What people may set by hand; going somewhere and being there follow from the order.
    pub const fn is_by_hand(self) -> bool {
        !matches!(self, CrewStatus::OnTheWay | CrewStatus::OnSite)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_of_an_order_is_reached_and_every_open_one_ends() {
        for status in OrderStatus::ALL {
            let reached = *status == Open || ORDER_MOVES.iter().any(|(_, to)| to.contains(status));
            assert!(reached, "{status:?}");
            if status.is_open() {
                assert!(OrderStatus::ALL.iter().any(|next| !next.is_open() && status.may_become(*next)));
            }
        }
        assert_eq!(ORDER_MOVES.len(), OrderStatus::ALL.len());
    }

    #[test]
    fn what_is_over_is_not_worked_on() {
        for over in [Done, NotDone, Checked, Cancelled] {
            for next in [Open, Assigned, OnTheWay, OnSite, Done, NotDone, Cancelled] {
                assert!(!over.may_become(next), "{over:?} to {next:?}");
            }
        }
    }

    #[test]
    fn nothing_is_done_by_somebody_who_was_not_there() {
        for from in OrderStatus::ALL {
            assert_eq!(from.may_become(Done), *from == OnSite, "{from:?}");
        }
        assert!(!Open.may_become(OnTheWay), "nobody goes to what nobody has");
    }

    #[test]
    fn a_crew_may_drop_out_from_anything_and_comes_back_before_it_works() {
        for status in CrewStatus::ALL {
            assert!(*status == CrewStatus::OutOfService || status.may_become(CrewStatus::OutOfService));
        }
        for work in [CrewStatus::OnTheWay, CrewStatus::OnSite, CrewStatus::OnBreak] {
            assert!(!CrewStatus::OffDuty.may_become(work) && !CrewStatus::OutOfService.may_become(work));
        }
        assert_eq!(CREW_MOVES.len(), CrewStatus::ALL.len());
    }
}
