//! What a list was asked for, as it stands in its address: `list`, `turn`, `service` (a code, or `group.*`), `unit`,
//! `district`, `neighbourhood` (ids and codes of the city), `q` (words). What does not exist is left out.

use door::Form;
use language::Lang;
use percent_encoding::utf8_percent_encode;
use requests::Catalogue;
use requests::work::{Narrow, Turn};
use territory::{Atlas, Level};
use words::Words;

use crate::options::district_name;
use crate::page::PLAIN;

/// A choice that stands first in its list: value and name.
pub type Chosen = Option<(String, String)>;

/// Which of the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Everything within reach.
    Inbox,
    /// What the reader holds.
    Mine,
    /// Where notes call the reader.
    Called,
    /// What organisations outside were asked.
    Outside,
}

impl List {
    pub fn code(self) -> &'static str {
        match self {
            List::Inbox => "inbox",
            List::Mine => "mine",
            List::Called => "called",
            List::Outside => "outside",
        }
    }

    fn parse(code: &str) -> List {
        [List::Mine, List::Called, List::Outside]
            .into_iter()
            .find(|l| l.code() == code)
            .unwrap_or(List::Inbox)
    }
}

pub struct Asked {
    pub list: List,
    pub narrow: Narrow,
    pub turn: &'static str,
    pub service: Chosen,
    pub unit: Chosen,
    pub district: Chosen,
    pub neighbourhood: Chosen,
    pub words: String,
    /// The same as the part of an address after `?`.
    pub query: String,
}

/// Reads an address, or the one of a list that somebody keeps.
pub fn read(fields: &Form, atlas: &Atlas, catalogue: &Catalogue, w: Words, account: Option<i64>) -> Asked {
    let lang = w.lang();
    let list = List::parse(fields.text("list"));
    let turn = Turn::parse(fields.text("turn")).unwrap_or_default();
    let (services, service) = services(fields.text("service"), catalogue, w);
    let unit = fields.text("unit").parse().ok().and_then(|id| catalogue.unit(id));
    let district = atlas.by_code(Level::District, fields.text("district"));
    let neighbourhood = atlas
        .by_code(Level::Neighbourhood, fields.text("neighbourhood"))
        .filter(|n| district.is_none_or(|d| atlas.place_of(n.id).district == Some(d.id)));
    let words: String = fields.text("q").trim().chars().take(200).collect();
    let narrow = Narrow {
        turn,
        services,
        unit: unit.map(|u| u.id),
        district: district.map(|d| d.id),
        neighbourhood: neighbourhood.map(|n| n.id),
        words: words.clone(),
        holder: account.filter(|_| list == List::Mine),
    };
    let mut asked = Asked {
        list,
        narrow,
        turn: turn.code(),
        service,
        unit: unit.map(|u| (u.id.to_string(), catalogue.unit_name(Some(u.id), lang).to_owned())),
        district: district.map(|d| (d.code.clone(), district_name(atlas, d, lang))),
        neighbourhood: neighbourhood.map(|n| (n.code.clone(), n.name(lang).to_owned())),
        words,
        query: String::new(),
    };
    asked.query = query_of(&asked);
    asked
}

fn services(code: &str, catalogue: &Catalogue, w: Words) -> (Vec<i64>, Chosen) {
    let lang: Lang = w.lang();
    if let Some(group) =
        code.strip_suffix(".*").and_then(|code| catalogue.groups.iter().find(|g| g.code == code))
    {
        let within = catalogue.services.iter().filter(|s| s.group == group.id).map(|s| s.id).collect();
        let name = w.requests_filter_whole_group_plain(group.name.get(lang));
        return (within, Some((code.to_owned(), name)));
    }
    match catalogue.by_code(code) {
        Some(known) => (vec![known.id], Some((code.to_owned(), known.name(lang).to_owned()))),
        None => (Vec::new(), None),
    }
}

fn query_of(asked: &Asked) -> String {
    let value = |chosen: &Chosen| chosen.as_ref().map(|(value, _)| value.clone()).unwrap_or_default();
    let parts = [
        ("list", if asked.list == List::Inbox { String::new() } else { asked.list.code().to_owned() }),
        ("turn", if asked.narrow.turn == Turn::Open { String::new() } else { asked.turn.to_owned() }),
        ("service", value(&asked.service)),
        ("unit", value(&asked.unit)),
        ("district", value(&asked.district)),
        ("neighbourhood", value(&asked.neighbourhood)),
        ("q", asked.words.clone()),
    ];
    let said: Vec<String> = parts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, PLAIN)))
        .collect();
    said.join("&")
}

/// The address of a list.
pub fn address(query: &str) -> String {
    if query.is_empty() { "/work".to_owned() } else { format!("/work?{query}") }
}

/// The name of a turn.
pub fn turn_name(w: Words, turn: Turn) -> &'static str {
    match turn {
        Turn::Open => w.work_turn_open(),
        Turn::New => w.work_turn_new(),
        Turn::Overdue => w.work_turn_overdue(),
        Turn::Waiting => w.work_turn_waiting(),
        Turn::Referred => w.work_turn_referred(),
        Turn::Objection => w.work_turn_objection(),
        Turn::Done => w.work_turn_done(),
    }
}
