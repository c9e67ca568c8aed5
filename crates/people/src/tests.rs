//! What the permission table promises, and what a key can and cannot do.

use std::sync::Arc;

use calendar::Timestamp;
use storage::Db;

use crate::permissions::{GRANTS, Where, scope};
use crate::{Act, Actor, Dice, Permission, Role, Scope, keys};

fn key(role: Role, jurisdiction: i64, unit: Option<i64>) -> Actor {
    Actor::Key { jurisdiction, id: 1, name: "k".into(), role, unit, scopes: keys::KeyScopes::ALL }
}

#[test]
fn every_role_has_one_row_and_no_permission_twice() {
    for role in Role::ALL {
        let rows: Vec<_> = GRANTS.iter().filter(|(r, _)| *r == role).collect();
        assert_eq!(rows.len(), 1, "{role:?}");
        for permission in Permission::ALL {
            assert!(
                rows[0].1.iter().filter(|(p, _)| p == permission).count() <= 1,
                "{role:?} {permission:?}"
            );
        }
    }
}

#[test]
fn a_citizen_sees_no_contact_and_a_unit_works_only_on_its_own() {
    assert_eq!(scope(Role::Citizen, Permission::SeeContact), None);
    assert_eq!(scope(Role::Sender, Permission::Work), None);
    assert_eq!(scope(Role::UnitMember, Permission::Work), Some(Scope::Unit));
    let dice = Arc::new(Dice::seeded(1));
    let act = Act::new(key(Role::UnitMember, 1, Some(7)), Timestamp(0), dice.clone());
    assert!(act.may(Permission::Work, Where::unit(1, Some(7))));
    assert!(!act.may(Permission::Work, Where::unit(1, Some(8))));
    assert!(!act.may(Permission::Work, Where::unit(1, None)));
    assert!(!act.may(Permission::Work, Where::unit(2, Some(7))), "another city");
    let homeless = Act::new(key(Role::UnitMember, 1, None), Timestamp(0), dice);
    assert!(!homeless.may(Permission::Work, Where::unit(1, None)), "no unit is not every unit");
}

#[test]
fn ids_grow_and_sort_by_time() {
    let dice = Dice::seeded(1);
    let ids: Vec<i64> = (0..5000).map(|n| dice.id(Timestamp(1_700_000_000_000 + n / 1000))).collect();
    assert!(ids.windows(2).all(|w| w[0] < w[1]));
    assert!(dice.past_id(Timestamp(1_000), 3) < crate::first_id_at(Timestamp(1_001)));
}

#[test]
fn a_key_opens_its_own_city_until_it_is_revoked() {
    for (engine, db) in Db::for_stories().unwrap() {
        let act = Act::new(Actor::System("test"), Timestamp(1_700_000_000_000), Arc::new(Dice::seeded(2)));
        let made = {
            let act = act.clone();
            db.write_blocking(move |tx| keys::make(tx, &act, 1, "FixMyStreet", Role::Sender, None)).unwrap()
        };
        let ask = |jurisdiction: i64| {
            let made = made.clone();
            db.read_blocking(move |tx| keys::holder(tx, jurisdiction, &made)).unwrap()
        };
        let Some(Actor::Key { id, role, .. }) = ask(1) else { panic!("{engine}: the key is known") };
        assert_eq!(role, Role::Sender);
        assert_eq!(ask(2), None, "{engine}");
        db.write_blocking(move |tx| keys::revoke(tx, &act, 1, id)).unwrap();
        assert_eq!(ask(1), None, "{engine}");
    }
}
