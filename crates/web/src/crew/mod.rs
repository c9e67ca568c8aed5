//! The crew's own page: my stops in order, what was done, and everything sent later when there is no network.
//!
//! One page, made by the server, whole without script: an old telephone works with its forms as long as there is
//! network. With script the same forms fill a queue on the telephone, the page is kept for a day without network, and
//! [`sync`] takes the queue in, item by item. Both ways end in the same verb, `dispatch::field::take`.

mod app; // the manifest and the worker that keeps the page
mod conflicts; // what came too late, for dispatchers
mod day; // a crew's day as the page shows it
mod form; // the page's forms, for telephones without script
mod page; // the page
mod photos; // pictures that come and pictures that are shown
mod positions; // where crews are, many in one write
mod sync; // the queue of a telephone
mod words_of; // codes as sentences

use door::{Needs, Routes, UPLOAD_LIMIT};
use people::Permission;

pub use positions::Gather;

/// Bytes of one sync: two hundred items with long words.
const SYNC_LIMIT: usize = 4 * 1024 * 1024;

pub fn routes(routes: Routes) -> Routes {
    let (crew, dispatch) = (Needs::May(Permission::WorkAsCrew), Needs::May(Permission::Dispatch));
    routes
        .get("/crew", crew, page::page)
        .post("/crew/shift", crew, form::shift)
        .post_up_to("/crew/stops/{code}", crew, UPLOAD_LIMIT, form::stop)
        .post_up_to("/crew/sync", crew, SYNC_LIMIT, sync::sync)
        .post_up_to("/crew/photo", crew, UPLOAD_LIMIT, photos::take)
        .get("/crew/manifest.webmanifest", Needs::Anyone, app::manifest)
        .get("/crew/worker.js", Needs::Anyone, app::worker)
        .get("/crew/conflicts", dispatch, conflicts::page)
        .post("/crew/conflicts", dispatch, conflicts::settle)
        .unspoken()
        .post("/crew/positions", crew, positions::report)
        .get("/crew/photos/{code}/{file}", Needs::SignedIn, photos::file)
}

/// What a telephone may have in its queue, for the words that its page carries.
pub const KINDS: [&str; 13] = [
    "shift-begin",
    "shift-end",
    "consent",
    "status",
    "on-the-way",
    "on-site",
    "check",
    "photo",
    "material",
    "quantity",
    "note",
    "done",
    "not-done",
];

fn kind_name(w: &words::Words, kind: &str) -> &'static str {
    words_of::kind(*w, kind)
}

fn order_name(w: &words::Words, status: &str) -> &'static str {
    dispatch::OrderStatus::parse(status).map_or("", |status| words_of::status(*w, status))
}

/// Where the forms of a stop are sent.
fn stop_path(code: &str) -> String {
    format!("/crew/stops/{code}")
}

/// What is dialled, as an address: a pause stays a pause and `#` is not the end of it.
fn dialled(dial: &str) -> String {
    format!("tel:{}", dial.replace('#', "%23"))
}
