//! One district helps another.

use people::Role;

use super::{City, THREE, at, in_the_city, point, refused};
use crate::aid::{self, Aid, AidState, Wish};
use crate::orders::Draft;
use crate::{DispatchError, Seen};

fn ask(city: &City, change: impl Fn(&mut Wish)) -> Result<Aid, DispatchError> {
    let mut wish = Wish {
        from: city.district("6"),
        to: city.district("3"),
        skills: vec!["drain".into()],
        words: "سه خیابان زیر آب است".into(),
        starts_at: at(0),
        ends_at: at(240),
    };
    change(&mut wish);
    let act = city.dispatcher(0);
    city.write(move |tx, j| aid::ask(tx, &act, j, &wish))
}

#[test]
fn a_crew_works_in_another_district_only_while_help_is_granted() {
    in_the_city(|city| {
        let crew = city.working("d6-1");
        let order = city.make(Draft::at("drain", point(THREE))).unwrap();
        assert_eq!(refused(city.assign(order.id, crew.id)), "crew-other-district");
        let aid = ask(&city, |_| ()).unwrap();
        assert_eq!(refused(city.assign(order.id, crew.id)), "crew-other-district", "asked is not granted");
        let act = city.dispatcher(1);
        let (id, seen, who) = (aid.id, Seen(aid.version), crew.id);
        let granted = city.write(move |tx, j| aid::grant(tx, &act, j, id, who, seen)).unwrap();
        assert_eq!((granted.state, granted.crew), (AidState::Granted, Some(crew.id)));
        let (j, three) = (city.jurisdiction, city.district("3"));
        let helping = city.db.read_blocking(move |tx| aid::helping(tx, j, three, at(10))).unwrap();
        assert_eq!(helping.len(), 1);
        assert!(city.assign(order.id, crew.id).is_ok());
        // Two decide at once.
        let act = city.dispatcher(2);
        assert_eq!(refused(city.write(move |tx, j| aid::refuse(tx, &act, j, id, seen))), "changed");
        let act = city.dispatcher(3);
        let ended = city.write(move |tx, j| aid::end(tx, &act, j, id, Seen(granted.version))).unwrap();
        assert_eq!((ended.state, ended.ends_at), (AidState::Ended, at(3)));
        let other = city.make(Draft::at("gutter", point(THREE))).unwrap();
        assert_eq!(refused(city.assign(other.id, crew.id)), "crew-other-district");
    });
}

#[test]
fn what_cannot_be_asked_is_refused() {
    in_the_city(|city| {
        let six = city.district("6");
        assert_eq!(refused(ask(&city, |w| w.to = six)), "aid-district-wrong");
        assert_eq!(refused(ask(&city, |w| w.from = 77)), "aid-district-wrong");
        assert_eq!(refused(ask(&city, |w| w.ends_at = w.starts_at)), "aid-time-wrong");
        assert_eq!(refused(ask(&city, |w| w.ends_at = at(100 * 1440))), "aid-time-wrong");
        assert_eq!(refused(ask(&city, |w| w.skills = vec!["fly".into()])), "crew-skill-unknown");
        let wish = Wish {
            from: six,
            to: city.district("3"),
            skills: Vec::new(),
            words: String::new(),
            starts_at: at(0),
            ends_at: at(60),
        };
        let act = city.staff(Role::Operator, None, 0);
        assert_eq!(refused(city.write(move |tx, j| aid::ask(tx, &act, j, &wish))), "denied");
    });
}
