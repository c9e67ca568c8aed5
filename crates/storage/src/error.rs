//! Failures of the machine. The city's own refusals live with the verbs that speak them.

use std::sync::Arc;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The machine broke, or is too busy. Cloneable because one failed commit answers many waiting writers.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    #[error("the write queue is full; try again shortly")]
    Busy,
    #[error("the database is closed or out of reach: {0}")]
    Unavailable(Arc<str>),
    #[error("no space is left on the disk")]
    DiskFull,
    #[error("the commit may or may not have happened: {0}")]
    Unknown(Arc<str>),
    #[error("another write came first; the change was not made")]
    Conflict,
    #[error("database: {0}")]
    Database(Arc<str>),
    #[error("column {column}: expected {expected}")]
    Column { column: usize, expected: &'static str },
    #[error("the stored data disagree: {0}")]
    Corrupt(Arc<str>),
    #[error("file: {0}")]
    Io(Arc<str>),
    #[error("a verb stopped unexpectedly; its change was undone")]
    Panicked,
    #[error("{0}")]
    Settings(Arc<str>),
}

impl Error {
    pub fn corrupt(what: impl std::fmt::Display) -> Self {
        Error::Corrupt(what.to_string().into())
    }

    pub fn database(what: impl std::fmt::Display) -> Self {
        Error::Database(what.to_string().into())
    }

    pub fn settings(what: impl std::fmt::Display) -> Self {
        Error::Settings(what.to_string().into())
    }

    /// True when the same call may succeed in a moment, so a door answers 503 and not 500.
    pub fn is_passing(&self) -> bool {
        matches!(self, Error::Busy | Error::Unavailable(_) | Error::DiskFull | Error::Conflict)
    }

    /// A failed sync leaves the kernel's cache and the disk in disagreement, and a retry can report a
    /// success that never happened. The only safe answer is to stop and recover from the log.
    pub(crate) fn is_failed_sync(error: &rusqlite::Error) -> bool {
        const IOERR_FSYNC: i32 = 10 | (4 << 8);
        const IOERR_DIR_FSYNC: i32 = 10 | (5 << 8);
        matches!(error, rusqlite::Error::SqliteFailure(e, _)
            if e.extended_code == IOERR_FSYNC || e.extended_code == IOERR_DIR_FSYNC)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match &error {
            rusqlite::Error::SqliteFailure(e, _) => match e.code {
                ErrorCode::DiskFull => Error::DiskFull,
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
                    Error::Unavailable(error.to_string().into())
                }
                ErrorCode::CannotOpen | ErrorCode::SystemIoFailure | ErrorCode::ReadOnly => {
                    Error::Unavailable(error.to_string().into())
                }
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Error::corrupt(&error),
                _ => Error::database(&error),
            },
            _ => Error::database(&error),
        }
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        if error.is_closed() {
            return Error::Unavailable(error.to_string().into());
        }
        match error.as_db_error() {
            Some(db) => match db.code().code() {
                "40001" | "40P01" => Error::Conflict,
                "53100" => Error::DiskFull,
                "57P01" | "57P02" | "57P03" | "53300" => Error::Unavailable(db.message().into()),
                code => Error::database(format_args!("{} ({code})", db.message())),
            },
            None => Error::Unavailable(format!("{error}").into()),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull {
            return Error::DiskFull;
        }
        Error::Io(error.to_string().into())
    }
}
