//! Sessions: new at every sign-in, over when they should be, with roles as they are now.

use calendar::Timestamp;

use super::{DAY, HOUR, J, MINUTE, NOW, admin, on_both};
use crate::accounts::{self, Offer};
use crate::permissions::Where;
use crate::sessions::{self, Assurance};
use crate::{Act, MemberState, Permission, Refusal, Role, codes};

fn at(millis: i64) -> Timestamp {
    NOW.plus_millis(millis)
}

#[test]
fn every_sign_in_has_a_token_of_its_own_and_only_its_hash_is_stored() {
    on_both(|city| {
        let id = city.colleague("operator", &[Offer::city(Role::Operator)]);
        let (a, b) = (city.sign_in(id, Assurance::Password, NOW), city.sign_in(id, Assurance::Password, NOW));
        assert_ne!(a, b, "a token planted before is worth nothing after");
        assert_eq!(a.len(), 64);
        let stored: Vec<String> = city.read(|tx| {
            tx.query(storage::sql!("SELECT token_hash FROM sessions ORDER BY id LIMIT 10"), &[], |row| {
                row.get(0)
            })
        });
        assert!(!stored.contains(&a) && !stored.contains(&b), "{}", city.engine);
        assert!(city.find(stored.first().unwrap(), NOW).is_none(), "a stolen hash opens nothing");
        assert!(city.find(&"0".repeat(64), NOW).is_none());
        let session = city.find(&a, NOW).unwrap();
        assert_eq!((session.account, session.actor.role()), (id, Role::Operator));
        let other_city = {
            let a = a.clone();
            city.read(move |tx| sessions::find(tx, 2, &a, NOW))
        };
        assert!(other_city.is_none());
        assert!(city.facts(id).iter().filter(|fact| *fact == "signed-in").count() == 2);
    });
}

#[test]
fn a_role_that_is_removed_is_gone_at_the_next_request() {
    on_both(|city| {
        let id = city.colleague("operator", &[Offer::city(Role::Operator)]);
        let token = city.sign_in(id, Assurance::Password, NOW);
        let may = |city: &super::City| {
            let actor = city.find(&token, NOW).unwrap().actor;
            Act::new(actor, NOW, city.dice.clone()).may(Permission::SeeContact, Where::city(J))
        };
        assert!(may(city));
        let membership = city.read(move |tx| accounts::memberships(tx, J, id)).first().unwrap().id;
        for (state, then) in
            [(MemberState::Suspended, false), (MemberState::Active, true), (MemberState::Ended, false)]
        {
            city.write(city.system(), move |tx, act| accounts::set_state(tx, act, J, membership, state))
                .unwrap();
            assert_eq!(may(city), then, "{} {state:?}", city.engine);
        }
    });
}

#[test]
fn whoever_is_suspended_is_out_at_once_everywhere() {
    on_both(|city| {
        city.colleague("admin", &[admin()]);
        let id = city.colleague("operator", &[Offer::city(Role::Operator)]);
        let tokens = [city.sign_in(id, Assurance::Password, NOW), city.sign_in(id, Assurance::Passkey, NOW)];
        city.write(city.system(), move |tx, act| accounts::suspend(tx, act, J, id, true)).unwrap();
        assert!(tokens.iter().all(|token| city.find(token, NOW).is_none()), "{}", city.engine);
        // A session that is begun by mistake for somebody suspended is no session.
        let late = city.sign_in(id, Assurance::Password, NOW);
        assert!(city.find(&late, NOW).is_none());
        city.write(city.system(), move |tx, act| accounts::suspend(tx, act, J, id, false)).unwrap();
        assert!(
            tokens.iter().all(|token| city.find(token, NOW).is_none()),
            "coming back needs a new sign-in"
        );
    });
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    on_both(|city| {
        let id = city.colleague("operator", &[Offer::city(Role::Operator)]);
        let (here, there) =
            (city.sign_in(id, Assurance::Password, NOW), city.sign_in(id, Assurance::Password, NOW));
        let session = city.find(&here, NOW).unwrap();
        let (act, keep, hash) = (city.act(session.actor, NOW), session.id, super::secret());
        city.write(act, move |tx, act| accounts::set_password(tx, act, J, id, &hash, Some(keep))).unwrap();
        assert!(city.find(&here, NOW).is_some(), "{}", city.engine);
        assert!(city.find(&there, NOW).is_none());
    });
}

#[test]
fn sessions_end_with_time_whichever_way_the_clock_jumps() {
    on_both(|city| {
        let cases: [(&str, Vec<Offer>, Assurance, i64, i64); 3] = [
            ("boss", vec![Offer::city(Role::Supervisor)], Assurance::PasswordTotp, 30 * MINUTE, 12 * HOUR),
            ("operator", vec![Offer::city(Role::Operator)], Assurance::Password, 4 * HOUR, 12 * HOUR),
            ("nobody", vec![], Assurance::Code, 30 * DAY, 90 * DAY),
        ];
        for (name, roles, assurance, idle, whole) in cases {
            let id = city.colleague(name, &roles);
            let token = city.sign_in(id, assurance, NOW);
            assert!(city.find(&token, at(idle - 1)).is_some(), "{} {name}", city.engine);
            assert!(city.find(&token, at(idle)).is_none(), "{name}: nobody was there");
            assert!(city.find(&token, at(-MINUTE)).is_some(), "{name}: two clocks may differ a little");
            assert!(city.find(&token, at(-HOUR)).is_none(), "{name}: a session from the future");
            // Used again and again it still ends.
            let session = city.find(&token, NOW).unwrap().id;
            let mut now = 0;
            while now + idle / 2 < whole {
                now += idle / 2;
                assert!(city.find(&token, at(now)).is_some(), "{name} {now}");
                city.write(city.act(crate::Actor::Citizen, at(now)), move |tx, act| {
                    sessions::seen(tx, act, J, session)
                })
                .unwrap();
            }
            assert!(city.find(&token, at(whole)).is_none(), "{name}: too old");
        }
    });
}

#[test]
fn being_seen_is_written_seldom_and_never_backwards() {
    on_both(|city| {
        let id = city.colleague("operator", &[Offer::city(Role::Operator)]);
        let token = city.sign_in(id, Assurance::Password, NOW);
        let session = city.find(&token, NOW).unwrap();
        assert!(!session.is_to_be_seen(at(MINUTE)) && session.is_to_be_seen(at(2 * MINUTE)));
        for minutes in [10, 3] {
            let act = city.act(crate::Actor::Citizen, at(minutes * MINUTE));
            city.write(act, move |tx, act| sessions::seen(tx, act, J, session.id)).unwrap();
        }
        assert_eq!(city.find(&token, at(11 * MINUTE)).unwrap().seen_at, at(10 * MINUTE), "{}", city.engine);
    });
}

#[test]
fn a_code_to_the_telephone_of_a_colleague_makes_nobody_a_colleague() {
    on_both(|city| {
        let id = city.colleague("operator", &[Offer::city(Role::Operator)]);
        let token = city.sign_in(id, Assurance::Code, NOW);
        let session = city.find(&token, NOW).unwrap();
        assert_eq!(session.actor.role(), Role::Citizen, "{}", city.engine);
        assert!(!session.actor.may_somewhere(Permission::TakeCalls));
    });
}

#[test]
fn one_sees_and_ends_ones_own_sessions_and_nobody_elses() {
    on_both(|city| {
        let (mine, theirs) = (
            city.colleague("operator", &[Offer::city(Role::Operator)]),
            city.colleague("other", &[Offer::city(Role::Operator)]),
        );
        let boss = city.colleague("admin", &[admin()]);
        let tokens =
            [city.sign_in(mine, Assurance::Password, NOW), city.sign_in(mine, Assurance::Passkey, NOW)];
        let foreign = city.sign_in(theirs, Assurance::Password, NOW);
        let foreign_id = city.find(&foreign, NOW).unwrap().id;

        let listed = city.write(city.by(mine), move |tx, act| sessions::list(tx, act, J, mine)).unwrap();
        assert_eq!(listed.len(), 2);
        assert_eq!((listed[0].agent.as_str(), listed[0].assurance), ("Firefox", Assurance::Passkey));
        let no = city.write(city.by(mine), move |tx, act| sessions::list(tx, act, J, theirs));
        assert!(matches!(no, Err(Refusal::Denied(_))), "{}", city.engine);
        let no = city.write(city.by(mine), move |tx, act| sessions::revoke(tx, act, J, foreign_id));
        assert!(matches!(no, Err(Refusal::Denied(_))));
        let no = city.write(city.by(mine), move |tx, act| sessions::revoke_all(tx, act, J, theirs, None));
        assert!(matches!(no, Err(Refusal::Denied(_))));
        assert!(city.find(&foreign, NOW).is_some());

        let keep = listed[1].id;
        city.write(city.by(mine), move |tx, act| sessions::revoke_all(tx, act, J, mine, Some(keep))).unwrap();
        assert!(city.find(&tokens[0], NOW).is_some() && city.find(&tokens[1], NOW).is_none());
        city.write(city.by(boss), move |tx, act| sessions::revoke(tx, act, J, foreign_id)).unwrap();
        assert!(city.find(&foreign, NOW).is_none());
    });
}

#[test]
fn one_account_has_only_so_many_sessions() {
    on_both(|city| {
        let id = city.colleague("operator", &[Offer::city(Role::Operator)]);
        let first = city.sign_in(id, Assurance::Password, NOW);
        for _ in 0..20 {
            city.sign_in(id, Assurance::Password, NOW);
        }
        assert!(city.find(&first, NOW).is_none(), "{}", city.engine);
    });
}

#[test]
fn what_is_worth_nothing_any_more_is_deleted() {
    on_both(|city| {
        let id = city.colleague("operator", &[Offer::city(Role::Operator)]);
        city.sign_in(id, Assurance::Password, NOW);
        let seal = city.seal.clone();
        city.write(city.system(), move |tx, act| {
            let asking = codes::Asking { mobile: "09121234567", browser: "b", address: "a" };
            codes::make(tx, act, &seal, J, &asking)
        })
        .unwrap()
        .unwrap();
        let count = |city: &super::City| {
            city.read(|tx| {
                let count = storage::sql!(
                    "SELECT (SELECT COUNT(*) FROM sessions) + (SELECT COUNT(*) FROM sign_codes)"
                );
                Ok(tx.value::<i64>(count, &[])?.unwrap_or(0))
            })
        };
        for (later, left) in [(HOUR, 2), (2 * DAY, 1), (91 * DAY, 0)] {
            let act = city.act(crate::Actor::System("test"), at(later));
            city.write(act, |tx, act| crate::forget(tx, act, J, 100)).unwrap();
            assert_eq!(count(city), left, "{} {later}", city.engine);
        }
    });
}
