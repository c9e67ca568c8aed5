//! What the templates of the desk need: the questions of a service, the calls of an operator, the lists.

use calendar::Timestamp;
use language::Lang;
use requests::calls::{Call, CallState, WrapUp};
use requests::service::{Datatype, Service};
use words::Words;

use super::typed::Typed;
use super::who;
use crate::report::Wrong;

/// Longer lists of answers are a field that opens.
const RADIOS: usize = 4;

/// A question of the service.
pub struct Question<'a> {
    pub id: String,
    pub field: String,
    pub name: &'a str,
    pub required: bool,
    /// `notice`, `line`, `number`, `radios`, `boxes` or `list`.
    pub look: &'static str,
    pub values: Vec<(&'a str, &'a str, bool)>,
    pub typed: String,
    pub error: String,
}

pub fn questions<'a>(
    service: Option<&'a Service>,
    typed: &Typed,
    wrong: &[Wrong],
    lang: Lang,
) -> Vec<Question<'a>> {
    let mut attributes: Vec<_> = service.iter().flat_map(|s| &s.about.attributes).collect();
    // What must be answered comes first; the rest only if the caller says it anyway.
    attributes.sort_by_key(|a| (!a.required, a.order));
    attributes
        .into_iter()
        .map(|attribute| {
            let given: Vec<&str> =
                typed.answers.iter().filter(|(c, _)| *c == attribute.code).map(|(_, v)| v.as_str()).collect();
            let id = format!("attribute-{}", attribute.code);
            Question {
                error: wrong.iter().find(|w| w.id == id).map(|w| w.sentence.clone()).unwrap_or_default(),
                field: format!("attribute[{}]", attribute.code),
                name: attribute.name.get(lang),
                required: attribute.required,
                look: match attribute.datatype {
                    _ if !attribute.variable => "notice",
                    Datatype::Text | Datatype::String | Datatype::Datetime => "line",
                    Datatype::Number => "number",
                    Datatype::MultiValueList => "boxes",
                    Datatype::SingleValueList if attribute.values.len() <= RADIOS => "radios",
                    Datatype::SingleValueList => "list",
                },
                values: attribute
                    .values
                    .iter()
                    .map(|v| (v.key.as_str(), v.name.get(lang), given.contains(&v.key.as_str())))
                    .collect(),
                typed: given.first().map(|v| (*v).to_owned()).unwrap_or_default(),
                id,
            }
        })
        .collect()
}

/// A call as the bar above the form shows it.
pub struct Shown {
    pub id: i64,
    pub number: String,
    /// `ringing`, `talking` or `over`.
    pub state: &'static str,
    pub word: &'static str,
    /// When the clock beside it began, in milliseconds.
    pub from: i64,
    /// What it is about so far, for telling two open calls apart.
    pub about: String,
}

pub fn shown(call: &Call, w: Words) -> Shown {
    let (state, word) = match call.state {
        CallState::Ringing => ("ringing", w.desk_state_ringing()),
        CallState::Answered => ("talking", w.desk_state_talking()),
        CallState::Ended | CallState::Missed => ("over", w.desk_state_over()),
    };
    let draft = Typed::of_draft(&call.draft);
    Shown {
        id: call.id.0,
        number: who::number_shown(&call.caller, w),
        state,
        word,
        from: call.answered_at.or(call.taken_at).unwrap_or(call.began_at).0,
        about: draft.words.chars().take(40).collect(),
    }
}

/// How a call may end without a request, for buttons.
pub fn endings(w: Words) -> Vec<(&'static str, &'static str)> {
    let without = [
        WrapUp::StatusGiven,
        WrapUp::Informed,
        WrapUp::CutOff,
        WrapUp::Silent,
        WrapUp::Nuisance,
        WrapUp::WrongNumber,
    ];
    without.into_iter().map(|code| (code.code(), wrap_up(code, w))).collect()
}

pub fn wrap_up(code: WrapUp, w: Words) -> &'static str {
    w.by_key(&format!("desk-wrap-{}", code.code())).unwrap_or_default()
}

/// A length of time as a clock shows it, minutes and seconds, in the digits of the language.
pub fn clock(millis: i64, lang: Lang) -> String {
    let seconds = millis.max(0) / 1000;
    language::digits::shown(&format!("{}:{:02}", seconds / 60, seconds % 60), lang)
}

/// The hour and minute of a moment on the city's wall.
pub fn hour(at: Timestamp, zone: &calendar::Zone, lang: Lang) -> String {
    calendar::words::time(lang, at.minute_of_day(zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_shows_minutes_and_seconds() {
        assert_eq!(clock(0, Lang::En), "0:00");
        assert_eq!(clock(65_900, Lang::En), "1:05");
        assert_eq!(clock(3_601_000, Lang::Fa), "۶۰:۰۱");
        assert_eq!(clock(-5, Lang::En), "0:00");
    }
}
