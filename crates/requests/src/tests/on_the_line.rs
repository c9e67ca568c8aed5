//! An official answers callers, and what they promise is followed up.

use std::sync::Arc;

use calendar::Timestamp;
use people::{Act, Actor, Member, MemberState, Membership, Role, Scope};

use super::{City, SATURDAY, in_the_city};
use crate::officials::{self, CallerState, HourField, NewHour, OfficialError};
use crate::service::Both;
use crate::{Channel, Refusal, find};

const HOUR: i64 = 3_600_000;

fn official(city: &City, account: i64, at: Timestamp) -> Act {
    let membership = Membership {
        id: account,
        role: Role::Official,
        scope: Scope::City,
        unit: None,
        district: None,
        neighbourhood: None,
        state: MemberState::Active,
    };
    let member = Member {
        jurisdiction: city.jurisdiction,
        account,
        name: "مقام".into(),
        memberships: vec![membership],
    };
    city.act(Actor::Member(Arc::new(member)), at)
}

fn announced() -> NewHour {
    NewHour {
        account: Some(41),
        name: Both::new("مریم رستمی", "Maryam Rostami"),
        title: Both::new("معاون خدمات شهری", "Deputy for urban services"),
        begins_at: Some(SATURDAY.plus_millis(24 * HOUR)),
        ends_at: Some(SATURDAY.plus_millis(26 * HOUR)),
        phone: "137".into(),
        place: Both::default(),
        is_published: true,
    }
}

fn put(city: &City, role: Role, new: NewHour) -> Result<i64, OfficialError> {
    let (act, jurisdiction) = (city.staff(role, None, SATURDAY), city.jurisdiction);
    city.db.write_blocking(move |tx| officials::put(tx, &act, jurisdiction, None, &new))
}

#[test]
fn hours_are_announced_by_those_who_may_and_shown_when_published() {
    in_the_city("tehran", |city| {
        assert!(matches!(put(&city, Role::Operator, announced()), Err(OfficialError::Denied(_))));
        for (wrong, field) in [
            (NewHour { name: Both::default(), ..announced() }, HourField::Name),
            (NewHour { title: Both::default(), ..announced() }, HourField::Title),
            (NewHour { begins_at: None, ..announced() }, HourField::Begins),
            (NewHour { ends_at: announced().begins_at, ..announced() }, HourField::Ends),
            (NewHour { ends_at: Some(SATURDAY.plus_millis(90 * HOUR)), ..announced() }, HourField::Ends),
            (NewHour { phone: "1".repeat(400), ..announced() }, HourField::Phone),
        ] {
            let no = put(&city, Role::Supervisor, wrong);
            assert!(matches!(no, Err(OfficialError::Wrong { field: f }) if f == field), "{field:?}: {no:?}");
        }
        let id = put(&city, Role::Supervisor, announced()).unwrap();
        put(&city, Role::Supervisor, NewHour { is_published: false, ..announced() }).unwrap();
        let jurisdiction = city.jurisdiction;
        let shown = |at: Timestamp| {
            city.db
                .read_blocking(move |tx| {
                    let ids = |hours: Vec<officials::Hour>| hours.iter().map(|h| h.id).collect::<Vec<_>>();
                    Ok::<_, storage::Error>((
                        ids(officials::upcoming(tx, jurisdiction, at, 10)?),
                        ids(officials::past(tx, jurisdiction, at, 10)?),
                    ))
                })
                .unwrap()
        };
        assert_eq!(shown(SATURDAY), (vec![id], vec![]), "{}", city.engine);
        assert_eq!(shown(SATURDAY.plus_millis(25 * HOUR)), (vec![id], vec![]), "while it lasts");
        assert_eq!(shown(SATURDAY.plus_millis(26 * HOUR)), (vec![], vec![id]));
        let act = city.staff(Role::Supervisor, None, SATURDAY);
        city.db.write_blocking(move |tx| officials::cancel(tx, &act, jurisdiction, id)).unwrap();
        assert_eq!(shown(SATURDAY), (vec![], vec![]), "{}: taken back", city.engine);
    });
}

#[test]
fn a_promise_is_a_request_of_the_official() {
    in_the_city("tehran", |city| {
        let hour = put(&city, Role::Supervisor, announced()).unwrap();
        let jurisdiction = city.jurisdiction;
        let during = SATURDAY.plus_millis(25 * HOUR);
        let operator = city.staff(Role::Operator, None, during);
        let caller = {
            let act = operator.clone();
            city.db
                .write_blocking(move |tx| {
                    officials::enter(tx, &act, jurisdiction, hour, "زهرا", "۰۹۱۲۱۲۳۴۵۶۷", "چراغ کوچه")
                })
                .unwrap()
        };
        let stranger = official(&city, 42, during);
        let no = city.db.write_blocking(move |tx| officials::callers(tx, &stranger, jurisdiction, hour));
        assert!(matches!(no, Err(OfficialError::Denied(_))), "{}: another official's line", city.engine);

        let own = official(&city, 41, during);
        let promise = |act: Act, service: &'static str| {
            let mut draft = city.draft(service, "تا فردا شب درست می‌شود");
            draft.channel = Channel::Phone;
            city.db.write_blocking(move |tx| {
                officials::promise(tx, &act, jurisdiction, hour, Some(caller), &draft)
            })
        };
        let no = promise(operator, "street-sweeping");
        assert!(matches!(no, Err(OfficialError::Denied(_))), "{}: an operator promises nothing", city.engine);
        match promise(own.clone(), "no-such-service") {
            Err(OfficialError::Refused(all)) => assert!(matches!(all[0], Refusal::ServiceUnknown { .. })),
            other => panic!("{other:?}"),
        }
        let done = promise(own.clone(), "street-sweeping").unwrap();
        let request = city.show(done.id);
        assert_eq!(request.owner, Some(41), "{}", city.engine);
        assert!(request.unit.is_some() && request.due_at.is_some(), "followed up like any other");
        let act = city.staff(Role::Operator, None, during);
        let contact = city.db.read_blocking(move |tx| find::contact(tx, &act, &request)).unwrap().unwrap();
        assert_eq!((contact.name.as_str(), contact.mobile.as_str()), ("زهرا", "+989121234567"));

        let (list, mine, kept, callers) = city
            .db
            .read_blocking(move |tx| {
                Ok::<_, OfficialError>((
                    officials::promised(tx, jurisdiction, hour)?,
                    officials::of_account(tx, jurisdiction, 41, 10)?,
                    officials::kept(tx, jurisdiction)?,
                    officials::callers(tx, &own, jurisdiction, hour)?,
                ))
            })
            .unwrap();
        assert_eq!((list.len(), mine.len(), kept.made, kept.open), (1, 1, 1, 1), "{}", city.engine);
        assert_eq!(callers[0].state, CallerState::Done);
        // A month after the hour nobody knows any more who waited there.
        let forget = |days: i64| {
            let act = city.act(Actor::System("forget"), during.plus_hours(24 * days));
            city.db.write_blocking(move |tx| officials::forget(tx, &act, jurisdiction, 10)).unwrap()
        };
        assert_eq!((forget(29), forget(31), forget(31)), (0, 1, 0), "{}", city.engine);

        let act = official(&city, 41, during);
        let gone = city.db.write_blocking(move |tx| {
            officials::set_caller(tx, &act, jurisdiction, hour, caller, CallerState::Speaking)
        });
        assert!(matches!(gone, Err(OfficialError::CallerGone)), "{}", city.engine);
    });
}
