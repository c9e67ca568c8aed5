//! The pages of the city: what citizens see.
//!
//! A handler reads what was asked, calls a verb, chooses the words and renders; it holds no rules. Persian pages
//! live at `/` and English ones at `/en/`, from the same handlers. Several cities share the pages: the first is
//! at home, the others are named in each address by `?city=CODE`, so that every link can be passed on. Pages are
//! whole without script and without cookies.

mod about; // what this is, privacy, where the data come from
mod ask; // what was asked, and of which city
mod city_map; // the city as a drawing, district by district
mod design; // every part of the design system, living
mod errors; // pages for what is not there, not allowed, or broken
mod files; // photos, robots.txt, manifest
mod home; // the first page
mod kept; // finished pages that are asked for again and again
mod options; // the long lists inside select fields, made once
mod page; // the frame of every page
mod parts; // icon, status, code: the smallest pieces
mod refusals; // the words of every refusal
mod report; // saying something to the city, step by step
mod requests; // one request, and many
mod services; // what the city does, and by when
mod track; // a code leads to its request

use axum::Extension;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use door::Door;

/// The largest body of a form without photos: the longest words and every answer, percent-encoded, and room to
/// say kindly that something is too long.
const FORM_LIMIT: usize = 1024 * 1024;

/// Every page, the files of the pages under `/assets/`, and the page for what is not there. The binary adds the
/// programming interface and wraps the whole in [`door::layers`].
pub fn router(door: Door) -> Router {
    let mut pages = Router::new();
    for lang in language::Lang::ALL {
        let at = |path: &str| door::lang::path(lang, path);
        pages = pages
            .route(&at("/"), get(home::page))
            .route(&at("/report"), get(report::begin))
            .route(
                &at("/report/{step}"),
                get(report::open).post(report::go_on).layer(DefaultBodyLimit::max(FORM_LIMIT)),
            )
            .route(&at("/report/done/{code}"), get(report::done))
            .route(&at("/track"), get(track::page))
            .route(&at("/requests"), get(requests::list::page))
            .route(&at("/map"), get(requests::list::map))
            .route(&at("/requests/{code}"), get(requests::one::page))
            .route(&at("/requests/{code}/follow"), post(requests::follow::follow))
            .route(&at("/requests/{code}/me-too"), post(requests::follow::me_too))
            .route(&at("/services"), get(services::page))
            .route(&at("/services/{code}"), get(services::one))
            .route(&at("/about"), get(about::page))
            .route(&at("/design"), get(design::page));
    }
    let pages = pages
        .route("/report/photo/{file}", get(files::photo))
        .route("/robots.txt", get(files::robots))
        .route("/manifest.webmanifest", get(files::manifest))
        .route("/favicon.ico", get(files::favicon))
        .fallback(errors::missing)
        .method_not_allowed_fallback(errors::missing)
        .layer(door::csrf::layer(&door.settings))
        .layer(Extension(kept::Kept::new()));
    door::guarded(pages, &door, errors::render).merge(door::assets::router()).with_state(door)
}

#[cfg(test)]
mod tests;
