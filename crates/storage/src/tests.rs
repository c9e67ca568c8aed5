//! Stories of the ground, on both databases.

use crate::journal::{self, Note};
use crate::{Db, Error, params, sql};

fn note(subject: i64, payload: &str) -> Note {
    Note {
        jurisdiction: 1,
        at: 1_700_000_000_000 + subject,
        actor: "test".into(),
        subject_kind: "thing",
        subject,
        fact: "happened",
        payload: payload.into(),
    }
}

fn on_both(story: impl Fn(&'static str, Db)) {
    for (engine, db) in Db::for_stories().unwrap() {
        story(engine, db);
    }
}

#[test]
fn a_failed_verb_leaves_nothing_behind_and_spoils_nothing() {
    on_both(|engine, db| {
        let write = |id: i64, fail: bool| {
            let db = db.clone();
            std::thread::spawn(move || {
                db.write_blocking(move |tx| {
                    tx.execute(
                        sql!("INSERT INTO editions (jurisdiction_id, edition) VALUES ($1, $2)"),
                        &params![id, id],
                    )?;
                    tx.record(note(id, "{}"));
                    if fail { Err(Error::settings("no")) } else { Ok(()) }
                })
            })
        };
        let all: Vec<_> = (1..=60).map(|id| (id, write(id, id % 3 == 0))).collect();
        for (id, thread) in all {
            assert_eq!(thread.join().unwrap().is_ok(), id % 3 != 0, "{engine}");
        }
        let kept =
            db.read_blocking(|tx| tx.value::<i64>(sql!("SELECT count(*) FROM editions"), &[])).unwrap();
        assert_eq!(kept, Some(40), "{engine}");
        assert_eq!(db.read_blocking(|tx| journal::verify(tx, 1, |_| ())).unwrap(), 40, "{engine}");
    });
}

#[test]
fn a_verb_that_panics_is_undone_and_the_writer_goes_on() {
    on_both(|engine, db| {
        let outcome: Result<(), Error> = db.write_blocking(|tx| {
            tx.execute(
                sql!("INSERT INTO editions (jurisdiction_id, edition) VALUES ($1, $2)"),
                &params![7, 7],
            )?;
            panic!("deliberate");
        });
        assert!(matches!(outcome, Err(Error::Panicked)), "{engine}");
        db.write_blocking(|tx| tx.new_edition(8, 8)).unwrap();
        let rows =
            db.read_blocking(|tx| tx.value::<i64>(sql!("SELECT count(*) FROM editions"), &[])).unwrap();
        assert_eq!(rows, Some(1), "{engine}");
    });
}

#[test]
fn parameters_keep_their_numbers_whatever_their_order() {
    on_both(|engine, db| {
        let swapped = db
            .read_blocking(|tx| {
                tx.query_opt(
                    sql!("SELECT CAST($2 AS BIGINT), CAST($1 AS BIGINT), CAST($2 AS BIGINT)"),
                    &params![1i64, 2i64],
                    |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?)),
                )
            })
            .unwrap();
        assert_eq!(swapped, Some((2, 1, 2)), "{engine}");
    });
}

#[test]
fn a_changed_fact_is_found() {
    on_both(|engine, db| {
        for n in 1..=20 {
            db.write_blocking(move |tx| {
                tx.record(note(n, "{\"n\":1}"));
                Ok::<_, Error>(())
            })
            .unwrap();
        }
        assert_eq!(db.read_blocking(|tx| journal::verify(tx, 1, |_| ())).unwrap(), 20, "{engine}");
        let tamper = |text: &'static crate::Sql| {
            db.write_blocking(move |tx| tx.execute(text, &[])).unwrap();
            let said = db.read_blocking(|tx| journal::verify(tx, 1, |_| ()));
            assert!(matches!(said, Err(Error::Corrupt(_))), "{engine}: {said:?}");
        };
        tamper(sql!("UPDATE journal SET payload = '{}' WHERE seq = 7"));
        db.write_blocking(|tx| {
            tx.execute(sql!("UPDATE journal SET payload = '{\"n\":1}' WHERE seq = 7"), &[])
        })
        .unwrap();
        assert!(db.read_blocking(|tx| journal::verify(tx, 1, |_| ())).is_ok(), "{engine}");
        tamper(sql!("DELETE FROM journal WHERE seq = 20"));
    });
}

#[test]
fn a_follower_takes_each_fact_once_while_others_write() {
    use crate::followers::{Follower, catch_up_blocking};
    // Its effect is a count in `editions`, moved in the same transaction as its cursor.
    const COUNTER: Follower = Follower {
        name: "count",
        at_once: 7,
        follow: |tx, _, entries| {
            for entry in entries {
                tx.execute(
                    sql!("INSERT INTO editions (jurisdiction_id, edition) VALUES ($1, 1) ON CONFLICT (jurisdiction_id) DO UPDATE SET edition = editions.edition + 1"),
                    &params![entry.subject],
                )?;
            }
            Ok(())
        },
    };
    on_both(|engine, db| {
        let writers: Vec<_> = (0..4)
            .map(|w| {
                let db = db.clone();
                std::thread::spawn(move || {
                    for n in 0..50 {
                        db.write_blocking(move |tx| {
                            tx.record(note(w * 50 + n, "{}"));
                            Ok::<_, Error>(())
                        })
                        .unwrap();
                    }
                })
            })
            .collect();
        let mut seen = 0;
        while !writers.iter().all(|w| w.is_finished()) {
            seen += catch_up_blocking(&db, COUNTER).unwrap_or(0);
        }
        writers.into_iter().for_each(|w| w.join().unwrap());
        seen += catch_up_blocking(&db, COUNTER).unwrap();
        assert_eq!(seen, 200, "{engine}");
        let (rows, most) = db
            .read_blocking(|tx| {
                tx.query_opt(sql!("SELECT count(*), max(edition) FROM editions"), &[], |r| {
                    Ok((r.get::<i64>(0)?, r.get::<i64>(1)?))
                })
            })
            .unwrap()
            .unwrap();
        assert_eq!((rows, most), (200, 1), "{engine}: skipped or followed twice");
    });
}

#[test]
fn a_job_is_leased_to_one_worker_and_comes_back_when_that_worker_dies() {
    use crate::jobs;
    on_both(|engine, db| {
        db.write_blocking(|tx| jobs::schedule(tx, 1, 10, "overdue", "all", 100, "{}")).unwrap();
        db.write_blocking(|tx| jobs::schedule(tx, 1, 11, "overdue", "all", 200, "{}")).unwrap();
        let claim = |now: i64| db.write_blocking(move |tx| jobs::claim(tx, now, now + 50, 10)).unwrap();
        assert!(claim(150).is_empty(), "{engine}: moved to 200");
        assert_eq!(claim(200).len(), 1, "{engine}");
        assert!(claim(210).is_empty(), "{engine}: leased");
        let again = claim(300);
        assert_eq!(again.len(), 1, "{engine}: the lease ran out");
        let job = again[0].clone();
        db.write_blocking(move |tx| jobs::finish(tx, &job, Some(400))).unwrap();
        assert!(claim(390).is_empty(), "{engine}");
        let mut tries = 0;
        let mut now = 400;
        while let Some(job) = claim(now).pop() {
            tries += 1;
            now += 10;
            db.write_blocking(move |tx| jobs::fail(tx, &job, now, "broken")).unwrap();
        }
        assert_eq!(tries, jobs::MOST_ATTEMPTS, "{engine}: put aside after that");
    });
}

#[test]
fn a_backup_restores_to_the_same_rows_and_damage_is_refused() {
    use crate::backup;
    use crate::db::{Options, Target};
    use crate::files::Files;
    on_both(|engine, db| {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path().join("files")).unwrap();
        let id = files.put("عکس".as_bytes()).unwrap();
        for n in 1..=30 {
            db.write_blocking(move |tx| {
                tx.record(note(n, "{}"));
                tx.new_edition(n, n)
            })
            .unwrap();
        }
        let kept = folder.path().join("backup");
        backup::make(&db, &files, &kept, 1, |_, _| ()).unwrap();
        let target = Target::Sqlite(folder.path().join("new/city.db"));
        let new_files = folder.path().join("new/files");
        backup::restore(&kept, &target, &new_files).unwrap();
        let again = Db::open(&Options::new(target.clone())).unwrap();
        assert_eq!(again.read_blocking(|tx| journal::verify(tx, 1, |_| ())).unwrap(), 30, "{engine}");
        assert_eq!(Files::open(&new_files).unwrap().get(id).unwrap().unwrap(), "عکس".as_bytes());
        assert!(backup::restore(&kept, &target, &new_files).is_err(), "{engine}: never over a living city");

        let path = kept.join("city.db");
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert!(matches!(backup::verify(&kept), Err(Error::Corrupt(_))), "{engine}");
    });
}

#[test]
fn a_damaged_file_is_never_served() {
    let folder = tempfile::tempdir().unwrap();
    let files = crate::files::Files::open(folder.path()).unwrap();
    let id = files.put(b"one").unwrap();
    assert_eq!(files.put(b"one").unwrap(), id);
    assert_eq!(files.all().unwrap(), vec![id]);
    std::fs::write(files.path(id), b"two").unwrap();
    assert!(files.get(id).is_err());
    assert_eq!(crate::files::FileId::parse("../../etc/passwd"), None);
}

#[test]
fn memory_never_outlives_what_it_remembers() {
    fn load(tx: &mut crate::Tx<'_>, j: i64) -> crate::Result<i64> {
        Ok(tx
            .value(sql!("SELECT edition FROM editions WHERE jurisdiction_id = $1"), &params![j])?
            .unwrap_or(0))
    }
    on_both(|engine, db| {
        db.write_blocking(|tx| tx.new_edition(1, 11)).unwrap();
        assert_eq!(*db.read_blocking(|tx| tx.memo(1, load)).unwrap(), 11, "{engine}");
        let undone: Result<(), Error> = db.write_blocking(|tx| {
            tx.new_edition(1, 12)?;
            assert_eq!(*tx.memo(1, load)?, 12);
            Err(Error::Conflict)
        });
        assert!(undone.is_err());
        assert_eq!(*db.read_blocking(|tx| tx.memo(1, load)).unwrap(), 11, "{engine}");
    });
}

#[test]
fn a_database_that_was_carried_away_takes_no_more_words() {
    use crate::db::{Options, Target};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.db");
    let db = Db::open(&Options::new(Target::Sqlite(path.clone()))).unwrap();
    db.write_blocking(|tx| tx.new_edition(1, 1)).unwrap();
    std::fs::rename(&path, folder.path().join("elsewhere.db")).unwrap();
    let said = db.write_blocking(|tx| tx.new_edition(1, 2));
    assert!(matches!(said, Err(Error::Unavailable(_))), "{said:?}");
    std::fs::rename(folder.path().join("elsewhere.db"), &path).unwrap();
    db.write_blocking(|tx| tx.new_edition(1, 3)).unwrap();
}
