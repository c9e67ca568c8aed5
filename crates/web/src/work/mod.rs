//! Where staff work: their lists, one request with everything about it, and the words they say often.
//!
//! Every verb asks for its right again at the place of the request; a request that is none of somebody's is not there
//! for them, and that they asked is noted in the journal.

mod answers; // words that are said often
mod asked; // what a list was asked for, in its address
mod bulk; // the same for many at once
mod kept; // lists that somebody keeps
mod lists; // the unit's inbox, one's own list, and whom notes call
mod one; // one request
mod outside; // an organisation without an account answers by its link
mod parties; // units, colleagues and standard answers to choose from
pub(crate) mod photos; // pictures that come with a form, and pictures that only staff see
mod row; // one request in a list of work
mod tell; // a request as the page of one shows it
mod verbs; // what can be done to one request

use door::{Needs, Routes, UPLOAD_LIMIT};
use people::Permission::{ManageCatalogue, SeeInternal};
use requests::work::WorkError;
use words::Words;

/// Days that an organisation outside has for its answer, unless somebody says otherwise.
const USUAL_DAYS: i64 = 7;

const SEE: Needs = Needs::May(SeeInternal);

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/work", SEE, lists::page)
        .post("/work/bulk", SEE, bulk::send)
        .post("/work/lists", SEE, kept::keep)
        .post("/work/lists/{id}", SEE, kept::forget)
        .get("/work/answers", Needs::May(ManageCatalogue), answers::page)
        .post("/work/answers", Needs::May(ManageCatalogue), answers::keep)
        .post("/work/answers/{id}", Needs::May(ManageCatalogue), answers::retire)
        .get("/work/{code}", SEE, one::page)
        .post_up_to("/work/{code}/move", SEE, UPLOAD_LIMIT, verbs::step)
        .post_up_to("/work/{code}/photos", SEE, UPLOAD_LIMIT, verbs::photos)
        .post("/work/{code}/hold", SEE, verbs::hold)
        .post("/work/{code}/note", SEE, verbs::note)
        .post("/work/{code}/refer", SEE, verbs::refer)
        .post("/work/{code}/referral", SEE, verbs::referral)
        .post("/work/{code}/link", SEE, verbs::link)
        .post("/work/{code}/split", SEE, verbs::split)
        .post("/work/{code}/correct", SEE, verbs::correct)
        .post("/work/{code}/visibility", SEE, verbs::visibility)
        .post("/work/{code}/mask", SEE, verbs::mask)
        .post("/work/{code}/contact", SEE, verbs::contact)
        .post("/work/{code}/person", SEE, verbs::person)
        .get("/outside/{token}", Needs::Anyone, outside::page)
        .post_up_to("/outside/{token}", Needs::Anyone, UPLOAD_LIMIT, outside::send)
        .unspoken()
        .get("/work/{code}/photo/{file}", SEE, photos::file)
}

/// The sentence of a refusal. None for a failure, which is no refusal.
pub fn sentence(w: Words, error: &WorkError) -> Option<String> {
    let code = error.code()?;
    Some(match error {
        WorkError::WordsTooLong { most } => w.work_refusal_words_too_long(count(*most)),
        WorkError::TooMany { most } => w.work_refusal_too_many(count(*most)),
        WorkError::PartsWrong { least, most } => w.work_refusal_parts_wrong(count(*least), count(*most)),
        _ => refusal(w, code).to_owned(),
    })
}

/// The sentence for the code of a refusal that needs no number.
pub fn refusal(w: Words, code: &str) -> &'static str {
    w.by_key(&format!("work-refusal-{code}")).unwrap_or(w.work_refusal_other())
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
