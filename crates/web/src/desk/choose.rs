//! Services and places while somebody types: the lines of a list box, best first.
//!
//! A service is found by its code, by letters of its name or its keywords in either language, and by the same keys on
//! the other keyboard. Suggestions from the caller's words come first and say why; they choose nothing.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use calendar::words as dates;
use door::{Door, Failure, Signed};
use language::{Lang, digits, wrong_layout};
use requests::service::Service;
use requests::suggest::{self, Suggestion};
use requests::{Catalogue, Priority};
use storage::Tx;
use territory::{Atlas, Found, FoundKind, Level};
use words::Words;

use crate::ask::{Ask, Here, html_with, render};
use crate::page::Page;
use crate::requests::divisions;

const MOST: usize = 8;
/// As many letters as anybody types to find something.
const LONGEST: usize = 200;

/// One line of a list box.
pub struct Choice {
    /// What the hidden field becomes: the code of a service, `d:` and a division, or `p:` and a point.
    pub value: String,
    pub name: String,
    /// Where or how long: what tells two of one name apart.
    pub more: String,
    /// The caller's words that spoke for it.
    pub because: String,
}

#[derive(Template)]
#[template(path = "desk/choices.html")]
struct Choices<'a> {
    page: Page<'a>,
    /// Begins the id of each line.
    of: &'static str,
    choices: Vec<Choice>,
    /// What was understood, when the other keyboard was meant.
    meant: String,
}

/// `GET /desk/services?q=&words=`.
pub async fn services(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let jurisdiction = signed.jurisdiction;
    let html = door
        .db
        .read(move |tx| -> Result<String, Failure> {
            let Some(here) = Here::find(tx, &ask)? else { return Ok(String::new()) };
            let catalogue = requests::catalogue(tx, jurisdiction)?;
            let typed: String = ask.field("q").chars().take(LONGEST).collect();
            let words: String = ask.field("words").chars().take(4000).collect();
            let suggested = suggest::suggest(tx, jurisdiction, &words, 3)?;
            let (found, meant) = find(&catalogue, &typed, &suggested);
            let choices = found
                .into_iter()
                .map(|service| {
                    choice(service, suggested.iter().find(|s| s.service == service.id), ask.words())
                })
                .collect();
            render(&Choices { page: here.page(&ask, ""), of: "service", choices, meant })
        })
        .await?;
    Ok(html_with(http::StatusCode::OK, html))
}

/// Services for what was typed. Suggestions lead while nothing is typed, and lead among equals afterwards.
fn find<'c>(catalogue: &'c Catalogue, typed: &str, suggested: &[Suggestion]) -> (Vec<&'c Service>, String) {
    let is_suggested = |service: &Service| suggested.iter().any(|s| s.service == service.id);
    let first = suggested.iter().filter_map(|s| catalogue.service(s.service)).filter(|s| s.is_open);
    if typed.trim().is_empty() {
        let rest = catalogue.search("", MOST).into_iter().filter(|s| !is_suggested(s));
        return (first.chain(rest).take(MOST).collect(), String::new());
    }
    // Operators who know a code type it: it is in ASCII on either keyboard.
    let code = |text: &str| {
        let text = text.trim().to_ascii_lowercase();
        catalogue.services.iter().filter(move |s| s.is_open && s.code.starts_with(&text)).collect::<Vec<_>>()
    };
    let mut found = catalogue.search(typed, MOST);
    for service in code(typed) {
        if found.len() < MOST && found.iter().all(|known| known.id != service.id) {
            found.push(service);
        }
    }
    let mut meant = String::new();
    if found.is_empty() {
        let others = [wrong_layout::as_persian(typed), wrong_layout::as_english(typed)];
        for other in others.into_iter().flatten() {
            found = catalogue.search(&other, MOST);
            if found.is_empty() {
                found = code(&other);
            }
            if !found.is_empty() {
                meant = other;
                break;
            }
        }
    }
    found.truncate(MOST);
    (found, meant)
}

pub fn choice(service: &Service, suggestion: Option<&Suggestion>, w: Words) -> Choice {
    Choice {
        value: service.code.clone(),
        name: service.name(w.lang()).to_owned(),
        more: service.target(Priority::Normal).map(|t| dates::target(w.lang(), t)).unwrap_or_default(),
        because: suggestion.map(|s| because(s, w.lang())).unwrap_or_default(),
    }
}

/// The words that spoke for a suggestion, in the order of their weight.
pub fn because(suggestion: &Suggestion, lang: Lang) -> String {
    suggestion.because.join(if lang == Lang::Fa { "، " } else { ", " })
}

/// `GET /desk/places?q=`.
pub async fn places(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let jurisdiction = signed.jurisdiction;
    let html = door
        .db
        .read(move |tx: &mut Tx<'_>| -> Result<String, Failure> {
            let Some(here) = Here::find(tx, &ask)? else { return Ok(String::new()) };
            let atlas = territory::atlas(tx, jurisdiction)?;
            let typed: String = ask.field("q").chars().take(LONGEST).collect();
            let mut meant = String::new();
            let mut found = atlas.find_places(&typed, MOST);
            if found.is_empty()
                && let Some(other) =
                    wrong_layout::as_persian(&typed).or_else(|| wrong_layout::as_english(&typed))
            {
                found = atlas.find_places(&other, MOST);
                meant = if found.is_empty() { String::new() } else { other };
            }
            let choices = found.iter().map(|found| place(found, &atlas, ask.words())).collect();
            render(&Choices { page: here.page(&ask, ""), of: "place", choices, meant })
        })
        .await?;
    Ok(html_with(http::StatusCode::OK, html))
}

fn place(found: &Found, atlas: &Atlas, w: Words) -> Choice {
    let lang = w.lang();
    let is_landmark = matches!(found.kind, FoundKind::Landmark(_));
    let name = match lang {
        Lang::En if !found.name_en.is_empty() => &found.name_en,
        _ => &found.name_fa,
    };
    let kind = match &found.kind {
        FoundKind::Division(level) => atlas.jurisdiction.level_name(*level, lang).to_owned(),
        FoundKind::Landmark(kind) => {
            w.by_key(&format!("report-landmark-{}", kind.replace('_', "-"))).unwrap_or_default().to_owned()
        }
    };
    let place = found.division.map(|id| atlas.place_of(id)).unwrap_or_default();
    let own = found.division.and_then(|id| atlas.division(id)).map(|d| d.level);
    let within = divisions(
        atlas,
        place.district.filter(|_| is_landmark || own != Some(Level::District)),
        place.neighbourhood.filter(|_| is_landmark),
        lang,
    );
    Choice {
        value: crate::report::places::value(found),
        // «ولی‌عصر» alone may be a street, a square or a station: what it is goes into the address, too.
        name: digits::shown(
            &match (is_landmark, kind.is_empty()) {
                (true, false) => format!("{kind} {name}"),
                _ if own == Some(Level::District) => divisions(atlas, found.division, None, lang),
                _ => name.clone(),
            },
            lang,
        ),
        more: if is_landmark || within.is_empty() { within } else { format!("{kind} · {within}") },
        because: String::new(),
    }
}
