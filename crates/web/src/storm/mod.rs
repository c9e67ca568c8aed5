//! Storms and incidents at work: the board, one incident, the rules of a storm; and what citizens see of them.
//!
//! Every button is a form, so all of it works without script. With it, the board hears of every change within a
//! moment ([`live`]) and is worked on by keys.

pub mod banner; // what citizens see: the message, the incident, the later promise
mod board; // incidents by danger and size, and how much comes in
mod live; // the board hears what happens
mod mode; // the rules of a storm
mod one; // one incident
pub(crate) mod row; // one line of the board
mod send; // every decision

use door::{Needs, Routes};
use people::Permission;
use requests::incidents::IncidentId;
use words::Words;

/// The board, the incidents and the rules of storms.
pub fn routes(routes: Routes) -> Routes {
    let (work, rule) = (Needs::May(Permission::ManageIncidents), Needs::May(Permission::ManageStorm));
    routes
        .get("/storm", work, board::page)
        .post("/storm", work, send::many)
        .get("/storm/mode", rule, mode::page)
        .post("/storm/mode", rule, mode::send)
        .get("/incidents", work, board::all)
        .post("/incidents", work, send::open)
        .get("/incidents/{id}", work, one::page)
        .post_up_to("/incidents/{id}", work, crate::FORM_LIMIT, send::one)
        .get("/storm/live", work, live::stream)
}

/// The sentence of a refusal's code.
fn sentence(w: Words, code: &str) -> &'static str {
    w.by_key(&format!("storm-refusal-{code}")).unwrap_or(w.storm_refusal_incident_wrong_state())
}

/// The good word after something was done, as the address carries it.
fn done(w: Words, what: &str) -> Option<&'static str> {
    const KNOWN: [&str; 13] = [
        "confirm", "dismiss", "merge", "answer", "close", "note", "leave", "split", "join", "open", "begun",
        "changed", "ended",
    ];
    KNOWN.contains(&what).then(|| w.by_key(&format!("storm-done-{what}"))).flatten()
}

fn path(id: IncidentId) -> String {
    format!("/incidents/{}", id.0)
}
