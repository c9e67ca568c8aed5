//! What the templates of the steps need.

use askama::Template;
use calendar::{Timestamp, words as dates};
use door::Failure;
use language::digits;
use requests::duplicates::Near;
use requests::service::{Attribute, Datatype, Group, Service};
use requests::{Kind, MOST_WORDS, PhotoRef};
use storage::Tx;
use territory::{Found, FoundKind, Level};

use super::state::State;
use super::{Room, Step, Wrong, places};
use crate::ask::{Ask, Here, render};
use crate::options::{Lists, options};
use crate::page::Page;
use crate::refusals::example_time;
use crate::requests::{distance, divisions, line};

/// Services that a search offers first.
const MOST_FOUND: usize = 8;
/// Longer lists of answers are a field that opens.
const RADIOS: usize = 8;

/// What every step has around its question.
pub struct Frame<'a> {
    pub number: String,
    pub steps: String,
    pub name: &'static str,
    pub next_name: Option<&'static str>,
    /// What the other steps said.
    pub hidden: Vec<(String, String)>,
    pub wrong: Vec<Wrong>,
    pub to: &'static str,
    pub back: Option<&'static str>,
    pub so_far: Vec<SoFar>,
    /// Said before anything is typed: whom to call.
    pub hint: Option<&'a str>,
}

/// A step in the thread beside the question.
pub struct SoFar {
    pub name: &'static str,
    pub said: String,
    /// `done`, `now` or `ahead`.
    pub place: &'static str,
}

impl Frame<'_> {
    /// What is wrong with a field.
    pub fn error(&self, id: &str) -> Option<&str> {
        self.wrong.iter().find(|w| w.id == id).map(|w| w.sentence.as_str())
    }

    pub fn is_wrong(&self, id: &str) -> bool {
        self.error(id).is_some()
    }
}

/// The page of a step.
pub fn page(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    room: &Room,
    state: &State,
    step: Step,
    wrong: Vec<Wrong>,
    now: Timestamp,
) -> Result<String, Failure> {
    let w = ask.words();
    let title = match step {
        Step::Service => w.report_service_question(),
        Step::Place => w.report_place_question(),
        Step::Words => w.report_words_question(),
        Step::Contact => w.report_contact_question(),
        Step::Check | Step::Send => w.report_check_question(),
    };
    let page = here.page(ask, title).at("/report/service", "").with_form().wrong(!wrong.is_empty());
    let frame = frame(ask, room, state, step, wrong);
    match step {
        Step::Service => service(page, frame, ask, room, state),
        Step::Place => {
            let options = options(tx, here.city().id)?;
            place(page.with_map(), frame, ask, here, room, state, options.of(ask.lang))
        }
        Step::Words => words_step(page, frame, ask, room, state),
        Step::Contact => render(&Contact { page, frame, state }),
        Step::Check | Step::Send => check(page, frame, ask, room, state, now),
    }
}

fn frame<'a>(ask: &Ask, room: &'a Room, state: &State, step: Step, wrong: Vec<Wrong>) -> Frame<'a> {
    let w = ask.words();
    let names = [
        w.report_step_service(),
        w.report_step_place(),
        w.report_step_words(),
        w.report_step_contact(),
        w.report_step_check(),
    ];
    let at = Step::PAGES.iter().position(|s| *s == step).unwrap_or(Step::PAGES.len() - 1);
    let said = said(ask, room, state);
    let so_far = names
        .iter()
        .zip(said)
        .enumerate()
        .map(|(n, (name, said))| SoFar {
            name,
            said,
            place: match n.cmp(&at) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "ahead",
            },
        })
        .collect();
    let paths = ["/report/service", "/report/place", "/report/words", "/report/contact", "/report/check", "/report/send"];
    let number = |n: usize| digits::plain(i64::try_from(n).unwrap_or(0), ask.lang);
    Frame {
        number: number(at + 1),
        steps: number(names.len()),
        name: names.get(at).copied().unwrap_or_default(),
        next_name: names.get(at + 1).copied(),
        hidden: state.hidden(Some(step)),
        wrong,
        to: paths.get(at + 1).copied().unwrap_or("/report/send"),
        back: at.checked_sub(1).and_then(|n| paths.get(n)).copied(),
        so_far,
        hint: room.service().and_then(|s| s.about.emergency.as_ref()).map(|e| e.hint.get(ask.lang)).filter(|h| !h.is_empty()),
    }
}

/// What was said at each step, in a few words.
fn said(ask: &Ask, room: &Room, state: &State) -> [String; 5] {
    let w = ask.words();
    let service = room.service().map(|s| s.name(ask.lang).to_owned()).unwrap_or_default();
    let (address, place) = where_(ask, room, state);
    let place = if address.is_empty() { place } else { address };
    let letters: String = state.words.chars().take(60).collect();
    let letters = if letters.len() < state.words.len() { format!("{letters}…") } else { letters };
    let photos = match state.photos.len() {
        0 => String::new(),
        n => w.report_photos(i64::try_from(n).unwrap_or(0)),
    };
    let words = if letters.is_empty() { photos } else { letters };
    let contact = if state.mobile.is_empty() { state.email.clone() } else { state.mobile.clone() };
    [service, place, words, contact, String::new()]
}

/// The address as typed, and the divisions that the point or the choice lies in.
fn where_(ask: &Ask, room: &Room, state: &State) -> (String, String) {
    let chosen = state.division.parse().ok().map(|id: i64| room.atlas.place_of(id)).unwrap_or_default();
    let located = state.point().and_then(|(lat, long)| territory::Point::new(lat, long)).map(|p| room.atlas.locate(p));
    let place = match located {
        Some(territory::Located::Inside(place)) => place,
        _ => chosen,
    };
    (language::display::clean_line(&state.address), divisions(&room.atlas, place.district, place.neighbourhood, ask.lang))
}

// ---- Service ----

#[derive(Template)]
#[template(path = "report/service.html")]
struct ServiceStep<'a> {
    page: Page<'a>,
    frame: Frame<'a>,
    state: &'a State,
    found: Vec<Choice<'a>>,
    nothing_found: bool,
    groups: Vec<(&'a Group, Vec<Choice<'a>>)>,
}

/// A service to choose.
struct Choice<'a> {
    code: &'a str,
    name: &'a str,
    promised: String,
    words: String,
    is_chosen: bool,
}

fn service(page: Page<'_>, frame: Frame<'_>, ask: &Ask, room: &Room, state: &State) -> Result<String, Failure> {
    let catalogue = &room.catalogue;
    let mut found = if state.q.trim().is_empty() { Vec::new() } else { catalogue.search(&state.q, MOST_FOUND) };
    if found.is_empty()
        && let Some(meant) = language::wrong_layout::as_persian(&state.q)
    {
        found = catalogue.search(&meant, MOST_FOUND);
    }
    let found: Vec<Choice<'_>> = found.into_iter().map(|s| choice(s, ask, room, state)).collect();
    let is_found = |code: &str| found.iter().any(|c| c.code == code);
    let groups = catalogue
        .groups
        .iter()
        .map(|group| {
            let of_group = catalogue.offered_in(group.id).filter(|s| !is_found(&s.code));
            (group, of_group.map(|s| choice(s, ask, room, state)).collect::<Vec<_>>())
        })
        .filter(|(_, services)| !services.is_empty())
        .collect();
    let nothing_found = found.is_empty() && !state.q.trim().is_empty();
    render(&ServiceStep { page, frame, state, found, nothing_found, groups })
}

fn choice<'s>(service: &'s Service, ask: &Ask, room: &Room, state: &State) -> Choice<'s> {
    let target = service.target(requests::Priority::Normal);
    let mut words = format!("{} {}", service.about.name.fa, service.about.name.en);
    if let Some(group) = room.catalogue.group(service.group) {
        words.push_str(&format!(" {} {}", group.name.fa, group.name.en));
    }
    for word in service.about.keywords.fa.iter().chain(&service.about.keywords.en) {
        words.push(' ');
        words.push_str(word);
    }
    Choice {
        code: &service.code,
        name: service.name(ask.lang),
        promised: target.map(|t| ask.words().services_within(&dates::target(ask.lang, t))).unwrap_or_default(),
        words,
        is_chosen: service.code == state.service_code,
    }
}

// ---- Place ----

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
    has_borders: bool,
}

fn place(
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
    let smallest = [Level::Neighbourhood, Level::District].into_iter().find(|l| atlas.divisions(*l).next().is_some());
    let part = smallest.map_or("", |level| city.level_name(level, ask.lang));
    let bounds = atlas.bounds().map(|b| format!("{},{},{},{}", b.min.long, b.min.lat, b.max.long, b.max.lat));
    render(&PlaceStep {
        page,
        frame,
        state,
        lists,
        chosen,
        part,
        has_borders: bounds.is_some(),
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
pub fn places(ask: &Ask, here: &Here, room: &Room, state: &State, found: Vec<Found>) -> Result<String, Failure> {
    let w = ask.words();
    let page = here.page(ask, w.report_places_question()).at("/report/service", "").with_form();
    let places = found
        .iter()
        .map(|found| {
            let name = if ask.lang == language::Lang::Fa { &found.name_fa } else { &found.name_en };
            let kind = match &found.kind {
                FoundKind::Division(level) => room.atlas.jurisdiction.level_name(*level, ask.lang).to_owned(),
                FoundKind::Landmark(kind) => {
                    w.by_key(&format!("report-landmark-{}", kind.replace('_', "-"))).unwrap_or_default().to_owned()
                }
            };
            let place = found.division.map(|id| room.atlas.place_of(id)).unwrap_or_default();
            let own = found.division.and_then(|id| room.atlas.division(id)).map(|d| d.level);
            let neighbourhood = place.neighbourhood.filter(|_| matches!(found.kind, FoundKind::Landmark(_)));
            let district = place.district.filter(|_| own != Some(Level::District) || matches!(found.kind, FoundKind::Landmark(_)));
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
pub fn similar(ask: &Ask, here: &Here, room: &Room, state: &State, near: &[Near], now: Timestamp) -> Result<String, Failure> {
    let w = ask.words();
    let page = here.page(ask, w.report_similar_question()).at("/report/service", "").with_form();
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

// ---- Words ----

#[derive(Template)]
#[template(path = "report/words.html")]
struct WordsStep<'a> {
    page: Page<'a>,
    frame: Frame<'a>,
    state: &'a State,
    most: i64,
    kinds: Vec<(&'static str, &'static str, bool)>,
    questions: Vec<Question<'a>>,
    photos: Vec<Kept<'a>>,
    asks_danger: bool,
    example_time: &'static str,
}

/// A photo that is kept already.
struct Kept<'a> {
    photo: &'a PhotoRef,
    alt: String,
}

/// A question of the service.
struct Question<'a> {
    id: String,
    field: String,
    name: &'a str,
    hint: &'a str,
    required: bool,
    /// `notice`, `text`, `line`, `number`, `time`, `radios`, `boxes` or `list`.
    look: &'static str,
    values: Vec<(&'a str, &'a str, bool)>,
    typed: String,
}

fn words_step(page: Page<'_>, frame: Frame<'_>, ask: &Ask, room: &Room, state: &State) -> Result<String, Failure> {
    let w = ask.words();
    let service = room.service();
    let chosen = state.kind(service);
    let kinds = Kind::ALL
        .iter()
        .map(|kind| (kind.code(), w.by_key(&format!("kind-{}", kind.code())).unwrap_or_default(), *kind == chosen))
        .collect();
    let mut attributes: Vec<&Attribute> = service.iter().flat_map(|s| &s.about.attributes).collect();
    attributes.sort_by_key(|a| a.order);
    let questions = attributes.into_iter().map(|a| question(a, ask, state)).collect();
    let photos = state
        .photos
        .iter()
        .enumerate()
        .map(|(n, photo)| Kept { photo, alt: w.report_photo_number_plain(i64::try_from(n + 1).unwrap_or(0)) })
        .collect();
    let asks_danger = service.is_some_and(|s| s.about.target.urgent.is_some() || s.about.target.emergency.is_some());
    let example_time = example_time(ask.lang);
    render(&WordsStep { page, frame, state, most: i64::try_from(MOST_WORDS).unwrap_or(i64::MAX), kinds, questions, photos, asks_danger, example_time })
}

fn question<'a>(attribute: &'a Attribute, ask: &Ask, state: &State) -> Question<'a> {
    let given: Vec<&str> = state.answers.iter().filter(|(c, _)| *c == attribute.code).map(|(_, v)| v.as_str()).collect();
    let look = match attribute.datatype {
        _ if !attribute.variable => "notice",
        Datatype::Text => "text",
        Datatype::String => "line",
        Datatype::Number => "number",
        Datatype::Datetime => "time",
        Datatype::MultiValueList => "boxes",
        Datatype::SingleValueList if attribute.values.len() <= RADIOS => "radios",
        Datatype::SingleValueList => "list",
    };
    Question {
        id: format!("attribute-{}", attribute.code),
        field: format!("attribute[{}]", attribute.code),
        name: attribute.name.get(ask.lang),
        hint: attribute.hint.get(ask.lang),
        required: attribute.required,
        look,
        values: attribute.values.iter().map(|v| (v.key.as_str(), v.name.get(ask.lang), given.contains(&v.key.as_str()))).collect(),
        typed: given.first().map(|v| (*v).to_owned()).unwrap_or_default(),
    }
}

// ---- Contact ----

#[derive(Template)]
#[template(path = "report/contact.html")]
struct Contact<'a> {
    page: Page<'a>,
    frame: Frame<'a>,
    state: &'a State,
}

// ---- Check ----

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

fn check(page: Page<'_>, frame: Frame<'_>, ask: &Ask, room: &Room, state: &State, now: Timestamp) -> Result<String, Failure> {
    let w = ask.words();
    let service = room.service();
    let (address, place) = where_(ask, room, state);
    let answers = service
        .iter()
        .flat_map(|s| &s.about.attributes)
        .filter_map(|attribute| {
            let given = state.answers.iter().filter(|(code, value)| *code == attribute.code && !value.trim().is_empty());
            let named: Vec<&str> = given
                .map(|(_, value)| attribute.values.iter().find(|v| v.key == *value).map_or(value.as_str(), |v| v.name.get(ask.lang)))
                .collect();
            let between = if ask.lang == language::Lang::Fa { "، " } else { ", " };
            (!named.is_empty()).then(|| (attribute.name.get(ask.lang), named.join(between)))
        })
        .collect();
    let photos = state
        .photos
        .iter()
        .enumerate()
        .map(|(n, photo)| Kept { photo, alt: w.report_photo_number_plain(i64::try_from(n + 1).unwrap_or(0)) })
        .collect();
    let district = state
        .point()
        .and_then(|(lat, long)| territory::Point::new(lat, long))
        .and_then(|p| match room.atlas.locate(p) {
            territory::Located::Inside(place) => place.district,
            _ => None,
        })
        .or_else(|| room.atlas.place_of(state.division.parse().unwrap_or(0)).district);
    let unit = service.and_then(|s| room.catalogue.responsible(s, district));
    let promise = room.promise(state, now).map(|due| dates::date_time(ask.lang, due, &room.atlas.jurisdiction.zone));
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
