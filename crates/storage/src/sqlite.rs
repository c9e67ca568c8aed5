//! One machine: a writer thread that commits everything waiting in one transaction, and reader threads.
//!
//! `synchronous=FULL` means that COMMIT returns after the log is on the disk, and sharing that one sync among
//! all who wait makes it nearly free. A failed sync stops the process: after it the kernel may report success
//! for bytes that were lost. A full disk does not: the batch is rolled back, everybody is told, and writing
//! goes on as soon as there is room.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;
use rusqlite::{Connection, OpenFlags};

use crate::db::{Options, Queues, Shared};
use crate::error::{Error, Result};
use crate::group::{Job, LONGEST_BATCH, MOST_JOBS};
use crate::tx::{Conn, Tx};

/// The oldest SQLite we trust: older log code can corrupt a file when two connections check-point at once.
const OLDEST_SQLITE: i32 = 3_051_003;
const PAGE_BYTES: u32 = 4096;
/// Fold the log into the file after this many pages (64 MB).
const CHECKPOINT_PAGES: u32 = 16384;

pub(crate) fn start(
    path: &Path,
    options: &Options,
    queues: &Queues,
    shared: &Arc<Shared>,
) -> Result<Vec<JoinHandle<()>>> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(Error::settings(format_args!("SQLite {} is too old to be safe", rusqlite::version())));
    }
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let writer = open_writer(path)?;
    let mut threads = Vec::new();
    {
        let (jobs, shared, place) = (queues.writes.clone(), Arc::clone(shared), Place::of(path)?);
        threads.push(spawn("writer", move || write_until_closed(&writer, &place, &jobs, &shared))?);
    }
    for (name, count, jobs) in
        [("reader", options.readers, &queues.reads), ("slow-reader", options.slow_readers, &queues.slow)]
    {
        for _ in 0..count.max(1) {
            let (jobs, shared, conn) = (jobs.clone(), Arc::clone(shared), open_reader(path)?);
            threads.push(spawn(name, move || read_until_closed(&conn, &jobs, &shared))?);
        }
    }
    Ok(threads)
}

pub(crate) fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    Ok(std::thread::Builder::new().name(name.into()).spawn(work)?)
}

fn open_writer(path: &Path) -> Result<Connection> {
    let conn = Connection::open(path)?;
    // A backup by another program holds it for moments; longer than this, people should be told.
    conn.busy_timeout(Duration::from_secs(4))?;
    conn.execute_batch(&format!(
        "PRAGMA page_size = {PAGE_BYTES};
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA mmap_size = 0;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -24000;
         PRAGMA journal_size_limit = 134217728;
         PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES};"
    ))?;
    conn.set_prepared_statement_cache_capacity(256);
    keep_plans(&conn)?;
    Ok(conn)
}

/// A plan that does not depend on the values: otherwise partial indexes make SQLite plan a cached statement anew each
/// time another value is bound to it.
fn keep_plans(conn: &Connection) -> Result<()> {
    conn.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

fn open_reader(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(std::time::Duration::from_secs(10))?;
    conn.execute_batch(
        "PRAGMA query_only = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;",
    )?;
    conn.set_prepared_statement_cache_capacity(256);
    keep_plans(&conn)?;
    Ok(conn)
}

/// Where the file is, and which file it is: one that was moved away or deleted still takes writes, and loses them.
struct Place {
    path: PathBuf,
    file: (u64, u64),
}

impl Place {
    fn of(path: &Path) -> Result<Self> {
        let about = std::fs::metadata(path)?;
        Ok(Place { path: path.to_owned(), file: (about.dev(), about.ino()) })
    }

    fn check(&self) -> Result<()> {
        match Place::of(&self.path) {
            Ok(now) if now.file == self.file => Ok(()),
            _ => Err(Error::Unavailable("the database file is gone or was exchanged".into())),
        }
    }
}

fn write_until_closed(conn: &Connection, place: &Place, jobs: &Receiver<Box<dyn Job>>, shared: &Shared) {
    let mut commits = 0u64;
    let mut usual = 0;
    while let Ok(first) = jobs.recv() {
        let mut tx = Tx::new(Conn::Sqlite(conn), &shared.memo);
        let mut done: Vec<Box<dyn Job>> = Vec::with_capacity(16);
        let outcome = match place.check() {
            Ok(()) => batch(&mut tx, first, jobs, usual, &mut done),
            Err(gone) => {
                done.push(first);
                Err(gone)
            }
        };
        usual = done.len();
        shared.written.fetch_add(usual as u64, Ordering::Relaxed);
        if outcome.is_err() && !conn.is_autocommit() {
            let _ = conn.execute_batch("ROLLBACK");
        }
        let announced = *outcome.as_ref().unwrap_or(&0) > 0;
        let committed = outcome.map(|_| ());
        for job in done {
            job.answer(committed.clone());
        }
        if announced {
            commits += 1;
            shared.news.send_replace(commits);
        }
    }
    let _ = conn.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);");
}

/// Runs the first job and everything that waits behind it, and commits. Returns how many facts were recorded.
fn batch(
    tx: &mut Tx<'_>,
    first: Box<dyn Job>,
    jobs: &Receiver<Box<dyn Job>>,
    usual: usize,
    done: &mut Vec<Box<dyn Job>>,
) -> Result<usize> {
    let begun = Instant::now();
    let conn = match tx.conn {
        Conn::Sqlite(conn) => conn,
        Conn::Postgres(_) => return Err(Error::database("a SQLite batch on another engine")),
    };
    let mut next = Some(first);
    let started = statement(conn, "BEGIN IMMEDIATE");
    while let Some(mut job) = next {
        let ran = match &started {
            Ok(()) => run_one(tx, conn, job.as_mut()),
            Err(error) => Err(error.clone()),
        };
        done.push(job);
        ran?;
        let full = done.len() >= MOST_JOBS || begun.elapsed() >= LONGEST_BATCH;
        next = if full {
            None
        } else {
            jobs.try_recv().ok().or_else(|| wait_for_more(jobs, done.len(), usual, begun))
        };
    }
    let announced = tx.flush_notes()?;
    commit(conn)?;
    Ok(announced)
}

/// Those who were answered by the last commit are about to send again: when this batch is much smaller than that one
/// was, waiting a moment saves a sync that would carry only a few. Somebody alone never waits.
fn wait_for_more(
    jobs: &Receiver<Box<dyn Job>>,
    now: usize,
    usual: usize,
    begun: Instant,
) -> Option<Box<dyn Job>> {
    const MOMENT: Duration = Duration::from_micros(1500);
    if usual < 8 || now * 4 >= usual * 3 {
        return None;
    }
    jobs.recv_timeout(MOMENT.saturating_sub(begun.elapsed())).ok()
}

fn run_one(tx: &mut Tx<'_>, conn: &Connection, job: &mut dyn Job) -> Result<()> {
    tx.next_job();
    let notes = tx.notes.len();
    statement(conn, "SAVEPOINT job")?;
    let keep = job.run(tx);
    if !keep {
        tx.job_undone(notes);
        // A full disk or a failed write may already have undone the whole transaction.
        if conn.is_autocommit() {
            return Err(Error::Unavailable("the transaction was undone by the database".into()));
        }
        statement(conn, "ROLLBACK TO job")?;
    }
    statement(conn, "RELEASE job")
}

fn commit(conn: &Connection) -> Result<()> {
    let done = conn.prepare_cached("COMMIT").and_then(|mut s| s.execute([]));
    match done {
        Ok(_) => Ok(()),
        Err(error) if Error::is_failed_sync(&error) => {
            tracing::error!(%error, "the disk failed to sync; stopping, so that nothing unsafe is acknowledged");
            std::process::abort();
        }
        Err(error) => Err(error.into()),
    }
}

fn statement(conn: &Connection, text: &str) -> Result<()> {
    conn.prepare_cached(text)?.execute([])?;
    Ok(())
}

fn read_until_closed(
    conn: &Connection,
    jobs: &Receiver<Box<dyn FnOnce(&mut Tx<'_>) + Send>>,
    shared: &Shared,
) {
    while let Ok(job) = jobs.recv() {
        // One view of the rows for the whole closure, however many statements it runs.
        let opened = statement(conn, "BEGIN").is_ok();
        job(&mut Tx::new(Conn::Sqlite(conn), &shared.memo));
        if opened {
            let _ = statement(conn, "COMMIT");
        }
    }
}
