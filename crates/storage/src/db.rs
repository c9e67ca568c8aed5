//! The one handle: open, read, write, wait for news.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Sender, TrySendError};
use tokio::sync::watch;

use crate::error::{Error, Result};
use crate::group::{self, Job};
use crate::memo::Memo;
use crate::tx::{Engine, Tx};
use crate::{migrate, postgres, sqlite};

/// Where the rows are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Target {
    /// Reads `sqlite:PATH` or `postgres://...`.
    pub fn parse(text: &str) -> Result<Self> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            if path.is_empty() {
                return Err(Error::settings("after sqlite: the path of a file is expected"));
            }
            return Ok(Target::Sqlite(PathBuf::from(path.trim_start_matches("//"))));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Target::Postgres(text.to_owned()));
        }
        Err(Error::settings(format_args!("a database is sqlite:PATH or postgres://..., not {text:?}")))
    }
}

#[derive(Debug, Clone)]
pub struct Options {
    pub target: Target,
    /// Threads that read. They share what the writer committed.
    pub readers: usize,
    /// Threads for exports, reports and other reading that takes long.
    pub slow_readers: usize,
    /// Writers side by side; SQLite always has one.
    pub writers: usize,
    /// Writes that may wait before a new one is turned away with [`Error::Busy`].
    pub queue: usize,
}

impl Options {
    pub fn new(target: Target) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Options { target, readers: cores.clamp(2, 16), slow_readers: 2, writers: 4, queue: 4096 }
    }
}

pub(crate) type WriteQueue = Sender<Box<dyn Job>>;
pub(crate) type ReadQueue = Sender<Box<dyn FnOnce(&mut Tx<'_>) + Send>>;

/// A handle to the city's rows. Cloning it is cheap.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    engine: Engine,
    writes: WriteQueue,
    reads: ReadQueue,
    slow_reads: ReadQueue,
    news: watch::Receiver<u64>,
    shared: Arc<Shared>,
    target: Target,
    // The last clone of a temporary database takes its folder with it.
    _folder: Option<tempfile::TempDir>,
    threads: std::sync::Mutex<Vec<std::thread::JoinHandle<()>>>,
}

/// What the threads of a database share.
pub(crate) struct Shared {
    pub memo: Memo,
    pub news: watch::Sender<u64>,
    pub written: std::sync::atomic::AtomicU64,
}

impl Db {
    /// Opens the database, creating an empty one where there is none, and brings its tables up to date.
    pub fn open(options: &Options) -> Result<Self> {
        Self::open_in(options, None)
    }

    /// An empty embedded database that disappears with its last handle; for tests.
    pub fn temporary() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let options = Options {
            readers: 2,
            slow_readers: 1,
            ..Options::new(Target::Sqlite(folder.path().join("city.db")))
        };
        Self::open_in(&options, Some(folder))
    }

    /// The databases that a story is told on: an embedded one, and a PostgreSQL schema of its own when
    /// `PEYVAND_TEST_POSTGRES` names a server.
    pub fn for_stories() -> Result<Vec<(&'static str, Self)>> {
        let mut all = vec![("sqlite", Self::temporary()?)];
        if let Ok(server) = std::env::var("PEYVAND_TEST_POSTGRES") {
            all.push(("postgres", postgres::temporary(&server)?));
        }
        Ok(all)
    }

    pub(crate) fn open_in(options: &Options, folder: Option<tempfile::TempDir>) -> Result<Self> {
        let (news_sender, news) = watch::channel(0);
        let shared =
            Arc::new(Shared { memo: Memo::default(), news: news_sender, written: Default::default() });
        let (writes, write_jobs) = crossbeam_channel::bounded(options.queue.max(1));
        let (reads, read_jobs) = crossbeam_channel::bounded(options.queue.max(1));
        let (slow_reads, slow_jobs) = crossbeam_channel::bounded(256);
        let queues = crate::db::Queues { writes: write_jobs, reads: read_jobs, slow: slow_jobs };
        let (engine, threads) = match &options.target {
            Target::Sqlite(path) => (Engine::Sqlite, sqlite::start(path, options, &queues, &shared)?),
            Target::Postgres(url) => (Engine::Postgres, postgres::start(url, options, &queues, &shared)?),
        };
        let db = Db(Arc::new(Inner {
            engine,
            writes,
            reads,
            slow_reads,
            news,
            shared,
            target: options.target.clone(),
            _folder: folder,
            threads: std::sync::Mutex::new(threads),
        }));
        db.write_blocking(migrate::run)?;
        Ok(db)
    }

    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// The file of an embedded database.
    pub fn path(&self) -> Option<&Path> {
        match &self.0.target {
            Target::Sqlite(path) => Some(path),
            Target::Postgres(_) => None,
        }
    }

    /// Runs `work` in a transaction and answers after its commit is on disk. When the queue is full the
    /// answer is [`Error::Busy`] at once. `work` may run more than once.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (job, answer) = group::job(work);
        self.queue(job)?;
        answer.await.unwrap_or_else(|_| Err(E::from(closed())))
    }

    /// [`Db::write`] for the command line and other places without an async runtime. It waits for room.
    pub fn write_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (job, answer) = group::job(work);
        if self.0.writes.send(job).is_err() {
            return Err(E::from(closed()));
        }
        wait(answer)
    }

    /// Runs `work` over a consistent view of what was committed. It cannot change anything.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        read_on(&self.0.reads, work)?.await.unwrap_or_else(|_| Err(E::from(closed())))
    }

    /// [`Db::read`] on threads of their own, for exports and reports that take long.
    pub async fn read_slow<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        read_on(&self.0.slow_reads, work)?.await.unwrap_or_else(|_| Err(E::from(closed())))
    }

    pub fn read_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        wait(read_on(&self.0.slow_reads, work)?)
    }

    /// A number that grows after each commit that recorded facts. Followers and live pages wait on it.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.0.news.clone()
    }

    /// The last copy of slow-changing data that some transaction read, without asking whether it is still true: for
    /// work that is checked against the edition when it is written.
    pub fn remembered<T: std::any::Any + Send + Sync>(&self, jurisdiction: i64) -> Option<Arc<T>> {
        self.0.shared.memo.last(jurisdiction)
    }

    /// Writes that were answered since the start: two readings and a clock tell a rush from a quiet hour.
    pub fn written(&self) -> u64 {
        self.0.shared.written.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Writes waiting right now.
    pub fn queue_length(&self) -> usize {
        self.0.writes.len()
    }

    fn queue<E: From<Error>>(&self, job: Box<dyn Job>) -> Result<(), E> {
        self.0.writes.try_send(job).map_err(|refused| {
            E::from(match refused {
                TrySendError::Full(_) => Error::Busy,
                TrySendError::Disconnected(_) => closed(),
            })
        })
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Disconnect first, so that the threads finish what is queued, fold the log into the file and end.
        let (writes, _) = crossbeam_channel::bounded(0);
        let (reads, _) = crossbeam_channel::bounded(0);
        let (slow, _) = crossbeam_channel::bounded(0);
        self.writes = writes;
        self.reads = reads;
        self.slow_reads = slow;
        if let Ok(mut threads) = self.threads.lock() {
            for thread in threads.drain(..) {
                // A thread cannot wait for itself: the last handle may be dropped inside a closure.
                if thread.thread().id() != std::thread::current().id() {
                    let _ = thread.join();
                }
            }
        }
    }
}

/// The receiving ends, handed to the threads of a database.
pub(crate) struct Queues {
    pub writes: crossbeam_channel::Receiver<Box<dyn Job>>,
    pub reads: crossbeam_channel::Receiver<Box<dyn FnOnce(&mut Tx<'_>) + Send>>,
    pub slow: crossbeam_channel::Receiver<Box<dyn FnOnce(&mut Tx<'_>) + Send>>,
}

fn read_on<T, E, F>(queue: &ReadQueue, work: F) -> Result<tokio::sync::oneshot::Receiver<Result<T, E>>, E>
where
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (caller, answer) = tokio::sync::oneshot::channel();
    let job = Box::new(move |tx: &mut Tx<'_>| {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(tx)));
        let _ = caller.send(outcome.unwrap_or_else(|_| {
            tracing::error!("a reading verb panicked");
            Err(E::from(Error::Panicked))
        }));
    });
    queue.try_send(job).map_err(|refused| {
        E::from(match refused {
            TrySendError::Full(_) => Error::Busy,
            TrySendError::Disconnected(_) => closed(),
        })
    })?;
    Ok(answer)
}

fn wait<T, E: From<Error>>(mut answer: tokio::sync::oneshot::Receiver<Result<T, E>>) -> Result<T, E> {
    // Inside an async runtime `blocking_recv` would panic, and tests call this from there.
    if tokio::runtime::Handle::try_current().is_err() {
        return answer.blocking_recv().unwrap_or_else(|_| Err(E::from(closed())));
    }
    let mut pause = Duration::from_micros(20);
    loop {
        match answer.try_recv() {
            Ok(answer) => return answer,
            Err(tokio::sync::oneshot::error::TryRecvError::Closed) => return Err(E::from(closed())),
            Err(tokio::sync::oneshot::error::TryRecvError::Empty) => {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(1));
            }
        }
    }
}

fn closed() -> Error {
    Error::Unavailable("the database threads have stopped".into())
}
