//! Crisis mode: begun, changed and ended; who was called and what they said; volunteers; streets that are closed.
//!
//! Every button is a form and nothing here needs script, a map tile or anything outside the city: on such a day the page
//! opens on whatever still works.

mod page; // what holds, who is called, what is closed
mod rules; // begin, change, end
mod send; // every other button

use dispatch::DispatchError;
use door::{Failure, Needs, Routes};
use people::Permission;
use words::Words;

use crate::ask::Ask;

pub fn routes(routes: Routes) -> Routes {
    let (see, rule) = (Needs::May(Permission::Dispatch), Needs::May(Permission::ManageStorm));
    routes
        .get("/crisis", see, page::page)
        .post("/crisis", see, send::send)
        .get("/crisis/rules", rule, rules::page)
        .post("/crisis/rules", rule, rules::send)
}

/// The sentence of a refusal's code.
fn sentence(w: Words, code: &str) -> &'static str {
    w.by_key(&format!("dispatch-refusal-{code}")).unwrap_or(w.dispatch_refusal_changed())
}

/// The good word after something was done, as the address carries it.
fn done(w: Words, ask: &Ask) -> Option<&'static str> {
    const KNOWN: [&str; 10] = [
        "begun", "changed", "ended", "called", "nobody", "coming", "refused", "mustered", "closed", "opened",
    ];
    let what = ask.field("done");
    KNOWN.contains(&what).then(|| w.by_key(&format!("crisis-done-{what}"))).flatten()
}

/// A failure of the machine goes on as one; a refusal is left for words.
fn refusal(error: DispatchError) -> Result<&'static str, Failure> {
    match error {
        DispatchError::Storage(failure) => Err(failure.into()),
        refused => Ok(refused.code().unwrap_or("changed")),
    }
}
