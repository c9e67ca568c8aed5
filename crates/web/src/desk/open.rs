//! The page: one call, one form, and everything that is known around it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use door::{Door, Failure, Signed};
use http::StatusCode;
use language::digits;
use people::Act;
use requests::Kind;
use requests::calls::{self, Call, CallId, Caller, OtherDoor};
use storage::{Tx, journal};

use super::after::{After, after};
use super::draw::{self, Shown};
use super::figures::{Figures, figures, or_nothing};
use super::look::{Look, look};
use super::typed::Typed;
use super::who;
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::options::{self, Lists};
use crate::page::Page;
use crate::report::Wrong;

/// What the page is to show besides what the rows say.
#[derive(Debug, Clone, Default)]
pub struct Showing {
    /// What was typed; without it, what was kept with the call.
    pub typed: Option<Typed>,
    /// The call to show; without it, the newest that is open.
    pub call: Option<i64>,
    /// A call that is over, to be told of.
    pub done: Option<i64>,
    pub wrong: Vec<Wrong>,
}

#[derive(Template)]
#[template(path = "desk/page.html")]
struct Desk<'a> {
    page: Page<'a>,
    seat: String,
    seat_shown: String,
    seat_wrong: bool,
    current: Option<Shown>,
    others: Vec<Shown>,
    typed: &'a Typed,
    wrong: Vec<Wrong>,
    who: String,
    look: Look,
    figures: Figures,
    after: Option<After>,
    service_name: String,
    services: Vec<(String, Vec<(String, String, bool)>)>,
    lists: &'a Lists,
    place_chosen: Option<(String, String)>,
    kinds: Vec<(&'static str, &'static str, bool)>,
    doors: &'a [OtherDoor],
    endings: Vec<(&'static str, &'static str)>,
    keys: Vec<Key>,
    bounds: Option<String>,
    centre: String,
    zoom: f64,
    since: i64,
    now: i64,
}

/// A key of the desk, as the help lists it.
pub struct Key {
    pub act: &'static str,
    /// `Alt+Digit1`: modifiers and the code of a key, which is its place and not its letter.
    pub keys: &'static str,
    pub name: &'static str,
}

/// Every key. Each has a modifier or is a function key, so that none is a letter that somebody types, on any layout.
const KEYS: &[(&str, &str)] = &[
    ("help", "F1"),
    ("who", "Alt+Digit1"),
    ("what", "Alt+Digit2"),
    ("where", "Alt+Digit3"),
    ("urgent", "Alt+Digit4"),
    ("readback", "Alt+Digit5"),
    ("near", "Alt+Digit6"),
    ("join", "Alt+KeyJ"),
    ("add", "Alt+KeyK"),
    ("layout", "Alt+KeyL"),
    ("save", "Control+Enter"),
    ("end", "Alt+Digit0"),
    ("incoming", "Alt+KeyA"),
    ("missed", "Alt+KeyM"),
    ("next", "Alt+KeyN"),
];

impl Desk<'_> {
    fn error(&self, id: &str) -> Option<&str> {
        self.wrong.iter().find(|w| w.id == id).map(|w| w.sentence.as_str())
    }

    fn is_wrong(&self, id: &str) -> bool {
        self.error(id).is_some()
    }

    /// Where the eye and the cursor begin: at what is wrong, or at the words of a call, or at the number.
    fn begins_at(&self, id: &str) -> bool {
        if !self.wrong.is_empty() {
            return false;
        }
        match (&self.after, &self.current) {
            (Some(_), _) => id == "next",
            (None, Some(_)) => id == "words",
            (None, None) => id == "caller",
        }
    }

    /// The number of a section, which is its key as well.
    fn step(&self, n: i64) -> String {
        self.page.n(&n)
    }

    fn key(&self, act: &str) -> String {
        self.keys.iter().find(|key| key.act == act).map(|key| key_shown(key.keys)).unwrap_or_default()
    }
}

/// How a key is written on the screen: `Alt 1`, `Ctrl Enter`.
pub fn key_shown(keys: &str) -> String {
    keys.replace("Control", "Ctrl").replace("Digit", "").replace("Key", "").replace('+', " ")
}

/// `GET /desk`.
pub async fn page(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let number = |name: &str| ask.field(name).parse().ok();
    let showing = Showing { call: number("call"), done: number("done"), ..Showing::default() };
    show(&door, signed, ask, showing).await
}

/// Shows the desk. The caller's history is looked at in the writer, because the look itself is noted.
pub async fn show(door: &Door, signed: Signed, ask: Ask, showing: Showing) -> Result<Response, Failure> {
    let act = signed.act(door);
    let (current, caller) = enter(door, &act, &signed, &showing).await?;
    ask::answer(door, ask, move |tx, ask, here| {
        let html = draw(tx, ask, here, &signed, &act, &showing, current, &caller)?;
        Ok(match showing.wrong.is_empty() {
            true => Answer::Page(NEVER, html),
            false => Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html),
        })
    })
    .await
}

/// The call that is meant, and who calls.
async fn enter(
    door: &Door,
    act: &Act,
    signed: &Signed,
    showing: &Showing,
) -> Result<(Option<Call>, Caller), Failure> {
    let (act, jurisdiction, showing) = (act.clone(), signed.jurisdiction, showing.clone());
    let work = move |tx: &mut Tx<'_>| -> Result<_, Failure> {
        let current = match (showing.done, showing.call) {
            (Some(_), _) => None,
            (None, Some(id)) => {
                or_nothing(calls::take(tx, &act, jurisdiction, CallId(id)))?.filter(Call::is_open)
            }
            (None, None) => {
                or_nothing(calls::mine(tx, &act, jurisdiction))?.and_then(|calls| calls.into_iter().next())
            }
        };
        let typed = showing.typed.as_ref().map_or("", |typed| typed.caller.as_str());
        let number = current.as_ref().map_or(typed, |call| call.caller.as_str());
        let caller =
            who::seen(calls::caller(tx, &act, jurisdiction, current.as_ref().map(|c| c.id), number))?;
        Ok((current, caller))
    };
    door.db.write(work).await
}

fn draw(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    act: &Act,
    showing: &Showing,
    current: Option<Call>,
    caller: &Caller,
) -> Result<String, Failure> {
    let (w, lang, city) = (ask.words(), ask.lang, here.city());
    let catalogue = requests::catalogue(tx, city.id)?;
    let atlas = territory::atlas(tx, city.id)?;
    let typed = match (&showing.typed, &current) {
        (Some(typed), _) => typed.clone(),
        (None, Some(call)) => Typed::of_draft(&call.draft),
        (None, None) => Typed::default(),
    };
    let mut typed = Typed { call: current.as_ref().map(|call| call.id.0), ..typed };
    if showing.typed.is_none() && current.is_some() {
        typed = typed.with_caller(&caller.number, &caller.name, lang);
    }
    if typed.key.is_empty() {
        typed.key = format!("{:016x}{:016x}", act.dice.number(), act.dice.number());
    }
    let mine = or_nothing(calls::mine(tx, act, city.id))?.unwrap_or_default();
    let others = mine.iter().filter(|call| Some(call.id.0) != typed.call).map(|call| draw::shown(call, w));
    let service = typed.service(&catalogue);
    let chosen_kind = typed.kind(service);
    let lists = options::options(tx, city.id)?;
    let doors = calls::other_doors(tx, city.id)?;
    let after = match showing.done {
        Some(id) => after(tx, ask, here, act, id)?,
        None => None,
    };
    let title = after.as_ref().map_or(w.desk_title(), |after| after.headline);
    let division = typed.division.parse().ok().and_then(|id| atlas.division(id)).map(|division| {
        let place = atlas.place_of(division.id);
        let name = crate::requests::divisions(&atlas, place.district, place.neighbourhood, lang);
        (division.id.to_string(), name)
    });
    let seat = calls::extension_of(tx, city.id, signed.account)?.unwrap_or_default();
    let page = here.staff(ask, signed, title).with_map().wrong(!showing.wrong.is_empty());
    render(&Desk {
        seat_shown: digits::shown(&seat, lang),
        seat,
        seat_wrong: ask.field("seat") == "wrong",
        others: others.collect(),
        who: who::fragment(here.page(ask, ""), caller, &catalogue, &atlas, w, act.at)?,
        look: look(tx, ask, here, &typed, &showing.wrong, act.at)?,
        figures: figures(tx, ask, here, act)?,
        service_name: service.map(|s| s.name(lang).to_owned()).unwrap_or_default(),
        services: catalogue
            .groups
            .iter()
            .map(|group| {
                let line = |s: &requests::service::Service| {
                    (s.code.clone(), s.name(lang).to_owned(), s.code == typed.service)
                };
                (group.name.get(lang).to_owned(), catalogue.offered_in(group.id).map(line).collect())
            })
            .collect(),
        lists: lists.of(lang),
        place_chosen: division,
        kinds: Kind::ALL
            .iter()
            .map(|kind| {
                let name = w.by_key(&format!("kind-{}", kind.code())).unwrap_or_default();
                (kind.code(), name, *kind == chosen_kind)
            })
            .collect(),
        doors: &doors.all,
        endings: draw::endings(w),
        keys: KEYS
            .iter()
            .map(|(act, keys)| Key {
                act,
                keys,
                name: w.by_key(&format!("desk-key-{act}")).unwrap_or_default(),
            })
            .collect(),
        bounds: atlas.bounds().map(|b| format!("{},{},{},{}", b.min.long, b.min.lat, b.max.long, b.max.lat)),
        centre: format!("{},{}", city.centre.long, city.centre.lat),
        zoom: city.zoom,
        since: journal::head(tx, city.id)?.0,
        now: act.at.0,
        current: current.as_ref().map(|call| draw::shown(call, w)),
        wrong: showing.wrong.clone(),
        typed: &typed,
        after,
        page,
    })
}
