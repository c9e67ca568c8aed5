//! Whose turn it is: lists, holders, mentions, parts, referrals, corrections.

use std::sync::Arc;

use calendar::Timestamp;
use people::accounts::{self, NewAccount, Offer};
use people::units::UnitKind;
use people::{Act, Actor, Member, Role};

use super::{City, INSIDE, SATURDAY, in_the_city};
use crate::moves::{MoveError, Step};
use crate::work::parts::Part;
use crate::work::{
    self, Narrow, Reach, Turn, WorkError, bulk, change, holds, mentions, parts, queue, referrals,
};
use crate::{Contact, PlaceDraft, RequestId, Status, catalogue, find};

const HOUR: i64 = 3_600_000;

/// An account of staff with one role, and how they act.
pub fn member(city: &City, name: &'static str, offer: Offer) -> Arc<Member> {
    let (system, j) = (city.act(Actor::System("test"), SATURDAY), city.jurisdiction);
    city.db
        .write_blocking(move |tx| -> Result<_, people::Refusal> {
            let sign_name = Some(format!("s{}", system.new_id()));
            let new = NewAccount { name: name.into(), sign_name, ..NewAccount::default() };
            let account = accounts::create(tx, &system, j, &new)?;
            accounts::give(tx, &system, j, account, &offer)?;
            let memberships = accounts::memberships(tx, j, account)?;
            Ok(Arc::new(Member { jurisdiction: j, account, name: name.into(), memberships }))
        })
        .unwrap()
}

pub fn by(city: &City, member: &Arc<Member>, hours: i64) -> Act {
    city.act(Actor::Member(member.clone()), SATURDAY.plus_millis(hours * HOUR))
}

/// A request that its unit has.
pub fn given(city: &City, words: &str) -> (RequestId, i64) {
    let mut draft = city.draft("street-sweeping", words);
    draft.contact = Contact { mobile: "09121234567".into(), name: "مینا".into(), ..Contact::default() };
    let sent = city.submit(draft).unwrap();
    let (act, j) = (city.staff(Role::Operator, None, SATURDAY), city.jurisdiction);
    city.db
        .write_blocking(move |tx| crate::moves::make(tx, &act, j, sent.id, &Step::to(Status::Assigned)))
        .unwrap();
    (sent.id, sent.unit.unwrap())
}

fn other_unit(city: &City, not: i64, kind: UnitKind) -> i64 {
    let j = city.jurisdiction;
    city.db
        .read_blocking(move |tx| {
            let catalogue = catalogue(tx, j)?;
            Ok::<_, storage::Error>(
                catalogue.units().filter(|u| u.id != not && u.kind == kind).map(|u| u.id).min(),
            )
        })
        .unwrap()
        .unwrap()
}

fn version(city: &City, id: RequestId) -> i64 {
    city.show(id).version
}

#[test]
fn what_is_late_comes_first_and_each_page_goes_on_where_the_last_ended() {
    in_the_city("tehran", |city| {
        let j = city.jurisdiction;
        let mut all: Vec<RequestId> = Vec::new();
        for (n, service) in
            ["street-sweeping", "fallen-tree", "street-sweeping", "asphalt-patch"].iter().enumerate()
        {
            let mut draft = city.draft(service, &format!("کار {n}"));
            draft.answers = vec![];
            if let Ok(sent) = city.submit(draft) {
                all.push(sent.id);
            }
        }
        let late = SATURDAY.plus_millis(4_000 * HOUR);
        let pages = city
            .db
            .read_blocking(move |tx| -> Result<_, storage::Error> {
                let reach = Reach { jurisdiction: j, city: true, ..Reach::default() };
                let mut seen = Vec::new();
                let mut after = None;
                loop {
                    let page = queue::list(tx, &reach, &Narrow::default(), late, after, 2)?;
                    seen.extend(page.requests.iter().map(|r| (r.due_at, r.id)));
                    after = page.next.and_then(|mark| queue::Mark::parse(&mark.to_string()));
                    if after.is_none() {
                        return Ok(seen);
                    }
                }
            })
            .unwrap();
        assert_eq!(pages.len(), all.len(), "{}", city.engine);
        let dues: Vec<_> = pages.iter().filter_map(|(due, _)| *due).collect();
        assert!(dues.windows(2).all(|w| w[0] <= w[1]), "{}", city.engine);
    });
}

#[test]
fn a_list_is_counted_without_reading_it() {
    in_the_city("tehran", |city| {
        let j = city.jurisdiction;
        let (id, unit) = given(&city, "یک");
        given(&city, "دو");
        storage::followers::catch_up_blocking(&city.db, work::counts::FOLLOWER).unwrap();
        let count = |narrow: Narrow, now: Timestamp| {
            city.db
                .read_blocking(move |tx| {
                    let reach = Reach { jurisdiction: j, units: vec![unit], ..Reach::default() };
                    Ok::<_, storage::Error>(work::counts::waiting(tx, &reach, now)?.of(&narrow))
                })
                .unwrap()
        };
        let turn = |turn| Narrow { turn, ..Narrow::default() };
        assert_eq!(count(turn(Turn::Open), SATURDAY), Some(2), "{}", city.engine);
        assert_eq!(count(turn(Turn::Overdue), SATURDAY), Some(0), "{}", city.engine);
        assert_eq!(
            count(turn(Turn::Overdue), SATURDAY.plus_millis(9_000 * HOUR)),
            Some(2),
            "{}",
            city.engine
        );
        let act = city.staff(Role::UnitMember, Some(unit), SATURDAY);
        let step = Step::to(Status::Answered).saying("شد");
        city.db.write_blocking(move |tx| crate::moves::make(tx, &act, j, id, &step)).unwrap();
        storage::followers::catch_up_blocking(&city.db, work::counts::FOLLOWER).unwrap();
        assert_eq!(count(turn(Turn::Open), SATURDAY), Some(1), "{}", city.engine);
        let by_words = Narrow { words: "دو".into(), ..Narrow::default() };
        assert_eq!(count(by_words, SATURDAY), None, "{}", city.engine);
    });
}

#[test]
fn who_held_it_is_kept_through_every_hand() {
    in_the_city("tehran", |city| {
        let j = city.jurisdiction;
        let (id, unit) = given(&city, "جارو نشده");
        let sara = member(&city, "سارا", Offer::unit(Role::UnitMember, unit));
        let reza = member(&city, "رضا", Offer::unit(Role::UnitMember, unit));
        let other = other_unit(&city, unit, UnitKind::Organisation);
        let stranger = member(&city, "بیگانه", Offer::unit(Role::UnitMember, other));
        let hold = |who: &Arc<Member>, hours, account| {
            let act = by(&city, who, hours);
            city.db.write_blocking(move |tx| holds::hold(tx, &act, j, id, None, account))
        };
        hold(&sara, 1, Some(sara.account)).unwrap();
        hold(&sara, 3, Some(reza.account)).unwrap();
        let no = hold(&sara, 3, Some(stranger.account));
        assert!(matches!(no, Err(WorkError::ColleagueUnknown)), "{}: a stranger holds nothing", city.engine);
        let no = hold(&stranger, 3, Some(stranger.account));
        assert!(matches!(no, Err(WorkError::NotFound)), "{}: {no:?}", city.engine);
        let act = by(&city, &reza, 5);
        let step = Step::to(Status::Assigned).with(other);
        let seen = version(&city, id);
        city.db.write_blocking(move |tx| work::make(tx, &act, j, id, seen, &step)).unwrap();
        let request = city.show(id);
        let held = city.db.read_blocking(move |tx| holds::history(tx, &request)).unwrap();
        let told: Vec<_> = held
            .iter()
            .map(|h| (h.unit, h.account, h.until_at.map(|until| until.millis_since(h.from_at) / HOUR)))
            .collect();
        assert_eq!(
            told,
            [
                (Some(unit), None, Some(1)),
                (Some(unit), Some(sara.account), Some(2)),
                (Some(unit), Some(reza.account), Some(2)),
                (Some(other), None, None),
            ],
            "{}",
            city.engine
        );
    });
}

#[test]
fn whoever_comes_second_is_told_so() {
    in_the_city("tehran", |city| {
        let j = city.jurisdiction;
        let (id, unit) = given(&city, "جارو نشده");
        let seen = version(&city, id);
        let go = |step: Step| {
            let act = city.staff(Role::UnitMember, Some(unit), SATURDAY);
            city.db.write_blocking(move |tx| work::make(tx, &act, j, id, seen, &step))
        };
        go(Step::to(Status::InProgress)).unwrap();
        let no = go(Step::to(Status::Answered).saying("شد"));
        assert!(matches!(no, Err(WorkError::Changed)), "{}", city.engine);
        assert_eq!(city.show(id).status, Status::InProgress, "{}", city.engine);
    });
}

#[test]
fn many_are_moved_at_once_each_under_its_own_check() {
    in_the_city("tehran", |city| {
        let j = city.jurisdiction;
        let (a, unit) = given(&city, "یک");
        let (b, _) = given(&city, "دو");
        let other = other_unit(&city, unit, UnitKind::Organisation);
        let foreign = {
            let (id, _) = given(&city, "سه");
            let act = city.staff(Role::Supervisor, None, SATURDAY);
            let step = Step::to(Status::Assigned).with(other);
            city.db.write_blocking(move |tx| crate::moves::make(tx, &act, j, id, &step)).unwrap();
            id
        };
        let sara = member(&city, "سارا", Offer::unit(Role::UnitMember, unit));
        let act = by(&city, &sara, 1);
        let ids = vec![a, foreign, b, a, RequestId(7)];
        let report = city
            .db
            .write_blocking(move |tx| bulk::make(tx, &act, j, &ids, &Step::to(Status::InProgress)))
            .unwrap();
        let told: Vec<_> =
            report.iter().map(|m| (m.id, m.outcome.as_ref().err().and_then(WorkError::code))).collect();
        assert_eq!(
            told,
            [
                (a, None),
                (foreign, Some("request-unknown")),
                (b, None),
                (RequestId(7), Some("request-unknown"))
            ],
            "{}",
            city.engine
        );
        assert_eq!(city.show(foreign).status, Status::Assigned, "{}", city.engine);
        let act = by(&city, &sara, 1);
        let many: Vec<RequestId> = (0..201).map(RequestId).collect();
        let no =
            city.db.write_blocking(move |tx| bulk::make(tx, &act, j, &many, &Step::to(Status::InProgress)));
        assert!(matches!(no, Err(WorkError::TooMany { most: 200 })), "{}", city.engine);
    });
}

#[test]
fn a_note_calls_those_who_may_read_it() {
    in_the_city("tehran", |city| {
        let j = city.jurisdiction;
        let (id, unit) = given(&city, "جارو نشده");
        let sara = member(&city, "سارا", Offer::unit(Role::UnitMember, unit));
        let reza = member(&city, "رضا", Offer::unit(Role::UnitMember, unit));
        let other = other_unit(&city, unit, UnitKind::Organisation);
        let stranger = member(&city, "بیگانه", Offer::unit(Role::UnitMember, other));
        let act = by(&city, &sara, 1);
        let called = vec![reza.account, stranger.account, reza.account, sara.account, 12];
        let told = city
            .db
            .write_blocking(move |tx| mentions::note(tx, &act, j, id, "رضا، لطفاً ببینید.", &called))
            .unwrap();
        assert_eq!(told, [reza.account], "{}", city.engine);
        let list = |who: &Arc<Member>| {
            let act = by(&city, who, 2);
            city.db.read_blocking(move |tx| mentions::of(tx, &act, j, 10)).unwrap().len()
        };
        assert_eq!((list(&reza), list(&stranger), list(&sara)), (1, 0, 0), "{}", city.engine);
        let act = by(&city, &reza, 3);
        city.db
            .write_blocking({
                let act = act.clone();
                move |tx| mentions::seen(tx, &act, j, id)
            })
            .unwrap();
        assert_eq!(city.db.read_blocking(move |tx| mentions::unseen(tx, &act, j)).unwrap(), 0);
        let request = city.show(id);
        let public = city.db.read_blocking(move |tx| find::thread(tx, &request, false)).unwrap();
        assert!(
            public.iter().all(|k| !matches!(k.fact.as_str(), "mentioned" | "held" | "noted-internally")),
            "{}: the public thread says nothing of it",
            city.engine
        );
    });
}

#[test]
fn a_whole_is_answered_when_its_parts_are() {
    in_the_city("tehran", |city| {
        let j = city.jurisdiction;
        let (id, unit) = given(&city, "جارو و چراغ");
        let other = other_unit(&city, unit, UnitKind::Organisation);
        let sara = member(&city, "سارا", Offer::unit(Role::UnitMember, unit));
        let split = |units: Vec<i64>| {
            let (act, seen) = (by(&city, &sara, 1), version(&city, id));
            let parts =
                units.into_iter().map(|unit| Part { unit, words: "سهم شما".into() }).collect::<Vec<_>>();
            city.db.write_blocking(move |tx| parts::split(tx, &act, j, id, seen, &parts))
        };
        assert!(matches!(split(vec![unit]), Err(WorkError::PartsWrong { .. })), "{}", city.engine);
        assert!(matches!(split(vec![unit; 11]), Err(WorkError::PartsWrong { .. })), "{}", city.engine);
        assert!(matches!(split(vec![unit, 5]), Err(WorkError::UnitUnknown)), "{}", city.engine);
        let made = split(vec![unit, other]).unwrap();
        assert!(matches!(split(vec![unit, other]), Err(WorkError::NotSplittable)), "{}", city.engine);
        let part = city.show(made[0]);
        assert_eq!((part.due_at, part.is_public, part.unit), (city.show(id).due_at, true, Some(unit)));
        let system = city.act(Actor::System("test"), SATURDAY);
        let contact = city.db.read_blocking(move |tx| find::contact(tx, &system, &part)).unwrap();
        assert!(contact.is_none(), "{}: a part carries no reporter", city.engine);
        for (n, (part, unit)) in made.iter().zip([unit, other]).enumerate() {
            assert!(city.show(id).status.is_open(), "{}", city.engine);
            let (act, part) =
                (city.staff(Role::UnitMember, Some(unit), SATURDAY.plus_millis(HOUR * 5)), *part);
            let step = Step::to(Status::Answered).saying(format!("بخش {n} انجام شد"));
            city.db.write_blocking(move |tx| crate::moves::make(tx, &act, j, part, &step)).unwrap();
        }
        let whole = city.show(id);
        assert_eq!(whole.status, Status::Answered, "{}", city.engine);
        assert!(whole.status_note.contains("بخش 0 انجام شد") && whole.status_note.contains("بخش 1"));
        storage::followers::catch_up_blocking(&city.db, crate::figures::FOLLOWER).unwrap();
        let wrong = city.db.read_blocking(move |tx| crate::check::figures(tx, j)).unwrap();
        assert!(wrong.is_empty(), "{}: {wrong:?}", city.engine);
    });
}

#[test]
fn parts_are_hidden_with_the_whole() {
    in_the_city("tehran", |city| {
        let j = city.jurisdiction;
        let (id, unit) = given(&city, "جارو و چراغ");
        let (act, seen) = (city.staff(Role::Supervisor, None, SATURDAY), version(&city, id));
        let parts = vec![Part { unit, words: "یک".into() }, Part { unit, words: "دو".into() }];
        let made = city.db.write_blocking(move |tx| parts::split(tx, &act, j, id, seen, &parts)).unwrap();
        let act = city.staff(Role::Supervisor, None, SATURDAY);
        city.db
            .write_blocking(move |tx| {
                crate::visibility::set_public(tx, &act, j, id, false, "نام کسی در آن است")
            })
            .unwrap();
        assert!(made.iter().all(|part| !city.show(*part).is_public), "{}", city.engine);
        storage::followers::catch_up_blocking(&city.db, crate::figures::FOLLOWER).unwrap();
        let wrong = city.db.read_blocking(move |tx| crate::check::figures(tx, j)).unwrap();
        assert!(wrong.is_empty(), "{}: {wrong:?}", city.engine);
    });
}

#[test]
fn an_organisation_outside_answers_by_a_link_that_opens_one_request_for_a_while() {
    in_the_city("tehran", |city| {
        let j = city.jurisdiction;
        let (id, unit) = given(&city, "کابل برق");
        let outside = other_unit(&city, unit, UnitKind::External);
        let sara = member(&city, "سارا", Offer::unit(Role::UnitMember, unit));
        let refer = |unit, due: Timestamp| {
            let (act, seen) = (by(&city, &sara, 1), version(&city, id));
            city.db.write_blocking(move |tx| {
                referrals::refer(tx, &act, j, id, seen, unit, "لطفاً رسیدگی کنید", due)
            })
        };
        let due = SATURDAY.plus_millis(48 * HOUR);
        assert!(matches!(refer(unit, due), Err(WorkError::UnitNotExternal)), "{}", city.engine);
        assert!(matches!(refer(outside, SATURDAY), Err(WorkError::DueWrong)), "{}", city.engine);
        refer(outside, due).unwrap();
        // The unit that asked still sees it, another does not.
        let request = city.show(id);
        let stranger = member(
            &city,
            "بیگانه",
            Offer::unit(Role::UnitMember, other_unit(&city, unit, UnitKind::Organisation)),
        );
        for (who, may) in [(&sara, true), (&stranger, false)] {
            let (act, request) = (by(&city, who, 2), request.clone());
            assert_eq!(city.db.read_blocking(move |tx| work::may_see(tx, &act, &request)).unwrap(), may);
        }
        let remind = |hours| {
            let act = city.act(Actor::System("worker"), SATURDAY.plus_millis(hours * HOUR));
            city.db.write_blocking(move |tx| referrals::remind(tx, &act, j, 10)).unwrap()
        };
        assert_eq!((remind(47), remind(49), remind(50)), (0, 1, 0), "{}: once, and not before", city.engine);
        let link = |who: &Arc<Member>| {
            let act = by(&city, who, 60);
            city.db.write_blocking(move |tx| referrals::link(tx, &act, j, id))
        };
        assert!(matches!(link(&stranger), Err(WorkError::NotFound)), "{}", city.engine);
        let old = link(&sara).unwrap();
        let token = link(&sara).unwrap();
        let answer = |token: String, hours: i64| {
            let act = city.act(Actor::Citizen, SATURDAY.plus_millis(hours * HOUR));
            city.db
                .write_blocking(move |tx| referrals::answer_by_link(tx, &act, j, &token, "کابل جمع شد", &[]))
        };
        assert!(
            matches!(answer(old, 61), Err(WorkError::NotFound)),
            "{}: a new link ends the old",
            city.engine
        );
        assert!(
            matches!(answer(token.clone(), 60 + 31 * 24), Err(WorkError::NotFound)),
            "{}: too late",
            city.engine
        );
        assert_eq!(answer(token.clone(), 62).unwrap(), id);
        assert!(matches!(answer(token, 63), Err(WorkError::NotFound)), "{}: once", city.engine);
        let back = city.show(id);
        assert_eq!((back.status, back.unit), (Status::Assigned, Some(unit)), "{}", city.engine);
    });
}

#[test]
fn a_corrected_service_keeps_the_promise_honest() {
    in_the_city("tehran", |city| {
        let j = city.jurisdiction;
        let (id, unit) = given(&city, "درخت افتاده");
        let act = city.staff(Role::Operator, None, SATURDAY.plus_millis(30 * HOUR));
        let seen = version(&city, id);
        let change = change::Change { service: Some("fallen-tree".into()), place: None };
        let why = "موضوع درخت است";
        let after = city
            .db
            .write_blocking({
                let (act, change) = (act.clone(), change.clone());
                move |tx| work::change::reclassify(tx, &act, j, id, seen, &change, why)
            })
            .unwrap();
        assert_ne!(after.unit, Some(unit), "{}: it finds its unit anew", city.engine);
        let target = after.clock.unwrap();
        assert_eq!(target.started_at, SATURDAY, "{}: the citizen has waited since they asked", city.engine);
        assert_eq!(city.show(id).due_at, after.due_at);
        let seen = version(&city, id);
        let again = city.db.write_blocking({
            let act = act.clone();
            move |tx| work::change::reclassify(tx, &act, j, id, seen, &change, why)
        });
        assert!(matches!(again, Err(WorkError::NothingChanged)), "{}", city.engine);
        let place = PlaceDraft { point: Some((INSIDE.0 + 0.001, INSIDE.1)), ..PlaceDraft::default() };
        let change = change::Change { service: None, place: Some(place) };
        city.db
            .write_blocking({
                let act = act.clone();
                move |tx| work::change::reclassify(tx, &act, j, id, seen, &change, why)
            })
            .unwrap();
        let outside = PlaceDraft { point: Some(super::OUTSIDE), ..PlaceDraft::default() };
        let change = change::Change { service: None, place: Some(outside) };
        let seen = version(&city, id);
        let no =
            city.db.write_blocking(move |tx| work::change::reclassify(tx, &act, j, id, seen, &change, why));
        assert!(matches!(no, Err(WorkError::PlaceWrong)), "{}", city.engine);
        for follower in [crate::figures::FOLLOWER, work::counts::FOLLOWER] {
            storage::followers::catch_up_blocking(&city.db, follower).unwrap();
        }
        let wrong = city.db.read_blocking(move |tx| crate::check::figures(tx, j)).unwrap();
        assert!(wrong.is_empty(), "{}: {wrong:?}", city.engine);
    });
}

#[test]
fn looking_at_a_person_leaves_a_fact() {
    in_the_city("tehran", |city| {
        let j = city.jurisdiction;
        let (first, unit) = given(&city, "یک");
        let (second, _) = given(&city, "دو");
        let sara = member(&city, "سارا", Offer::unit(Role::UnitMember, unit));
        let caller = member(&city, "تماس", Offer::city(Role::Official));
        let act = by(&city, &sara, 1);
        let found = city
            .db
            .write_blocking(move |tx| {
                let contact = work::history::contact(tx, &act, j, second)?;
                let others = work::history::of_person(tx, &act, j, second, 20)?;
                Ok::<_, WorkError>((contact, others))
            })
            .unwrap();
        assert_eq!(found.0.unwrap().mobile, "+989121234567", "{}", city.engine);
        assert_eq!(found.1.iter().map(|r| r.id).collect::<Vec<_>>(), [first], "{}", city.engine);
        let act = by(&city, &caller, 1);
        let no = city.db.write_blocking(move |tx| work::history::contact(tx, &act, j, second));
        assert!(matches!(no, Err(WorkError::Denied(_))), "{}: {no:?}", city.engine);
        let facts: Vec<String> = city
            .db
            .read_blocking(move |tx| storage::journal::of(tx, j, crate::SUBJECT, second.0, 100))
            .unwrap()
            .into_iter()
            .filter(|e| e.fact.ends_with("-seen"))
            .map(|e| format!("{} {}", e.fact, e.payload))
            .collect();
        assert_eq!(facts, ["contact-seen {}", "history-seen {}"], "{}", city.engine);
        let no = MoveError::NotFound;
        assert_eq!(no.code(), Some("request-unknown"));
    });
}
