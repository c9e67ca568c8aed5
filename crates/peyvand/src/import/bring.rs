//! Records into the database: prepared on one thread, stored by another, a few thousand in each transaction.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use anyhow::{Context, Result};
use people::Act;
use requests::import::{BroughtIn, ImportError, Importer, Prepared, Record};
use storage::{Db, Error};

/// How many records share a transaction.
pub const CHUNK: usize = 2000;

/// Brings records of one source into one city.
pub struct Bringer {
    db: Db,
    act: Act,
    jurisdiction: i64,
    importer: Importer,
    /// The number of the next record; it keeps the ids of one moment apart.
    next: u64,
    chunks: SyncSender<Chunk>,
    storing: JoinHandle<Result<BroughtIn>>,
}

struct Chunk {
    importer: Importer,
    prepared: Vec<Prepared>,
    /// To prepare them again, should their ids be taken.
    records: Vec<Record>,
}

impl Bringer {
    pub fn new(db: &Db, act: Act, jurisdiction: i64, source: &str) -> Result<Bringer> {
        let importer = importer(db, &act, jurisdiction)?;
        // Two files of one city may have records of the same moment, so each begins somewhere else.
        let next = act.dice.number() >> 32;
        let (chunks, waiting) = sync_channel(1);
        let storing = {
            let (db, act, source) = (db.clone(), act.clone(), source.to_owned());
            std::thread::Builder::new()
                .name("import".into())
                .spawn(move || store_all(&db, &act, &source, &waiting))
        };
        let storing = storing.context("starting a thread")?;
        Ok(Bringer { db: db.clone(), act, jurisdiction, importer, next, chunks, storing })
    }

    /// Reads again what the city offers, after services were made.
    pub fn renew(&mut self) -> Result<()> {
        self.importer = importer(&self.db, &self.act, self.jurisdiction)?;
        Ok(())
    }

    /// Prepares records and hands them on. A failure to store earlier ones is told by [`Bringer::finish`].
    pub fn bring(&mut self, records: Vec<Record>) -> Result<()> {
        let importer = self.importer.clone();
        let prepared = prepare(&importer, self.next, &records)?;
        self.next += records.len() as u64;
        // Nobody takes them any more only when storing failed; finishing says why.
        let _ = self.chunks.send(Chunk { importer, prepared, records });
        Ok(())
    }

    /// Waits until everything is stored.
    pub fn finish(self) -> Result<BroughtIn> {
        drop(self.chunks);
        self.storing.join().unwrap_or_else(|_| Err(anyhow::anyhow!("storing stopped")))
    }
}

fn importer(db: &Db, act: &Act, jurisdiction: i64) -> Result<Importer> {
    let act = act.clone();
    Ok(db.read_blocking(move |tx| Importer::new(tx, &act, jurisdiction))?)
}

fn prepare(importer: &Importer, first: u64, records: &[Record]) -> Result<Vec<Prepared>, ImportError> {
    records.iter().zip(first..).map(|(record, nth)| importer.prepare(nth, record.clone())).collect()
}

fn store_all(db: &Db, act: &Act, source: &str, chunks: &Receiver<Chunk>) -> Result<BroughtIn> {
    let mut all = BroughtIn::default();
    while let Ok(chunk) = chunks.recv() {
        let Chunk { importer, prepared, records } = chunk;
        let mut prepared = Arc::new(prepared);
        let mut attempts = 0;
        let done = loop {
            let outcome = {
                let (importer, prepared, source) = (importer.clone(), prepared.clone(), source.to_owned());
                db.write_blocking(move |tx| importer.store(tx, &source, &prepared))
            };
            match outcome {
                Ok(done) => break done,
                // Another import gave the same number to a record of the same millisecond. Elsewhere there is room.
                Err(ImportError::Failure(Error::Database(what))) if is_taken(&what) && attempts < 8 => {
                    attempts += 1;
                    prepared = Arc::new(prepare(&importer, act.dice.number() >> 32, &records)?);
                }
                Err(e) => return Err(e.into()),
            }
        };
        all.added += done.added;
        all.known += done.known;
    }
    Ok(all)
}

fn is_taken(what: &str) -> bool {
    what.contains("service_requests") && (what.contains("UNIQUE") || what.contains("23505"))
}
