//! A price list as people paste it from a spreadsheet or bring it as a CSV file.
//!
//! Columns: code, name, unit, price in rial, and if wanted the most that is usual in one line, and the English name. They
//! stand between tabs, semicolons or commas, whichever the first line has. A first line that begins with "code" or «کد» is
//! a heading. Every mistake is found, each with its line.

use std::collections::HashSet;

use language::{digits, display};

use super::money::{MOST_PRICE, MOST_QUANTITY, parse_thousandths};
use super::prices::Item;

/// The most rows of one list.
pub const MOST_ROWS: usize = 2_000;

/// What is wrong with a line. The codes have words on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastedError {
    /// Counted from 1; 0 when it is about the whole.
    pub line: i64,
    /// `code-wrong`, `code-twice`, `name-missing`, `unit-missing`, `price-wrong`, `usual-wrong`, `empty`, `too-many`,
    /// `unreadable`
    pub code: &'static str,
    /// What stood there.
    pub typed: String,
}

/// Reads a list, or says everything that is wrong with it.
pub fn parse(text: &str) -> Result<Vec<Item>, Vec<PastedError>> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let first = text.lines().next().unwrap_or("");
    let mark = [b'\t', b';', b','].into_iter().find(|mark| first.as_bytes().contains(mark)).unwrap_or(b'\t');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(mark)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let (mut items, mut wrong, mut codes) = (Vec::new(), Vec::new(), HashSet::new());
    let whole = |code| PastedError { line: 0, code, typed: String::new() };
    for (n, record) in reader.records().enumerate() {
        let Ok(record) = record else {
            wrong.push(PastedError {
                line: i64::try_from(n + 1).unwrap_or(0),
                code: "unreadable",
                typed: String::new(),
            });
            continue;
        };
        let line = record.position().and_then(|at| i64::try_from(at.line()).ok()).unwrap_or(0);
        let cell = |n: usize| record.get(n).unwrap_or("");
        if record.iter().all(str::is_empty) || (n == 0 && is_heading(cell(0))) {
            continue;
        }
        if items.len() >= MOST_ROWS {
            wrong.push(whole("too-many"));
            break;
        }
        let mut complain = |code, typed: &str| {
            wrong.push(PastedError { line, code, typed: typed.chars().take(60).collect() });
        };
        let code = digits::to_ascii(cell(0));
        let is_code = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '/' | '_');
        if code.is_empty() || code.chars().count() > 30 || !code.chars().all(is_code) {
            complain("code-wrong", cell(0));
        } else if !codes.insert(code.clone()) {
            complain("code-twice", cell(0));
        }
        let name = display::clean_line(cell(1));
        if name.is_empty() || name.chars().count() > 300 {
            complain("name-missing", cell(1));
        }
        let unit = display::clean_line(cell(2));
        if unit.is_empty() || unit.chars().count() > 30 {
            complain("unit-missing", cell(2));
        }
        let price = digits::parse_i64(cell(3)).filter(|price| (1..=MOST_PRICE).contains(price));
        if price.is_none() {
            complain("price-wrong", cell(3));
        }
        let usual_most = match cell(4) {
            "" => None,
            typed => {
                let read = parse_thousandths(typed).filter(|most| (1..=MOST_QUANTITY).contains(most));
                if read.is_none() {
                    complain("usual-wrong", typed);
                }
                read
            }
        };
        let name_en = display::clean_line(cell(5)).chars().take(300).collect();
        items.push(Item { code, name_fa: name, name_en, unit, price: price.unwrap_or(0), usual_most });
    }
    if items.is_empty() && wrong.is_empty() {
        wrong.push(whole("empty"));
    }
    if wrong.is_empty() { Ok(items) } else { Err(wrong) }
}

fn is_heading(cell: &str) -> bool {
    matches!(cell.to_lowercase().as_str(), "code" | "کد" | "ردیف" | "item")
}
