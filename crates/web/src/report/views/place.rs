//! Where it is: the map, an address, a list; which of several places; what others said near it.

use askama::Template;
use calendar::Timestamp;
use door::Failure;
use language::digits;
use requests::duplicates::Near;
use territory::{Found, FoundKind, Level};

use super::{Frame, frame};
use crate::ask::{Ask, Here, render};
use crate::options::Lists;
use crate::page::Page;
use crate::report::state::State;
use crate::report::{Room, Step, places};
use crate::requests::{distance, divisions, line};

#[derive(Template)]
#[template(path = "report/place.html")]
struct PlaceStep<'a> {
    page: Page<'a>,
    frame: Frame<'a>,
    state: &'a State,
    lists: &'a Lists,
    chosen: Option<(String, String)>,
    part: &'a str,
    bounds: Option<String>,
    centre: String,
    zoom: f64,
}

pub fn page(
    page: Page<'_>,
    frame: Frame<'_>,
    ask: &Ask,
    here: &Here,
    room: &Room,
    state: &State,
    lists: &Lists,
) -> Result<String, Failure> {
    let (atlas, city) = (&room.atlas, here.city());
    let chosen = state.division.parse().ok().and_then(|id| atlas.division(id)).map(|division| {
        let place = atlas.place_of(division.id);
        (division.id.to_string(), divisions(atlas, place.district, place.neighbourhood, ask.lang))
    });
    let smallest =
        [Level::Neighbourhood, Level::District].into_iter().find(|l| atlas.divisions(*l).next().is_some());
    let part = smallest.map_or("", |level| city.level_name(level, ask.lang));
    let bounds = atlas.bounds().map(|b| format!("{},{},{},{}", b.min.long, b.min.lat, b.max.long, b.max.lat));
    render(&PlaceStep {
        page,
        frame,
        state,
        lists,
        chosen,
        part,
        bounds,
        centre: format!("{},{}", city.centre.long, city.centre.lat),
        zoom: city.zoom,
    })
}

#[derive(Template)]
#[template(path = "report/places.html")]
struct PlacesStep<'a> {
    page: Page<'a>,
    frame: Frame<'a>,
    state: &'a State,
    places: Vec<(String, String, String)>,
}

/// The page that asks which of several places is meant.
pub fn which(
    ask: &Ask,
    here: &Here,
    room: &Room,
    state: &State,
    found: Vec<Found>,
) -> Result<String, Failure> {
    let w = ask.words();
    let page = here
        .page(ask, w.report_places_question())
        .at("/report/service", "")
        .step("/report/place")
        .with_form();
    let places = found
        .iter()
        .map(|found| {
            let name = if ask.lang == language::Lang::Fa { &found.name_fa } else { &found.name_en };
            let kind = match &found.kind {
                FoundKind::Division(level) => room.atlas.jurisdiction.level_name(*level, ask.lang).to_owned(),
                FoundKind::Landmark(kind) => w
                    .by_key(&format!("report-landmark-{}", kind.replace('_', "-")))
                    .unwrap_or_default()
                    .to_owned(),
            };
            let place = found.division.map(|id| room.atlas.place_of(id)).unwrap_or_default();
            let own = found.division.and_then(|id| room.atlas.division(id)).map(|d| d.level);
            let neighbourhood = place.neighbourhood.filter(|_| matches!(found.kind, FoundKind::Landmark(_)));
            let district = place
                .district
                .filter(|_| own != Some(Level::District) || matches!(found.kind, FoundKind::Landmark(_)));
            let within = divisions(&room.atlas, district, neighbourhood, ask.lang);
            let parts: Vec<String> = [kind, within].into_iter().filter(|part| !part.is_empty()).collect();
            (places::value(found), digits::shown(name, ask.lang), parts.join(" · "))
        })
        .collect();
    render(&PlacesStep { page, frame: frame(ask, room, state, Step::Place, Vec::new()), state, places })
}

#[derive(Template)]
#[template(path = "report/similar.html")]
struct SimilarStep<'a> {
    page: Page<'a>,
    frame: Frame<'a>,
    near: Vec<(line::Line<'a>, String, String)>,
}

/// The page that offers to join what others said.
pub fn similar(
    ask: &Ask,
    here: &Here,
    room: &Room,
    state: &State,
    near: &[Near],
    now: Timestamp,
) -> Result<String, Failure> {
    let w = ask.words();
    let page = here
        .page(ask, w.report_similar_question())
        .at("/report/service", "")
        .step("/report/place")
        .with_form();
    let mut frame = frame(ask, room, state, Step::Place, Vec::new());
    frame.hidden = state.hidden(None);
    let near = near
        .iter()
        .map(|near| {
            let line = line::Line::of(&near.request, &room.catalogue, &room.atlas, w, now);
            (line, near.request.code.to_string(), distance(w, near.metres))
        })
        .collect();
    render(&SimilarStep { page, frame, near })
}
