//! One open transaction, on whichever database the city uses.

use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

use postgres::fallible_iterator::FallibleIterator;

use crate::error::{Error, Result};
use crate::journal::{self, Note};
use crate::memo::Memo;
use crate::sql::Sql;
use crate::value::{FromColumn, Param, Row};

/// Which database is behind a transaction. Only the named forks (full-text search, backup) may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

pub(crate) enum Conn<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(&'c mut PgConn),
}

/// A PostgreSQL session with the statements it has prepared so far.
pub(crate) struct PgConn {
    pub client: postgres::Client,
    prepared: HashMap<String, postgres::Statement>,
}

impl PgConn {
    pub fn new(client: postgres::Client) -> Self {
        PgConn { client, prepared: HashMap::new() }
    }

    fn prepare(&mut self, text: &str) -> Result<postgres::Statement, postgres::Error> {
        if let Some(statement) = self.prepared.get(text) {
            return Ok(statement.clone());
        }
        // Lists of any length make many texts; start over rather than grow without end.
        if self.prepared.len() >= 512 {
            self.prepared.clear();
        }
        let statement = self.client.prepare(text)?;
        self.prepared.insert(text.to_owned(), statement.clone());
        Ok(statement)
    }
}

/// Everything a verb may do to the world: read rows, change rows, record facts.
pub struct Tx<'c> {
    pub(crate) conn: Conn<'c>,
    pub(crate) memo: &'c Memo,
    pub(crate) notes: Vec<Note>,
    editions: HashMap<i64, i64>,
    /// Set when PostgreSQL asks for the transaction to be run again.
    pub(crate) retry: bool,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(conn: Conn<'c>, memo: &'c Memo) -> Self {
        Tx { conn, memo, notes: Vec::new(), editions: HashMap::new(), retry: false }
    }

    pub fn engine(&self) -> Engine {
        match self.conn {
            Conn::Sqlite(_) => Engine::Sqlite,
            Conn::Postgres(_) => Engine::Postgres,
        }
    }

    /// Forgets what one job learned, before the next one in the same commit begins.
    pub(crate) fn next_job(&mut self) {
        // On SQLite nobody else writes while this transaction is open, so what was read stays true; on PostgreSQL
        // another writer's commit may have become visible.
        if self.engine() == Engine::Postgres {
            self.editions.clear();
        }
        self.retry = false;
    }

    /// Forgets what a job said that was undone.
    pub(crate) fn job_undone(&mut self, notes: usize) {
        self.notes.truncate(notes);
        self.editions.clear();
    }

    fn failed(&mut self, error: postgres::Error) -> Error {
        let error = Error::from(error);
        self.retry |= matches!(error, Error::Conflict);
        error
    }

    /// Changes rows and says how many.
    pub fn execute(&mut self, sql: &Sql, params: &[Param<'_>]) -> Result<u64> {
        match &mut self.conn {
            Conn::Sqlite(conn) => {
                let mut statement = conn.prepare_cached(&sql.sqlite)?;
                Ok(statement.execute(rusqlite::params_from_iter(params))? as u64)
            }
            Conn::Postgres(conn) => {
                let refs = as_dyn(params);
                let done = match conn.prepare(&sql.postgres) {
                    Ok(statement) => conn.client.execute(&statement, &refs),
                    Err(error) => Err(error),
                };
                done.map_err(|e| self.failed(e))
            }
        }
    }

    /// Changes exactly one row, or fails with [`Error::Conflict`]: the guarded update that keeps an
    /// invariant on one writer and on many.
    pub fn execute_one(&mut self, sql: &Sql, params: &[Param<'_>]) -> Result<()> {
        match self.execute(sql, params)? {
            1 => Ok(()),
            _ => Err(Error::Conflict),
        }
    }

    /// Calls `each` for every row, in order, without keeping them.
    pub fn for_each(
        &mut self,
        sql: &Sql,
        params: &[Param<'_>],
        mut each: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        match &mut self.conn {
            Conn::Sqlite(conn) => {
                let mut statement = conn.prepare_cached(&sql.sqlite)?;
                let mut rows = statement.query(rusqlite::params_from_iter(params))?;
                while let Some(row) = rows.next()? {
                    each(&Row::Sqlite(row))?;
                }
                Ok(())
            }
            Conn::Postgres(conn) => {
                let outcome = (|| {
                    let statement = conn.prepare(&sql.postgres)?;
                    let mut rows = conn.client.query_raw(&statement, params.iter().copied())?;
                    while let Some(row) = rows.next()? {
                        if let Err(error) = each(&Row::Postgres(&row)) {
                            return Ok(Err(error));
                        }
                    }
                    Ok(Ok(()))
                })();
                match outcome {
                    Ok(done) => done,
                    Err(error) => Err(self.failed(error)),
                }
            }
        }
    }

    /// All rows. The statement carries the LIMIT.
    pub fn query<T>(
        &mut self,
        sql: &Sql,
        params: &[Param<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        self.for_each(sql, params, |row| {
            all.push(read(row)?);
            Ok(())
        })?;
        Ok(all)
    }

    /// The first row, if there is one.
    pub fn query_opt<T>(
        &mut self,
        sql: &Sql,
        params: &[Param<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut first = None;
        self.for_each(sql, params, |row| {
            if first.is_none() {
                first = Some(read(row)?);
            }
            Ok(())
        })?;
        Ok(first)
    }

    /// The first column of the first row, if there is one.
    pub fn value<T: FromColumn>(&mut self, sql: &Sql, params: &[Param<'_>]) -> Result<Option<T>> {
        self.query_opt(sql, params, |row| row.get(0))
    }

    /// Many rows in few statements: `head` is `INSERT INTO t (a, b) VALUES`, `values` their values one row
    /// after the other, `tail` what follows (`ON CONFLICT DO NOTHING` or nothing).
    pub fn insert_many(
        &mut self,
        head: &str,
        columns: usize,
        values: &[Param<'_>],
        tail: &str,
    ) -> Result<u64> {
        let mut changed = 0;
        let mut rest = values;
        // Few different lengths, so that prepared statements are met again.
        for rows in [64usize, 8, 1] {
            while columns > 0 && rest.len() >= rows * columns {
                let (now, later) = rest.split_at(rows * columns);
                changed += self.execute(&insert_text(head, columns, rows, tail), now)?;
                rest = later;
            }
        }
        Ok(changed)
    }

    /// Runs a script without values, such as a migration.
    pub fn script(&mut self, text: &str) -> Result<()> {
        match &mut self.conn {
            Conn::Sqlite(conn) => Ok(conn.execute_batch(text)?),
            Conn::Postgres(conn) => {
                let done = conn.client.batch_execute(text);
                done.map_err(|e| self.failed(e))
            }
        }
    }

    /// Announces a fact. It is numbered, chained and stored when the transaction commits.
    pub fn record(&mut self, note: Note) {
        self.notes.push(note);
    }

    /// The edition of a jurisdiction's slow-changing data, 0 before the first.
    pub fn edition(&mut self, jurisdiction: i64) -> Result<i64> {
        if let Some(edition) = self.editions.get(&jurisdiction) {
            return Ok(*edition);
        }
        let edition = self
            .value(
                crate::sql!("SELECT edition FROM editions WHERE jurisdiction_id = $1"),
                &[Param::Int(jurisdiction)],
            )?
            .unwrap_or(0);
        self.editions.insert(jurisdiction, edition);
        Ok(edition)
    }

    /// Slow-changing data of a jurisdiction, read once per edition and shared. `load` reads it from rows.
    pub fn memo<T: Any + Send + Sync>(
        &mut self,
        jurisdiction: i64,
        load: fn(&mut Tx<'_>, i64) -> Result<T>,
    ) -> Result<Arc<T>> {
        let edition = self.edition(jurisdiction)?;
        if let Some(known) = self.memo.get::<T>(jurisdiction, edition) {
            return Ok(known);
        }
        let value = Arc::new(load(self, jurisdiction)?);
        self.memo.put(jurisdiction, edition, &value);
        Ok(value)
    }

    /// [`Tx::memo`] for data that has an edition of its own, read by the caller from the row that carries it.
    pub fn memo_of<T: Any + Send + Sync>(
        &mut self,
        jurisdiction: i64,
        edition: i64,
        load: fn(&mut Tx<'_>, i64) -> Result<T>,
    ) -> Result<Arc<T>> {
        if let Some(known) = self.memo.get::<T>(jurisdiction, edition) {
            return Ok(known);
        }
        let value = Arc::new(load(self, jurisdiction)?);
        self.memo.put(jurisdiction, edition, &value);
        Ok(value)
    }

    /// Says that slow-changing data of this jurisdiction changed in this transaction. `edition` must be new:
    /// the doors draw it, since nothing below them has a source of chance.
    pub fn new_edition(&mut self, jurisdiction: i64, edition: i64) -> Result<()> {
        self.execute(
            crate::sql!(
                "INSERT INTO editions (jurisdiction_id, edition) VALUES ($1, $2)
                 ON CONFLICT (jurisdiction_id) DO UPDATE SET edition = excluded.edition"
            ),
            &[Param::Int(jurisdiction), Param::Int(edition)],
        )?;
        self.editions.insert(jurisdiction, edition);
        Ok(())
    }

    /// Writes the facts recorded since the last flush to the journal. Called once per commit.
    pub(crate) fn flush_notes(&mut self) -> Result<usize> {
        if self.notes.is_empty() {
            return Ok(0);
        }
        let notes = std::mem::take(&mut self.notes);
        journal::append(self, &notes)?;
        Ok(notes.len())
    }
}

fn as_dyn<'p>(params: &'p [Param<'p>]) -> Vec<&'p (dyn postgres::types::ToSql + Sync)> {
    params.iter().map(|p| p as &(dyn postgres::types::ToSql + Sync)).collect()
}

fn insert_text(head: &str, columns: usize, rows: usize, tail: &str) -> Sql {
    let mut text = String::with_capacity(head.len() + rows * columns * 5 + tail.len());
    text.push_str(head);
    let mut n = 0;
    for row in 0..rows {
        text.push_str(if row == 0 { " (" } else { ", (" });
        for column in 0..columns {
            n += 1;
            if column > 0 {
                text.push(',');
            }
            text.push('$');
            text.push_str(&n.to_string());
        }
        text.push(')');
    }
    text.push(' ');
    text.push_str(tail);
    Sql::built(text)
}
