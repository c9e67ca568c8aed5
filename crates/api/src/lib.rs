//! The door for programs: Open311, our own JSON interface, maps, feeds and the operator's questions.
//!
//! A handler reads what was sent, calls one verb and writes down what it answered, in the form that was asked for.
//! Everything here is public unless a key says more: words pass through `language::mask` before they are shown, and
//! requests that are not public are not there for those who may not see them.

mod address; // absolute addresses, from the setting or from what the client used
mod calls; // the telephone exchange tells of calls
mod city; // which jurisdiction is meant
mod feeds; // what is new in a neighbourhood, for feed readers
mod files; // photos
mod live; // is the program alive, is it ready
mod map; // GeoJSON and vector tiles
mod messages; // gateways: what people text, and what became of ours
mod metrics; // figures about the program, on a listener of their own
mod native; // our own JSON interface and its description
mod open311; // GeoReport v2
mod photos; // pictures that programs send
mod problem; // RFC 9457: what went wrong, for programs
mod refusals; // the city's refusals in words
mod speech; // the language an answer is written in
mod state; // what the handlers share
mod who; // who is asking, by the key they carry
mod window; // moments and days in addresses

use axum::{Router, middleware};
use door::Door;
use http::{HeaderValue, header};
use tower_http::set_header::SetResponseHeaderLayer;

pub use metrics::metrics_router;
pub use state::Api;

/// All routes of the door, guarded, ready to be merged with the pages.
pub fn router(door: Door) -> Router {
    let api = Api::new(door.clone());
    // These are in the language of the reader, so nothing between may hand one reader's answer to another.
    let vary = HeaderValue::from_static("accept-language");
    let spoken = Router::new()
        .merge(open311::routes())
        .merge(calls::routes())
        .merge(messages::routes())
        .merge(native::routes())
        .merge(map::spoken_routes())
        .merge(feeds::routes())
        .layer(SetResponseHeaderLayer::appending(header::VARY, vary));
    let routes = Router::new()
        .merge(spoken)
        .merge(map::tile_routes())
        .merge(files::routes())
        .merge(live::routes())
        .route_layer(middleware::from_fn_with_state(api.clone(), who::note_denied))
        .method_not_allowed_fallback(problem::wrong_method);
    // Nothing here reads a cookie, so a page of any site may read what anybody may read.
    let anyone = SetResponseHeaderLayer::if_not_present(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    door::guarded(routes, &door, problem::render).layer(anyone).with_state(api)
}

#[cfg(test)]
mod tests;
