//! Feedback calls: the caller's screen, and what the calls say of units and districts.

mod call; // the call that is held, and what is written down
mod figures;
mod share; // how many answers are asked about // satisfaction and objections by unit, district and month

use door::{Needs, Routes};
use people::Permission::{FeedbackCall, ManageCatalogue};

const NEEDS: Needs = Needs::May(FeedbackCall);

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/feedback", NEEDS, call::page)
        .post("/feedback/next", NEEDS, call::next)
        .post("/feedback/release", NEEDS, call::release)
        .post("/feedback/calls/{code}", NEEDS, call::record)
        .get("/feedback/figures", NEEDS, figures::page)
        .get("/feedback/settings", Needs::May(ManageCatalogue), share::page)
        .post("/feedback/settings", Needs::May(ManageCatalogue), share::send)
}
