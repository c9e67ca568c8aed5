//! What a key can and cannot do.

use super::{J, NOW, on_both};
use crate::keys::{self, KeyError, KeyScope, KeyScopes, NewKey};
use crate::permissions::Where;
use crate::{Act, Actor, Dice, Permission, Role};
use std::sync::Arc;

#[test]
fn a_key_opens_its_own_city_until_it_is_revoked() {
    on_both(|city| {
        let key = NewKey {
            scopes: KeyScopes::of(&[KeyScope::Requests, KeyScope::Calls]),
            per_minute: Some(30),
            ..NewKey::of("FixMyStreet", Role::Operator, None)
        };
        let made = city.write(city.system(), move |tx, act| keys::make(tx, act, J, &key)).unwrap();
        let ask = |jurisdiction: i64| {
            let made = made.clone();
            city.read(move |tx| keys::held(tx, jurisdiction, &made))
        };
        let holder = ask(1).expect("the key is known");
        assert_eq!(holder.per_minute, Some(30), "{}", city.engine);
        let act = Act::new(holder.actor.clone(), NOW, city.dice.clone());
        assert!(act.may(Permission::Submit, Where::city(J)));
        assert!(act.may(Permission::TakeCalls, Where::city(J)));
        assert!(
            !act.may(Permission::SeeContact, Where::city(J)),
            "the key was not made for looking people up"
        );
        assert!(!act.may_somewhere(Permission::Assign));
        assert_eq!(ask(2), None, "{}", city.engine);
        city.write(city.system(), move |tx, act| keys::revoke(tx, act, J, holder.id)).unwrap();
        assert_eq!(ask(1), None, "{}", city.engine);
    });
}

#[test]
fn nobody_makes_a_key_above_their_own_role() {
    on_both(|city| {
        let chief = Actor::Key {
            jurisdiction: J,
            id: 1,
            name: "chief".into(),
            role: Role::Supervisor,
            unit: None,
            scopes: KeyScopes::ALL,
        };
        for (role, may) in [
            (Role::Operator, true),
            (Role::Supervisor, true),
            (Role::Administrator, false),
            (Role::System, false),
        ] {
            let act = city.act(chief.clone(), NOW);
            let made = city.write(act, move |tx, act| keys::make(tx, act, J, &NewKey::of("k", role, None)));
            assert_eq!(made.is_ok(), may, "{role:?}");
            assert!(may || matches!(made, Err(KeyError::Denied(_))));
        }
        let made =
            city.write(city.system(), |tx, act| keys::make(tx, act, J, &NewKey::of("k", Role::System, None)));
        assert!(matches!(made, Err(KeyError::Denied(_))), "the program's own role is nobody's");
    });
}

#[test]
fn scopes_are_read_as_they_are_written() {
    for text in ["requests", "requests,work", "read,calls,import,manage"] {
        assert_eq!(KeyScopes::parse(text).map(KeyScopes::text).as_deref(), Some(text));
    }
    assert_eq!(KeyScopes::parse(""), Some(KeyScopes::ALL));
    assert_eq!(KeyScopes::parse("requests,everything"), None);
    for permission in Permission::ALL {
        let scope = KeyScope::of(*permission);
        for other in KeyScope::ALL {
            assert_eq!(KeyScopes::of(&[other]).allow(*permission), other == scope);
        }
    }
    let dice = Arc::new(Dice::seeded(1));
    assert_ne!(dice.bytes(), dice.bytes());
}
