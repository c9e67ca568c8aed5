//! What people are called, several at once.

use std::collections::HashMap;

use storage::{Filter, Result, Tx};

/// The names of accounts, for lists that show who did what. Who is not there has no name.
pub fn names(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    accounts: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, String>> {
    let mut ids: Vec<i64> = accounts.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut filter = Filter::new();
    filter.and("jurisdiction_id = {}", [jurisdiction]).within("id", ids);
    let (sql, params) = filter.finish("SELECT id, name FROM accounts WHERE", "ORDER BY id LIMIT 5000");
    Ok(tx.query(&sql, &params, |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
}
