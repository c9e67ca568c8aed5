//! The pages of the city: what citizens see.
//!
//! A handler reads what was asked, calls a verb, chooses the words and renders; it holds no rules. Persian pages
//! live at `/` and English ones at `/en/`, from the same handlers. Several cities share the pages: the first is
//! at home, the others are named in each address by `?city=CODE`, so that every link can be passed on. Pages are
//! whole without script and without cookies.

mod about; // what this is, privacy, where the data come from
mod ask; // what was asked, and of which city
mod city_map; // the city as a drawing, district by district
mod contractors; // contracts, checks, statements, a contractor's own orders
mod crew; // the crew's own page, with and without network
mod crews; // crews, shifts, help between districts, kinds of work
mod crisis; // crisis mode: all hands, volunteers, closed streets
mod design; // every part of the design system, living
mod desk; // the operator's desk: a call becomes a request
mod device; // this device: a random number in a cookie
mod dispatch; // the dispatcher's board
mod errors; // pages for what is not there, not allowed, or broken
mod feedback; // calls that ask whether it was really done
mod files; // photos, robots.txt, manifest
mod home; // the first page
mod kept; // finished pages that are asked for again and again
mod me; // what is mine: requests, sessions, how I sign in
mod notices; // messages to people, and what they text
mod officials; // hours of officials, and their promises
mod oidc; // the organisation's own sign-on
mod options; // the long lists inside select fields, made once
mod page; // the frame of every page
mod parts; // icon, status, code: the smallest pieces
mod passkeys; // making and proving passkeys
mod people; // people and roles
mod privacy; // what the city forgets, and a citizen's own data
mod projects; // rounds of participation: ideas, projects, votes
mod refusals; // the words of every refusal
mod reply; // the citizen's word on an answer, and the inspector's
mod report; // saying something to the city, step by step
mod requests; // one request, and many
mod services; // what the city does, and by when
mod sign_in; // signing in and out
mod staff; // the frame of the pages where staff work
mod storm; // storms and incidents
mod track; // a code leads to its request
mod widest; // where a number has most room in a shape
mod work; // where staff work
mod wrong; // what is wrong with a form

use axum::Extension;
use axum::Router;
use door::{Door, Needs, Routes};

/// The largest body of a form without photos: the longest words and every answer, percent-encoded, and room to
/// say kindly that something is too long.
const FORM_LIMIT: usize = 1024 * 1024;

/// Every page with what it needs; see [`door::routes`]. The only place where pages are added.
pub fn routes() -> Routes {
    let mut routes = Routes::new()
        .get("/", Needs::Anyone, home::page)
        .get("/report", Needs::Anyone, report::begin)
        .get("/report/{step}", Needs::Anyone, report::open)
        .post_up_to("/report/{step}", Needs::Anyone, FORM_LIMIT, report::go_on)
        .get("/report/done/{code}", Needs::Anyone, report::done)
        .get("/track", Needs::Anyone, track::page)
        .get("/requests", Needs::Anyone, requests::list::page)
        .get("/map", Needs::Anyone, requests::list::map)
        .get("/requests/{code}", Needs::Anyone, requests::one::page)
        .post("/requests/{code}/follow", Needs::Anyone, requests::follow::follow)
        .post("/requests/{code}/me-too", Needs::Anyone, requests::follow::me_too)
        .get("/services", Needs::Anyone, services::page)
        .get("/services/{code}", Needs::Anyone, services::one)
        .get("/about", Needs::Anyone, about::page)
        .get("/design", Needs::Anyone, design::page)
        .unspoken()
        .get("/report/photo/{file}", Needs::Anyone, files::photo)
        .get("/robots.txt", Needs::Anyone, files::robots)
        .get("/manifest.webmanifest", Needs::Anyone, files::manifest)
        .get("/favicon.ico", Needs::Anyone, files::favicon);
    // Each part of the work brings its own.
    let parts: &[fn(Routes) -> Routes] = &[
        sign_in::routes,
        me::routes,
        people::routes,
        notices::routes,
        desk::routes,
        reply::routes,
        feedback::routes,
        officials::routes,
        storm::routes,
        crisis::routes,
        work::routes,
        privacy::routes,
        crews::routes,
        projects::routes,
        crew::routes,
        dispatch::routes,
        contractors::routes,
    ];
    for part in parts {
        routes = part(routes.spoken());
    }
    routes
}

/// The permission matrix of the pages: method, path and what each needs.
pub fn matrix() -> Vec<door::routes::Row> {
    routes().matrix().to_vec()
}

/// Every page, the files of the pages under `/assets/`, and the page for what is not there. The binary adds the
/// programming interface and wraps the whole in [`door::layers`].
pub fn router(door: Door) -> Router {
    let pages = routes()
        .into_router()
        .fallback(errors::missing)
        .method_not_allowed_fallback(errors::missing)
        .layer(door::csrf::layer(&door.settings))
        .layer(Extension(crew::Gather::default()))
        .layer(Extension(kept::Kept::new()));
    door::guarded(pages, &door, errors::render).merge(door::assets::router()).with_state(door)
}

#[cfg(test)]
mod tests;
