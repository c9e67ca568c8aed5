//! Who looks after whom.

use super::{City, J, admin, on_both};
use crate::accounts::{self, NewAccount, Offer};
use crate::{MemberState, Refusal, Role, Scope};

const UNIT: i64 = 7;
const OTHER: i64 = 8;

fn invite(city: &City, by: i64, account: i64, offer: Offer) -> Result<i64, Refusal> {
    city.write(city.by(by), move |tx, act| accounts::invite(tx, act, J, account, &offer))
}

fn code<T>(outcome: Result<T, Refusal>) -> &'static str {
    match outcome {
        Ok(_) => "done",
        Err(refusal) => refusal.code().unwrap_or("failure"),
    }
}

fn role_of(city: &City, account: i64) -> i64 {
    city.read(move |tx| accounts::memberships(tx, J, account)).last().unwrap().id
}

#[test]
fn nobody_gives_a_role_above_their_own_or_outside_their_unit() {
    on_both(|city| {
        let boss = city.colleague("admin", &[admin()]);
        let manager = city.colleague("manager", &[Offer::unit(Role::UnitManager, UNIT)]);
        let chief = city.colleague("chief", &[Offer::city(Role::Supervisor)]);
        let worker = city.colleague("worker", &[Offer::unit(Role::UnitMember, UNIT)]);
        for (by, role, expected) in [
            (boss, admin(), "done"),
            (boss, Offer::city(Role::Operator), "done"),
            (boss, Offer { role: Role::System, ..admin() }, "role-not-given"),
            (boss, Offer { role: Role::Citizen, ..admin() }, "role-not-given"),
            (boss, Offer::city(Role::UnitMember), "place-missing"),
            (boss, Offer { scope: Scope::District, ..Offer::city(Role::Inspector) }, "place-missing"),
            (boss, Offer::district(Role::Inspector, 70), "done"),
            (manager, Offer::unit(Role::UnitMember, UNIT), "done"),
            (manager, Offer::unit(Role::UnitManager, UNIT), "done"),
            (manager, Offer::unit(Role::UnitMember, OTHER), "denied"),
            (manager, Offer::unit(Role::Operator, UNIT), "role-too-high"),
            (
                manager,
                Offer { scope: Scope::City, unit: Some(UNIT), ..Offer::city(Role::UnitMember) },
                "denied",
            ),
            (manager, Offer::city(Role::Operator), "denied"),
            (manager, Offer { unit: Some(UNIT), scope: Scope::Unit, ..admin() }, "role-too-high"),
            (chief, Offer::unit(Role::UnitMember, UNIT), "denied"),
            (worker, Offer::unit(Role::UnitMember, UNIT), "denied"),
        ] {
            // Somebody new each time, so that no role is given twice.
            let name = format!("new-{}", city.dice.number());
            let new = city.colleague(&name, &[]);
            assert_eq!(code(invite(city, by, new, role)), expected, "{} {role:?}", city.engine);
        }
    });
}

#[test]
fn an_invitation_gives_nothing_until_its_own_holder_accepts() {
    on_both(|city| {
        let boss = city.colleague("admin", &[admin()]);
        let (new, other) = (city.colleague("new", &[]), city.colleague("other", &[]));
        let id = invite(city, boss, new, Offer::city(Role::Operator)).unwrap();
        assert_eq!(city.actor(new).role(), Role::Citizen, "{}", city.engine);
        assert_eq!(code(invite(city, boss, new, Offer::city(Role::Operator))), "role-given");
        assert_eq!(
            code(city.write(city.by(other), move |tx, act| accounts::accept(tx, act, J, id))),
            "denied"
        );
        assert_eq!(
            code(city.write(city.by(boss), move |tx, act| accounts::accept(tx, act, J, id))),
            "denied"
        );
        let activate = move |tx: &mut storage::Tx<'_>, act: &crate::Act| {
            accounts::set_state(tx, act, J, id, MemberState::Active)
        };
        assert_eq!(code(city.write(city.by(boss), activate)), "state-wrong", "nobody accepts for another");
        city.write(city.by(new), move |tx, act| accounts::accept(tx, act, J, id)).unwrap();
        assert_eq!(city.actor(new).role(), Role::Operator);
        assert_eq!(
            code(city.write(city.by(new), move |tx, act| accounts::accept(tx, act, J, id))),
            "state-wrong"
        );
        city.write(city.by(boss), move |tx, act| accounts::end(tx, act, J, id)).unwrap();
        assert_eq!(code(city.write(city.by(boss), activate)), "state-wrong", "what is over is over");
        assert_eq!(
            city.facts(new).into_iter().filter(|fact| fact.starts_with("role")).collect::<Vec<_>>(),
            ["role-offered", "role-accepted", "role-ended"]
        );
    });
}

#[test]
fn the_last_administrator_stays() {
    on_both(|city| {
        let boss = city.colleague("admin", &[admin()]);
        let role = role_of(city, boss);
        let end = move |tx: &mut storage::Tx<'_>, act: &crate::Act| accounts::end(tx, act, J, role);
        let suspend =
            move |tx: &mut storage::Tx<'_>, act: &crate::Act| accounts::suspend(tx, act, J, boss, true);
        assert_eq!(code(city.write(city.by(boss), end)), "last-administrator", "{}", city.engine);
        assert_eq!(code(city.write(city.system(), suspend)), "last-administrator");
        let second = city.colleague("second", &[]);
        let offer = admin();
        let invited = invite(city, boss, second, offer).unwrap();
        assert_eq!(
            code(city.write(city.by(boss), end)),
            "last-administrator",
            "who is only invited does not count"
        );
        city.write(city.by(second), move |tx, act| accounts::accept(tx, act, J, invited)).unwrap();
        city.write(city.by(second), end).unwrap();
        let end_second = move |tx: &mut storage::Tx<'_>, act: &crate::Act| accounts::end(tx, act, J, invited);
        assert_eq!(code(city.write(city.by(second), end_second)), "last-administrator");
    });
}

#[test]
fn a_manager_looks_after_the_own_unit_only() {
    on_both(|city| {
        let manager = city.colleague("manager", &[Offer::unit(Role::UnitManager, UNIT)]);
        let own = city.colleague("own", &[Offer::unit(Role::UnitMember, UNIT)]);
        let both = city
            .colleague("both", &[Offer::unit(Role::UnitMember, UNIT), Offer::unit(Role::UnitMember, OTHER)]);
        let foreign = city.colleague("foreign", &[Offer::unit(Role::UnitMember, OTHER)]);
        let operator = city.colleague("operator", &[Offer::city(Role::Operator)]);
        let new = city.colleague("new", &[]);
        for (account, expected) in
            [(own, "done"), (both, "denied"), (foreign, "denied"), (operator, "denied"), (new, "denied")]
        {
            let hash = super::secret();
            let given = city.write(city.by(manager), move |tx, act| {
                accounts::give_first_password(tx, act, J, account, &hash)
            });
            assert_eq!(code(given), expected, "{} {account}", city.engine);
            let gone =
                city.write(city.by(manager), move |tx, act| accounts::suspend(tx, act, J, account, true));
            assert_eq!(code(gone), expected);
            let removed =
                city.write(city.by(manager), move |tx, act| crate::second::remove(tx, act, J, account));
            assert_eq!(code(removed), expected);
            if account != new {
                let role = role_of(city, account);
                let ended = city.write(city.by(manager), move |tx, act| accounts::end(tx, act, J, role));
                assert_eq!(code(ended), expected);
            }
        }
        let listed = city.write(city.by(manager), |tx, act| accounts::staff(tx, act, J, 100)).unwrap();
        let names: Vec<_> = listed.iter().filter_map(|account| account.sign_name.as_deref()).collect();
        assert_eq!(names, ["both", "manager"], "the roles of `own` were ended above");
        let no = city.write(city.by(operator), |tx, act| accounts::staff(tx, act, J, 100));
        assert_eq!(code(no), "denied");
    });
}

#[test]
fn names_and_numbers_are_ones_own() {
    on_both(|city| {
        let boss = city.colleague("admin", &[admin()]);
        let create = |name: &str, sign_name: &str, mobile: &str, email: &str| {
            let wish = NewAccount {
                name: name.into(),
                sign_name: Some(sign_name.into()),
                mobile: Some(mobile.into()),
                email: Some(email.into()),
                language: None,
            };
            code(city.write(city.by(boss), move |tx, act| accounts::create(tx, act, J, &wish)))
        };
        assert_eq!(create("لیلا", "Leila", "۰۹۱۲ ۱۱۱ ۱۱۱۱", "l@example.org"), "done", "{}", city.engine);
        assert_eq!(create("لیلا", "LEILA", "", ""), "sign-name-taken");
        assert_eq!(create("لیلا", "leila2", "+989121111111", ""), "mobile-taken");
        assert_eq!(create("لیلا", "leila۲", "", ""), "done", "digits are one");
        assert_eq!(create("لیلا", "leila2", "", ""), "sign-name-taken");
        assert_eq!(create("  ", "sara", "", ""), "name-missing");
        assert_eq!(create(&"ن".repeat(101), "sara", "", ""), "name-too-long");
        for odd in ["ab", "لیلا", "a b c", "<script>", "-abc", &"a".repeat(41)] {
            assert_eq!(create("لیلا", odd, "", ""), "sign-name-wrong", "{odd}");
        }
        assert_eq!(create("لیلا", "sara", "02188776655", ""), "mobile-wrong");
        for odd in ["a", "a@b", "a b@c.ir", "@c.ir", "a@c.ir\nBcc: x@y.ir", "<a@c.ir>"] {
            assert_eq!(create("لیلا", "sara", "", odd), "email-wrong", "{odd}");
        }
        // An account of another city is another account.
        let wish = NewAccount { name: "x".into(), sign_name: Some("leila".into()), ..NewAccount::default() };
        let there = city.write(city.by(boss), move |tx, act| accounts::create(tx, act, 2, &wish));
        assert_eq!(code(there), "denied", "an administrator of one city is nobody in another");
    });
}

#[test]
fn access_is_written_down_without_names() {
    on_both(|city| {
        let id = city.colleague("operator", &[Offer::city(Role::Operator)]);
        city.write(city.by(id), |tx, act| -> storage::Result<()> {
            let place = crate::Where::unit(J, Some(UNIT)).in_district(Some(70));
            crate::audit(tx, act, J, "contact", crate::Permission::SeeContact, place, true);
            crate::audit_of(tx, act, J, "people", crate::Permission::ManagePeople, place, false, Some(99));
            Ok(())
        })
        .unwrap();
        let facts = city.read(move |tx| storage::journal::of(tx, J, crate::ACCESS, id, 10));
        let told: Vec<(&str, &str)> = facts.iter().map(|e| (e.fact.as_str(), e.payload.as_str())).collect();
        assert_eq!(
            told,
            [
                ("access-granted", r#"{"district":70,"permission":"see-contact","unit":7,"what":"contact"}"#),
                (
                    "access-denied",
                    r#"{"district":70,"of":99,"permission":"manage-people","unit":7,"what":"people"}"#
                ),
            ],
            "{}",
            city.engine
        );
        assert!(facts.iter().all(|entry| entry.actor == format!("operator:{id}")));
    });
}
