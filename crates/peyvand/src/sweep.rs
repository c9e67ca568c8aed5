//! Photos that belong to nothing: kept while somebody wrote a report, and never sent with one.
//!
//! A photo is kept the moment it is chosen, so that a mistake elsewhere on the form loses none. Whoever never finishes
//! leaves it behind; two days later nobody comes back for it, and what people photograph is not ours to collect.

use std::time::Duration;

use anyhow::Result;
use door::Door;
use storage::Db;
use storage::files::Files;

const EVERY: Duration = Duration::from_secs(6 * 3600);
/// After the start there is other work first.
const FIRST_AFTER: Duration = Duration::from_secs(600);
/// A form may be left open over a weekend's night, not for longer.
const FORGOTTEN: Duration = Duration::from_secs(48 * 3600);
/// Files that are asked about in one reading.
const AT_ONCE: usize = 500;

/// Sweeps until the door is closed.
pub async fn run(door: Door) {
    let mut wait = FIRST_AFTER;
    loop {
        tokio::select! {
            () = door.closed() => return,
            () = tokio::time::sleep(wait) => {}
        }
        wait = EVERY;
        let (db, files) = (door.db.clone(), door.files.clone());
        match tokio::task::spawn_blocking(move || once(&db, &files, FORGOTTEN)).await {
            Ok(Ok(0)) => {}
            Ok(Ok(removed)) => tracing::info!(removed, "photos that no request named were removed"),
            Ok(Err(error)) => tracing::warn!(%error, "forgotten photos were not removed; it is tried again"),
            Err(_) => tracing::error!("removing forgotten photos panicked"),
        }
    }
}

/// Removes files that are older and that neither a request nor work names; returns how many.
fn once(db: &Db, files: &Files, older: Duration) -> Result<usize> {
    let mut removed = 0;
    // What work names is read at most once: nothing that is as old as this is named anew without being sent again.
    let mut work = None;
    for some in files.all()?.chunks(AT_ONCE) {
        let mut old = Vec::new();
        for id in some {
            if files.age(*id)?.is_some_and(|age| age >= older) {
                old.push(*id);
            }
        }
        let names: Vec<String> = old.iter().map(ToString::to_string).collect();
        let named = db.read_blocking(move |tx| requests::check::named_files(tx, &names))?;
        if old.iter().any(|id| !named.contains(&id.to_string())) && work.is_none() {
            work = Some(db.read_blocking(dispatch::named_files)?);
        }
        for id in old.into_iter().filter(|id| !work.as_ref().is_some_and(|work| work.contains(id))) {
            // Looked at once more: somebody may have sent the same picture again while we read.
            let is_old = files.age(id)?.is_some_and(|age| age >= older);
            if is_old && !named.contains(&id.to_string()) {
                files.remove(id)?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_old_and_named_by_nobody_goes() {
        let (db, folder) = (Db::temporary().unwrap(), tempfile::tempdir().unwrap());
        let files = Files::open(folder.path()).unwrap();
        let (left, shown) = (files.put(b"left behind").unwrap(), files.put(b"of a request").unwrap());
        let (brought, measured) = (files.put(b"of a crew").unwrap(), files.put(b"of a contractor").unwrap());
        let work = [brought.to_string(), measured.to_string()];
        let act = people::Act::new(
            people::Actor::System("test"),
            calendar::Timestamp(0),
            std::sync::Arc::new(people::Dice::seeded(1)),
        );
        let pack = territory::pack::read(
            &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cities/shiraz"),
        );
        let (pack, name) = (pack.unwrap(), shown.to_string());
        db.write_blocking(move |tx| -> Result<(), storage::Error> {
            let city = territory::pack::load(tx, &act, &pack).unwrap().jurisdiction_id;
            tx.script(&format!(
                "INSERT INTO request_photos (jurisdiction_id, request_id, position, at, file, thumbnail, width, height, stage, is_public)
                 VALUES ({city}, 1, 0, 0, '{name}', '{name}', 1, 1, 'report', 1);
                 INSERT INTO work_evidence (jurisdiction_id, order_id, id, kind, at, file, content)
                 VALUES ({city}, 1, 1, 'after', 0, '{}', '{{}}');
                 INSERT INTO contract_lines (jurisdiction_id, id, contract_id, contractor_id, order_id, item, quantity, measured_on,
                     measured_at, measured_by, note, photo, thumbnail, state, certified, is_paid, flags, checked_by, reason, words)
                 VALUES ({city}, 1, 1, 1, 1, '', 1, 0, 0, '', '', '{}', '{}', 'written', 0, 1, '', '', '', '')",
                work[0], work[1], work[1]
            ))
        })
        .unwrap();
        assert_eq!(once(&db, &files, FORGOTTEN).unwrap(), 0, "both are young");
        assert_eq!(once(&db, &files, Duration::ZERO).unwrap(), 1);
        assert_eq!(files.get(left).unwrap(), None);
        for kept in [shown, brought, measured] {
            assert!(files.get(kept).unwrap().is_some());
        }
    }
}
