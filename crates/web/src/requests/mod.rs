//! Requests on pages: one with its thread, and many in a list and on a map.

pub mod follow; // stay informed, "me too"
pub mod line; // one request in a list
pub mod list; // filters, list, map
pub mod one; // the page of a request
pub mod thread; // what happened, knot by knot

use language::{Lang, digits};
use requests::service::Service;
use requests::{Catalogue, ServiceRequest};
use territory::{Atlas, Level};
use words::Words;

/// What a request is about; its service may have left the catalogue.
pub fn title<'c>(catalogue: &'c Catalogue, request: &ServiceRequest, w: Words) -> &'c str {
    catalogue.service(request.service).map_or(w.common_unknown(), |service| service.name(w.lang()))
}

pub fn icon_of<'c>(catalogue: &'c Catalogue, service: Option<&Service>) -> &'c str {
    service
        .and_then(|s| catalogue.group(s.group))
        .map(|g| g.icon.as_str())
        .filter(|i| !i.is_empty())
        .unwrap_or("other")
}

/// The neighbourhood and the district, as people say them: «محلهٔ قلهک، منطقهٔ ۳».
pub fn divisions(atlas: &Atlas, district: Option<i64>, neighbourhood: Option<i64>, lang: Lang) -> String {
    let mut out = String::new();
    for id in [neighbourhood, district].into_iter().flatten() {
        let Some(division) = atlas.division(id) else { continue };
        if !out.is_empty() {
            out.push_str(if lang == Lang::Fa { "، " } else { ", " });
        }
        let name = division.name(lang);
        // A district is often called by its number, a neighbourhood by its name; the first says so itself.
        if division.level == Level::District && name.chars().all(|c| digits::value(c).is_some()) {
            out.push_str(atlas.jurisdiction.level_name(Level::District, lang));
            out.push(' ');
        }
        out.push_str(&digits::shown(name, lang));
    }
    out
}

/// A distance as a person would say it.
pub fn distance(w: Words, metres: f64) -> String {
    if metres < 950.0 {
        let rounded =
            if metres < 100.0 { (metres / 10.0).round() * 10.0 } else { (metres / 50.0).round() * 50.0 };
        w.requests_metres((rounded as i64).max(10))
    } else {
        w.requests_kilometres_plain(&digits::decimal(
            metres / 1000.0,
            usize::from(metres < 9_950.0),
            w.lang(),
        ))
    }
}
