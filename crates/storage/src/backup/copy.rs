//! Rows from one database to another, table by table.

use crate::db::Db;
use crate::error::{Error, Result};
use crate::params;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::value::{Param, Row};

/// How many rows travel in one transaction.
const AT_ONCE: i64 = 2000;

/// A value on its way from one database to the other.
#[derive(Debug, Clone)]
enum Cell {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// Copies every table. Full-text indexes are not copied as rows: SQLite's is an index over words that are not
/// kept, so their words are carried over by whoever owns them (see `requests::search`).
pub fn rows(from: &Db, to: &Db) -> Result<()> {
    for table in from.read_blocking(tables)? {
        let columns = {
            let table = table.clone();
            to.read_blocking(move |tx| columns(tx, &table))?
        };
        copy_table(from, to, &table, &columns)?;
    }
    Ok(())
}

/// Tables with rows of their own, in an order that never depends on the engine.
pub fn tables(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let mut names: Vec<String> = tx.query(
        &Sql::forked(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' LIMIT 1000",
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' LIMIT 1000",
        ),
        &[],
        |row| row.get(0),
    )?;
    names.retain(|name| name != "migrations" && !name.starts_with("request_search"));
    names.sort();
    Ok(names)
}

fn columns(tx: &mut Tx<'_>, table: &str) -> Result<Vec<(String, Kind)>> {
    let sql = Sql::forked(
        "SELECT name, type FROM pragma_table_info(?1) ORDER BY cid LIMIT 1000",
        "SELECT column_name::text, data_type::text FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position LIMIT 1000",
    );
    tx.query(&sql, &params![table], |row| {
        let kind = match row.get::<String>(1)?.to_ascii_uppercase().as_str() {
            "BIGINT" | "INTEGER" => Kind::Int,
            "TEXT" => Kind::Text,
            "DOUBLE PRECISION" => Kind::Real,
            "BLOB" | "BYTEA" => Kind::Blob,
            other => return Err(Error::corrupt(format_args!("{table}: a column of type {other}"))),
        };
        Ok((row.get(0)?, kind))
    })
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Int,
    Real,
    Text,
    Blob,
}

fn read(row: &Row<'_>, kinds: &[(String, Kind)]) -> Result<Vec<Cell>> {
    kinds
        .iter()
        .enumerate()
        .map(|(n, (_, kind))| {
            Ok(match kind {
                Kind::Int => row.get::<Option<i64>>(n)?.map_or(Cell::Null, Cell::Int),
                Kind::Real => row.get::<Option<f64>>(n)?.map_or(Cell::Null, Cell::Real),
                Kind::Text => row.get::<Option<String>>(n)?.map_or(Cell::Null, Cell::Text),
                Kind::Blob => row.get::<Option<Vec<u8>>>(n)?.map_or(Cell::Null, Cell::Blob),
            })
        })
        .collect()
}

fn copy_table(from: &Db, to: &Db, table: &str, columns: &[(String, Kind)]) -> Result<()> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let list = names.join(", ");
    let (sender, receiver) = std::sync::mpsc::sync_channel::<Vec<Vec<Cell>>>(4);
    // One read transaction for the whole table, so that its pages belong together.
    let reading = {
        let (text, kinds) = (format!("SELECT {list} FROM {table} ORDER BY 1, 2"), columns.to_vec());
        let from = from.clone();
        std::thread::spawn(move || {
            from.read_blocking(move |tx| {
                let mut page = Vec::new();
                let gone = |_| Error::corrupt("the copy stopped");
                let sql =
                    if kinds.len() < 2 { Sql::built(text.replace(", 2", "")) } else { Sql::built(text) };
                tx.for_each(&sql, &[], |row| {
                    page.push(read(row, &kinds)?);
                    if page.len() as i64 >= AT_ONCE {
                        sender.send(std::mem::take(&mut page)).map_err(gone)?;
                    }
                    Ok(())
                })?;
                sender.send(page).map_err(gone)
            })
        })
    };
    let head = format!("INSERT INTO {table} ({list}) VALUES");
    while let Ok(page) = receiver.recv() {
        let (head, width) = (head.clone(), columns.len());
        to.write_blocking(move |tx| {
            let values: Vec<Param<'_>> = page.iter().flatten().map(as_param).collect();
            tx.insert_many(&head, width, &values, "ON CONFLICT DO NOTHING").map(|_| ())
        })?;
    }
    let outcome: Result<()> = reading.join().map_err(|_| Error::Panicked)?;
    outcome?;
    let count = Sql::built(format!("SELECT count(*) FROM {table}"));
    let both = [from, to].map(|db| {
        let count = count.clone();
        db.read_blocking(move |tx| tx.value::<i64>(&count, &[]))
    });
    match both {
        [Ok(a), Ok(b)] if a == b => Ok(()),
        [Ok(_), Ok(_)] => Err(Error::corrupt(format_args!("{table}: the copy has another number of rows"))),
        [Err(e), _] | [_, Err(e)] => Err(e),
    }
}

fn as_param(cell: &Cell) -> Param<'_> {
    match cell {
        Cell::Null => Param::Null,
        Cell::Int(v) => Param::Int(*v),
        Cell::Real(v) => Param::Real(*v),
        Cell::Text(v) => Param::Text(v),
        Cell::Blob(v) => Param::Blob(v),
    }
}
