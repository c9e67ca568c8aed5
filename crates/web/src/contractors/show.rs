//! Money, quantities, days and codes as the pages of contractors say them.

use calendar::{Day, Timestamp, Zone, words as dates};
use dispatch::contracts::money::{COEFFICIENT, QUANTITY};
use dispatch::contracts::{Item, LineState, OfferState, Row, RowKind, State, StatementState};
use language::{Lang, digits};
use people::units::Unit;
use words::Words;

/// «۱٬۲۰۰٬۰۰۰ ریال»
pub fn rial(w: Words, amount: i64) -> String {
    w.contractors_rial(&digits::grouped(amount, w.lang()))
}

/// A number of thousandths with as many decimals as it needs.
pub fn quantity(thousandths: i64, lang: Lang) -> String {
    thousandths_of(thousandths, QUANTITY, lang)
}

/// A coefficient, such as 1.0735.
pub fn coefficient(parts: i64, lang: Lang) -> String {
    thousandths_of(parts, COEFFICIENT, lang)
}

/// A share of hundredths of a percent, as percent.
pub fn percent(hundredths: i64, lang: Lang) -> String {
    let number = thousandths_of(hundredths, 100, lang);
    with_sign(&number, lang)
}

/// A whole percentage.
pub fn whole_percent(percent: i64, lang: Lang) -> String {
    with_sign(&digits::plain(percent, lang), lang)
}

fn with_sign(number: &str, lang: Lang) -> String {
    match lang {
        // Without the mark the sign would move to the other side.
        Lang::Fa => format!("{number}\u{200F}٪"),
        Lang::En => format!("{number}%"),
    }
}

fn thousandths_of(number: i64, by: i64, lang: Lang) -> String {
    let (whole, rest) = (number / by, number % by);
    let text = digits::grouped(whole, lang);
    if rest == 0 {
        return text;
    }
    let width = by.ilog10() as usize;
    let fraction = format!("{:0width$}", rest.abs());
    let mark = if lang == Lang::Fa { '٫' } else { '.' };
    format!("{text}{mark}{}", digits::shown(fraction.trim_end_matches('0'), lang))
}

/// A whole number for a field, in the digits of the language.
pub fn typed_number(number: i64, lang: Lang) -> String {
    digits::plain(number, lang)
}

/// A number of parts for a field: «۲٫۵», 2.5
pub fn typed(number: i64, by: i64, lang: Lang) -> String {
    let mark = if lang == Lang::Fa { '٫' } else { '.' };
    let (whole, rest) = (number / by, number % by);
    let width = by.ilog10() as usize;
    let fraction = format!("{rest:0width$}");
    match fraction.trim_end_matches('0') {
        "" => typed_number(whole, lang),
        fraction => format!("{}{mark}{}", digits::plain(whole, lang), digits::shown(fraction, lang)),
    }
}

/// «۳ آذر ۱۴۰۵»
pub fn day(days: i64, lang: Lang) -> String {
    dates::short_date(lang, Day::from_days_since_epoch(days))
}

/// A day for a field: «۱۴۰۵/۰۹/۰۳».
pub fn typed_day(days: i64, lang: Lang) -> String {
    dates::numeric_date(lang, Day::from_days_since_epoch(days))
}

/// A code in the digits of the language; with Latin letters in it, as it is.
pub fn code(code: &str, lang: Lang) -> String {
    if code.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        code.to_owned()
    } else {
        digits::shown(code, lang)
    }
}

/// Reads a day that was typed.
pub fn read_day(typed: &str) -> Option<i64> {
    Day::parse(typed.trim()).ok().map(Day::days_since_epoch)
}

pub fn moment(at: Timestamp, lang: Lang, zone: &Zone) -> String {
    dates::short_date_time(lang, at, zone)
}

/// The month of a statement: «آبان ۱۴۰۵», or the two days where they are no month of the reader's calendar.
pub fn month(from: i64, until: i64, lang: Lang) -> String {
    if dispatch::contracts::month(lang, from) == (from, until) {
        let name = day(from, lang);
        return name.split_once(' ').map_or(name.clone(), |(_, month)| month.to_owned());
    }
    format!("{} – {}", day(from, lang), day(until, lang))
}

/// The name of a code that has one; the code itself where an older edition wrote it.
pub fn named(w: Words, prefix: &str, code: &str) -> String {
    w.by_key(&format!("contractors-{prefix}-{code}")).unwrap_or(code).to_owned()
}

pub fn state(w: Words, state: State) -> String {
    named(w, "state", state.code())
}

/// The tone of a standing, as the style sheet knows it.
pub fn tone(state: State) -> &'static str {
    match state {
        State::Draft => "invited",
        State::InForce => "active",
        State::Suspended => "suspended",
        State::Ended => "ended",
    }
}

pub fn offer_tone(state: OfferState) -> &'static str {
    match state {
        OfferState::Offered => "invited",
        OfferState::Accepted => "active",
        OfferState::Refused | OfferState::TimedOut | OfferState::TakenBack => "suspended",
    }
}

pub fn line_tone(state: LineState) -> &'static str {
    match state {
        LineState::Certified => "active",
        LineState::Rejected | LineState::Reopened => "suspended",
        LineState::Written => "ended",
        LineState::Submitted | LineState::Partly => "invited",
    }
}

pub fn statement_tone(state: StatementState) -> &'static str {
    if state == StatementState::Closed { "active" } else { "invited" }
}

pub fn item(item: &Item, lang: Lang) -> String {
    let name = if lang == Lang::En && !item.name_en.is_empty() { &item.name_en } else { &item.name_fa };
    format!("{} · {name}", digits::shown(&item.code, lang))
}

pub fn unit_name(units: &[Unit], id: i64, lang: Lang) -> String {
    let unit = units.iter().find(|unit| unit.id == id);
    unit.map_or(String::new(), |unit| match lang {
        Lang::En if !unit.name_en.is_empty() => unit.name_en.clone(),
        _ => unit.name_fa.clone(),
    })
}

/// Why a row of a statement is what it is, in one sentence, with the times it was computed from.
pub fn reason(w: Words, row: &Row, zone: &Zone) -> String {
    let lang = w.lang();
    let by_day = row.unit == "day";
    let at = |name: &str| {
        let found = row.events.iter().find(|(known, _)| known == name);
        found.map_or_else(String::new, |(_, at)| moment(Timestamp(*at), lang, zone))
    };
    match row.kind {
        RowKind::Work => match row.words.as_str() {
            "rework" => w.contractors_row_rework().to_owned(),
            "reopened" => w.contractors_row_reopened().to_owned(),
            words if row.before != 0 && words.is_empty() => w.contractors_row_changed().to_owned(),
            words => words.to_owned(),
        },
        RowKind::Correction => row.words.clone(),
        RowKind::LateArrival if by_day => {
            w.contractors_row_late_arrival_days(&at("accepted"), &at("arrived"), row.units, &at("due"))
        }
        RowKind::LateArrival => {
            w.contractors_row_late_arrival_hours(&at("accepted"), &at("arrived"), &at("due"), row.units)
        }
        RowKind::LateFinish if by_day => {
            w.contractors_row_late_finish_days(&at("accepted"), row.units, &at("due"), &at("ended"))
        }
        RowKind::LateFinish => {
            w.contractors_row_late_finish_hours(&at("accepted"), &at("due"), &at("ended"), row.units)
        }
        RowKind::NoShow => w.contractors_row_no_show(&at("accepted"), &at("promised"), &at("taken-back")),
        RowKind::FailedCheck => w.contractors_row_failed_check(&at("checked")),
        RowKind::MissingProof => w.contractors_row_missing_proof().to_owned(),
    }
}

/// The sentence of a refusal.
pub fn refusal(w: Words, code: &str) -> String {
    let known = w.by_key(&format!("contractors-refusal-{code}"));
    known.unwrap_or(w.contractors_refusal_changed()).to_owned()
}

/// The sentence beside a field.
pub fn wrong(w: Words, field: &str, code: &str) -> String {
    let field = field.replace('_', "-");
    let known = w
        .by_key(&format!("contractors-wrong-{field}-{code}"))
        .or_else(|| w.by_key(&format!("contractors-wrong-{field}")));
    known.unwrap_or(w.contractors_wrong_number()).to_owned()
}
