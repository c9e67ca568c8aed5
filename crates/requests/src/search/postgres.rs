//! A tsvector built from our own tokens; PostgreSQL's parser and dictionaries have no say.

use storage::{Result, Tx, params, sql};

use crate::request::RequestId;

/// The text form of one lexeme.
fn quoted(term: &str) -> String {
    format!("'{}'", term.replace('\\', "\\\\").replace('\'', "''"))
}

pub fn put(tx: &mut Tx<'_>, jurisdiction: i64, id: RequestId, words: &str) -> Result<()> {
    let vector = words.split(' ').filter(|w| !w.is_empty()).map(quoted).collect::<Vec<_>>().join(" ");
    tx.execute(
        sql!(
            "INSERT INTO request_search (jurisdiction_id, request_id, words) VALUES ($1, $2, CAST(CAST($3 AS TEXT) AS TSVECTOR))
             ON CONFLICT (jurisdiction_id, request_id) DO UPDATE SET words = excluded.words"
        ),
        &params![jurisdiction, id.0, &vector],
    )?;
    Ok(())
}

pub fn remove(tx: &mut Tx<'_>, jurisdiction: i64, id: RequestId) -> Result<()> {
    tx.execute(
        sql!("DELETE FROM request_search WHERE jurisdiction_id = $1 AND request_id = $2"),
        &params![jurisdiction, id.0],
    )?;
    Ok(())
}

pub fn find(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    terms: &[Vec<String>],
    before: i64,
    most: u32,
) -> Result<Vec<RequestId>> {
    let any = |words: &Vec<String>| {
        format!("({})", words.iter().map(|w| quoted(w)).collect::<Vec<_>>().join(" | "))
    };
    let question = terms.iter().map(any).collect::<Vec<_>>().join(" & ");
    tx.query(
        sql!(
            "SELECT request_id FROM request_search
             WHERE jurisdiction_id = $1 AND words @@ CAST(CAST($2 AS TEXT) AS TSQUERY) AND request_id < $3
             ORDER BY request_id DESC LIMIT $4"
        ),
        &params![jurisdiction, &question, before, most],
        |row| Ok(RequestId(row.get(0)?)),
    )
}
