//! What the city forgets about people: rounds with four eyes for administrators, and every citizen's own data.

mod data; // a citizen sees, takes along and deletes what is theirs
mod retention; // rounds of forgetting, holds, the register

use door::{Needs, Routes};
use people::Permission::Retain;

const RETAIN: Needs = Needs::May(Retain);

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/privacy/retention", RETAIN, retention::page)
        .post("/privacy/retention", RETAIN, retention::propose)
        .post("/privacy/retention/{id}", RETAIN, retention::decide)
        .post("/privacy/holds", RETAIN, retention::hold)
        .get("/me/data", Needs::SignedIn, data::page)
        .post("/me/data", Needs::SignedIn, data::forget)
        .unspoken()
        .get("/me/data.json", Needs::SignedIn, data::download)
}
