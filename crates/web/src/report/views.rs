//! What the templates of the steps need.

mod check; // a last look
mod place; // where it is
mod service; // what is wrong
mod words; // words, photos, questions

use askama::Template;
use calendar::Timestamp;
use door::Failure;
use language::digits;
use storage::Tx;

pub use place::{similar, which};

use super::state::State;
use super::{Room, Step, Wrong};
use crate::ask::{Ask, Here, render};
use crate::options::options;
use crate::page::Page;
use crate::requests::divisions;

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
    /// In a storm people are asked only the most needed, and the last look is left out.
    pub is_simple: bool,
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
    let twin = match step {
        Step::Service => "/report/service",
        Step::Place => "/report/place",
        Step::Words => "/report/words",
        Step::Contact => "/report/contact",
        Step::Check | Step::Send => "/report/check",
    };
    let page =
        here.page(ask, title).at("/report/service", "").step(twin).with_form().wrong(!wrong.is_empty());
    let frame = frame(ask, room, state, step, wrong);
    match step {
        Step::Service => service::page(page, frame, ask, room, state),
        Step::Place => {
            let options = options(tx, here.city().id)?;
            place::page(page.with_map(), frame, ask, here, room, state, options.of(ask.lang))
        }
        Step::Words => words::page(page, frame, ask, room, state),
        Step::Contact => render(&Contact { page, frame, state }),
        Step::Check | Step::Send => check::page(page, frame, ask, room, state, now),
    }
}

fn frame<'a>(ask: &Ask, room: &'a Room, state: &State, step: Step, wrong: Vec<Wrong>) -> Frame<'a> {
    let w = ask.words();
    let mut names = vec![
        w.report_step_service(),
        w.report_step_place(),
        w.report_step_words(),
        w.report_step_contact(),
        w.report_step_check(),
    ];
    let mut paths = vec![
        "/report/service",
        "/report/place",
        "/report/words",
        "/report/contact",
        "/report/check",
        "/report/send",
    ];
    // The last look is left out, unless somebody is led to it because the sending was refused.
    let is_simple = room.is_simple(state) && !matches!(step, Step::Check | Step::Send);
    if is_simple {
        names.retain(|name| *name != w.report_step_check());
        paths.retain(|path| *path != "/report/check");
    }
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
        hint: room
            .service()
            .and_then(|s| s.about.emergency.as_ref())
            .map(|e| e.hint.get(ask.lang))
            .filter(|h| !h.is_empty()),
        is_simple,
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
    let located =
        state.point().and_then(|(lat, long)| territory::Point::new(lat, long)).map(|p| room.atlas.locate(p));
    let place = match located {
        Some(territory::Located::Inside(place)) => place,
        _ => chosen,
    };
    (
        language::display::clean_line(&state.address),
        divisions(&room.atlas, place.district, place.neighbourhood, ask.lang),
    )
}

#[derive(Template)]
#[template(path = "report/contact.html")]
struct Contact<'a> {
    page: Page<'a>,
    frame: Frame<'a>,
    state: &'a State,
}
