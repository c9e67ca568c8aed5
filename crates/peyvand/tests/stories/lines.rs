//! Dates in both calendars, and text as search sees it.

use crate::peyvand::{run, run_with_input};

fn words(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_date_is_said_in_both_calendars() {
    let nowruz = words(&[
        "1404-01-01 Jalali",
        "2025-03-21 Gregorian",
        "جمعه ۱ فروردین ۱۴۰۴ · ۲۱ مارس ۲۰۲۵",
        "Friday 21 March 2025 · 1 Farvardin 1404",
    ]);
    assert_eq!(run(&["date", "1404-01-01"]).out, nowruz);
    assert_eq!(run(&["date", "--gregorian", "2025-03-21"]).out, nowruz);
    assert_eq!(run(&["date", "۱۴۰۴/۱/۱"]).out, nowruz);
    // 1403 is a leap year, and the next one comes after five years.
    assert!(run(&["date", "1403-12-30"]).out.contains("2025-03-20 Gregorian"));
    assert!(run(&["date", "1408-12-30"]).out.contains("2030-03-20 Gregorian"));
}

#[test]
fn a_date_that_cannot_be_is_refused_with_a_sentence() {
    for (typed, reason) in [
        (&["date", "1404-12-30"][..], "only 29 days"),
        (&["date", "1404-07-31"], "only 30 days"),
        (&["date", "1404-13-01"], "no such month"),
        (&["date", "--gregorian", "2025-02-29"], "only 28 days"),
        (&["date", "tomorrow"], "year, month and day"),
    ] {
        let said = run(typed);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{typed:?}");
        assert!(said.err.contains(reason), "{typed:?}: {}", said.err);
    }
}

#[test]
fn every_line_is_folded_whatever_it_holds() {
    let mut input = Vec::new();
    input.extend_from_slice("كتاب‌هاي\u{64e}\n".as_bytes());
    input.extend_from_slice(b"\n");
    input.extend_from_slice(b"\xff\xfe\x80 bad \xc3\n");
    input.extend_from_slice("منطقهٔ ۱۲\r\n".as_bytes());
    input.extend_from_slice("ولی‌عصر".as_bytes());
    let said = run_with_input(&["text", "fold"], &input);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(said.code, 0);
    assert_eq!(lines.len(), 5, "{lines:?}");
    assert_eq!(lines[0], "کتاب");
    assert_eq!(lines[1], "");
    assert_eq!(lines[2], "bad");
    assert!(lines[3].contains("منطقه") && lines[3].contains("12"), "{lines:?}");
    assert!(lines[4].contains("ولیعصر"), "{lines:?}");
    // Folding what was folded changes nothing more.
    assert_eq!(run_with_input(&["text", "fold"], said.out.as_bytes()).out, said.out);
}
