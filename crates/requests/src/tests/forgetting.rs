//! What the city forgets about people, and what proves it.

use std::sync::Arc;

use people::accounts::{NewAccount, Offer};
use people::{Actor, Member, Role, accounts};

use super::turns::{by, given, member};
use super::{City, SATURDAY, in_the_city};
use crate::moves::Step;
use crate::privacy::runs::{self, RunError, State};
use crate::privacy::{legal, masking, mine};
use crate::{RequestId, Status, find, search};

const HOUR: i64 = 3_600_000;
const YEAR: i64 = 365 * 24;

/// A request that was answered long ago, with a reporter and somebody who follows.
fn old(city: &City, words: &str) -> RequestId {
    let (id, unit) = given(city, words);
    let j = city.jurisdiction;
    let act = city.staff(Role::UnitMember, Some(unit), SATURDAY);
    let citizen = city.citizen();
    city.db
        .write_blocking(move |tx| {
            crate::follow(tx, &citizen, j, id, "09350000000", "", false, "").unwrap();
            crate::moves::make(tx, &act, j, id, &Step::to(Status::Answered).saying("شد"))
        })
        .unwrap();
    id
}

fn contact(city: &City, id: RequestId) -> Option<crate::Contact> {
    let (system, request) = (city.act(Actor::System("test"), SATURDAY), city.show(id));
    city.db.read_blocking(move |tx| find::contact(tx, &system, &request)).unwrap()
}

fn round(city: &City, who: &Arc<Member>, years: i64, words: bool) -> Result<i64, RunError> {
    let (act, j) = (by(city, who, years * YEAR), city.jurisdiction);
    city.db.write_blocking(move |tx| runs::propose(tx, &act, j, words))
}

fn decide(city: &City, who: &Arc<Member>, years: i64, id: i64) -> Result<(), RunError> {
    let (act, j) = (by(city, who, years * YEAR), city.jurisdiction);
    city.db.write_blocking(move |tx| runs::decide(tx, &act, j, id, true))
}

fn work(city: &City, years: i64) {
    let (act, j) =
        (city.act(Actor::System("worker"), SATURDAY.plus_millis(years * YEAR * HOUR)), city.jurisdiction);
    for _ in 0..10 {
        let act = act.clone();
        if city.db.write_blocking(move |tx| runs::work(tx, &act, j, 2)).unwrap() == 0 {
            break;
        }
    }
}

#[test]
fn people_are_forgotten_after_their_time_by_four_eyes() {
    in_the_city("tehran", |city| {
        let j = city.jurisdiction;
        let ids: Vec<RequestId> = (0..5).map(|n| old(&city, &format!("کهنه {n}"))).collect();
        let (open, _) = given(&city, "هنوز باز");
        let one = member(&city, "یکم", Offer::city(Role::Administrator));
        let two = member(&city, "دوم", Offer::city(Role::Administrator));
        let boss = member(&city, "ناظر", Offer::city(Role::Supervisor));
        let held = ids[1];
        let act = by(&city, &one, 1);
        city.db.write_blocking(move |tx| legal::hold(tx, &act, j, held, "پروندهٔ قضایی")).unwrap();

        assert!(
            matches!(round(&city, &one, 1, true), Err(RunError::NothingToDo)),
            "{}: too early",
            city.engine
        );
        assert!(matches!(round(&city, &boss, 3, true), Err(RunError::Denied(_))), "{}", city.engine);
        let run = round(&city, &one, 3, true).unwrap();
        assert!(contact(&city, ids[0]).is_some(), "{}: a proposal changes nothing", city.engine);
        assert!(matches!(decide(&city, &one, 3, run), Err(RunError::SameEyes)), "{}", city.engine);
        assert!(matches!(round(&city, &two, 3, true), Err(RunError::AnotherWaits)), "{}", city.engine);
        work(&city, 3);
        assert!(contact(&city, ids[0]).is_some(), "{}: nobody approved", city.engine);
        decide(&city, &two, 3, run).unwrap();
        work(&city, 3);

        for id in &ids {
            let request = city.show(*id);
            assert_eq!(contact(&city, *id).is_some(), *id == held, "{}", city.engine);
            assert!(!request.words.is_empty(), "{}: words are remembered longer", city.engine);
            assert_eq!(request.followers, 1, "{}: they still count", city.engine);
        }
        assert!(contact(&city, open).is_some(), "{}: work goes on", city.engine);
        let rounds = city.db.read_blocking(move |tx| runs::all(tx, j, 5)).unwrap();
        assert_eq!((rounds[0].state, rounds[0].contacts_done), (State::Done, 4), "{}", city.engine);
        let register = city.db.read_blocking(move |tx| runs::register(tx, j, 50)).unwrap();
        assert_eq!(register.len(), 4, "{}", city.engine);

        let run = round(&city, &one, 6, true).unwrap();
        decide(&city, &two, 6, run).unwrap();
        work(&city, 6);
        let request = city.show(ids[0]);
        assert!(request.words.is_empty() && request.status_note.is_empty(), "{}", city.engine);
        let thread = city.db.read_blocking(move |tx| find::thread(tx, &request, true)).unwrap();
        assert!(thread.iter().all(|knot| knot.text.is_empty()), "{}", city.engine);
        let facts = city
            .db
            .read_blocking(move |tx| storage::journal::of(tx, j, crate::SUBJECT, ids[0].0, 100))
            .unwrap();
        let last = facts.iter().rfind(|e| e.fact == "anonymised").unwrap();
        assert!(last.payload.contains("words_hash") && !last.payload.contains("کهنه"), "{}", last.payload);
        let found = city.db.read_blocking(move |tx| search::find(tx, j, "کهنه", 10)).unwrap();
        assert_eq!(found, [held], "{}: search forgot too", city.engine);
    });
}

#[test]
fn a_hold_that_is_lifted_lets_go() {
    in_the_city("tehran", |city| {
        let j = city.jurisdiction;
        let id = old(&city, "کهنه");
        let one = member(&city, "یکم", Offer::city(Role::Administrator));
        let two = member(&city, "دوم", Offer::city(Role::Administrator));
        let act = by(&city, &one, 1);
        city.db
            .write_blocking({
                let act = act.clone();
                move |tx| legal::hold(tx, &act, j, id, "پرونده")
            })
            .unwrap();
        assert!(matches!(round(&city, &one, 3, false), Err(RunError::NothingToDo)), "{}", city.engine);
        city.db.write_blocking(move |tx| legal::lift(tx, &act, j, id)).unwrap();
        let run = round(&city, &one, 3, false).unwrap();
        decide(&city, &two, 3, run).unwrap();
        work(&city, 3);
        assert!(contact(&city, id).is_none(), "{}", city.engine);
    });
}

#[test]
fn what_no_rule_finds_is_covered_everywhere_at_once() {
    in_the_city("tehran", |city| {
        let j = city.jurisdiction;
        let (id, unit) = given(&city, "آقای فرامرز کوشا آشغال می‌ریزد. فرامرز کوشا همسایه است.");
        let act = city.staff(Role::Supervisor, None, SATURDAY);
        city.db
            .write_blocking({
                let act = act.clone();
                move |tx| crate::note(tx, &act, j, id, "به فرامرز کوشا گفته شد", false)
            })
            .unwrap();
        let member = city.staff(Role::UnitMember, Some(unit), SATURDAY);
        let no = city.db.write_blocking(move |tx| masking::mask(tx, &member, j, id, "فرامرز کوشا"));
        assert!(no.is_err(), "{}: a unit member does not edit what was said", city.engine);
        let count =
            city.db.write_blocking(move |tx| masking::mask(tx, &act, j, id, " فرامرز  کوشا ")).unwrap();
        assert_eq!(count, 3, "{}: all occurrences", city.engine);
        let request = city.show(id);
        assert!(!request.words.contains("کوشا"), "{}", request.words);
        let thread = city.db.read_blocking(move |tx| find::thread(tx, &request, true)).unwrap();
        assert!(thread.iter().all(|knot| !knot.text.contains("کوشا")), "{}", city.engine);
        let found = city.db.read_blocking(move |tx| search::find(tx, j, "کوشا", 10)).unwrap();
        assert!(found.is_empty(), "{}", city.engine);
    });
}

#[test]
fn a_citizen_takes_their_data_and_is_forgotten() {
    in_the_city("tehran", |city| {
        let j = city.jurisdiction;
        let (id, _) = given(&city, "از من");
        let mut theirs = city.draft("street-sweeping", "از دیگری");
        theirs.contact.mobile = "09130000000".into();
        let other = city.submit(theirs).unwrap().id;
        let system = city.act(Actor::System("test"), SATURDAY);
        let account = city
            .db
            .write_blocking(move |tx| {
                let wish = NewAccount {
                    name: "مینا".into(),
                    mobile: Some("09121234567".into()),
                    ..NewAccount::default()
                };
                accounts::create(tx, &system, j, &wish)
            })
            .unwrap();
        let me =
            Arc::new(Member { jurisdiction: j, account, name: "مینا".into(), memberships: Vec::new() });
        let act = by(&city, &me, 1);
        let all = city
            .db
            .read_blocking({
                let act = act.clone();
                move |tx| mine::all(tx, &act, j)
            })
            .unwrap();
        assert_eq!(all.iter().map(|m| m.request.id).collect::<Vec<_>>(), [id], "{}", city.engine);
        let done = city.db.write_blocking(move |tx| mine::forget(tx, &act, j)).unwrap();
        assert_eq!((done.requests, done.held), (1, 0), "{}", city.engine);
        assert!(contact(&city, id).is_none() && contact(&city, other).is_some(), "{}", city.engine);
        assert!(city.show(id).status.is_open(), "{}: the request stays", city.engine);
    });
}
