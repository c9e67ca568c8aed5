//! Stories of positions: only on shift, only with consent, many in one write, and forgotten.

use people::Actor;
use storage::{params, sql};

use super::*;
use crate::DispatchError;
use crate::field::Fix;
use crate::field::POSITIONS;
use crate::field::positions::{self, Noted, Report};
use crate::tests::{OUTSIDE, SIX, refused};

fn fix(minutes: i64, place: (f64, f64)) -> Fix {
    Fix { at: at(minutes), lat: place.0, long: place.1, accuracy: 12.0 }
}

fn report(phone: &Phone<'_>, minutes: i64, fixes: Vec<Fix>) -> Result<Noted, DispatchError> {
    let reports = [Report { act: phone.act(minutes), sent_at: at(minutes), fixes }];
    phone.city.write(move |tx, j| positions::note(tx, j, &reports)).unwrap().remove(0)
}

#[test]
fn positions_are_read_only_in_a_shift_and_with_consent() {
    in_the_city(|city| {
        let phone = Phone::of(&city, city.crew("C1"), "sara");
        assert_eq!(refused(report(&phone, 1, vec![fix(1, SIX)])), "shift-none");
        let (act, id) = (city.dispatcher(0), phone.crew.id);
        let wish =
            shifts::Wish { crew: id, starts_at: at(0), ends_at: at(400), overtime_until: None, rest: None };
        city.write(move |tx, j| shifts::plan(tx, &act, j, &wish)).unwrap();
        let begin = phone.item(2, None, What::ShiftBegin { consent: false });
        all_are(&phone.send(2, &[begin]), Outcome::Accepted);
        assert_eq!(refused(report(&phone, 3, vec![fix(3, SIX)])), "positions-no-consent");
        assert_eq!(city.show_crew(id).position, None);
        let allow = phone.item(10, None, What::Consent { given: true });
        all_are(&phone.send(10, &[allow]), Outcome::Accepted);
        // What was before the consent is not taken either.
        let noted = report(&phone, 12, vec![fix(5, SIX), fix(11, SIX)]).unwrap();
        assert_eq!(noted.taken, 1);
        assert_eq!(city.show_crew(id).position.unwrap().at, at(11));
        let late = phone.item(13, None, What::Positions { fixes: vec![fix(11, SIX), fix(12, SIX)] });
        all_are(&phone.send(13, &[late]), Outcome::Accepted);
        let j = city.jurisdiction;
        let trail = city.db.read_blocking(move |tx| positions::trail_of(tx, j, id, at(0), at(60))).unwrap();
        assert_eq!(trail.len(), 2, "{}", city.engine);
        let secret = city.db.read_blocking(move |tx| storage::journal::after(tx, j, 0, 10_000)).unwrap();
        let facts: Vec<_> = secret.iter().filter(|fact| fact.subject_kind == POSITIONS).collect();
        assert_eq!(facts.len(), 2);
        assert!(facts.iter().all(|fact| !fact.payload.contains('.')), "never where");
    });
}

#[test]
fn a_position_outside_the_city_is_marked_and_kept() {
    with_one_stop(|city, phone, order| {
        let noted = report(&phone, 5, vec![fix(5, OUTSIDE)]).unwrap();
        assert!(noted.is_outside && noted.taken == 1);
        let (j, id) = (city.jurisdiction, phone.crew.id);
        let trail = city.db.read_blocking(move |tx| positions::trail_of(tx, j, id, at(0), at(60))).unwrap();
        assert!(trail[0].is_outside, "{}", city.engine);
        // Not on the way yet: being near says nothing.
        assert_eq!(report(&phone, 6, vec![fix(6, SIX)]).unwrap().arrived, None);
        let step = phone.item(7, Some(&order.code), What::OnTheWay);
        all_are(&phone.send(7, &[step]), Outcome::Accepted);
        assert_eq!(report(&phone, 8, vec![fix(8, OUTSIDE)]).unwrap().arrived, None);
        assert_eq!(report(&phone, 9, vec![fix(9, SIX)]).unwrap().arrived, Some(order.code.clone()));
        assert_eq!(city.show(order.id).status, OrderStatus::OnTheWay, "it proposes, and decides nothing");
        // An older position that comes late does not move the crew back.
        report(&phone, 10, vec![fix(8, OUTSIDE)]).unwrap();
        assert_eq!(city.show_crew(id).position.unwrap().at, at(9));
    });
}

#[test]
fn many_telephones_are_one_write_and_one_fact() {
    in_the_city(|city| {
        let names = ["sara", "omid", "mina", "reza", "nima"];
        let codes = ["C1", "C2", "C3", "C4", "C5"];
        let phones: Vec<Phone<'_>> =
            names.iter().zip(codes).map(|(name, code)| Phone::of(&city, city.working(code), name)).collect();
        let (account, stranger) = city.person("nobody", city.unit("d6-urban-services"));
        let mut reports: Vec<Report> = phones
            .iter()
            .map(|phone| Report { act: phone.act(5), sent_at: at(5), fixes: vec![fix(5, SIX)] })
            .collect();
        reports.push(Report { act: city.act(stranger, 5), sent_at: at(5), fixes: vec![fix(5, SIX)] });
        assert!(account > 0);
        let j = city.jurisdiction;
        let head = city.db.read_blocking(move |tx| storage::journal::head(tx, j)).unwrap().0;
        let answers = city.write(move |tx, j| positions::note(tx, j, &reports)).unwrap();
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 5);
        assert_eq!(answers[5].as_ref().unwrap_err().code(), Some("crew-left"));
        let now = city.db.read_blocking(move |tx| storage::journal::head(tx, j)).unwrap().0;
        assert_eq!(now, head + 1, "{}", city.engine);
    });
}

#[test]
fn trails_are_thrown_away_after_four_weeks() {
    with_one_stop(|city, phone, _| {
        report(&phone, 5, vec![fix(3, SIX), fix(5, OUTSIDE)]).unwrap();
        let count = |city: &City| -> i64 {
            let read =
                |tx: &mut storage::Tx<'_>| tx.value(sql!("SELECT COUNT(*) FROM crew_positions"), &params![]);
            city.db.read_blocking(read).unwrap().unwrap()
        };
        assert_eq!(count(city), 2);
        let forget = |minutes: i64| {
            let act = city.act(Actor::System("test"), minutes);
            city.write(move |tx, j| (positions::CHORE.run)(tx, &act, j, 100)).unwrap()
        };
        assert_eq!(forget(27 * DAY), 0);
        assert_eq!(forget(29 * DAY), 2);
        assert_eq!(count(city), 0, "{}", city.engine);
    });
}
