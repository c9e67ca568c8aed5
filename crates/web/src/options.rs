//! The long lists inside select fields: services by group, places by district.
//!
//! They are the same on every page until the city's data change, so they are written once for each edition and
//! language and only copied into pages. What is chosen stands in a line of its own before them.

use std::fmt::Write;
use std::sync::Arc;

use language::{Lang, digits};
use requests::catalogue;
use storage::{Result, Tx};
use territory::{Atlas, Division};
use words::Words;

/// The lists of one city, in both languages.
pub struct Options {
    lists: [Lists; 2],
}

/// HTML that is ready to be copied.
#[derive(Default)]
pub struct Lists {
    /// Services by group, with a first line for the whole group.
    pub services: String,
    /// Districts by code.
    pub districts: String,
    /// Districts and their neighbourhoods by id, for choosing where something is.
    pub places: String,
}

impl Options {
    pub fn of(&self, lang: Lang) -> &Lists {
        let [fa, en] = &self.lists;
        if lang == Lang::Fa { fa } else { en }
    }
}

/// The lists of a city as this transaction sees it.
pub fn options(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Arc<Options>> {
    tx.memo(jurisdiction, write)
}

fn write(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Options> {
    let catalogue = catalogue(tx, jurisdiction)?;
    let atlas = territory::atlas(tx, jurisdiction)?;
    let lists = Lang::ALL.map(|lang| {
        let mut lists = Lists::default();
        // Writing into a String cannot fail.
        for group in &catalogue.groups {
            let name = group.name.get(lang);
            let _ = write!(lists.services, "<optgroup label=\"{}\">", safe(name));
            let whole = Words(lang).requests_filter_whole_group_plain(name);
            option(&mut lists.services, &format!("{}.*", group.code), &whole, lang);
            for service in catalogue.services.iter().filter(|s| s.group == group.id) {
                option(&mut lists.services, &service.code, service.name(lang), lang);
            }
            lists.services.push_str("</optgroup>");
        }
        for district in atlas.districts() {
            option(&mut lists.districts, &district.code, &district_name(&atlas, district, lang), lang);
            let name = district_name(&atlas, district, lang);
            let mut within = atlas.neighbourhoods(district.id).peekable();
            if within.peek().is_none() {
                option(&mut lists.places, &district.id.to_string(), &name, lang);
                continue;
            }
            let _ = write!(lists.places, "<optgroup label=\"{}\">", safe(&digits::shown(&name, lang)));
            for neighbourhood in within {
                option(&mut lists.places, &neighbourhood.id.to_string(), neighbourhood.name(lang), lang);
            }
            let somewhere = Words(lang).report_place_somewhere_plain(&name);
            option(&mut lists.places, &district.id.to_string(), &somewhere, lang);
            lists.places.push_str("</optgroup>");
        }
        lists
    });
    Ok(Options { lists })
}

/// A district with the word for districts before a bare number.
pub fn district_name(atlas: &Atlas, district: &Division, lang: Lang) -> String {
    super::requests::divisions(atlas, Some(district.id), None, lang)
}

/// One line of a list.
pub fn option(out: &mut String, value: &str, name: &str, lang: Lang) {
    let _ = write!(out, "<option value=\"{}\">{}</option>", safe(value), safe(&digits::shown(name, lang)));
}

fn safe(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
