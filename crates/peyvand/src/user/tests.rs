//! What is typed becomes a role with its place, or a sentence that says what to change.

use std::sync::Arc;

use people::{Act, Actor, Dice, Role, Scope};
use storage::{Db, Options, Target};

use super::words::Offered;
use super::{offer, utc};
use crate::cities::{self, Folder};
use crate::house;

fn wished(role: &str) -> Offered {
    Offered { role: role.into(), scope: None, unit: None, district: None, neighbourhood: None }
}

#[test]
fn a_role_takes_the_narrowest_place_that_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&Options::new(Target::Sqlite(folder.path().join("city.db")))).unwrap();
    let act = Act::new(Actor::System("test"), house::now(), Arc::new(Dice::seeded(1)));
    let city = cities::load_pack(&db, &act, &Folder::inside("tehran").unwrap()).unwrap().jurisdiction;
    let (catalogue, atlas) = db
        .read_blocking(move |tx| {
            Ok::<_, storage::Error>((requests::catalogue(tx, city)?, territory::atlas(tx, city)?))
        })
        .unwrap();
    let read = |wishes: &Offered| offer(wishes, &catalogue, &atlas);

    let of_city = read(&wished("operator")).unwrap();
    assert_eq!((of_city.role, of_city.scope), (Role::Operator, Scope::City));
    let of_district = read(&Offered { district: Some("6".into()), ..wished("inspector") }).unwrap();
    assert!(of_district.scope == Scope::District && of_district.district.is_some());
    let of_unit = read(&Offered { unit: Some("d6-green".into()), ..wished("unit-manager") }).unwrap();
    assert!(of_unit.scope == Scope::Unit && of_unit.unit.is_some());
    let own = read(&Offered { scope: Some("own".into()), ..wished("operator") }).unwrap();
    assert_eq!(own.scope, Scope::Own);

    for (wishes, says) in [
        (wished("king"), "a role is one of operator, unit-member"),
        (wished("system"), "a role is one of"),
        (wished("citizen"), "a role is one of"),
        (Offered { unit: Some("nowhere".into()), ..wished("unit-member") }, "there is no unit \"nowhere\""),
        (Offered { district: Some("99".into()), ..wished("inspector") }, "there is no district \"99\""),
        (Offered { scope: Some("world".into()), ..wished("operator") }, "a scope is one of own, unit"),
    ] {
        let error = read(&wishes).unwrap_err().to_string();
        assert!(error.starts_with(says), "{error}");
    }
}

#[test]
fn moments_are_written_for_logs() {
    assert_eq!(utc(calendar::Timestamp(1_794_637_800_000)), "2026-11-14 06:30 UTC");
}
