//! The frame of the pages where the city's staff work all day.
//!
//! Denser than the pages of citizens, made of the same tokens and parts. Each part of the work names itself once in
//! [`ENTRIES`], and a person sees the entries that their roles allow; what is behind them asks again.

use door::Signed;
use people::Permission;
use words::Words;

use crate::ask::{Ask, Here};
use crate::page::Page;

/// A part of the work, as the navigation of staff names it.
pub struct Entry {
    /// Without its language.
    pub path: &'static str,
    pub name: fn(Words) -> &'static str,
    /// In `assets/icons/sprite.svg`.
    pub icon: &'static str,
    pub needs: Permission,
}

/// Every part of the work, in the order in which a day meets them.
pub const ENTRIES: &[Entry] = &[
    Entry { path: "/desk", name: |w| w.staff_desk(), icon: "phone", needs: Permission::TakeCalls },
    Entry { path: "/work", name: |w| w.staff_work(), icon: "list", needs: Permission::SeeInternal },
    Entry { path: "/crew", name: |w| w.staff_crew(), icon: "check", needs: Permission::WorkAsCrew },
    Entry { path: "/storm", name: |w| w.staff_storm(), icon: "warning", needs: Permission::ManageIncidents },
    Entry { path: "/people", name: |w| w.staff_people(), icon: "people", needs: Permission::ManagePeople },
    Entry { path: "/crisis", name: |w| w.staff_crisis(), icon: "flood", needs: Permission::Dispatch },
    Entry { path: "/dispatch", name: |w| w.staff_dispatch(), icon: "map", needs: Permission::Dispatch },
    Entry {
        path: "/crew/conflicts",
        name: |w| w.crew_conflicts_title(),
        icon: "clock",
        needs: Permission::Dispatch,
    },
    Entry { path: "/crews", name: |w| w.staff_crews(), icon: "traffic", needs: Permission::ManageCrews },
    Entry { path: "/objections", name: |w| w.staff_objections(), icon: "search", needs: Permission::Inspect },
    Entry { path: "/feedback", name: |w| w.staff_feedback(), icon: "check", needs: Permission::FeedbackCall },
    Entry {
        path: "/officials/calls",
        name: |w| w.staff_officials_calls(),
        icon: "clock",
        needs: Permission::TakeCalls,
    },
    Entry {
        path: "/officials/mine",
        name: |w| w.staff_officials_mine(),
        icon: "person",
        needs: Permission::SpeakAsOfficial,
    },
    Entry {
        path: "/contracts",
        name: |w| w.staff_contracts(),
        icon: "list",
        needs: Permission::ManageContracts,
    },
    Entry {
        path: "/contracts/checks",
        name: |w| w.staff_contract_checks(),
        icon: "check",
        needs: Permission::CheckWork,
    },
    Entry {
        path: "/contractor",
        name: |w| w.staff_contractor(),
        icon: "road",
        needs: Permission::WorkAsContractor,
    },
    Entry {
        path: "/rounds/manage",
        name: |w| w.projects_manage_title(),
        icon: "knot",
        needs: Permission::ManageRounds,
    },
    Entry {
        path: "/feasibility",
        name: |w| w.projects_feasibility_title(),
        icon: "check",
        needs: Permission::JudgeFeasibility,
    },
    Entry {
        path: "/moderation",
        name: |w| w.projects_moderation_title(),
        icon: "warning",
        needs: Permission::Moderate,
    },
    Entry {
        path: "/paper",
        name: |w| w.projects_paper_title(),
        icon: "print",
        needs: Permission::TakeBallots,
    },
    Entry {
        path: "/privacy/retention",
        name: |w| w.staff_privacy(),
        icon: "close",
        needs: Permission::Retain,
    },
    Entry { path: "/notices", name: |w| w.staff_notices(), icon: "share", needs: Permission::ManageNotices },
    Entry {
        path: "/officials/manage",
        name: |w| w.staff_officials(),
        icon: "clock",
        needs: Permission::ManageOfficials,
    },
];

/// What the frame knows about the person at work.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    signed: &'a Signed,
}

impl<'a> Desk<'a> {
    pub fn name(&self) -> &'a str {
        &self.signed.name
    }

    /// The parts of the work that this person may enter.
    pub fn entries(&self) -> impl Iterator<Item = &'static Entry> {
        ENTRIES.iter().filter(|entry| self.signed.may_somewhere(entry.needs))
    }

    /// The first part that somebody may enter, where a sign-in leads; citizens with an account go to what is theirs.
    pub fn first(may: impl Fn(Permission) -> bool) -> &'static str {
        ENTRIES.iter().find(|entry| may(entry.needs)).map_or("/me", |entry| entry.path)
    }
}

impl Here {
    /// A page for staff. Its template says `{% extends "staff/frame.html" %}`.
    pub fn staff<'a>(&'a self, ask: &'a Ask, signed: &'a Signed, title: &'a str) -> Page<'a> {
        let mut page = self.page(ask, title);
        page.desk = Some(Desk { signed });
        page
    }
}

impl<'a> Page<'a> {
    /// The name of a part of the work.
    pub fn called(&self, entry: &Entry) -> &'static str {
        (entry.name)(self.w)
    }

    /// Whether this page is in a part of the work.
    pub fn is_in(&self, entry: &Entry) -> bool {
        self.path() == entry.path
            || self.path().strip_prefix(entry.path).is_some_and(|rest| rest.starts_with('/'))
    }
}
