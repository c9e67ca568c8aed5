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
pub const ENTRIES: &[Entry] = &[Entry {
    path: "/people",
    name: |w| w.staff_people(),
    icon: "people",
    needs: Permission::ManagePeople,
}];

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

    /// The first of them, where a sign-in leads; citizens with an account go to what is theirs.
    pub fn first(signed: &Signed) -> &'static str {
        Desk { signed }.entries().next().map_or("/me", |entry| entry.path)
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
    /// Whether this page is in a part of the work.
    pub fn is_in(&self, entry: &Entry) -> bool {
        self.path() == entry.path
            || self.path().strip_prefix(entry.path).is_some_and(|rest| rest.starts_with('/'))
    }
}
