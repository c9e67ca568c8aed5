//! What is mine: my requests, where I am signed in, how I sign in, what is kept about me.
//!
//! Every page and every form here is about the account of whoever is signed in and of nobody else; no address names
//! an account. What changes how somebody signs in asks that they signed in a short while ago.

mod details; // name and e-mail
mod home; // my requests
mod mobile; // another mobile number
mod security; // password, second factor, passkeys, the organisation's sign-on
pub mod sessions; // where I am signed in

use axum::response::Response;
use door::{Door, Needs, Routes, Signed};

use crate::ask::{Ask, Here};
use crate::page::Page;
use crate::sign_in::{address, go};

pub fn routes(routes: Routes) -> Routes {
    const MINE: Needs = Needs::SignedIn;
    routes
        .get("/me", MINE, home::page)
        .get("/me/sessions", MINE, sessions::page)
        .post("/me/sessions/others", MINE, sessions::end_others)
        .post("/me/sessions/{id}", MINE, sessions::end)
        .get("/me/security", MINE, security::page)
        .post("/me/password", MINE, security::password)
        .post("/me/recovery-codes", MINE, security::new_codes)
        .post("/me/passkeys/{id}", MINE, security::remove_passkey)
        .post("/me/organisation", MINE, security::unbind)
        .get("/me/details", MINE, details::page)
        .post("/me/details", MINE, details::send)
        .get("/me/mobile", MINE, mobile::page)
        .post("/me/mobile", MINE, mobile::send)
        .get("/me/mobile/code", MINE, mobile::code)
        .post("/me/mobile/code", MINE, mobile::verify)
}

impl Here {
    /// A page about whoever is signed in: in the frame of staff for staff, and of citizens for citizens. Its template
    /// says `{% extends "staff/frame.html" %}`.
    pub fn mine<'a>(&'a self, ask: &'a Ask, signed: &'a Signed, title: &'a str) -> Page<'a> {
        if signed.is_staff() { self.staff(ask, signed, title) } else { self.page(ask, title) }
    }
}

/// Sends whoever signed in too long ago to do so once more, and then back to a page of theirs.
fn not_recent(door: &Door, ask: &Ask, signed: &Signed, then: &str) -> Option<Response> {
    if signed.is_recent(door.now()) {
        return None;
    }
    let next = door::lang::path(ask.lang, then);
    let next = percent_encoding::utf8_percent_encode(&next, crate::page::PLAIN);
    Some(go(&address(ask, &format!("/sign-in?again=1&next={next}"))))
}
