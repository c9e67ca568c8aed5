//! Officials on the line: the public page of hours, the schedule for those who arrange it, and the official's own screen.

mod hour; // the line during one hour
mod manage; // announcing, changing, taking back
mod mine; // the official's hours and promises
mod public; // what everybody sees
mod said; // hours in words

use door::{Needs, Routes};
use people::Permission::{ManageOfficials, SpeakAsOfficial, TakeCalls};

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/officials", Needs::Anyone, public::page)
        .get("/officials/manage", Needs::May(ManageOfficials), manage::page)
        .post("/officials/manage", Needs::May(ManageOfficials), manage::add)
        .get("/officials/manage/{id}", Needs::May(ManageOfficials), manage::one)
        .post("/officials/manage/{id}", Needs::May(ManageOfficials), manage::change)
        .post("/officials/manage/{id}/cancel", Needs::May(ManageOfficials), manage::cancel)
        .get("/officials/mine", Needs::May(SpeakAsOfficial), mine::page)
        // Officials speak, operators put callers through: each has the door of their own right to the same screen.
        .get("/officials/line/{id}", Needs::May(SpeakAsOfficial), hour::page)
        .post("/officials/line/{id}/callers", Needs::May(SpeakAsOfficial), hour::enter)
        .post("/officials/line/{id}/callers/{caller}", Needs::May(SpeakAsOfficial), hour::set)
        .post("/officials/line/{id}/promise", Needs::May(SpeakAsOfficial), hour::promise)
        .get("/officials/calls", Needs::May(TakeCalls), mine::operators)
        .get("/officials/calls/{id}", Needs::May(TakeCalls), hour::page)
        .post("/officials/calls/{id}/callers", Needs::May(TakeCalls), hour::enter)
        .post("/officials/calls/{id}/callers/{caller}", Needs::May(TakeCalls), hour::set)
}
