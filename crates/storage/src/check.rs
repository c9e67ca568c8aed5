//! Does what is stored still agree with itself.

use crate::error::{Error, Result};
use crate::journal;
use crate::tx::{Engine, Tx};

/// The database's own check of its pages and indexes. PostgreSQL checks pages as it reads them.
pub fn database(tx: &mut Tx<'_>) -> Result<()> {
    if tx.engine() == Engine::Postgres {
        return Ok(());
    }
    let said: Vec<String> = tx.query(crate::sql!("PRAGMA integrity_check"), &[], |row| row.get(0))?;
    match said.first().map(String::as_str) {
        Some("ok") => Ok(()),
        _ => Err(Error::corrupt(said.join("; "))),
    }
}

/// Every journal's chain. Returns the number of facts checked.
pub fn journals(tx: &mut Tx<'_>, mut progress: impl FnMut(i64)) -> Result<i64> {
    let mut all = 0;
    for jurisdiction in journal::jurisdictions(tx)? {
        all += journal::verify(tx, jurisdiction, |n| progress(all + n))?;
    }
    Ok(all)
}
