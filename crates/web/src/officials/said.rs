//! Hours and promises in words.

use calendar::{Timestamp, Zone, words as dates};
use language::{Lang, digits};
use requests::officials::Hour;
use requests::{Catalogue, ServiceRequest};
use words::Words;

use crate::parts::{Badge, badge};
use crate::requests::{line, title};

/// One hour as pages show it.
pub struct Shown<'a> {
    pub id: i64,
    pub name: &'a str,
    pub title: &'a str,
    pub when: String,
    pub at: String,
    pub phone: String,
    pub dial: String,
    pub place: &'a str,
    pub is_now: bool,
    pub is_published: bool,
    pub is_cancelled: bool,
    pub promises: Vec<Promise<'a>>,
}

impl Shown<'_> {
    /// The end of an address about this hour.
    pub fn link(&self) -> String {
        self.id.to_string()
    }

    pub fn cancelling(&self) -> String {
        format!("{}/cancel", self.id)
    }
}

/// One promise, as far as everybody may know it.
pub struct Promise<'a> {
    pub path: String,
    pub subject: &'a str,
    pub words: String,
    pub badge: Badge,
    pub due: String,
}

pub fn hour<'a>(hour: &'a Hour, lang: Lang, zone: &Zone, now: Timestamp, line_phone: &str) -> Shown<'a> {
    let phone = if hour.phone.is_empty() { line_phone } else { &hour.phone };
    Shown {
        id: hour.id,
        name: hour.name.get(lang),
        title: hour.title.get(lang),
        when: when(hour, lang, zone),
        at: hour.begins_at.to_rfc3339_z(),
        phone: digits::shown(phone, lang),
        dial: digits::to_ascii(phone).chars().filter(|c| c.is_ascii_digit() || *c == '+').collect(),
        place: hour.place.get(lang),
        is_now: hour.is_now(now),
        is_published: hour.is_published,
        is_cancelled: hour.is_cancelled,
        promises: Vec::new(),
    }
}

/// «شنبه ۲۳ آبان ۱۴۰۵، ساعت ۱۰:۰۰ تا ۱۲:۰۰».
pub fn when(hour: &Hour, lang: Lang, zone: &Zone) -> String {
    let day = hour.begins_at.day(zone);
    let from = dates::time(lang, hour.begins_at.minute_of_day(zone));
    let to = dates::time(lang, hour.ends_at.minute_of_day(zone));
    Words(lang).officials_when(&dates::date(lang, day), &from, &to)
}

/// A promise; `open` shows what is private, to the official whose promise it is.
pub fn promise<'a>(
    request: &ServiceRequest,
    catalogue: &'a Catalogue,
    w: Words,
    zone: &Zone,
    now: Timestamp,
    open: bool,
) -> Promise<'a> {
    let words =
        if open || request.is_public { language::mask::public_text(&request.words) } else { String::new() };
    Promise {
        path: line::path(request.code),
        subject: title(catalogue, request, w),
        words,
        badge: badge(w, request.status, request.is_overdue(now)),
        due: match request.due_at.filter(|_| request.status.is_open()) {
            Some(due) => w.requests_due(&dates::short_date_time(w.lang(), due, zone)),
            None => String::new(),
        },
    }
}
