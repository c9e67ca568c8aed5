//! Words, photos, and the questions of the service.

use askama::Template;
use door::Failure;
use requests::service::{Attribute, Datatype};
use requests::{Kind, MOST_WORDS, PhotoRef};

use super::Frame;
use crate::ask::{Ask, render};
use crate::page::Page;
use crate::refusals::example_time;
use crate::report::Room;
use crate::report::state::State;

/// Longer lists of answers are a field that opens.
const RADIOS: usize = 8;

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
pub struct Kept<'a> {
    pub photo: &'a PhotoRef,
    pub alt: String,
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

pub fn page(
    page: Page<'_>,
    frame: Frame<'_>,
    ask: &Ask,
    room: &Room,
    state: &State,
) -> Result<String, Failure> {
    let w = ask.words();
    let service = room.service();
    let chosen = state.kind(service);
    let kinds = Kind::ALL
        .iter()
        .map(|kind| {
            (kind.code(), w.by_key(&format!("kind-{}", kind.code())).unwrap_or_default(), *kind == chosen)
        })
        .collect();
    let mut attributes: Vec<&Attribute> = service.iter().flat_map(|s| &s.about.attributes).collect();
    attributes.sort_by_key(|a| a.order);
    attributes.retain(|a| a.required || !frame.is_simple);
    let questions = attributes.into_iter().map(|a| question(a, ask, state)).collect();
    let photos = kept(state, w);
    let asks_danger =
        service.is_some_and(|s| s.about.target.urgent.is_some() || s.about.target.emergency.is_some());
    let example_time = example_time(ask.lang);
    render(&WordsStep {
        page,
        frame,
        state,
        most: i64::try_from(MOST_WORDS).unwrap_or(i64::MAX),
        kinds,
        questions,
        photos,
        asks_danger,
        example_time,
    })
}

/// The photos of a report with words for those who do not see them.
pub fn kept(state: &State, w: words::Words) -> Vec<Kept<'_>> {
    let numbers = 1_i64..;
    state
        .photos
        .iter()
        .zip(numbers)
        .map(|(photo, n)| Kept { photo, alt: w.report_photo_number_plain(n) })
        .collect()
}

fn question<'a>(attribute: &'a Attribute, ask: &Ask, state: &State) -> Question<'a> {
    let given: Vec<&str> =
        state.answers.iter().filter(|(c, _)| *c == attribute.code).map(|(_, v)| v.as_str()).collect();
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
        values: attribute
            .values
            .iter()
            .map(|v| (v.key.as_str(), v.name.get(ask.lang), given.contains(&v.key.as_str())))
            .collect(),
        typed: given.first().map(|v| (*v).to_owned()).unwrap_or_default(),
    }
}
