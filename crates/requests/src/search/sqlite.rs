//! FTS5 over pre-folded text. Tokens are split at spaces only, so folding alone decides what a word is.

use storage::{Result, Tx, params, sql};

use crate::request::RequestId;

/// One index serves all jurisdictions; each row carries its own as a word that folding can never make.
fn city_word(jurisdiction: i64) -> String {
    format!("_city{jurisdiction}")
}

pub fn put(tx: &mut Tx<'_>, jurisdiction: i64, id: RequestId, words: &str) -> Result<()> {
    let words = format!("{} {words}", city_word(jurisdiction));
    tx.execute(
        sql!("INSERT OR REPLACE INTO request_search (rowid, words) VALUES ($1, $2)"),
        &params![id.0, &words],
    )?;
    Ok(())
}

pub fn add(tx: &mut Tx<'_>, jurisdiction: i64, id: RequestId, words: &str) -> Result<()> {
    let words = format!("{} {words}", city_word(jurisdiction));
    tx.execute(sql!("INSERT INTO request_search (rowid, words) VALUES ($1, $2)"), &params![id.0, &words])?;
    Ok(())
}

pub fn remove(tx: &mut Tx<'_>, id: RequestId) -> Result<()> {
    tx.execute(sql!("DELETE FROM request_search WHERE rowid = $1"), &params![id.0])?;
    Ok(())
}

pub fn find(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    terms: &[Vec<String>],
    before: i64,
    most: u32,
) -> Result<Vec<RequestId>> {
    let mut question = String::new();
    for any_of in terms {
        // Quoted, so that no term is ever read as an operator; folding leaves no quotation mark.
        let words: Vec<String> = any_of.iter().map(|term| format!("\"{}\"", term.replace('"', ""))).collect();
        question.push_str(&format!("({}) AND ", words.join(" OR ")));
    }
    question.push_str(&format!("\"{}\"", city_word(jurisdiction)));
    tx.query(
        sql!("SELECT rowid FROM request_search WHERE request_search MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $3"),
        &params![&question, before, most],
        |row| Ok(RequestId(row.get(0)?)),
    )
}
