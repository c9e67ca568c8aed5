//! Many machines: PostgreSQL behind the same [`Tx`].
//!
//! Several writer threads, each with a session of its own, run the same closures with the same batching.
//! When PostgreSQL asks for a transaction to be run again (two writers met), the jobs of the batch are
//! repeated one by one. A session that is lost is opened again; a commit whose answer was lost is reported
//! as [`Error::Unknown`], and the caller's idempotency key settles what happened.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;
use postgres::{Client, NoTls};

use crate::db::{Db, Options, Queues, Shared, Target};
use crate::error::{Error, Result};
use crate::group::{Job, LONGEST_BATCH};
use crate::sqlite::spawn;
use crate::tx::{Conn, PgConn, Tx};

/// Fewer than on SQLite: other writers go on meanwhile, and a batch holds the journal's counter at its end.
const MOST_JOBS: usize = 64;
const MOST_TRIES: u32 = 8;

pub(crate) fn start(
    url: &str,
    options: &Options,
    queues: &Queues,
    shared: &Arc<Shared>,
) -> Result<Vec<JoinHandle<()>>> {
    let mut threads = Vec::new();
    for _ in 0..options.writers.max(1) {
        let (mut link, jobs, shared) = (Link::open(url)?, queues.writes.clone(), Arc::clone(shared));
        threads.push(spawn("writer", move || write_until_closed(&mut link, &jobs, &shared))?);
    }
    for (name, count, jobs) in
        [("reader", options.readers, &queues.reads), ("slow-reader", options.slow_readers, &queues.slow)]
    {
        for _ in 0..count.max(1) {
            let (mut link, jobs, shared) = (Link::open(url)?, jobs.clone(), Arc::clone(shared));
            threads.push(spawn(name, move || {
                while let Ok(job) = jobs.recv() {
                    read_one(&mut link, job, &shared);
                }
            })?);
        }
    }
    Ok(threads)
}

/// A session that can be opened again.
struct Link {
    url: String,
    conn: Option<PgConn>,
}

impl Link {
    fn open(url: &str) -> Result<Self> {
        let mut link = Link { url: url.to_owned(), conn: None };
        link.conn()?;
        Ok(link)
    }

    fn conn(&mut self) -> Result<&mut PgConn> {
        if self.conn.as_ref().is_some_and(|c| c.client.is_closed()) {
            self.conn = None;
        }
        if self.conn.is_none() {
            let mut client = Client::connect(&self.url, NoTls)?;
            client.batch_execute(
                "SET statement_timeout = '60s'; SET lock_timeout = '10s'; SET synchronous_commit = on",
            )?;
            self.conn = Some(PgConn::new(client));
        }
        self.conn.as_mut().ok_or_else(|| Error::Unavailable("no session".into()))
    }
}

fn read_one(link: &mut Link, job: Box<dyn FnOnce(&mut Tx<'_>) + Send>, shared: &Shared) {
    // Without a session the closure is dropped, which tells its caller that the database is out of reach.
    let Ok(conn) = link.conn() else {
        std::thread::sleep(Duration::from_millis(50));
        return;
    };
    let opened = conn.client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").is_ok();
    job(&mut Tx::new(Conn::Postgres(conn), &shared.memo));
    if opened && !conn.client.is_closed() {
        let _ = conn.client.batch_execute("ROLLBACK");
    }
}

fn write_until_closed(link: &mut Link, jobs: &Receiver<Box<dyn Job>>, shared: &Shared) {
    let mut commits = 0u64;
    while let Ok(first) = jobs.recv() {
        let begun = Instant::now();
        let mut batch = vec![first];
        while batch.len() < MOST_JOBS && begun.elapsed() < LONGEST_BATCH {
            match jobs.try_recv() {
                Ok(job) => batch.push(job),
                Err(_) => break,
            }
        }
        shared.written.fetch_add(batch.len() as u64, Ordering::Relaxed);
        let outcome = match attempt(link, &mut batch, shared) {
            Err(Error::Conflict) => None,
            outcome => Some(outcome),
        };
        match outcome {
            Some(outcome) => {
                let announced = *outcome.as_ref().unwrap_or(&0) > 0;
                let committed = outcome.map(|_| ());
                batch.into_iter().for_each(|job| job.answer(committed.clone()));
                announce(announced, &mut commits, shared);
            }
            // Two writers met. Alone, each job either succeeds or shows which one cannot.
            None => {
                for job in batch {
                    let mut one = vec![job];
                    let outcome = alone(link, &mut one, shared);
                    let announced = *outcome.as_ref().unwrap_or(&0) > 0;
                    let committed = outcome.map(|_| ());
                    one.into_iter().for_each(|job| job.answer(committed.clone()));
                    announce(announced, &mut commits, shared);
                }
            }
        }
    }
}

fn announce(announced: bool, commits: &mut u64, shared: &Shared) {
    if announced {
        *commits += 1;
        shared.news.send_modify(|n| *n += 1);
    }
}

fn alone(link: &mut Link, one: &mut [Box<dyn Job>], shared: &Shared) -> Result<usize> {
    let mut pause = Duration::from_millis(1);
    for _ in 0..MOST_TRIES {
        match attempt(link, one, shared) {
            Err(Error::Conflict) => {
                std::thread::sleep(pause);
                pause *= 2;
            }
            outcome => return outcome,
        }
    }
    Err(Error::Conflict)
}

fn attempt(link: &mut Link, batch: &mut [Box<dyn Job>], shared: &Shared) -> Result<usize> {
    let conn = link.conn()?;
    conn.client.batch_execute("BEGIN")?;
    let mut tx = Tx::new(Conn::Postgres(conn), &shared.memo);
    let ran = run_all(&mut tx, batch);
    let Conn::Postgres(conn) = tx.conn else {
        return Err(Error::database("a PostgreSQL batch on another engine"));
    };
    match ran {
        Ok(announced) => match conn.client.batch_execute("COMMIT") {
            Ok(()) => Ok(announced),
            Err(error) => match Error::from(error) {
                Error::Unavailable(why) => Err(Error::Unknown(why)),
                error => Err(error),
            },
        },
        Err(error) => {
            if !conn.client.is_closed() {
                let _ = conn.client.batch_execute("ROLLBACK");
            }
            Err(error)
        }
    }
}

fn run_all(tx: &mut Tx<'_>, batch: &mut [Box<dyn Job>]) -> Result<usize> {
    for job in batch {
        tx.next_job();
        let notes = tx.notes.len();
        tx.script("SAVEPOINT job")?;
        let keep = job.run(tx);
        if tx.retry {
            return Err(Error::Conflict);
        }
        if !keep {
            tx.job_undone(notes);
            tx.script("ROLLBACK TO SAVEPOINT job")?;
        }
        tx.script("RELEASE SAVEPOINT job")?;
    }
    tx.flush_notes()
}

/// A schema of its own on a test server; stays until the server's folder is removed.
pub(crate) fn temporary(server: &str) -> Result<Db> {
    let mut dice = [0u8; 8];
    getrandom::fill(&mut dice).map_err(Error::database)?;
    let schema = format!("story_{:016x}", u64::from_le_bytes(dice));
    Client::connect(server, NoTls)?.batch_execute(&format!("CREATE SCHEMA {schema}"))?;
    let join = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{join}options=-c%20search_path%3D{schema}");
    let options = Options { readers: 1, slow_readers: 1, writers: 2, ..Options::new(Target::Postgres(url)) };
    Db::open_in(&options, None)
}
