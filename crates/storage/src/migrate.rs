//! The tables, version by version.
//!
//! `migrations/NNNN-name.sql` serves both databases; `NNNN-name.sqlite.sql` and `.postgres.sql` only one.
//! Inside a file `/*sqlite ...*/` and `/*postgres ...*/` are read by the one named and are comments to the
//! other. Each file is applied once, in order, in one transaction with the record that it was.

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::tx::{Engine, Tx};
use crate::{params, sql};

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

pub(crate) fn run(tx: &mut Tx<'_>) -> Result<()> {
    if tx.engine() == Engine::Postgres {
        // Several nodes may start at once; one of them makes the tables.
        tx.script("SELECT pg_advisory_xact_lock(137)")?;
    }
    tx.script("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL)")?;
    let applied =
        tx.query(sql!("SELECT name, checksum FROM migrations ORDER BY name LIMIT 10000"), &[], |row| {
            Ok((row.get::<String>(0)?, row.get::<String>(1)?))
        })?;
    let known: Vec<(&str, String)> = mine(tx.engine()).map(|(name, text)| (name, checksum(text))).collect();
    if let Some((name, _)) = applied.iter().find(|(name, _)| !known.iter().any(|(k, _)| k == name)) {
        return Err(Error::settings(format_args!(
            "the database was made by a newer version of the program ({name}); start that version, or restore a backup"
        )));
    }
    let mut grown = false;
    for (name, text) in mine(tx.engine()) {
        match applied.iter().find(|(n, _)| n == name) {
            Some((_, sum)) if *sum == checksum(text) => {}
            Some(_) => {
                return Err(Error::corrupt(format_args!("migration {name} is not the one that was applied")));
            }
            None => {
                tx.script(&spoken(text, tx.engine()))?;
                tx.execute(
                    sql!("INSERT INTO migrations (name, checksum) VALUES ($1, $2)"),
                    &params![name, &checksum(text)],
                )?;
                grown = !applied.is_empty();
            }
        }
    }
    if grown && tx.engine() == Engine::Sqlite {
        // An index made anew has lost its figures, and beside others that have them it would not be chosen.
        tx.script("PRAGMA analysis_limit = 1000; ANALYZE")?;
    }
    Ok(())
}

fn mine(engine: Engine) -> impl Iterator<Item = (&'static str, &'static str)> {
    let other = if engine == Engine::Sqlite { ".postgres.sql" } else { ".sqlite.sql" };
    FILES.iter().copied().filter(move |(name, _)| !name.ends_with(other))
}

fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|b| format!("{b:02x}")).collect()
}

/// The text as this engine reads it.
fn spoken(text: &str, engine: Engine) -> String {
    let mark = if engine == Engine::Sqlite { "/*sqlite" } else { "/*postgres" };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(mark) {
        let (before, hint) = rest.split_at(start);
        out.push_str(before);
        let hint = hint.get(mark.len()..).unwrap_or("");
        let end = hint.find("*/").unwrap_or(hint.len());
        out.push_str(hint.get(..end).unwrap_or(""));
        rest = hint.get(end + 2..).unwrap_or("");
    }
    out.push_str(rest);
    out
}
