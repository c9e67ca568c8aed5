//! The dispatcher's board: crews and orders on a map and on a line of time, what nobody has, what the engine thinks, and
//! what one shift tells the next.
//!
//! Everything is a form or a table and works without script. With it, the board hears of every change within a moment
//! ([`live`]), orders are dragged or given by keys, and the engine's opinion is shown before anybody lets go.

mod board; // crews, orders, warnings, the proposal
mod candidates; // who could take one order
mod gantt; // a crew's day as a drawing
mod handover; // what one shift tells the next
mod live; // the board hears what happens
mod one; // one order with its history and evidence
mod plan; // a better plan: asked for, shown, accepted, refused; what if
mod row; // orders and crews in words
mod send; // what can be done to one order
mod sheet; // a crew's day on paper

use dispatch::DispatchError;
use door::{Failure, Needs, Routes};
use people::Permission;
use words::Words;

/// The board and what hangs on it.
pub fn routes(routes: Routes) -> Routes {
    let give = Needs::May(Permission::Dispatch);
    routes
        .get("/dispatch", give, board::page)
        .post("/dispatch", give, send::from_board)
        .get("/dispatch/plan", give, plan::page)
        .post("/dispatch/plan", give, plan::send)
        .get("/dispatch/handover", give, handover::page)
        .post("/dispatch/handover", give, handover::send)
        .get("/dispatch/orders/{code}", give, one::page)
        .post("/dispatch/orders/{code}", give, send::one)
        .get("/dispatch/orders/{code}/crews", give, candidates::part)
        .get("/dispatch/sheet/{crew}", give, sheet::page)
        .get("/dispatch/live", give, live::stream)
        .unspoken()
        .get("/dispatch/orders/{code}/photo/{file}", give, one::photo)
}

/// The sentence of a refusal's code.
fn sentence(w: Words, code: &str) -> &'static str {
    w.by_key(&format!("dispatch-refusal-{code}")).unwrap_or(w.dispatch_refusal_changed())
}

/// The good word after something was done, as the address carries it.
fn done(w: Words, what: &str) -> Option<&'static str> {
    const KNOWN: [&str; 16] = [
        "assigned",
        "unassigned",
        "locked",
        "unlocked",
        "cancelled",
        "seen",
        "again",
        "made",
        "published",
        "refused",
        "proposed",
        "no-better",
        "way",
        "left",
        "taken",
        "out",
    ];
    KNOWN.contains(&what).then(|| w.by_key(&format!("dispatch-done-{what}"))).flatten()
}

/// A failure of the machine goes on as one; a refusal is left for words.
fn refusal(error: DispatchError) -> Result<&'static str, Failure> {
    match error {
        DispatchError::Storage(failure) => Err(failure.into()),
        refused => Ok(refused.code().unwrap_or("changed")),
    }
}

/// What a heavy question needs, away from the threads that answer everybody.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(Failure::new)
}

fn path(code: &str) -> String {
    format!("/dispatch/orders/{code}")
}
