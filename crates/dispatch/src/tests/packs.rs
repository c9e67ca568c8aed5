//! `dispatch.toml` of every city is right, and what is wrong in one is said.

use std::path::Path;

use people::{Act, Actor};

use super::{SATURDAY, in_the_city};
use crate::job_types;
use crate::pack::{self, PackError};

#[test]
fn every_city_pack_reads() {
    let cities = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cities");
    let mut with_crews = 0;
    for folder in std::fs::read_dir(cities).unwrap().flatten().filter(|entry| entry.path().is_dir()) {
        let read = pack::read(&folder.path()).unwrap();
        with_crews += usize::from(!read.job_type.is_empty());
        for kind in &read.job_type {
            assert!(!kind.answer.fa.is_empty() || kind.services.is_empty(), "{}", kind.code);
        }
    }
    assert!(with_crews >= 4);
}

#[test]
fn kinds_of_work_are_found_by_service() {
    in_the_city(|city| {
        let j = city.jurisdiction;
        let kinds = city.db.read_blocking(move |tx| job_types::kinds(tx, j)).unwrap();
        assert!(kinds.job_types.len() > 30);
        assert_eq!(kinds.of_service("fallen-tree").unwrap().code, "tree-fallen");
        assert!(kinds.of_service("gas-leak").is_none());
        assert!(!kinds.reasons.is_empty() && !kinds.materials.is_empty());
    });
}

#[test]
fn what_is_wrong_in_a_pack_is_said_and_nothing_is_loaded() {
    let kind = |more: &str| {
        format!(
            "[[skill]]\ncode = \"tree\"\nfa = \"درخت\"\nen = \"Trees\"\n[[job_type]]\ncode = \"a\"\n\
             name = {{ fa = \"آ\", en = \"A\" }}\nurgency = \"day\"\n{more}"
        )
    };
    in_the_city(|city| {
        for (text, what) in [
            (kind("minutes = 0"), "minutes"),
            (kind("minutes = -5"), "minutes"),
            (kind("minutes = 10\nskills = [\"fly\"]"), "fly"),
            (kind("minutes = 10\nservices = [\"nothing\"]"), "nothing"),
            (kind("minutes = 10\npeople = 0"), "people"),
            (kind("minutes = 10\ndanger = 9"), "danger"),
            (kind("minutes = 10") + "\n[[skill]]\ncode = \"tree\"\nfa = \"د\"\nen = \"T\"", "twice"),
        ] {
            let pack = pack::parse(&text).unwrap();
            let act = Act::new(Actor::System("test"), SATURDAY, city.dice.clone());
            let error = city.write(move |tx, j| pack::load(tx, &act, j, &pack)).unwrap_err();
            assert!(matches!(&error, PackError::Wrong(said) if said.contains(what)), "{what}: {error}");
        }
        assert!(matches!(pack::parse("[[job_type]]\ncode = 1"), Err(PackError::Unreadable(_))));
        assert!(matches!(pack::parse("[[robot]]"), Err(PackError::Unreadable(_))));
    });
}
