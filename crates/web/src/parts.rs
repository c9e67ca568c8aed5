//! The smallest pieces of pages: an icon, a tracking code, the badge of a status.

use std::fmt;
use std::sync::LazyLock;

use askama::filters::HtmlSafe;
use language::{Lang, TrackingCode, digits};
use requests::Status;
use words::Words;

static SPRITE: LazyLock<&str> = LazyLock::new(|| door::assets::url("icons/sprite.svg"));

/// A drawing from the sprite, with no words of its own.
pub struct Icon<'a> {
    name: &'a str,
    prefix: &'static str,
    class: &'static str,
}

/// An icon by its name in `assets/icons/sprite.svg`.
pub fn icon(name: &str) -> Icon<'_> {
    Icon { name, prefix: "", class: "i" }
}

/// An icon that points along the line and turns with it.
pub fn turning(name: &str) -> Icon<'_> {
    Icon { name, prefix: "", class: "i turns" }
}

/// The arrow that leads back.
pub fn backwards(name: &str) -> Icon<'_> {
    Icon { name, prefix: "", class: "i turns back" }
}

impl fmt::Display for Icon<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<svg class=\"")?;
        f.write_str(self.class)?;
        f.write_str("\" aria-hidden=\"true\"><use href=\"")?;
        f.write_str(&SPRITE)?;
        f.write_str("#")?;
        f.write_str(self.prefix)?;
        // Names come from city packs; nothing but a name passes.
        for letter in self.name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-') {
            fmt::Write::write_char(f, letter)?;
        }
        f.write_str("\"/></svg>")
    }
}

impl HtmlSafe for Icon<'_> {}

/// A tracking code in the groups that people read aloud.
pub struct Code {
    code: TrackingCode,
    lang: Lang,
    big: bool,
}

pub fn code(code: TrackingCode, lang: Lang, big: bool) -> Code {
    Code { code, lang, big }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.big {
            "<bdi class=\"code big\" dir=\"ltr\">"
        } else {
            "<bdi class=\"code\" dir=\"ltr\">"
        })?;
        for group in self.code.for_people(self.lang).split('\u{A0}') {
            write!(f, "<span>{group}</span>")?;
        }
        f.write_str("</bdi>")
    }
}

impl HtmlSafe for Code {}

/// The badge of a status: a shape, a word and a colour, each of which is enough alone.
pub struct Badge {
    mark: &'static str,
    word: &'static str,
}

/// The badge of a request: how it stands, or that it is late.
pub fn badge(words: Words, status: Status, overdue: bool) -> Badge {
    if overdue {
        return Badge { mark: "overdue", word: words.requests_overdue() };
    }
    Badge { mark: mark(status), word: status_word(words, status) }
}

impl fmt::Display for Badge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shape = Icon { name: self.mark, prefix: "is-", class: "i" };
        write!(f, "<span class=\"status\" data-status=\"{}\">{shape}{}</span>", self.mark, self.word)
    }
}

impl HtmlSafe for Badge {}

/// The name of a status in the style sheet and the sprite.
pub fn mark(status: Status) -> &'static str {
    match status {
        Status::WaitingForCitizen => "waiting",
        Status::ReferredOutside => "referred",
        other => other.code(),
    }
}

pub fn status_word(w: Words, status: Status) -> &'static str {
    match status {
        Status::Received => w.status_received(),
        Status::Confirmed => w.status_confirmed(),
        Status::Assigned => w.status_assigned(),
        Status::InProgress => w.status_in_progress(),
        Status::WaitingForCitizen => w.status_waiting_for_citizen(),
        Status::ReferredOutside => w.status_referred_outside(),
        Status::Declined => w.status_declined(),
        Status::Answered => w.status_answered(),
        Status::Reopened => w.status_reopened(),
        Status::Closed => w.status_closed(),
        Status::Duplicate => w.status_duplicate(),
        Status::Cancelled => w.status_cancelled(),
    }
}

/// A name from a city pack or a number, with the digits of the reader's language.
pub fn shown(text: &str, lang: Lang) -> String {
    digits::shown(text, lang)
}
