//! A last look at everything before it is sent.

use askama::Template;
use calendar::{Timestamp, words as dates};
use door::Failure;

use super::words::{Kept, kept};
use super::{Frame, where_};
use crate::ask::{Ask, render};
use crate::page::Page;
use crate::report::Room;
use crate::report::state::State;

#[derive(Template)]
#[template(path = "report/check.html")]
struct Check<'a> {
    page: Page<'a>,
    frame: Frame<'a>,
    state: &'a State,
    service: &'a str,
    kind: &'static str,
    is_private: bool,
    address: String,
    place: String,
    has_point: bool,
    words: String,
    answers: Vec<(&'a str, String)>,
    photos: Vec<Kept<'a>>,
    promise: Option<String>,
    unit: &'a str,
}

pub fn page(
    page: Page<'_>,
    frame: Frame<'_>,
    ask: &Ask,
    room: &Room,
    state: &State,
    now: Timestamp,
) -> Result<String, Failure> {
    let w = ask.words();
    let service = room.service();
    let (address, place) = where_(ask, room, state);
    let answers = service
        .iter()
        .flat_map(|s| &s.about.attributes)
        .filter_map(|attribute| {
            let given = state
                .answers
                .iter()
                .filter(|(code, value)| *code == attribute.code && !value.trim().is_empty());
            let named: Vec<&str> = given
                .map(|(_, value)| {
                    attribute
                        .values
                        .iter()
                        .find(|v| v.key == *value)
                        .map_or(value.as_str(), |v| v.name.get(ask.lang))
                })
                .collect();
            let between = if ask.lang == language::Lang::Fa { "، " } else { ", " };
            (!named.is_empty()).then(|| (attribute.name.get(ask.lang), named.join(between)))
        })
        .collect();
    let photos = kept(state, w);
    let district = state
        .point()
        .and_then(|(lat, long)| territory::Point::new(lat, long))
        .and_then(|p| match room.atlas.locate(p) {
            territory::Located::Inside(place) => place.district,
            _ => None,
        })
        .or_else(|| room.atlas.place_of(state.division.parse().unwrap_or(0)).district);
    let unit = service.and_then(|s| room.catalogue.responsible(s, district));
    let promise =
        room.promise(state, now).map(|due| dates::date_time(ask.lang, due, &room.atlas.jurisdiction.zone));
    render(&Check {
        page,
        frame,
        state,
        service: service.map_or(w.common_unknown(), |s| s.name(ask.lang)),
        kind: w.by_key(&format!("kind-{}", state.kind(service).code())).unwrap_or_default(),
        is_private: service.is_some_and(|s| !s.is_public()),
        address,
        place,
        has_point: state.point().is_some(),
        words: language::display::clean_text(&state.words),
        answers,
        photos,
        promise,
        unit: room.catalogue.unit_name(unit, ask.lang),
    })
}
