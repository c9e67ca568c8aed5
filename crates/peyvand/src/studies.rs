//! What the worker learns for the city: long reading beside everybody, one short write.

use std::sync::Arc;

use door::Door;
use people::{Act, Study};
use storage::{Db, Result};

/// Everything that is learned again and again.
const STUDIES: &[&[Study]] = &[requests::STUDIES];

/// A city that has just been opened has other things to do first, in milliseconds.
pub const FIRST_AFTER: i64 = 60_000;

pub fn studies() -> impl Iterator<Item = Study> {
    STUDIES.iter().copied().flatten().copied()
}

/// One round of a study.
pub async fn round(door: &Door, act: Act, study: Study, jurisdiction: i64) -> Result<()> {
    let reading = act.clone();
    let learned = door.db.read_slow(move |tx| (study.read)(tx, &reading, jurisdiction)).await?;
    let Some(learned) = learned.map(Arc::new) else { return Ok(()) };
    door.db.write(move |tx| (study.write)(tx, &act, jurisdiction, &learned)).await
}

/// [`round`] of every study in every city, for commands that end with a finished city.
pub fn all(db: &Db, act: &Act) -> Result<()> {
    for jurisdiction in db.read_blocking(territory::jurisdictions)?.iter().map(|city| city.id) {
        for study in studies() {
            let reading = act.clone();
            let learned = db.read_blocking(move |tx| (study.read)(tx, &reading, jurisdiction))?;
            let Some(learned) = learned.map(Arc::new) else { continue };
            let act = act.clone();
            db.write_blocking(move |tx| (study.write)(tx, &act, jurisdiction, &learned))?;
        }
    }
    Ok(())
}
