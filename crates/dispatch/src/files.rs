//! Pictures that work orders and measured lines need: nobody may sweep them away.

use std::collections::HashSet;

use requests::PhotoRef;
use storage::files::FileId;
use storage::{Result, Tx, params, sql};

/// Every file that a crew's evidence or a contractor's line names, in all cities: the pictures and their small copies.
pub fn named_files(tx: &mut Tx<'_>) -> Result<HashSet<FileId>> {
    let mut named = HashSet::new();
    for jurisdiction in territory::jurisdictions(tx)?.iter().map(|city| city.id) {
        tx.for_each(
            sql!("SELECT file FROM work_evidence WHERE jurisdiction_id = $1 AND file IS NOT NULL"),
            &params![jurisdiction],
            |row| {
                let text: String = row.get(0)?;
                match PhotoRef::parse(&text) {
                    Some(photo) => named
                        .extend([&photo.file, &photo.thumbnail].into_iter().filter_map(|f| FileId::parse(f))),
                    None => named.extend(FileId::parse(&text)),
                }
                Ok(())
            },
        )?;
        tx.for_each(
            sql!(
                "SELECT photo, thumbnail FROM contract_lines WHERE jurisdiction_id = $1 AND photo IS NOT NULL"
            ),
            &params![jurisdiction],
            |row| {
                for column in [0, 1] {
                    named.extend(row.get::<Option<String>>(column)?.as_deref().and_then(FileId::parse));
                }
                Ok(())
            },
        )?;
    }
    Ok(named)
}
