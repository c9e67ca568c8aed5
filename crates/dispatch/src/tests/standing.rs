//! Crews come, change, drop out and are withdrawn.

use people::Role;

use super::{City, OUTSIDE, at, in_the_city, point, refused};
use crate::crews::{self, CrewKind, Wanted, Wish};
use crate::{CrewStatus, DispatchError, OrderStatus, Seen, members, orders, shifts};

fn add(city: &City, wish: Wish) -> Result<crate::Crew, DispatchError> {
    let act = city.dispatcher(0);
    city.write(move |tx, j| crews::add(tx, &act, j, &wish))
}

#[test]
fn a_crew_joins_is_found_and_changes() {
    in_the_city(|city| {
        let crew = city.crew("d6-1");
        assert_eq!(crew.skills, ["asphalt", "clean", "drain", "haul", "paving", "tree"]);
        let (act, id, seen) = (city.dispatcher(5), crew.id, Seen(crew.version));
        let wish = Wish { people: 6, ..Wish::of(&crew) };
        let again = wish.clone();
        let changed = city.write(move |tx, j| crews::change(tx, &act, j, id, &wish, seen)).unwrap();
        assert_eq!((changed.people, changed.version), (6, 2));
        // Who looked at the older one is told, and overwrites nothing.
        let act = city.dispatcher(6);
        assert_eq!(refused(city.write(move |tx, j| crews::change(tx, &act, j, id, &again, seen))), "changed");
        let (j, six) = (city.jurisdiction, city.district("6"));
        let wanted = Wanted { district: Some(six), active: true, unit: None };
        let found = city.db.read_blocking(move |tx| crews::list(tx, j, &wanted)).unwrap();
        assert_eq!(found, [city.show_crew(id)]);
        let found = city.db.read_blocking(move |tx| crews::by_code(tx, j, "d6-1")).unwrap();
        assert_eq!(found.map(|crew| crew.id), Some(id));
    });
}

#[test]
fn what_cannot_be_a_crew_is_refused() {
    in_the_city(|city| {
        city.crew("d6-1");
        let wish = |change: fn(&mut Wish)| {
            let mut wish = city.wish("d6-2");
            change(&mut wish);
            refused(add(&city, wish))
        };
        let cases: &[(fn(&mut Wish), &str)] = &[
            (|w| w.code = "d6-1".into(), "crew-code-taken"),
            (|w| w.code = "ناحیه ۱".into(), "crew-code-wrong"),
            (|w| w.code = String::new(), "crew-code-wrong"),
            (|w| (w.name_fa, w.name_en) = (String::new(), " ".into()), "crew-name-missing"),
            (|w| w.people = 0, "crew-people-wrong"),
            (|w| w.people = 5000, "crew-people-wrong"),
            (|w| w.loads = [-1, 0, 0], "crew-load-wrong"),
            (|w| w.skills.push("magic".into()), "crew-skill-unknown"),
            (|w| w.equipment.push("rocket".into()), "crew-equipment-unknown"),
            (|w| w.stock.extend([("gold".into(), 1)]), "crew-material-unknown"),
            (|w| w.stock.extend([("salt".into(), -5)]), "crew-load-wrong"),
            (|w| w.base = point(OUTSIDE), "crew-base-outside"),
            (|w| w.district = Some(1), "crew-district-unknown"),
            (|w| w.unit = Some(1), "crew-unit-unknown"),
            (|w| w.kind = CrewKind::Contractor, "crew-unit-not-contractor"),
        ];
        for (change, code) in cases {
            assert_eq!(wish(*change), *code, "{}", city.engine);
        }
    });
}

#[test]
fn a_unit_manages_its_own_crews_and_no_others() {
    in_the_city(|city| {
        let (own, other) = (city.unit("d6-urban-services"), city.unit("d6-green"));
        let wish = city.wish("d6-1");
        for (unit, is_allowed) in [(own, true), (other, false)] {
            let (act, wish) = (city.staff(Role::UnitManager, Some(unit), 0), wish.clone());
            let done = city.write(move |tx, j| crews::add(tx, &act, j, &wish));
            assert_eq!(done.is_ok(), is_allowed);
        }
        for role in [Role::Operator, Role::UnitMember, Role::Inspector, Role::CrewMember] {
            let (act, wish) = (city.staff(role, Some(own), 0), city.wish("d6-9"));
            assert_eq!(refused(city.write(move |tx, j| crews::add(tx, &act, j, &wish))), "denied");
        }
    });
}

#[test]
fn who_is_in_a_crew_speaks_for_it() {
    in_the_city(|city| {
        let unit = city.unit("d6-urban-services");
        let (crew, other) = (city.working("d6-1"), city.working("d6-2"));
        let (account, actor) = city.person("davood", unit);
        let (act, id) = (city.dispatcher(1), crew.id);
        city.write(move |tx, j| members::join(tx, &act, j, id, account, true)).unwrap();
        let j = city.jurisdiction;
        let found = city.db.read_blocking(move |tx| crews::of_account(tx, j, account)).unwrap();
        assert_eq!(found.map(|crew| crew.id), Some(id));
        let rest = |crew: crate::CrewId, minutes| {
            let act = city.act(actor.clone(), minutes);
            city.write(move |tx, j| crews::set_status(tx, &act, j, crew, CrewStatus::OnBreak))
        };
        assert_eq!(rest(id, 2).unwrap().status, CrewStatus::OnBreak);
        assert_eq!(refused(rest(other.id, 3)), "denied");
        // One person is in one crew.
        let act = city.dispatcher(4);
        let elsewhere = other.id;
        assert_eq!(
            refused(city.write(move |tx, j| members::join(tx, &act, j, elsewhere, account, false))),
            "member-elsewhere"
        );
        let act = city.dispatcher(5);
        assert!(city.write(move |tx, j| members::leave(tx, &act, j, id, account)).unwrap());
        assert_eq!(refused(rest(id, 6)), "denied");
        let act = city.dispatcher(7);
        assert_eq!(
            refused(city.write(move |tx, j| members::join(tx, &act, j, id, 424_242, false))),
            "member-unknown"
        );
    });
}

#[test]
fn a_crew_that_drops_out_gives_back_what_it_had() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let (here, later) =
            (city.order(), city.make(orders::Draft::at("gutter", point(super::SIX))).unwrap());
        city.assign(here.id, crew.id).unwrap();
        city.assign(later.id, crew.id).unwrap();
        city.arrive(here.id, 5);
        assert_eq!(city.show_crew(crew.id).order, Some(here.id));
        let (act, id) = (city.dispatcher(10), crew.id);
        city.write(move |tx, j| crews::set_status(tx, &act, j, id, CrewStatus::OutOfService)).unwrap();
        for order in [here.id, later.id] {
            let order = city.show(order);
            assert_eq!((order.status, order.crew), (OrderStatus::Open, None));
            assert_eq!(order.reason, "crew-out");
        }
        let crew = city.show_crew(crew.id);
        assert_eq!((crew.status, crew.order), (CrewStatus::OutOfService, None));
        assert_eq!(refused(city.assign(here.id, crew.id)), "crew-out-of-service");
    });
}

#[test]
fn a_crew_is_withdrawn_while_it_is_on_the_way() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let order = city.order();
        city.assign(order.id, crew.id).unwrap();
        let act = city.dispatcher(5);
        let going = order.id;
        city.write(move |tx, j| orders::on_the_way(tx, &act, j, going)).unwrap();
        let (act, id, seen) = (city.dispatcher(6), crew.id, Seen(city.show_crew(crew.id).version));
        let gone = city.write(move |tx, j| crews::withdraw(tx, &act, j, id, seen)).unwrap();
        assert!(!gone.is_active && gone.order.is_none());
        let back = city.show(order.id);
        assert_eq!((back.status, back.reason.as_str()), (OrderStatus::Open, "crew-withdrawn"));
        let j = city.jurisdiction;
        let shift = city.db.read_blocking(move |tx| shifts::current(tx, j, id, at(7))).unwrap();
        assert_eq!(shift, None);
        assert_eq!(refused(city.assign(order.id, crew.id)), "crew-withdrawn");
        let act = city.dispatcher(8);
        assert_eq!(
            refused(city.write(move |tx, j| crews::set_status(tx, &act, j, id, CrewStatus::OnDuty))),
            "crew-withdrawn"
        );
    });
}

#[test]
fn materials_on_board_never_fall_below_zero() {
    in_the_city(|city| {
        let crew = city.crew("d6-1");
        for (change, left) in [(50, 50), (-20, 30), (-100, 0)] {
            let (act, id) = (city.dispatcher(1), crew.id);
            let done = city.write(move |tx, j| crews::restock(tx, &act, j, id, "salt", change)).unwrap();
            assert_eq!(done, left);
        }
    });
}
