//! The operator's desk: one screen on which a call becomes a request.
//!
//! The order is fixed: who, what, where, how urgent, read back. Everything is one form, so the page works without
//! script; with it, the same fragments are asked for while somebody types ([`look`]), and a call appears by itself
//! ([`live`]). What is typed is kept with its call on the server, never in the browser: two people share a desk.

mod after; // the code, read aloud, and what became of the call
mod choose; // services and places while somebody types
mod draw; // what the templates need
mod figures; // today's figures, and whom to call back
mod live; // a call appears by itself
mod look; // what is known of the words and the place so far
mod open; // the page
mod send; // every button of the page
mod typed; // what was typed so far
mod who; // the caller and what they asked for before

use door::{Needs, Routes};
use people::Permission;

/// The desk and the small questions that its script asks.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::May(Permission::TakeCalls);
    routes
        .get("/desk", needs, open::page)
        .post_up_to("/desk", needs, crate::FORM_LIMIT, send::take)
        .post("/desk/seat", needs, send::seat)
        .post_up_to("/desk/look", needs, crate::FORM_LIMIT, look::answer)
        .post_up_to("/desk/draft", needs, crate::FORM_LIMIT, send::keep)
        .post("/desk/caller", needs, who::answer)
        .get("/desk/services", needs, choose::services)
        .get("/desk/places", needs, choose::places)
        .get("/desk/figures", needs, figures::answer)
        .get("/desk/live", needs, live::stream)
}
