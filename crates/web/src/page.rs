//! The frame of every page: language, city, header, footer, and addresses that keep both.

use std::fmt;

use language::{Lang, digits};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use requests::service::Both;
use territory::{Jurisdiction, Name};
use words::Words;

use crate::parts::{self, Icon};
use crate::staff::Desk;

/// What stays as it is in a part of an address.
pub const PLAIN: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'*');

/// What `layout.html` needs.
#[derive(Clone)]
pub struct Page<'a> {
    pub w: Words,
    pub lang: Lang,
    /// None on pages that were made without the database, such as apologies.
    pub city: Option<&'a Jurisdiction>,
    /// The code of the city, when addresses must carry it.
    carried: Option<&'a str>,
    /// Of this page, without its language.
    path: &'a str,
    query: &'a str,
    pub title: &'a str,
    /// The part of the house this page is in, as the header names it.
    pub nav: &'static str,
    pub wrong: bool,
    pub has_map: bool,
    pub has_form: bool,
    pub is_live: bool,
    /// The step of a form that the language switch sends on, so that nothing typed is lost.
    pub twin_step: Option<&'static str>,
    /// The person at work, on pages for staff.
    pub desk: Option<Desk<'a>>,
}

impl<'a> Page<'a> {
    pub fn new(
        w: Words,
        city: Option<&'a Jurisdiction>,
        carried: Option<&'a str>,
        path: &'a str,
        query: &'a str,
        title: &'a str,
    ) -> Self {
        let nav = match path.split('/').nth(1) {
            Some("report") => "report",
            Some("track") => "track",
            Some("requests" | "map") => "requests",
            Some("services") => "services",
            Some("me" | "sign-in") => "me",
            _ => "",
        };
        let lang = w.lang();
        Page {
            w,
            lang,
            city,
            carried,
            path,
            query,
            title,
            nav,
            wrong: false,
            has_map: false,
            has_form: false,
            is_live: false,
            twin_step: None,
            desk: None,
        }
    }

    pub fn with_map(self) -> Self {
        Page { has_map: true, ..self }
    }

    pub fn with_form(self) -> Self {
        Page { has_form: true, ..self }
    }

    pub fn live(self) -> Self {
        Page { is_live: true, ..self }
    }

    /// A page whose form was refused; its title says so first.
    pub fn wrong(self, wrong: bool) -> Self {
        Page { wrong, ..self }
    }

    /// Another address for the language switch, where this one cannot be opened.
    pub fn at(self, path: &'a str, query: &'a str) -> Self {
        Page { path, query, ..self }
    }

    /// A step of a form: the language switch sends what was typed to the same step in the other language.
    pub fn step(self, path: &'static str) -> Self {
        Page { twin_step: Some(path), ..self }
    }

    /// The address of a page in the other language and this city.
    pub fn twin_of<'p>(&self, path: &'p str) -> Url<'p>
    where
        'a: 'p,
    {
        Url { lang: self.lang.other(), city: self.carried, path, tail: "" }
    }

    /// The address of a page in this language and city. `path` may have a query and a fragment.
    pub fn url<'p>(&self, path: &'p str) -> Url<'p>
    where
        'a: 'p,
    {
        Url { lang: self.lang, city: self.carried, path, tail: "" }
    }

    /// The address of something under a page: `/requests/1234567890` and `/me-too`.
    pub fn under<'p>(&self, path: &'p str, tail: &'p str) -> Url<'p>
    where
        'a: 'p,
    {
        Url { lang: self.lang, city: self.carried, path, tail }
    }

    /// This very page in the other language.
    pub fn twin(&self) -> Twin<'_> {
        Twin(self)
    }

    /// The address of this page without its language.
    pub fn path(&self) -> &'a str {
        self.path
    }

    pub fn dir(&self) -> &'static str {
        self.lang.dir()
    }

    pub fn other(&self) -> &'static str {
        self.lang.other().code()
    }

    pub fn i<'i>(&self, name: &'i str) -> Icon<'i> {
        parts::icon(name)
    }

    pub fn turning<'i>(&self, name: &'i str) -> Icon<'i> {
        parts::turning(name)
    }

    pub fn backwards<'i>(&self, name: &'i str) -> Icon<'i> {
        parts::backwards(name)
    }

    /// A number in the digits of the language.
    pub fn n(&self, number: &i64) -> String {
        digits::grouped(*number, self.lang)
    }

    /// A number for a field that is sent back: nothing between the thousands.
    pub fn plain(&self, number: &i64) -> String {
        digits::plain(*number, self.lang)
    }

    /// What is written with digits, such as `10:00`, in the digits of the page.
    pub fn shown(&self, text: &str) -> String {
        digits::shown(text, self.lang)
    }

    /// What the map asks its tiles for, before any filter.
    pub fn tiles(&self) -> String {
        let city = self.city.map_or("", |city| city.code.as_str());
        format!("jurisdiction={}&lang={}", utf8_percent_encode(city, PLAIN), self.lang.code())
    }

    pub fn asset(&self, name: &str) -> &'static str {
        door::assets::url(name)
    }

    pub fn city_name(&self) -> &str {
        self.city.map_or("", |city| city.name(self.lang))
    }

    /// A name of the catalogue in this language.
    pub fn both<'n>(&self, name: &'n Both) -> &'n str {
        name.get(self.lang)
    }

    /// To whom data are owed, in this language.
    pub fn owed<'n>(&self, name: &'n Name) -> &'n str {
        name.get(self.lang)
    }

    /// The number people call, as a machine dials it; empty when there is none.
    pub fn phone(&self) -> &str {
        self.city.map_or("", |city| city.phone.as_str())
    }

    pub fn phone_shown(&self) -> String {
        digits::shown(self.phone(), self.lang)
    }

    /// The hidden field that keeps the city in a form of the GET kind.
    pub fn carried(&self) -> Option<&str> {
        self.carried
    }
}

/// An address with its language and city, written without being built.
pub struct Url<'a> {
    lang: Lang,
    city: Option<&'a str>,
    path: &'a str,
    tail: &'a str,
}

impl fmt::Display for Url<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.lang != Lang::default() {
            f.write_str("/")?;
            f.write_str(self.lang.code())?;
        }
        let Some(city) = self.city else {
            f.write_str(self.path)?;
            return f.write_str(self.tail);
        };
        let (path, fragment) = self.path.find('#').map_or((self.path, ""), |at| self.path.split_at(at));
        f.write_str(path)?;
        f.write_str(self.tail)?;
        f.write_str(if path.contains('?') { "&city=" } else { "?city=" })?;
        write!(f, "{}{fragment}", utf8_percent_encode(city, PLAIN))
    }
}

/// The address of this page in the other language.
pub struct Twin<'a>(&'a Page<'a>);

impl fmt::Display for Twin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let page = self.0;
        let other = page.lang.other();
        if other != Lang::default() {
            write!(f, "/{}", other.code())?;
        }
        f.write_str(page.path)?;
        if !page.query.is_empty() {
            write!(f, "?{}", page.query)?;
        }
        Ok(())
    }
}
