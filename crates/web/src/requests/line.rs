//! One request in a list: what, where, when, how it stands.

use calendar::{Timestamp, words as dates};
use language::{Lang, TrackingCode, mask};
use requests::{Catalogue, ServiceRequest};
use territory::Atlas;
use words::Words;

use super::{divisions, icon_of};
use crate::parts::{Badge, badge};

/// Letters of the citizen's own words that a list shows.
const EXCERPT: usize = 110;
/// Letters that are looked at for personal numbers, so that none is cut in half and shown.
const LOOKED_AT: usize = 160;

/// What `requests/line.html` needs.
pub struct Line<'a> {
    pub icon: &'a str,
    pub path: String,
    pub title: &'a str,
    pub excerpt: String,
    pub address: String,
    pub divisions: String,
    pub when: String,
    pub badge: Badge,
    pub due: String,
    pub others: Option<String>,
}

impl<'a> Line<'a> {
    pub fn of(
        request: &'a ServiceRequest,
        catalogue: &'a Catalogue,
        atlas: &Atlas,
        w: Words,
        now: Timestamp,
    ) -> Self {
        let service = catalogue.service(request.service);
        let overdue = request.is_overdue(now);
        Line {
            icon: icon_of(catalogue, service),
            path: path(request.code),
            title: service.map_or(w.common_unknown(), |s| s.name(w.lang())),
            excerpt: excerpt(&request.words),
            address: mask::public_text(&request.address),
            divisions: divisions(atlas, request.district, request.neighbourhood, w.lang()),
            when: moment(w.lang(), request.requested_at, now, atlas),
            badge: badge(w, request.status, overdue),
            due: due(request, atlas, w, now, overdue),
            others: (request.followers > 0).then(|| w.requests_others(request.followers)),
        }
    }
}

pub fn path(code: TrackingCode) -> String {
    format!("/requests/{code}")
}

/// A recent moment by its distance, an older one by its date.
pub fn moment(lang: Lang, at: Timestamp, now: Timestamp, atlas: &Atlas) -> String {
    const WEEK: i64 = 7 * 86_400_000;
    if (0..WEEK).contains(&now.millis_since(at)) {
        dates::relative(lang, at, now)
    } else {
        dates::short_date(lang, at.day(&atlas.jurisdiction.zone))
    }
}

fn due(request: &ServiceRequest, atlas: &Atlas, w: Words, now: Timestamp, overdue: bool) -> String {
    let Some(due) = request.due_at else { return String::new() };
    if overdue {
        return w.requests_late_by(&dates::duration(w.lang(), now.millis_since(due)));
    }
    match request.closed_at {
        Some(closed) if !request.status.is_open() => {
            (if closed > due { w.requests_done_late() } else { w.requests_done_in_time() }).to_owned()
        }
        _ if request.status.pauses_the_clock() => String::new(),
        _ => w.requests_due(&dates::date(w.lang(), due.day(&atlas.jurisdiction.zone))),
    }
}

/// The beginning of what was written, on one line, with personal numbers hidden.
fn excerpt(words: &str) -> String {
    let mut head: String = words.chars().take(LOOKED_AT).map(|c| if c == '\n' { ' ' } else { c }).collect();
    let cut_in_words = words.len() > head.len();
    head = mask::public_text(&head);
    if !cut_in_words && head.chars().count() <= EXCERPT {
        return head;
    }
    let mut short: String = head.chars().take(EXCERPT).collect();
    if let Some(space) = short.rfind(' ') {
        short.truncate(space);
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_not_shown_because_it_was_cut() {
        let words = format!("{}۰۹۱۲۱۲۳۴۵۶۷ تماس بگیرید و بگویید چه شده است", "چاله ".repeat(21));
        let shown = excerpt(&words);
        assert!(shown.ends_with('…') && !shown.contains('۹'), "{shown}");
    }

    #[test]
    fn short_words_stay_whole() {
        assert_eq!(excerpt("چراغ خاموش\nاست"), "چراغ خاموش است");
        assert_eq!(excerpt(""), "");
    }
}
