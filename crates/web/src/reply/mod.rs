//! The citizen's word on an answer, and their answer to what the city asked.
//!
//! The message that tells of an answer carries a signed link to this page. Whoever comes without it, with the code
//! alone, says the last digits of the number they left; a code stands on public pages and proves nothing.

mod form; // the fields, on this page and on the page of the request
mod objections; // what an inspector decides
mod page; // the page of its own
mod send; // what was said

use door::{Needs, Routes};
use people::Permission::Inspect;

pub use form::{Asked, ReplyForm, Standing, standing};
pub use page::Known;

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/reply/{code}", Needs::Anyone, page::page)
        .post("/reply/{code}", Needs::Anyone, send::send)
        .get("/objections", Needs::May(Inspect), objections::page)
        .post("/objections/{code}", Needs::May(Inspect), objections::decide)
}
