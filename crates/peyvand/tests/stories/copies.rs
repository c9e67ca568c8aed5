//! Backup of a city at work, and back again; and what a check finds.

use crate::peyvand::{Place, shown};

#[test]
fn a_backup_of_a_city_at_work_is_restored_whole() {
    let place = Place::new();
    place.fine(&["demo", "--small", "--no-serve"]);
    let serving = place.serve(&["serve"]);
    let backup = shown(&place.path("backup"));
    let said = place.fine(&["backup", &backup]);
    assert!(said.contains("checksums are right"), "{said}");
    place.fine(&["check"]);
    assert_eq!(serving.leave(), Some(0));

    let table = |place: &Place| place.fine(&["export", "requests", "-j", "tehran.ir", "--private"]);
    let other = Place::new();
    other.fine(&["restore", &backup]);
    other.fine(&["check"]);
    assert_eq!(table(&other), table(&place));

    // A city that is there is not written over, nor a folder that has something in it.
    let again = other.run(&["restore", &backup]);
    assert!(again.code == 2 && again.err.contains("exists already"), "{again:?}");
    let twice = place.run(&["backup", &backup]);
    assert!(twice.code == 2 && twice.err.contains("not empty"), "{twice:?}");
    assert_eq!(place.run(&["restore", &shown(&place.path("nowhere"))]).code, 2);
}

#[test]
fn a_damaged_backup_is_refused_before_anything_is_touched() {
    let place = Place::with_city("shiraz");
    let backup = place.path("backup");
    place.fine(&["backup", &shown(&backup)]);
    let database = backup.join("city.db");
    let mut bytes = std::fs::read(&database).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&database, bytes).unwrap();
    let other = Place::new();
    let said = other.run(&["restore", &shown(&backup)]);
    assert!(said.code == 1 && said.err.contains("city.db is damaged"), "{said:?}");
    assert!(!other.path("data/city.db").exists());
}

#[test]
fn a_check_of_nothing_and_of_damage_says_so() {
    let place = Place::new();
    let nothing = place.run(&["check"]);
    assert!(nothing.code == 2 && nothing.err.contains("no database"), "{nothing:?}");
    assert!(!place.path("data").exists(), "a check makes nothing");

    place.fine(&["city", "load", "shiraz"]);
    place.fine(&["check"]);
    // A file under a name that is not its own.
    let name = "ab".repeat(32);
    place.write(&format!("data/files/ab/ab/{name}"), "no photo");
    let said = place.run(&["check"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.out.contains("WRONG  files") && said.out.contains("is damaged"), "{said:?}");
}

#[test]
fn a_city_moves_into_another_database() {
    let place = Place::new();
    place.fine(&["demo", "--small", "--no-serve"]);
    let to = format!("sqlite:{}", shown(&place.path("moved/city.db")));
    place.fine(&["move", "--to", &to]);
    place.fine(&["check", "--database", &to]);
    let table = |words: &[&str]| place.fine(&[&["export", "requests", "-j", "tehran.ir"], words].concat());
    assert_eq!(table(&["--database", &to]), table(&[]));
    let again = place.run(&["move", "--to", &to]);
    assert!(again.code == 2 && again.err.contains("exists already"), "{again:?}");
    // PostgreSQL, where the tests have one, must be empty; the stories of storage move rows there and back.
}
