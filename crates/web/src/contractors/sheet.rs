//! A statement as a spreadsheet: a real workbook that opens from right to left in Persian, and the same as CSV.
//!
//! Numbers are numbers, so that they can be added up again; dates and reasons are words of the reader's language. What
//! people wrote never begins a formula: in the workbook it is text, in the CSV such a cell gets an apostrophe in front.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use calendar::Zone;
use door::{Door, Failure, Signed};
use http::{HeaderValue, StatusCode, header};
use language::Lang;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};
use words::Words;

use super::one::account;
use super::show;
use super::statement::{self, Found};
use crate::ask::{Ask, Here};

/// One cell.
enum Cell {
    Text(String),
    Number(f64),
}

/// Everything in the sheet: the head, the rows, the account.
struct Sheet {
    name: String,
    head: Vec<Vec<Cell>>,
    titles: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
    account: Vec<(String, i64)>,
    lang: Lang,
}

/// An `f64` holds whole rial up to nine thousand billion million exactly; statements are checked to be smaller.
fn number(amount: i64) -> Cell {
    Cell::Number(amount as f64)
}

fn put_together(w: Words, found: &Found, contractor: &str, zone: &Zone) -> Sheet {
    let lang = w.lang();
    let statement = &found.statement;
    let text = |text: &str| Cell::Text(text.to_owned());
    let head = vec![
        vec![text(&w.contractors_statement_title(
            &show::month(statement.from_on, statement.until_on, lang),
            statement.number,
        ))],
        vec![text(w.contractors_field_contractor()), text(contractor)],
        vec![
            text(w.contractors_contract()),
            Cell::Text(format!("{} · {}", found.contract.code, found.contract.title_fa)),
        ],
        vec![
            text(w.contractors_period()),
            Cell::Text(w.contractors_from_until(
                &show::day(statement.from_on, lang),
                &show::day(statement.until_on, lang),
            )),
        ],
        vec![
            text(w.contractors_column_state()),
            Cell::Text(show::named(w, "statement-state", statement.state.code())),
        ],
        vec![],
    ];
    let titles = vec![
        w.contractors_column_row(),
        w.contractors_column_kind(),
        w.contractors_column_order(),
        w.contractors_column_item(),
        w.contractors_column_day(),
        w.contractors_column_quantity(),
        w.contractors_column_unit(),
        w.contractors_column_price(),
        w.contractors_column_coefficient(),
        w.contractors_column_before(),
        w.contractors_column_amount(),
        w.contractors_column_reason(),
        w.contractors_column_dispute(),
    ];
    let rows = found.rows.iter().map(|row| {
        let line = statement::line(w, row, zone);
        let is_work = line.is_work;
        let only = |cell: Cell| if is_work { cell } else { Cell::Text(String::new()) };
        let dispute = line.dispute.map_or(String::new(), |told| match told.answer.as_str() {
            "" => format!("{}: {}", told.state, told.words),
            answer => format!("{}: {} / {answer}", told.state, told.words),
        });
        vec![
            number(row.number),
            Cell::Text(line.kind),
            Cell::Text(row.order_code.clone()),
            // Codes stay as the price list writes them, so that they can be looked up.
            Cell::Text(match (row.item.as_str(), lang, row.name_en.as_str()) {
                ("", ..) => String::new(),
                (code, Lang::Fa, _) | (code, Lang::En, "") => format!("{code} · {}", row.name_fa),
                (code, Lang::En, name) => format!("{code} · {name}"),
            }),
            Cell::Text(line.day),
            only(Cell::Number(row.quantity as f64 / 1000.0)),
            Cell::Text(line.unit),
            only(number(row.price)),
            only(Cell::Number(row.coefficient as f64 / 10_000.0)),
            only(number(row.before)),
            number(if row.kind.is_penalty() { -row.amount } else { row.amount }),
            Cell::Text(line.reason),
            Cell::Text(dispute),
        ]
    });
    let of = &statement.account;
    // The same lines and order as on the page, with numbers in the place of words.
    let amounts = [
        of.to_date,
        of.previous,
        of.over_ceiling,
        of.gross,
        of.corrections,
        -of.retention,
        of.penalties_full,
        -of.penalties,
        of.carried_in,
    ];
    let names = [
        w.contractors_account_to_date(),
        w.contractors_account_previous(),
        w.contractors_account_over_ceiling(),
        w.contractors_account_gross(),
        w.contractors_account_corrections(),
        w.contractors_account_retention(),
        w.contractors_account_penalties_full(),
        w.contractors_account_penalties(),
        w.contractors_account_carried_in(),
    ];
    let shown: Vec<&str> = account(w, of).into_iter().map(|(name, _)| name).collect();
    let mut lines: Vec<(String, i64)> = names
        .into_iter()
        .zip(amounts)
        .filter(|(name, _)| shown.contains(name))
        .map(|(name, amount)| (name.to_owned(), amount))
        .collect();
    lines.push((w.contractors_account_payable().to_owned(), of.payable));
    if of.carried_out != 0 {
        lines.push((w.contractors_account_carried_out().to_owned(), of.carried_out));
    }
    Sheet {
        name: w
            .contractors_statement_number(statement.number)
            .chars()
            .filter(|c| !"[]:*?/\\".contains(*c))
            .take(31)
            .collect(),
        head,
        titles,
        rows: rows.collect(),
        account: lines,
        lang,
    }
}

fn workbook(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.set_name(&sheet.name)?;
    let align = if sheet.lang == Lang::Fa { FormatAlign::Right } else { FormatAlign::Left };
    if sheet.lang == Lang::Fa {
        page.set_right_to_left(true);
    }
    let bold = Format::new().set_bold().set_align(align);
    let text = Format::new().set_align(align);
    let money = Format::new().set_num_format("#,##0.####");
    let mut at: u32 = 0;
    for row in sheet.head.iter() {
        for (column, cell) in (0_u16..).zip(row) {
            put(page, at, column, cell, if column == 0 { &bold } else { &text }, &money)?;
        }
        at += 1;
    }
    for (column, title) in (0_u16..).zip(&sheet.titles) {
        page.write_string_with_format(at, column, *title, &bold)?;
    }
    page.set_freeze_panes(at + 1, 0)?;
    at += 1;
    for row in &sheet.rows {
        for (column, cell) in (0_u16..).zip(row) {
            put(page, at, column, cell, &text, &money)?;
        }
        at += 1;
    }
    at += 1;
    for (name, amount) in &sheet.account {
        page.write_string_with_format(at, 0, name, &bold)?;
        page.write_number_with_format(at, AMOUNT, *amount as f64, &money)?;
        at += 1;
    }
    for (column, width) in
        (0_u16..).zip([8.0, 16.0, 14.0, 40.0, 12.0, 12.0, 12.0, 16.0, 10.0, 16.0, 18.0, 60.0, 40.0])
    {
        page.set_column_width(column, width)?;
    }
    book.save_to_buffer()
}

/// The column of amounts, under which the account stands.
const AMOUNT: u16 = 10;

fn put(
    page: &mut rust_xlsxwriter::Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    text: &Format,
    money: &Format,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(words) if words.is_empty() => {}
        Cell::Text(words) => {
            page.write_string_with_format(row, column, words, text)?;
        }
        Cell::Number(number) => {
            page.write_number_with_format(row, column, *number, money)?;
        }
    }
    Ok(())
}

/// With the mark by which spreadsheets know that it is UTF-8.
fn text(sheet: &Sheet) -> Result<Vec<u8>, csv::Error> {
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(b"\xef\xbb\xbf".to_vec());
    let cell = |cell: &Cell| match cell {
        Cell::Text(words) if words.starts_with(['=', '+', '-', '@', '\t']) => format!("'{words}"),
        Cell::Text(words) => words.clone(),
        Cell::Number(number) => number.to_string(),
    };
    for row in &sheet.head {
        out.write_record(if row.is_empty() { vec![String::new()] } else { row.iter().map(cell).collect() })?;
    }
    out.write_record(&sheet.titles)?;
    for row in &sheet.rows {
        out.write_record(row.iter().map(cell).collect::<Vec<_>>())?;
    }
    out.write_record([""])?;
    for (name, amount) in &sheet.account {
        out.write_record([name.as_str(), &amount.to_string()])?;
    }
    out.into_inner().map_err(|error| error.into_error().into())
}

async fn find(door: &Door, id: i64, signed: &Signed, ask: Ask) -> Result<Option<Sheet>, Failure> {
    let act = signed.act(door);
    door.db
        .read(move |tx| -> Result<_, Failure> {
            let Some(here) = Here::find(tx, &ask)? else { return Ok(None) };
            let city = here.city();
            let Some(found) = statement::find(tx, &act, city.id, id)? else { return Ok(None) };
            let units = people::units::all(tx, city.id)?;
            let contractor = show::unit_name(&units, found.statement.contractor, ask.lang);
            Ok(Some(put_together(ask.words(), &found, &contractor, &city.zone)))
        })
        .await
}

fn sent(id: i64, kind: &'static str, tail: &str, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"statement-{id}.{tail}\"");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment")),
        ),
    ];
    (headers, bytes).into_response()
}

/// `GET /statements/{id}/sheet.xlsx`.
pub async fn xlsx(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    let Some(sheet) = find(&door, id, &signed, ask).await? else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let bytes = door.blocking(move || workbook(&sheet)).await?.map_err(Failure::new)?;
    Ok(sent(id, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", bytes))
}

/// `GET /statements/{id}/sheet.csv`.
pub async fn csv(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    let Some(sheet) = find(&door, id, &signed, ask).await? else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    Ok(sent(id, "text/csv; charset=utf-8", "csv", text(&sheet).map_err(Failure::new)?))
}
