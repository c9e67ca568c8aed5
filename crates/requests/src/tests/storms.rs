//! Incidents and storms: many reports of one thing, and the hours in which the line must not choke.

use calendar::Timestamp;
use people::accounts::Offer;
use people::{Actor, Chore, Role};
use storage::followers;

use super::turns::member;
use super::{City, INSIDE, SATURDAY, in_the_city};
use crate::calls::{self, CallRefusal, RegisterError};
use crate::incidents::{self, IncidentError, IncidentId, State, read};
use crate::service::Both;
use crate::storm::{self, Mode, StormError};
use crate::{Draft, RequestId, Status, find};

pub const MINUTE: i64 = 60_000;

/// A report some metres north and east of the middle, some minutes after the beginning.
fn report(city: &City, service: &str, metres: (f64, f64), minutes: i64, words: &str) -> RequestId {
    let mut draft = city.draft(service, words);
    draft.place.point = Some((INSIDE.0 + metres.0 / 111_320.0, INSIDE.1 + metres.1 / 90_400.0));
    if service == "fallen-tree" {
        draft.answers = vec![("blocks".into(), vec!["street".into()])];
    }
    submit_at(city, draft, minutes)
}

fn submit_at(city: &City, draft: Draft, minutes: i64) -> RequestId {
    let act = city.act(Actor::Citizen, SATURDAY.plus_millis(minutes * MINUTE));
    city.db.write_blocking(move |tx| crate::submit(tx, &act, &draft)).unwrap().id
}

fn follow(city: &City) {
    for follower in crate::PROMPT_FOLLOWERS {
        followers::catch_up_blocking(&city.db, *follower).unwrap();
    }
}

/// Does a chore until nothing is left.
fn done(city: &City, chore: Chore, at: Timestamp) {
    let jurisdiction = city.jurisdiction;
    loop {
        let act = city.act(Actor::System("worker"), at);
        let some = city.db.write_blocking(move |tx| (chore.run)(tx, &act, jurisdiction, 3)).unwrap();
        if some < 3 {
            return;
        }
    }
}

fn board(city: &City) -> Vec<incidents::Incident> {
    let jurisdiction = city.jurisdiction;
    let asked = read::Asked { most: 100, ..read::Asked::default() };
    city.db.read_blocking(move |tx| read::board(tx, jurisdiction, &asked)).unwrap()
}

fn of(city: &City, id: RequestId) -> Option<incidents::Incident> {
    let jurisdiction = city.jurisdiction;
    city.db.read_blocking(move |tx| read::of_request(tx, jurisdiction, id, false)).unwrap()
}

fn facts(city: &City, id: RequestId) -> Vec<String> {
    let request = city.show(id);
    let thread = city.db.read_blocking(move |tx| find::thread(tx, &request, true)).unwrap();
    thread.into_iter().map(|knot| knot.fact).collect()
}

fn verb(
    city: &City,
    role: Role,
    work: impl Fn(&mut storage::Tx<'_>, &people::Act, i64) -> Result<incidents::Incident, IncidentError>
    + Send
    + 'static,
) -> Result<incidents::Incident, IncidentError> {
    let (act, jurisdiction) = (city.staff(role, None, SATURDAY.plus_millis(60 * MINUTE)), city.jurisdiction);
    city.db.write_blocking(move |tx| work(tx, &act, jurisdiction))
}

/// A tree on a wire has a question that must be answered, so the second service of the family has its own draft.
fn wire(city: &City, metres: (f64, f64), minutes: i64) -> RequestId {
    let mut draft = city.draft("tree-power-line", "درخت روی سیم خیابان گلستان افتاده و جرقه می‌زند");
    draft.place.point = Some((INSIDE.0 + metres.0 / 111_320.0, INSIDE.1 + metres.1 / 90_400.0));
    draft.answers = vec![("sparks".into(), vec!["yes".into()])];
    submit_at(city, draft, minutes)
}

/// Three reports of one tree, followed.
pub fn a_tree(city: &City) -> (IncidentId, Vec<RequestId>) {
    let ids = vec![
        report(city, "fallen-tree", (0.0, 0.0), 0, "درخت در خیابان گلستان افتاده"),
        report(city, "fallen-tree", (30.0, 10.0), 3, "یک درخت وسط خیابان گلستان"),
        wire(city, (-20.0, 25.0), 5),
    ];
    follow(city);
    (of(city, ids[0]).unwrap().id, ids)
}

#[test]
fn reports_of_one_tree_become_one_proposal_and_others_stay_apart() {
    in_the_city("tehran", |city| {
        let (id, ids) = a_tree(&city);
        let far = report(&city, "fallen-tree", (900.0, 0.0), 6, "درخت افتاده");
        let other = report(&city, "blocked-drain", (5.0, 5.0), 6, "آب جمع شده");
        let late = report(&city, "fallen-tree", (10.0, 0.0), 60 * 30, "درخت افتاده");
        follow(&city);
        for alone in [far, other, late] {
            assert_eq!(of(&city, alone), None, "{}", city.engine);
        }
        let all = board(&city);
        assert_eq!(all.len(), 1, "{}", city.engine);
        let tree = &all[0];
        assert_eq!((tree.id, tree.size, tree.state), (id, 3, State::Proposed));
        assert_eq!(
            (tree.family.as_str(), tree.danger),
            ("trees", 90),
            "{}: sparks are dangerous",
            city.engine
        );
        assert_eq!(tree.district, city.show(ids[0]).district);
        assert!(tree.point.metres_to(city.show(ids[0]).point.unwrap()) < 30.0);
        // A proposal is no news to those who reported.
        assert_eq!(facts(&city, ids[0]), ["submitted"]);
        // A fourth one joins it, in whatever handful it comes.
        let fourth = report(&city, "fallen-tree", (0.0, -30.0), 20, "درخت هنوز وسط گلستان است");
        follow(&city);
        assert_eq!(of(&city, fourth).map(|i| (i.id, i.size)), Some((id, 4)), "{}", city.engine);
    });
}

#[test]
fn what_is_private_is_in_no_incident() {
    in_the_city("tehran", |city| {
        let ids: Vec<RequestId> =
            (0..4).map(|n| report(&city, "homeless", (f64::from(n), 0.0), 0, "یک نفر در سرما")).collect();
        follow(&city);
        assert!(board(&city).is_empty(), "{}", city.engine);
        let no = verb(&city, Role::Operator, move |tx, act, j| incidents::open(tx, act, j, ids[0]));
        assert!(matches!(no, Err(IncidentError::RequestUnknown)), "{}", city.engine);
    });
}

#[test]
fn confirmed_with_one_key_answered_once_and_each_member_hears_it() {
    in_the_city("tehran", |city| {
        let (id, mut ids) = a_tree(&city);
        let english = Draft {
            language: language::Lang::En,
            ..city.draft("fallen-tree", "tree down in Golestan street")
        };
        let english = Draft { answers: vec![("blocks".into(), vec!["street".into()])], ..english };
        ids.push(submit_at(&city, english, 7));
        follow(&city);
        let no = verb(&city, Role::UnitMember, move |tx, act, j| incidents::confirm(tx, act, j, id));
        assert!(matches!(no, Err(IncidentError::Denied(_))), "{}", city.engine);
        let words = Both::new("درخت برداشته شد. کد شما {code}", "The tree is gone. Your code is {code}.");
        let early = words.clone();
        let no = verb(&city, Role::Operator, move |tx, act, j| incidents::answer(tx, act, j, id, &early));
        assert!(matches!(no, Err(IncidentError::WrongState(State::Proposed))), "{}", city.engine);

        verb(&city, Role::Operator, move |tx, act, j| incidents::confirm(tx, act, j, id)).unwrap();
        verb(&city, Role::Operator, move |tx, act, j| incidents::confirm(tx, act, j, id)).unwrap();
        let later = SATURDAY.plus_millis(90 * MINUTE);
        done(&city, incidents::TELLING, later);
        for request in &ids {
            assert_eq!(facts(&city, *request), ["submitted", "joined-incident"], "{}", city.engine);
        }
        // Whoever comes after the confirmation hears it at once.
        ids.push(report(&city, "fallen-tree", (8.0, 8.0), 30, "درخت گلستان"));
        follow(&city);
        assert_eq!(facts(&city, ids[4]), ["submitted", "joined-incident"], "{}", city.engine);

        let silent = verb(&city, Role::Operator, move |tx, act, j| {
            incidents::answer(tx, act, j, id, &Both::new(" ", ""))
        });
        assert!(matches!(silent, Err(IncidentError::WordsMissing)), "{}", city.engine);
        verb(&city, Role::Operator, move |tx, act, j| incidents::answer(tx, act, j, id, &words)).unwrap();
        done(&city, incidents::ANSWERING, later);
        for request in &ids {
            let now = city.show(*request);
            assert_eq!(now.status, Status::Answered, "{}", city.engine);
            assert!(now.status_note.contains(&now.code.to_string()), "{}", now.status_note);
        }
        assert!(
            city.show(ids[3]).status_note.starts_with("The tree is gone"),
            "in the language of the request"
        );
        done(&city, incidents::ANSWERING, later);
        assert_eq!(facts(&city, ids[0]).iter().filter(|f| *f == "answered").count(), 1, "answered once");
        let over = verb(&city, Role::Operator, move |tx, act, j| incidents::close(tx, act, j, id)).unwrap();
        assert_eq!(over.state, State::Closed);
        // Three more of the same are a new one.
        let again: Vec<RequestId> =
            (0..3).map(|n| report(&city, "fallen-tree", (f64::from(n), 0.0), 120, "درخت گلستان")).collect();
        follow(&city);
        let new = of(&city, again[2]).unwrap();
        assert!(new.id != id && new.state == State::Proposed && new.size == 3, "{}", city.engine);
    });
}

#[test]
fn people_join_take_out_merge_and_split() {
    in_the_city("tehran", |city| {
        let (id, ids) = a_tree(&city);
        let lone = report(&city, "fallen-tree", (600.0, 0.0), 9, "درخت");
        let second = report(&city, "fallen-tree", (620.0, 0.0), 9, "درخت");
        follow(&city);
        let other = verb(&city, Role::Operator, move |tx, act, j| incidents::open(tx, act, j, lone)).unwrap();
        assert_eq!((other.state, other.size), (State::Confirmed, 1), "{}", city.engine);
        let (other, one) = (other.id, ids[1]);
        let grown = verb(&city, Role::Operator, move |tx, act, j| incidents::join(tx, act, j, other, second));
        assert_eq!(grown.unwrap().size, 2, "{}", city.engine);
        let no = verb(&city, Role::Operator, move |tx, act, j| incidents::join(tx, act, j, other, one));
        assert!(matches!(no, Err(IncidentError::Elsewhere(known)) if known == id), "{}", city.engine);

        let smaller =
            verb(&city, Role::Operator, move |tx, act, j| incidents::leave(tx, act, j, id, one)).unwrap();
        assert_eq!(smaller.size, 2, "{}", city.engine);
        follow(&city);
        assert_eq!(of(&city, one), None, "{}: the program does not put it back", city.engine);
        assert_eq!(facts(&city, second), ["submitted", "joined-incident"]);

        let merged =
            verb(&city, Role::Operator, move |tx, act, j| incidents::merge(tx, act, j, id, other)).unwrap();
        assert_eq!((merged.id, merged.size), (other, 4), "{}", city.engine);
        assert_eq!(of(&city, ids[0]).unwrap().id, other, "{}", city.engine);
        done(&city, incidents::TELLING, SATURDAY.plus_millis(70 * MINUTE));
        assert_eq!(facts(&city, ids[0]), ["submitted", "joined-incident"], "{}", city.engine);
        let no = verb(&city, Role::Operator, move |tx, act, j| incidents::merge(tx, act, j, id, other));
        assert!(matches!(no, Err(IncidentError::WrongState(State::Merged))), "{}", city.engine);

        let part = vec![ids[0], ids[2]];
        let new = verb(&city, Role::Operator, move |tx, act, j| incidents::split(tx, act, j, other, &part))
            .unwrap();
        assert_eq!((new.size, new.state), (2, State::Confirmed), "{}", city.engine);
        assert_eq!(of(&city, lone).map(|i| i.size), Some(2), "{}", city.engine);
        let all = vec![lone, second];
        let no = verb(&city, Role::Operator, move |tx, act, j| incidents::split(tx, act, j, other, &all));
        assert!(matches!(no, Err(IncidentError::SplitWrong)), "{}: somebody has to stay", city.engine);
    });
}

#[test]
fn a_dismissed_proposal_does_not_come_back() {
    in_the_city("tehran", |city| {
        let (id, ids) = a_tree(&city);
        verb(&city, Role::Operator, move |tx, act, j| incidents::dismiss(tx, act, j, id)).unwrap();
        follow(&city);
        assert!(board(&city).is_empty() && of(&city, ids[0]).is_none(), "{}", city.engine);
        let no = verb(&city, Role::Operator, move |tx, act, j| incidents::confirm(tx, act, j, id));
        assert!(matches!(no, Err(IncidentError::WrongState(State::Dismissed))), "{}", city.engine);
    });
}

#[test]
fn one_that_waited_alone_for_hours_makes_no_incident_late() {
    in_the_city("tehran", |city| {
        report(&city, "fallen-tree", (0.0, 0.0), 0, "درخت در خیابان گلستان افتاده");
        follow(&city);
        report(&city, "fallen-tree", (5.0, 5.0), 40, "درخت گلستان");
        follow(&city);
        let second = report(&city, "fallen-tree", (15.0, 5.0), 90, "درخت خیابان گلستان");
        follow(&city);
        let (incident, j) = (of(&city, second).unwrap(), city.jurisdiction);
        assert_eq!((incident.size, incident.first_at), (3, SATURDAY), "{}", city.engine);
        let entries = city
            .db
            .read_blocking(move |tx| storage::journal::of(tx, j, incidents::SUBJECT, incident.id.0, 5))
            .unwrap();
        let told: read::Told = serde_json::from_str(&entries[0].payload).unwrap();
        assert_eq!((told.new, told.from), (3, Some(city.show(second).requested_at.0)), "{}", city.engine);
    });
}

#[test]
fn a_caller_is_put_into_an_incident_with_a_code_of_their_own() {
    in_the_city("tehran", |city| {
        let (tree, _) = a_tree(&city);
        let (j, at) = (city.jurisdiction, SATURDAY.plus_millis(30 * MINUTE));
        let point = territory::Point::new(INSIDE.0, INSIDE.1).unwrap();
        let like = move |service: &'static str, point| {
            city.db
                .read_blocking(move |tx| {
                    let wording =
                        read::Wording { words: "درخت وسط خیابان گلستان", address: "" };
                    read::like(tx, j, service, point, wording, at, 3)
                })
                .unwrap()
        };
        let near = like("fallen-tree", point);
        assert_eq!(near.iter().map(|l| l.incident.id).collect::<Vec<_>>(), [tree]);
        assert!(near[0].metres < 30.0 && near[0].likeness > 0.5);
        assert!(like("blocked-drain", point).is_empty(), "another family");
        let away = territory::Point::new(INSIDE.0 + 0.01, INSIDE.1).unwrap();
        assert!(like("fallen-tree", away).is_empty(), "another street");
    });
    in_the_city("tehran", |city| {
        let (tree, _) = a_tree(&city);
        let j = city.jurisdiction;
        let operator = member(&city, "زهرا", Offer::city(Role::Operator));
        let act = city.act(Actor::Member(operator), SATURDAY);
        let call = |key: &str, service: &str| {
            let mut draft = city.draft(service, "درخت گلستان");
            draft.idempotency_key = Some(key.into());
            if service == "fallen-tree" {
                draft.answers = vec![("blocks".into(), vec!["street".into()])];
            }
            let (a, b) = (act.clone(), act.clone());
            let call = city.db.write_blocking(move |tx| calls::begin(tx, &a, j, "")).unwrap().id;
            city.db.write_blocking(move |tx| calls::register_in(tx, &b, j, call, &draft, tree))
        };
        let sent = call("one", "fallen-tree").unwrap();
        assert_eq!(of(&city, sent.id).map(|i| (i.id, i.size)), Some((tree, 4)), "{}", city.engine);
        follow(&city);
        assert_eq!(
            of(&city, sent.id).map(|i| i.size),
            Some(4),
            "{}: the program leaves it there",
            city.engine
        );
        // What is private is registered by itself, and nothing of a refused one is kept.
        let refused = call("two", "homeless");
        assert!(matches!(refused, Err(RegisterError::Call(CallRefusal::IncidentUnfit))), "{refused:?}");
        verb(&city, Role::Operator, move |tx, act, j| incidents::dismiss(tx, act, j, tree)).unwrap();
        let over = call("three", "fallen-tree");
        assert!(matches!(over, Err(RegisterError::Call(CallRefusal::IncidentOver))), "{over:?}");
    });
}

pub fn begin(
    city: &City,
    role: Role,
    district: Option<i64>,
    mode: Option<Mode>,
) -> Result<storm::Storm, StormError> {
    let (act, jurisdiction) = (city.staff(role, None, SATURDAY.plus_millis(30 * MINUTE)), city.jurisdiction);
    city.db.write_blocking(move |tx| storm::begin(tx, &act, jurisdiction, district, mode.clone()))
}

#[test]
fn in_a_storm_incidents_are_confirmed_by_rule() {
    in_the_city("tehran", |city| {
        begin(&city, Role::Supervisor, None, None).unwrap();
        let (id, ids) = a_tree(&city);
        assert_eq!(
            of(&city, ids[0]).unwrap().state,
            State::Proposed,
            "{}: three are not enough",
            city.engine
        );
        for n in 0..2 {
            report(&city, "fallen-tree", (f64::from(n) * 5.0, 0.0), 10, "درخت گلستان");
        }
        follow(&city);
        let now = of(&city, ids[0]).unwrap();
        assert_eq!((now.id, now.size, now.state), (id, 5, State::Confirmed), "{}", city.engine);
        done(&city, incidents::TELLING, SATURDAY.plus_millis(60 * MINUTE));
        assert_eq!(facts(&city, ids[1]), ["submitted", "joined-incident"], "{}", city.engine);
    });
}

#[test]
fn a_storm_is_begun_changed_and_ended_by_those_who_may() {
    in_the_city("tehran", |city| {
        for role in [Role::Citizen, Role::Operator, Role::UnitManager] {
            assert!(matches!(begin(&city, role, None, None), Err(StormError::Denied(_))), "{}", city.engine);
        }
        let before = city.submit(city.draft("street-sweeping", "جارو")).unwrap();
        let storm = begin(&city, Role::Supervisor, None, None).unwrap();
        assert!(matches!(begin(&city, Role::Supervisor, None, None), Err(StormError::AlreadyBegun)));
        assert!(matches!(begin(&city, Role::Supervisor, Some(1), None), Err(StormError::DistrictUnknown)));

        // What waits is promised for later, what comes first is not.
        let waits = city.submit(city.draft("street-sweeping", "جارو")).unwrap();
        assert_eq!(waits.due_at.unwrap().0 - before.due_at.unwrap().0, 48 * 60 * MINUTE, "{}", city.engine);
        assert_eq!(city.show(waits.id).clock.unwrap().shifted_millis, 48 * 60 * MINUTE);
        let flood = city.submit(city.draft("blocked-drain", "آب")).unwrap();
        assert_eq!(city.show(flood.id).clock.unwrap().shifted_millis, 0, "{}", city.engine);
        // Nobody's promise is broken silently.
        done(&city, storm::SHIFTING, SATURDAY);
        assert_eq!(city.show(before.id).due_at, before.due_at, "{}", city.engine);

        let (act, jurisdiction, id) = (
            city.staff(Role::Supervisor, None, SATURDAY.plus_millis(40 * MINUTE)),
            city.jurisdiction,
            storm.id,
        );
        let mode = Mode { shift_given: true, shift_hours: 24, ..storm.mode.clone() };
        let wrong = Mode { wait: vec!["no-such".into()], ..mode.clone() };
        let (a, m) = (act.clone(), wrong);
        let no = city.db.write_blocking(move |tx| storm::change(tx, &a, jurisdiction, id, m.clone()));
        assert!(matches!(no, Err(StormError::ServiceUnknown(_))), "{}", city.engine);
        let (a, m) = (act.clone(), mode);
        city.db.write_blocking(move |tx| storm::change(tx, &a, jurisdiction, id, m.clone())).unwrap();
        done(&city, storm::SHIFTING, SATURDAY.plus_millis(50 * MINUTE));
        let moved = city.show(before.id);
        assert_eq!(moved.due_at.unwrap().0 - before.due_at.unwrap().0, 24 * 60 * MINUTE, "{}", city.engine);
        assert_eq!(facts(&city, before.id), ["submitted", "promise-shifted"], "{}", city.engine);
        assert_eq!(facts(&city, waits.id), ["submitted"], "{}: none is moved twice", city.engine);

        let a = act.clone();
        city.db.write_blocking(move |tx| storm::end(tx, &a, jurisdiction, id)).unwrap();
        let after = city.submit(city.draft("street-sweeping", "جارو")).unwrap();
        assert_eq!(after.due_at, before.due_at, "{}", city.engine);
        let no = city.db.write_blocking(move |tx| storm::end(tx, &act, jurisdiction, id));
        assert!(matches!(no, Err(StormError::Over)), "{}", city.engine);
        let told: Vec<String> = city
            .db
            .read_blocking(move |tx| storage::journal::of(tx, jurisdiction, storm::SUBJECT, id.0, 20))
            .unwrap()
            .into_iter()
            .map(|entry| entry.fact)
            .collect();
        assert_eq!(told, ["begun", "changed", "ended"], "{}", city.engine);
    });
}

#[test]
fn the_program_proposes_a_storm_and_people_decide() {
    in_the_city("tehran", |city| {
        let (jurisdiction, now) = (city.jurisdiction, SATURDAY.plus_millis(14 * MINUTE));
        for n in 0..30 {
            report(&city, "blocked-drain", (f64::from(n) * 300.0 - 4500.0, 0.0), i64::from(n % 14), "آب");
        }
        follow(&city);
        let open = || city.db.read_blocking(move |tx| storm::open(tx, jurisdiction)).unwrap();
        let watch = || done(&city, storm::rate::WATCHING, now);
        watch();
        assert!(open().is_empty(), "{}: the city's line can bear thirty", city.engine);
        for n in 0..26 {
            report(&city, "blocked-drain", (f64::from(n), 0.0), 14, "آب");
        }
        follow(&city);
        watch();
        watch();
        let proposed = open();
        assert_eq!(proposed.len(), 1, "{}", city.engine);
        assert_eq!(proposed[0].state, storm::State::Proposed);
        let district = proposed[0].district;
        assert!(district.is_some() && proposed[0].rate >= 26, "{}", city.engine);
        assert!(city.db.read_blocking(move |tx| storm::current(tx, jurisdiction)).unwrap().is_empty());
        let begun = begin(&city, Role::Supervisor, district, None).unwrap();
        assert_eq!(begun.id, proposed[0].id, "{}: the proposal becomes the storm", city.engine);
        let minutes = city
            .db
            .read_blocking(move |tx| storm::rate::by_minute(tx, jurisdiction, None, now.0, 15))
            .unwrap();
        assert_eq!(minutes.iter().map(|(_, count)| count).sum::<i64>(), 56, "{}", city.engine);
        assert_eq!(minutes.len(), 15);
    });
}
